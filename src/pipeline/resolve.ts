import { ZgradError } from '../errors/index.js';
import type { AtomicColumns, MassInput } from '../evolution/index.js';
import type { Lsf } from '../light/index.js';
import { calibrations } from '../nebula/index.js';
import { nearestWord } from './nearest.js';
import { cosmology } from '../sky/index.js';
import { constants, parseQuantity } from '../units/index.js';
import type { ConfigWritten } from './schema.js';

/** A length on the sky or in the galaxy. */
export interface SizeGiven {
  readonly value: number;
  readonly unit: 'kpc' | 'arcsec';
}

/** The configuration with every quantity in a fixed unit: what run.json records. */
export interface Config extends Omit<ConfigWritten, 'distance' | 'effectiveRadius' | 'seeing' | 'geometry' | 'cube' | 'maps' | 'mask' | 'foreground' | 'masses' | 'gas'> {
  /** Luminosity distance [Mpc] and where it comes from. */
  readonly distance: { readonly luminosity: number; readonly angular: number; readonly source: 'given' | 'redshift' };
  /** Null: to be measured. */
  readonly effectiveRadius: SizeGiven | null;
  /** [arcsec], null = from the header if it tells. */
  readonly seeing: number | null;
  readonly geometry: {
    /** Right ascension and declination [deg]. */
    readonly center: readonly [number, number] | null;
    /** Zero-based pixels. */
    readonly centerPixel: readonly [number, number] | null;
    /** Null: to be measured. */
    readonly positionAngle: number | null;
    readonly ellipticity: number | null;
    readonly thickness: number;
    /** Standard errors; null when none were given. Centre in arcsec, effective radius as a fraction. */
    readonly errors: { readonly center: number; readonly positionAngle: number; readonly ellipticity: number; readonly effectiveRadius: number } | null;
  };
  readonly cube: Omit<ConfigWritten['cube'], 'lsf' | 'pixelScale'> & { readonly lsf: Lsf | null; readonly pixelScale: number | null };
  readonly maps: Omit<ConfigWritten['maps'], 'pixelScale'> & { readonly pixelScale: number | null };
  readonly masks: readonly string[];
  /** Stellar mass; null: from the fit of the stars. */
  readonly masses: { readonly stellar: MassInput | null };
  readonly gas: {
    /** Atomic hydrogen without helium; null when not given. */
    readonly hi: MassInput | null;
    /** [Jy km/s] */
    readonly hiFlux: { readonly value: number; readonly error: number | null } | null;
    readonly catalogues: readonly { readonly file: string; readonly columns: AtomicColumns }[];
    /** [arcsec] */
    readonly radius: number;
    readonly missingHi: 'missing' | 'zero';
    readonly yield: ConfigWritten['gas']['yield'];
  };
  /** Galactic E(B−V) [mag], 0 for none; NaN until it is read from the map. */
  readonly foreground: { readonly ebv: number; readonly source: 'given' | 'none' | 'not given' | 'map'; readonly map: { readonly folder: string; readonly scale: 'SFD98' | 'SF11' } | null };
}

function lsfOf(given: ConfigWritten['cube']['lsf'], where: string): Lsf | null {
  if (given === undefined) return null;
  if (given === 'muse') return { kind: 'muse' };
  if ('wavelength' in given) {
    if (given.wavelength.length !== given.fwhm.length) {
      throw new ZgradError('BadConfig', {
        where: `${where}: cube.lsf`, found: `${given.wavelength.length} wavelengths and ${given.fwhm.length} widths`, expected: 'as many of one as of the other',
      });
    }
    return { kind: 'table', wavelength: given.wavelength, fwhm: given.fwhm, pixel: given.pixel };
  }
  return { kind: 'constant', fwhm: parseQuantity(given.fwhm, ['Angstrom'], `${where}: cube.lsf.fwhm`, { bare: 'Angstrom' }).value, pixel: given.pixel };
}

/** Below this redshift peculiar velocities make cz/H0 a poor distance. */
const poorHubbleFlow = 0.01;

/**
 * Brings every quantity of a checked configuration into a fixed unit. Adds sentences to `warnings` for what was assumed.
 * Throws BadUnit, BadConfig.
 */
export function resolveConfig(written: ConfigWritten, where: string, warnings: string[]): Config {
  const { geometry } = written;
  checkCalibrations(written.abundance, where);
  const [from, to] = written.continuum.range;
  if (!(from < to)) throw new ZgradError('BadConfig', { where: `${where}: continuum.range`, found: `${from}–${to}`, expected: 'two ascending wavelengths [Angstrom]' });
  const universe = cosmology();
  const given = written.distance;
  if (given === undefined && written.redshift <= 0) {
    throw new ZgradError('BadConfig', {
      where: `${where}: distance`, found: `nothing, and the redshift ${written.redshift} gives none`, expected: 'a distance', remedy: 'Give it, for example --set distance="5.10 Mpc".',
    });
  }
  if (given === undefined && written.redshift < poorHubbleFlow) {
    warnings.push(`the distance is taken from the redshift ${written.redshift}, which peculiar velocities make poor below z = ${poorHubbleFlow}; give \`distance\``);
  }
  const luminosity = given === undefined ? universe.luminosityDistance(written.redshift)
    : positive(parseQuantity(given, ['Mpc'], `${where}: distance`, { bare: 'Mpc' }).value, `${where}: distance`, 'Mpc');
  // Sizes use the angular-diameter distance that belongs to the luminosity distance, at the redshift of the galaxy.
  const angular = luminosity / (1 + Math.max(written.redshift, 0)) ** 2;
  const size = written.effectiveRadius === undefined ? null : parseQuantity(written.effectiveRadius, ['kpc', 'arcsec'], `${where}: effectiveRadius`);
  if (size) positive(size.value, `${where}: effectiveRadius`, size.unit);
  const errors = geometry.errors;
  const sizeError = errors && size ? parseQuantity(errors.effectiveRadius, [size.unit], `${where}: geometry.errors.effectiveRadius`, { bare: size.unit }).value / size.value : 0;
  if (written.foreground === undefined) warnings.push('no foreground dust was corrected for: give foreground.ebv, or `foreground: none` when the data are already corrected');
  return {
    ...written,
    distance: { luminosity, angular, source: given === undefined ? 'redshift' : 'given' },
    effectiveRadius: size,
    seeing: arcsecOf(written.seeing, `${where}: seeing`),
    geometry: {
      center: geometry.center ?? null,
      centerPixel: geometry.centerPixel ?? null,
      positionAngle: geometry.positionAngle ?? null,
      ellipticity: geometry.ellipticity ?? null,
      thickness: geometry.thickness,
      errors: errors ? {
        center: parseQuantity(errors.center, ['arcsec'], `${where}: geometry.errors.center`, { bare: 'arcsec' }).value,
        positionAngle: errors.positionAngle, ellipticity: errors.ellipticity, effectiveRadius: sizeError,
      } : null,
    },
    cube: { ...written.cube, lsf: lsfOf(written.cube.lsf, where), pixelScale: arcsecOf(written.cube.pixelScale, `${where}: cube.pixelScale`) },
    maps: { ...written.maps, pixelScale: arcsecOf(written.maps.pixelScale, `${where}: maps.pixelScale`) },
    masks: written.mask === undefined ? [] : [written.mask].flat(),
    foreground: foregroundOf(written.foreground),
    masses: { stellar: massOf(written.masses.stellar, written.masses.stellarError, [`${where}: masses.stellar`, `${where}: masses.stellarError`]) },
    gas: gasOf(written.gas, where),
  };
}

/** A mass as log10 of Msun ('8.9 dex') or in Msun ('8e8 Msun'), with its error on the same scale. Throws BadUnit, BadConfig. */
function massOf(given: string | number | undefined, error: string | number | undefined, [where, whereError]: readonly [string, string]): MassInput | null {
  if (given === undefined) {
    if (error === undefined) return null;
    throw new ZgradError('BadConfig', { where: whereError, found: 'an error without its mass', expected: `${where.split(': ').at(-1)} beside it` });
  }
  // Catalogues write the unit of a logarithm as dex(Msun).
  const plain = (value: string | number): string => String(value).replace(/dex\s*\(.*\)\s*$/i, 'dex');
  const mass = parseQuantity(plain(given), ['dex', 'Msun'], where, { bare: 'dex' });
  if (mass.unit === 'dex' && !(mass.value > 0 && mass.value < 20)) {
    throw new ZgradError('BadConfig', { where, found: `the logarithm ${mass.value}`, expected: 'log10 of a mass in Msun, between 0 and 20', remedy: `Write '${given} Msun' where that is the mass itself.` });
  }
  if (mass.unit === 'Msun') positive(mass.value, where, 'Msun');
  const own = error === undefined ? null : parseQuantity(plain(error), ['dex', 'Msun'], whereError, { bare: mass.unit });
  if (own && !(own.value >= 0)) throw new ZgradError('BadConfig', { where: whereError, found: String(error), expected: 'an error not below 0' });
  if (!own || own.unit === mass.unit) return { value: mass.value, error: own && own.value, scale: mass.unit === 'dex' ? 'log' : 'linear' };
  // An error is symmetric on the scale that it is given on.
  return own.unit === 'dex' ? { value: Math.log10(mass.value), error: own.value, scale: 'log' } : { value: 10 ** mass.value, error: own.value, scale: 'linear' };
}

function gasOf(given: ConfigWritten['gas'], where: string): Config['gas'] {
  const at = (key: string): string => `${where}: gas.${key}`;
  if (given.hi !== undefined && given.hiFlux !== undefined) throw new ZgradError('BadConfig', { where: at('hi'), found: 'a mass and a flux (gas.hiFlux)', expected: 'one of them' });
  const flux = (value: string | number, key: string): number => parseQuantity(value, ['Jy km/s'], at(key), { bare: 'Jy km/s' }).value;
  if (given.hiFluxError !== undefined && given.hiFlux === undefined) throw new ZgradError('BadConfig', { where: at('hiFluxError'), found: 'an error without its flux', expected: 'gas.hiFlux beside it' });
  return {
    hi: massOf(given.hi, given.hiError, [at('hi'), at('hiError')]),
    hiFlux: given.hiFlux === undefined ? null : { value: positive(flux(given.hiFlux, 'hiFlux'), at('hiFlux'), 'Jy km/s'), error: given.hiFluxError === undefined ? null : flux(given.hiFluxError, 'hiFluxError') },
    catalogues: given.catalogues.map((one) => (typeof one === 'string' ? { file: one, columns: {} } : { file: one.file, columns: Object.fromEntries(Object.entries(one.columns).filter(([, name]) => name !== undefined)) })),
    radius: arcsecOf(given.radius, at('radius'))!, missingHi: given.missingHi, yield: given.yield,
  };
}

function foregroundOf(given: ConfigWritten['foreground']): Config['foreground'] {
  if (given === undefined) return { ebv: 0, source: 'not given', map: null };
  if (given === 'none') return { ebv: 0, source: 'none', map: null };
  if ('ebv' in given) return { ebv: given.ebv, source: 'given', map: null };
  return { ebv: Number.NaN, source: 'map', map: { folder: given.dustMap, scale: given.scale } };
}

/** A positive angle on the sky [arcsec]; null when it is not given. */
function arcsecOf(given: string | number | undefined, where: string): number | null {
  return given === undefined ? null : positive(parseQuantity(given, ['arcsec'], where, { bare: 'arcsec' }).value, where, 'arcsec');
}

/** Throws BadConfig for a calibration that does not exist, with the nearest that does. */
function checkCalibrations({ default: first, also }: ConfigWritten['abundance'], where: string): void {
  const names = calibrations.map(({ name }) => name);
  for (const name of [first, ...(also === 'all' ? [] : also)]) {
    if (names.includes(name)) continue;
    throw new ZgradError('BadConfig', {
      where: `${where}: abundance`, found: `the calibration '${name}'`, expected: 'a known one', remedy: `Did you mean ${nearestWord(name, names)}? Known: ${names.join(', ')}.`,
    });
  }
}

function positive(value: number, where: string, unit: string): number {
  if (value > 0) return value;
  throw new ZgradError('BadConfig', { where, found: `${value} ${unit}`, expected: 'a positive number' });
}

/** kpc in an arcsecond at an angular-diameter distance [Mpc]. */
export function kpcPerArcsec(angularDistance: number): number {
  return (angularDistance * 1000) / constants.arcsecPerRadian;
}
