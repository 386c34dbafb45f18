import { ZgradError } from '../errors/index.js';
import type { Fits, Header } from '../fits/index.js';
import { lsfBeforePixel, makeAxis, type Lsf, type SpectralAxis } from '../light/index.js';
import { parseWcs, pixelScales, wavelengthAt, type SpectralWcs, type Wcs } from '../sky/index.js';
import type { Cube } from './cube.js';
import { findSource } from './instruments.js';
import { seeingFromHeader } from './seeing.js';
import { joinHeaders, type ArmSource, type CubeOptions, type CubeSource } from './source.js';
import { fluxUnit, noiseFactor } from './unit.js';

/** One arm before its values are read. */
export interface ArmOutline {
  readonly name: string;
  readonly axis: SpectralAxis;
  readonly lsf: Lsf;
  /** Where its parts lie. */
  readonly source: ArmSource;
  /** The planes z0 ≤ z < z1 lie in the range asked for. */
  readonly z0: number;
  readonly z1: number;
  /** Multiply a flux as it stands in the file by this to get units of `CubeOutline.unit`. */
  readonly fluxFactor: number;
  /** How many times larger the noise's unit is than its flux implies. */
  readonly noiseFactor: number;
}

/** All that the headers tell of a cube: what `readCube` will give, before any value is read. */
export interface CubeOutline extends Omit<Cube, 'arms' | 'sectors'> {
  readonly arms: readonly ArmOutline[];
  readonly sectorSource: CubeSource['sectors'];
  /** Bytes that flux and variance will take in memory. */
  readonly bytes: number;
}

/**
 * Reads what the headers tell: instrument, size, wavelengths, units, coordinates. No values are read.
 *
 * @param files the opened file of a cube, or the blue and red file of a SAMI galaxy.
 * @throws ZgradError 'BadCube' when the files are no cube that can be measured: no variance, no wavelength or flux unit,
 *   no spaxel size, arms of different galaxies, nothing in the wavelength range.
 */
export function outlineCube(files: readonly Fits[], options: CubeOptions = {}): CubeOutline {
  const source = findSource(files, options);
  const warnings = [...source.warnings];
  const [first] = source.arms as [ArmSource];
  const [nx = 0, ny = 0] = first.flux.axes;
  checkShapes(source.arms);

  const headers = source.arms.map((arm) => spectralHeader(arm, options, warnings));
  const coordinates = headers.map((header, i) => parseWcs(header, {
    where: source.arms[i]!.fits.source.name, ...(options.wavelengthUnit !== undefined && { wavelengthUnit: options.wavelengthUnit }),
  }));
  const wcs = coordinates[0]!;
  const pixelScale = scaleOf(wcs, options, first.fits.source.name);

  const units = source.arms.map((arm) => fluxUnit(arm.header, options.fluxUnit, pixelScale, arm.fits.source.name));
  warnings.push(...units.flatMap((unit) => unit.warnings));
  // A flux of 1e-18 erg/s/cm²/Å written as such has a variance below the smallest float32: count in 1e-17 instead.
  const unit = units[0]!.factor > 1e-12 ? 1e-17 : units[0]!.factor;

  const arms = source.arms.flatMap((arm, i): ArmOutline[] => {
    const spectral = spectralOf(coordinates[i]!, arm);
    const planes = cropped(spectral, arm.flux.axes[2]!, options.range);
    if (!planes) {
      warnings.push(`${arm.fits.source.name}: no wavelength of the ${arm.name} arm lies in the range asked for.`);
      return [];
    }
    return [{
      name: arm.name, axis: planes.axis, lsf: lsfBeforePixel(lsfOf(arm, planes.axis, options, warnings), planes.axis), source: arm, z0: planes.z0, z1: planes.z1,
      fluxFactor: units[i]!.factor === unit ? 1 : units[i]!.factor / unit,
      noiseFactor: options.fluxUnit === undefined ? noiseFactor(arm.header, arm.noise.hdu.header, { variance: 2, error: 1, ivar: -2 }[arm.noise.kind] as 1 | 2 | -2) : 1,
    }];
  });
  if (arms.length === 0) {
    throw new ZgradError('BadCube', {
      where: files.map(({ source }) => source.name).join(', '), found: 'no wavelength in the range asked for',
      expected: `a range that overlaps ${coordinates.map((wcs, i) => rangeOf(wcs.spectral!, source.arms[i]!.flux.axes[2]!)).join(' and ')} Å`,
      remedy: 'Change `cube.range`.',
    });
  }
  return {
    instrument: source.instrument, object: source.object, nx, ny, arms, unit, wcs, pixelScale,
    seeing: seeingFromHeader(first.header), sectorSource: source.sectors, header: first.header, warnings,
    bytes: arms.reduce((sum, { z0, z1 }) => sum + 8 * nx * ny * (z1 - z0), 0),
  };
}

/** Flux and noise are cubes of the same size, and the arms agree in the number of spaxels. */
function checkShapes(arms: readonly ArmSource[]): void {
  const [nx, ny] = arms[0]!.flux.axes;
  for (const { fits, flux, noise, mask } of arms) {
    const fail = (name: string, axes: readonly number[], expected: string): never => {
      throw new ZgradError('BadCube', { where: fits.source.name, found: `${name} with axes ${axes.join(' × ') || '(none)'}`, expected });
    };
    const nameOf = (name: string, index: number) => `the HDU ${name || index}`;
    if (flux.kind !== 'image' || flux.axes.length !== 3) fail(nameOf(flux.name, flux.index), flux.axes, 'a cube of three axes');
    if (flux.axes[0] !== nx || flux.axes[1] !== ny) fail(nameOf(flux.name, flux.index), flux.axes, `${nx} × ${ny} spaxels as in the other arm`);
    const size = flux.axes.join(' × ');
    if (noise.hdu.axes.join(' × ') !== size) fail(nameOf(noise.hdu.name, noise.hdu.index), noise.hdu.axes, `${size} as the flux`);
    if (mask && mask.axes.join(' × ') !== size && mask.axes.join(' × ') !== `${nx} × ${ny}`) {
      fail(nameOf(mask.name, mask.index), mask.axes, `${size} as the flux, or ${nx} × ${ny}`);
    }
  }
}

/** The header with the medium of the wavelengths settled; that they have a unit is checked. */
function spectralHeader(arm: ArmSource, options: CubeOptions, warnings: string[]): Header {
  const { header, fits } = arm;
  if (options.wavelengthUnit === undefined && !header.string('CUNIT3')?.trim()) {
    throw new ZgradError('BadCube', {
      where: fits.source.name, found: 'a wavelength axis without a unit (CUNIT3)', expected: 'Angstrom, nm, um or m',
      remedy: 'Give it as `cube.wavelengthUnit`.',
    });
  }
  const type = header.string('CTYPE3')?.trim().toUpperCase() ?? '';
  const known = /^(?:AWAV|WAVE)(?=-|$)/.test(type);
  if (!known && !/^(?:|LINEAR|LAMBDA|WAVELENG.*)$/.test(type)) {
    throw new ZgradError('BadCube', {
      where: fits.source.name, found: `a third axis of type '${type}'`, expected: 'wavelengths: CTYPE3 = AWAV (air) or WAVE (vacuum)',
    });
  }
  const settled = (value: string) => joinHeaders([{ key: 'CTYPE3', value }], header);
  if (options.medium !== undefined) {
    const name = options.medium === 'air' ? 'AWAV' : 'WAVE';
    return settled(known ? type.replace(/^(?:AWAV|WAVE)/, name) : name);
  }
  if (!known) {
    warnings.push(`${fits.source.name}: the header does not tell the medium of the wavelengths (CTYPE3 = '${type}'); air was assumed. Give \`cube.medium\` otherwise.`);
    return settled('AWAV');
  }
  return header;
}

function spectralOf(wcs: Wcs, arm: ArmSource): SpectralWcs {
  const { spectral } = wcs;
  if (spectral && spectral.axis === 2 && spectral.step > 0) return spectral;
  throw new ZgradError('BadCube', {
    where: arm.fits.source.name,
    found: !spectral ? 'no wavelength axis' : spectral.axis !== 2 ? `the wavelength on axis ${spectral.axis + 1}` : `wavelengths that step by ${spectral.step}`,
    expected: 'ascending wavelengths on the third axis',
  });
}

function scaleOf(wcs: Wcs, options: CubeOptions, where: string): number {
  if (options.pixelScale !== undefined) return options.pixelScale;
  if (!wcs.celestial) {
    throw new ZgradError('BadCube', {
      where, found: 'no celestial coordinates', expected: 'right ascension and declination, which give the size of a spaxel',
      remedy: 'Give the side of a spaxel as `cube.pixelScale`.',
    });
  }
  const [x, y] = pixelScales(wcs.celestial);
  return Math.sqrt(x * y);
}

/** The planes whose centre lies in the range, with their axis; null for fewer than two. */
function cropped(spectral: SpectralWcs, n: number, range?: readonly [number, number]): { z0: number; z1: number; axis: SpectralAxis } | null {
  const wavelength = Float64Array.from({ length: n }, (_, z) => wavelengthAt(spectral, z));
  const z0 = range ? wavelength.findIndex((λ) => λ >= range[0]) : 0;
  const z1 = range ? wavelength.findLastIndex((λ) => λ <= range[1]) + 1 : n;
  if (z0 < 0 || z1 - z0 < 2) return null;
  return { z0, z1, axis: makeAxis(wavelength.subarray(z0, z1), spectral.medium) };
}

const rangeOf = (spectral: SpectralWcs, n: number): string =>
  `${wavelengthAt(spectral, 0).toFixed(0)}–${wavelengthAt(spectral, n - 1).toFixed(0)}`;

function lsfOf(arm: ArmSource, axis: SpectralAxis, options: CubeOptions, warnings: string[]): Lsf {
  const known = options.lsf ?? arm.lsf;
  if (known && known !== 'file') return known;
  // No spectrograph samples its line-spread function with fewer than two pixels on purpose, so the line's width is
  // corrected by too little rather than too much.
  const middle = axis.wavelength.length >> 1;
  const fwhm = 2 * (axis.edges[middle + 1]! - axis.edges[middle]!);
  if (known === null) warnings.push(`${arm.fits.source.name}: line-spread function unknown; a FWHM of two pixels (${fwhm.toFixed(2)} Å) was assumed. Give \`cube.lsf\`.`);
  return { kind: 'constant', fwhm };
}
