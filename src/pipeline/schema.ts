import { z } from 'zod';
import { metalFractions } from '../evolution/index.js';
import { lines } from '../nebula/index.js';

const lineNames = lines.map(({ name }) => name);

const catalogueColumns = z.strictObject(Object.fromEntries((['name', 'ra', 'dec', 'mass', 'massError', 'flux', 'fluxError', 'distance', 'shared', 'limit'] as const)
  .map((key) => [key, z.string().optional()])) as Record<'name' | 'ra' | 'dec' | 'mass' | 'massError' | 'flux' | 'fluxError' | 'distance' | 'shared' | 'limit', z.ZodOptional<z.ZodString>>);

/** A quantity as people write it: a bare number in the key's own unit, or a string with a unit. */
const quantity = z.union([z.number(), z.string()]);
const fraction = z.number().min(0).lt(1);
const positive = z.number().positive();

const pixel = z.enum(['before', 'included']).default('before').describe('whether the width is that of the light before pixels average it, or as measured on them');
const lsf = z.union([
  z.literal('muse'),
  z.strictObject({ fwhm: quantity.describe('constant FWHM [Angstrom]'), pixel }),
  z.strictObject({ wavelength: z.array(positive).min(2), fwhm: z.array(positive).min(2), pixel }),
]);

/**
 * The configuration of one galaxy. Unknown keys are errors; every key can also be given through `--set key.path=value`
 * and as a column of a table of galaxies.
 */
export const configSchema = z.strictObject({
  object: z.string().optional().describe('name of the galaxy; default: the header\'s OBJECT, or the file name'),
  redshift: z.number().gt(-0.01).lt(20).describe('systemic redshift (heliocentric), required'),
  distance: quantity.optional().describe('luminosity distance, e.g. 5.10 Mpc; default: from the redshift, H0 = 70, Omega_m = 0.3'),
  effectiveRadius: quantity.optional().describe('major-axis half-light radius, e.g. 0.43 kpc or 6.85 arcsec; default: measured from a growth curve'),
  seeing: quantity.optional().describe('FWHM of the seeing, e.g. 0.8 arcsec; default: from the header'),
  seed: z.int().min(0).max(4294967295).default(1).describe('seed of every random number'),
  geometry: z.strictObject({
    center: z.tuple([z.number(), z.number()]).optional().describe('right ascension and declination [deg]; default: measured'),
    centerPixel: z.tuple([z.number(), z.number()]).optional().describe('centre in pixels counted from zero, instead of `center`'),
    positionAngle: z.number().optional().describe('of the major axis, north through east [deg]; default: measured from isophotes'),
    ellipticity: fraction.optional().describe('1 - b/a; default: measured from isophotes'),
    thickness: fraction.default(0.2).describe('intrinsic c/a of the disc'),
    errors: z.strictObject({
      center: quantity.default(0).describe('[arcsec], each coordinate'),
      positionAngle: z.number().min(0).default(0).describe('[deg]'),
      ellipticity: z.number().min(0).default(0),
      effectiveRadius: quantity.default(0).describe('same kinds of unit as effectiveRadius'),
    }).optional().describe('standard errors of the geometry, for the error budget'),
  }).prefault({}),
  foreground: z.union([
    z.literal('none'),
    z.strictObject({ ebv: z.number().min(0).describe('Galactic E(B-V) [mag]') }),
    z.strictObject({
      dustMap: z.string().describe('folder with SFD_dust_4096_ngp.fits and SFD_dust_4096_sgp.fits'),
      scale: z.enum(['SFD98', 'SF11']).default('SFD98').describe('SF11: 0.86 of the maps (Schlafly & Finkbeiner 2011)'),
    }),
  ]).optional().describe('Galactic dust: {ebv: 0.008}, {dustMap: FOLDER}, or none when the data are already corrected'),
  cube: z.strictObject({
    flux: z.string().optional().describe('HDU of the flux (generic cubes)'),
    variance: z.string().optional().describe('HDU of the variance'),
    error: z.string().optional().describe('HDU of the standard deviation, instead of `variance`'),
    ivar: z.string().optional().describe('HDU of the inverse variance, instead of `variance`'),
    mask: z.string().optional().describe('HDU of an integer mask; non-zero = bad'),
    fluxUnit: z.string().optional().describe('e.g. 1e-20 erg/s/cm2/Angstrom, when the header has none'),
    wavelengthUnit: z.string().optional().describe('e.g. Angstrom, when the header has none'),
    medium: z.enum(['air', 'vacuum']).optional(),
    lsf: lsf.optional().describe('line-spread function: muse, {fwhm: 2.5 Angstrom}, or {wavelength: [...], fwhm: [...]} in Angstrom; with pixel: included where it was measured on pixels'),
    range: z.tuple([positive, positive]).optional().describe('observed wavelengths to read [Angstrom]'),
    pixelScale: quantity.optional().describe('side of a spaxel [arcsec], for cubes without celestial coordinates'),
  }).prefault({}),
  mask: z.union([z.string(), z.array(z.string())]).optional().describe('FITS image (non-zero = masked) or DS9 region file'),
  sources: z.enum(['mask', 'keep']).default('mask').describe('foreground stars and background galaxies: masked, or kept'),
  binning: z.strictObject({
    map: z.string().optional().describe('FITS image of your own bin numbers for the lines, instead of adaptive bins'),
    hdu: z.union([z.string(), z.int()]).optional(),
    method: z.enum(['power', 'wvt', 'cvt', 'accretion']).default('power').describe('of adaptive bins'),
    covariance: z.number().min(0).default(0).describe('noise of n spaxels over that of independent ones: 1 + covariance log10(n)'),
  }).prefault({}),
  reference: z.strictObject({
    images: z.record(z.string(), z.string()).describe('FITS images with coordinates by band (g, r, i, z, or the name in `curves`); r or the first is the one for the effective radius'),
    curves: z.record(z.string(), z.string()).default({}).describe('files with the curves of bands that are not built in'),
    zeroPoint: z.number().optional().describe('AB magnitude of one count; default: from the headers'),
    compare: z.enum(['centre', 'stars']).default('centre').describe('fluxes compared in the central aperture, or of isolated stars'),
    apply: z.boolean().default(false).describe('multiply the cube by the factor of the r band'),
  }).optional().describe('reference images: flux calibration, effective radius and total light'),
  maps: z.strictObject({
    components: z.string().optional().describe('SAMI maps: 1-comp or recom-comp'),
    binned: z.string().optional().describe('SAMI maps: default or sectors'),
    bins: z.string().optional().describe('cube or image that holds the bin map (BIN_MASK)'),
    fluxUnit: z.string().optional().describe('unit of the fluxes of a plain table'),
    pixelScale: quantity.optional().describe('spacing of the positions of a plain table'),
  }).prefault({}),
  continuum: z.strictObject({
    method: z.enum(['auto', 'ssp', 'local']).default('auto').describe('ssp = stellar populations; local = straight lines; auto = ssp when the library is installed, else local'),
    templates: z.string().default('emiles').describe('name of a library (zgrad templates list)'),
    range: z.tuple([positive, positive]).default([3600, 7200]).describe('rest wavelengths that are fitted [Angstrom]'),
    multiplicative: z.int().min(0).max(50).default(8).describe('degree of the multiplicative polynomial'),
    additive: z.int().min(-1).max(50).default(-1).describe('degree of the additive polynomial, -1 for none'),
    moments: z.union([z.literal(2), z.literal(4)]).default(2).describe('2: velocity and dispersion; 4: h3 and h4 too'),
    reddening: z.enum(['ccm89', 'calzetti00']).nullable().default(null).describe('a reddening curve instead of the multiplicative polynomial'),
    regularisation: z.number().min(0).default(0).describe('smoothness of the weights in age and metallicity; 0 for none'),
    clip: positive.default(3).describe('pixels off by more standard deviations are left out'),
    gas: z.enum(['masked', 'fitted']).default('masked').describe('lines left out of the fit of the stars, or fitted with them'),
    bootstrap: z.int().min(0).max(10000).default(0).describe('draws for the errors of the stars; 0 = formal errors'),
    band: z.enum(['g', 'r', 'i']).default('r').describe('band of the mass-to-light ratio'),
    bins: z.string().optional().describe('FITS image of bin numbers for the stars alone'),
    binSN: z.number().min(0).default(50).describe('S/N per Angstrom that adaptive bins of the continuum reach; 0: the bins of the lines'),
    absorption: z.number().min(0).default(1.5).describe('local: stellar absorption under the Balmer lines, rest-frame equivalent width [Angstrom]'),
  }).prefault({}),
  lines: z.strictObject({
    binSN: z.number().min(0).default(10).describe('S/N that adaptive bins reach in the weakest of the lines needed; 0: every spaxel is a bin'),
    minEW: z.number().min(0).default(5).describe('EW(Ha) below which a bin is not used [Angstrom]'),
    snLine: z.number().min(0).default(3).describe('S/N that a line needs'),
    required: z.array(z.enum(lineNames)).default([]).describe('further lines that must be detected, e.g. [OIII5007]; a bin whose [O III] is not seen is otherwise placed by its upper limit'),
    tie: z.enum(['all', 'balmer-forbidden', 'each']).default('all').describe('which lines share velocity and dispersion'),
    components: z.union([z.literal(1), z.literal(2)]).default(1).describe('2: a second component where the evidence asks for it'),
    ratioBounds: z.boolean().default(true).describe('[O II] and [S II] held within the limits of low and high density'),
    monteCarlo: z.int().min(0).max(10000).default(0).describe('draws for the errors of lines and all that is derived from them; 0 = from the covariance'),
  }).prefault({}),
  dust: z.strictObject({
    balmer: z.number().gt(1).default(2.86).describe('intrinsic Ha/Hb'),
  }).prefault({}),
  starFormation: z.strictObject({
    calibration: z.enum(['L25', 'W19', 'K98', 'KE12']).default('L25'),
  }).prefault({}),
  abundance: z.strictObject({
    default: z.string().default('N2S2Ha').describe('the calibration that the figure and the report lead with'),
    also: z.union([z.literal('all'), z.array(z.string())]).default('all').describe('further calibrations, or all that the lines allow'),
  }).prefault({}),
  masses: z.strictObject({
    stellar: quantity.optional().describe('stellar mass, e.g. 8.9 dex (log10 of Msun) or 8e8 Msun; default: from the fit of the stars and the light of the galaxy'),
    stellarError: quantity.optional().describe('its standard error, e.g. 0.1 dex or 1e8 Msun'),
  }).prefault({}),
  gas: z.strictObject({
    hi: quantity.optional().describe('mass of atomic hydrogen without helium, e.g. 8.33 dex (log10 of Msun) or 2.1e8 Msun'),
    hiError: quantity.optional().describe('its standard error, e.g. 0.05 dex or 2e7 Msun'),
    hiFlux: quantity.optional().describe('21-cm flux instead of a mass, e.g. 4.1 Jy km/s'),
    hiFluxError: quantity.optional().describe('its standard error'),
    catalogues: z.array(z.union([z.string(), z.strictObject({
      file: z.string().describe('a table with a row a galaxy (CSV, ECSV, VOTable, FITS)'),
      columns: catalogueColumns.default({}).describe('columns by what they hold, NAME or NAME [unit]; default: found by their usual names'),
    })])).default([]).describe('catalogues of atomic hydrogen, the preferred first; a galaxy is looked for by name, else by position'),
    radius: quantity.default('30 arcsec').describe('within which a position in a catalogue matches'),
    missingHi: z.enum(['missing', 'zero']).default('missing').describe('where no atomic hydrogen is known: gas and yield are missing too, or none is assumed (said in every output)'),
    yield: z.enum(metalFractions.map(({ name }) => name)).default('L25').describe('mass fraction of oxygen per O/H in the effective yield'),
  }).prefault({}),
  gradient: z.strictObject({
    draws: z.int().min(100).max(100000).default(1000).describe('bootstrap draws'),
    minBins: z.int().min(3).default(10).describe('fewer star-forming bins: no gradient'),
    minRange: z.number().min(0).default(0.5).describe('smaller radial range [Re]: no gradient'),
  }).prefault({}),
});

/** What a user may write. */
export type ConfigInput = z.input<typeof configSchema>;
/** With every default filled in; quantities still as written. */
export type ConfigWritten = z.output<typeof configSchema>;
