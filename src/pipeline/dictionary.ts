import { maskBits, maskBitMeanings, type MaskBitName } from '../linemaps/index.js';
import type { Table } from '../table/index.js';

const extensions: Readonly<Record<string, string>> = {
  SPX_SKYCOO: 'offset of every spaxel from the centre, east and north [arcsec]',
  SPX_ELLCOO: 'radius in the plane of the disc [arcsec, R_e, kpc] and azimuth [deg]',
  SPX_MFLUX: 'mean flux of the continuum, the picture of the galaxy',
  BINID: 'number of the bin of every spaxel, -1 = unused; the channel of the stellar continua differs from the others where the stars have bins of their own',
  EMLINE_GFLUX: 'flux of each line from the fit, per spaxel (the bin\'s flux over its spaxels)',
  EMLINE_SFLUX: 'flux of each line summed over its window, a cross-check',
  EMLINE_GEW: 'rest-frame equivalent width of each line, positive in emission',
  EMLINE_GVEL: 'velocity of the gas relative to SCINPVEL of the primary header, c(z_obs - z)/(1 + z)',
  EMLINE_GSIGMA: 'velocity dispersion as observed: the gas\'s own is sqrt(EMLINE_GSIGMA^2 - EMLINE_INSTSIGMA^2) (maps of other pipelines hold the gas\'s own, and then there is no EMLINE_INSTSIGMA)',
  EMLINE_INSTSIGMA: 'dispersion of the instrument at each line',
  EMLINE_FOM: 'chi2 per degree of freedom of the line fit',
  EMLINE_GANR: 'peak of each line over the error of a pixel there',
  EMLINE_LIMIT: 'three times the error of the flux at fixed kinematics, for lines that are not detected',
  ERROR_FACTOR: 'what the errors of the cube were multiplied by to fit the residuals: beside the lines (at least 1; applied), and over the fit of the stars (sqrt(chi2/DOF); applied to the errors of the stars)',
  STELLAR_VEL: 'velocity of the stars relative to SCINPVEL, c(z_obs - z)/(1 + z)',
  STELLAR_SIGMA: 'velocity dispersion of the stars; instrument and templates are taken off already',
  STELLAR_SIGMACORR: 'what STELLAR_SIGMA is still to be corrected for: nothing',
  STELLAR_GH: 'Gauss-Hermite moments h3 and h4 of the stars',
  STELLAR_FOM: 'fit of the stars: rms and 68th, 99th, 100th percentile of |residual/model|, and chi2 per degree of freedom',
  STELLAR_POP: 'means of log age [yr] and [M/H], weighted by light at 5000-5500 A and by mass formed; mass of living stars and remnants over light',
  STELLAR_MASS: 'log mass of living stars and remnants per area of the disc',
  STELLAR_EBV: 'E(B-V) of the stars by the reddening curve',
  EBV: 'internal E(B-V) from Ha/Hb, not below 0',
  EXCITATION: 'BPT, WHaN and WHaD classes, numbered as in bins.ecsv',
  EXCITATION_AGREE: 'share of the draws of the line fluxes in which the class is that of EXCITATION (lines.monteCarlo above 0)',
  SFR_DENSITY: 'log star-formation rate per area of the disc',
  OH: '12+log(O/H), a channel for each calibration',
  STATUS: 'status bits of every spaxel; DONOTUSE = not used in the leading gradient, the other bits say why',
};

/** dictionary.md: what every column of bins.ecsv, every extension of maps.fits and every status bit means. */
export function dictionary(table: Table, extensionNames: readonly string[]): string {
  const names = extensionNames.filter((name) => name in extensions);
  const columns = table.columns.map(({ name, unit, description }) => `| \`${name}\` | ${unit ?? ''} | ${description ?? ''} |`);
  const bits = (Object.keys(maskBits) as MaskBitName[]).map((name) => `| ${maskBits[name]} | ${name} | ${maskBitMeanings[name]} |`);
  return `# Data dictionary

## bins.ecsv, one row a bin

| column | unit | meaning |
|---|---|---|
${columns.join('\n')}

## sfh.ecsv, one row a bin, where stars were fitted

\`light_A\` and \`mass_A\` are the shares of the light at 5000–5500 Å and of the mass formed at log age A [yr].

## maps.fits

Channels are named in the header keywords C01, C02, …; find them by name. \`NAME_IVAR\` is the inverse variance of \`NAME\`
(0 where there is no value), \`NAME_MASK\` its status bits. Every spaxel of a bin carries the bin's value: take each bin
once before any regression.

| extension | meaning |
|---|---|
${names.map((name) => `| ${name} | ${extensions[name]} |`).join('\n')}

## gradient.json, geometry

\`source\` says whether the shape was given or measured, \`measured\` which parts, \`errors\` their standard errors (arcsec, deg, share of R_e), \`flags\` what
speaks against trusting it. \`gas\` stands beside the light: the brightest place in Ha (\`peakX\`, \`peakY\`, pixels from 0), its distance from the centre [arcsec], the
receding side of the kinematic major axis (\`kinematicPA\`, north through east, 0 to 360 deg) and its angle to that of the light (\`misalignment\`, 0 to 90 deg).

## gradient.json, the galaxy as a whole

A pair is a value and its standard error, null where it is not known. \`integrated\`: 12 + log(O/H) of the summed fluxes of the star-forming bins (\`oh\`), within and beyond 0.5 R_e
(\`ohInner\`, \`ohOuter\`), log star-formation rate [Msun/yr], logarithms of masses [Msun] of stars, HI, H2, gas with helium, baryons and baryons without H2, gas over gas and stars
(\`gasFraction\`), and of the effective yield. \`masses\` says where they come from, with 16-84 % intervals, what is missing and what was assumed. \`kinematics\`: the kinematic
major axis (receding side, deg), systemic velocity [km/s, relative to the redshift], harmonics, the class regular or irregular with its probability and criteria, and the rotation
[km/s, arcsec]. \`localRelation\`: rank correlation of O/H and log surface density of star formation about their radial trends; \`error\` over blocks of the size of the seeing.

## mask.reg, where stars or neighbours were masked

Their ellipses as DS9 regions in pixels from 1, with the reasons. Edited, it can be given as \`mask\` (with \`sources: keep\`).

## Status bits (status, STATUS, *_MASK)

Bits 0–10 and 30 are the DAPPIXMASK of the MaNGA DAP; 11–29 are zgrad's own. NEGATIVEDUST, OUTOFRANGE and SKYLINE warn and do not
exclude a bin.

| bit | name | meaning |
|---|---|---|
${bits.join('\n')}
`;
}
