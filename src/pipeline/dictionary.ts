import { maskBits, maskBitMeanings, type MaskBitName } from '../linemaps/index.js';
import type { HduSpec } from '../fits/index.js';
import type { Table } from '../table/index.js';

const extensions: Readonly<Record<string, string>> = {
  SPX_SKYCOO: 'offset of every spaxel from the centre, east and north [arcsec]',
  SPX_ELLCOO: 'radius in the plane of the disc [arcsec, R_e, kpc] and azimuth [deg]',
  SPX_MFLUX: 'mean flux of the continuum, the picture of the galaxy',
  BINID: 'number of the bin of every spaxel, -1 = unused; the same in all five channels',
  EMLINE_GFLUX: 'flux of each line from the fit, per spaxel (the bin\'s flux over its spaxels)',
  EMLINE_SFLUX: 'flux of each line summed over its window, a cross-check',
  EMLINE_GEW: 'rest-frame equivalent width of each line, positive in emission',
  EMLINE_GVEL: 'velocity of the gas relative to SCINPVEL of the primary header, c(z_obs - z)/(1 + z)',
  EMLINE_GSIGMA: 'velocity dispersion as observed: the gas\'s own is sqrt(EMLINE_GSIGMA^2 - EMLINE_INSTSIGMA^2) (maps of other pipelines hold the gas\'s own, and then there is no EMLINE_INSTSIGMA)',
  EMLINE_INSTSIGMA: 'dispersion of the instrument at each line',
  EMLINE_FOM: 'chi2 per degree of freedom of the line fit',
  EBV: 'internal E(B-V) from Ha/Hb, not below 0',
  EXCITATION: 'BPT, WHaN and WHaD classes, numbered as in bins.ecsv',
  SFR_DENSITY: 'log star-formation rate per area of the disc',
  OH: '12+log(O/H), a channel for each calibration',
  STATUS: 'status bits of every spaxel; DONOTUSE = not used in the leading gradient, the other bits say why',
};

/** dictionary.md: what every column of bins.ecsv, every extension of maps.fits and every status bit means. */
export function dictionary(table: Table, hdus: readonly HduSpec[]): string {
  const names = hdus.map((hdu) => hdu.name ?? '').filter((name) => name in extensions);
  const columns = table.columns.map(({ name, unit, description }) => `| \`${name}\` | ${unit ?? ''} | ${description ?? ''} |`);
  const bits = (Object.keys(maskBits) as MaskBitName[]).map((name) => `| ${maskBits[name]} | ${name} | ${maskBitMeanings[name]} |`);
  return `# Data dictionary

## bins.ecsv, one row a bin

| column | unit | meaning |
|---|---|---|
${columns.join('\n')}

## maps.fits

Channels are named in the header keywords C01, C02, …; find them by name. \`NAME_IVAR\` is the inverse variance of \`NAME\`
(0 where there is no value), \`NAME_MASK\` its status bits. Every spaxel of a bin carries the bin's value: take each bin
once before any regression.

| extension | meaning |
|---|---|
${names.map((name) => `| ${name} | ${extensions[name]} |`).join('\n')}

## Status bits (status, STATUS, *_MASK)

Bits 0–10 and 30 are the DAPPIXMASK of the MaNGA DAP; 11–29 are zgrad's own. NEGATIVEDUST, OUTOFRANGE and SKYLINE warn and do not
exclude a bin.

| bit | name | meaning |
|---|---|---|
${bits.join('\n')}
`;
}
