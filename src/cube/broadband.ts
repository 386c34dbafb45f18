import { ZgradError } from '../errors/index.js';
import { findHdu, type Fits } from '../fits/index.js';
import type { Image } from '../image/index.js';
import { createBandKernel, type BandKernel } from '../kernels/index.js';
import { abMagnitude, filterWeights, perFrequency, type FilterCurve, type FilterRule, type FilterWeights, type SpectralAxis } from '../light/index.js';
import type { Cube } from './cube.js';
import { outlineCube, type ArmOutline } from './outline.js';
import { addPlanes, planesPerBlock, type PlaneLayer } from './planeBlocks.js';
import type { CubeOptions } from './source.js';

/** How images through filters are made. */
export interface BroadbandOptions {
  /** Default 'photon'. */
  readonly rule?: FilterRule;
  /** A spaxel whose good pixels cover less than this part of the filter has no value. Default 0.5. */
  readonly minCoverage?: number;
}

/** A cube's image through a filter. */
export interface BandImage extends Image {
  readonly name: string;
  readonly mask: null;
  /** Mean flux density [1e-17 erg/s/cm²/Å per spaxel]; NaN where too little of the filter is covered. */
  readonly data: Float64Array;
  /** Variance of `data` from that of independent pixels, the square of its unit; all NaN when the cube was read without. */
  readonly variance: Float64Array;
  /** Pivot wavelength of what the cube covers of the filter [Å]. */
  readonly pivot: number;
  /** The part of the filter that lies in the cube's wavelengths, 0 to 1. */
  readonly coverage: number;
  /** The same per spaxel, over its good pixels only. */
  readonly spaxelCoverage: Float32Array;
  /** 'whole' from 99 % on; 'outside' below `minCoverage`, when every value is NaN. */
  readonly extent: 'whole' | 'partial' | 'outside';
}

/**
 * The images of a cube in memory through filters. A voxel counts where its flux is finite and its variance finite and positive.
 * The variance propagates that of the voxels as if they were independent; resampling makes neighbours correlated, so it is a lower limit.
 */
export function broadbandImages(cube: Pick<Cube, 'nx' | 'ny' | 'arms' | 'unit'>, curves: readonly FilterCurve[], options: BroadbandOptions = {}): BandImage[] {
  const bands = curves.map((curve) => filterWeights(curve, cube.arms.map(({ axis }) => axis), options.rule));
  const zeros = () => curves.map(() => new Float64Array(cube.nx * cube.ny));
  const sums = { flux: zeros(), variance: zeros(), missing: zeros() };
  cube.arms.forEach(({ axis, flux, variance }, arm) => {
    const n = axis.wavelength.length;
    bands.forEach(({ weights }, band) => {
      const weight = weights[arm]!;
      const [total, square, missing] = [sums.flux[band]!, sums.variance[band]!, sums.missing[band]!];
      const from = weight.findIndex((w) => w !== 0);
      const to = from < 0 ? -1 : weight.findLastIndex((w) => w !== 0);
      for (let s = 0; s < total.length; s++) {
        for (let k = Math.max(0, from); k <= to; k++) {
          const [f, v, w] = [flux[s * n + k]!, variance[s * n + k]!, weight[k]!];
          if (f - f === 0 && v > 0 && v < Infinity) {
            total[s]! += w * f;
            square[s]! += w * w * v;
          } else missing[s]! += w;
        }
      }
    });
  });
  return finish(curves, bands, sums, cube.nx, cube.ny, cube.unit * 1e17, options);
}

/**
 * The same from the files of a cube, plane by plane: only the planes that some filter needs are read, each once for all filters, and a few
 * megabytes are held besides the images. Masks, noise and units as `readCube`.
 *
 * @throws ZgradError as `readCube`.
 */
export async function streamBroadband(files: readonly Fits[], curves: readonly FilterCurve[], options: BroadbandOptions & CubeOptions = {}): Promise<BandImage[]> {
  const { arms, nx, ny, unit } = outlineCube(files, options);
  const bands = curves.map((curve) => filterWeights(curve, arms.map(({ axis }) => axis), options.rule));
  const sums = createBandKernel(nx * ny, curves.length, planesPerBlock(nx * ny));
  for (const [number, arm] of arms.entries()) await streamArm(arm, bands.map(({ weights }) => weights[number]!), sums);
  return finish(curves, bands, sums, nx, ny, unit * 1e17, options);
}

/**
 * The images of one HDU through filters, without variance or mask, in the HDU's own unit: the fast look at a large cube, twice as fast as with its
 * variance.
 *
 * @throws ZgradError 'BadCube' unless the HDU is a cube with as many planes as the axis has wavelengths.
 */
export async function streamFlux(fits: Fits, which: string | number, axis: SpectralAxis, curves: readonly FilterCurve[], options: BroadbandOptions = {}): Promise<BandImage[]> {
  const hdu = findHdu(fits, which);
  const [nx = 0, ny = 0, nz = 0] = hdu.axes;
  if (hdu.kind !== 'image' || nz !== axis.wavelength.length) {
    throw new ZgradError('BadCube', { where: `${fits.source.name}, ${which}`, found: `axes ${hdu.axes.join(' × ')}`, expected: `a cube of ${axis.wavelength.length} planes` });
  }
  const bands = curves.map((curve) => filterWeights(curve, [axis], options.rule));
  const kernel = createBandKernel(nx * ny, curves.length, planesPerBlock(nx * ny));
  await addPlanes(kernel, fits, [{ name: 'flux', hdu, convert: null }], bands.map(({ weights }) => weights[0]!));
  return finish(curves, bands, { ...kernel, variance: null }, nx, ny, 1, options);
}

async function streamArm({ source, z0, fluxFactor, noiseFactor }: ArmOutline, weights: readonly Float64Array[], kernel: BandKernel): Promise<void> {
  const { fits, flux, noise, mask } = source;
  const square = fluxFactor ** 2;
  const convert = {
    variance: noiseFactor * square === 1 ? null : (value: number) => value * noiseFactor * square,
    error: (value: number) => value * Math.abs(value) * noiseFactor ** 2 * square,
    ivar: (value: number) => square / (value * noiseFactor),
  }[noise.kind];
  const layers: PlaneLayer[] = [
    { name: 'flux', hdu: flux, convert: fluxFactor === 1 ? null : (value: number) => value * fluxFactor }, { name: 'variance', hdu: noise.hdu, convert },
    ...(mask ? [{ name: 'mask' as const, hdu: mask, convert: null }] : []),
  ];
  await addPlanes(kernel, fits, layers, weights, z0);
}

/** What the spaxels of a field have gathered in each band: see `BandKernel`. */
interface BandSums extends Pick<BandKernel, 'flux' | 'missing'> {
  readonly variance: readonly Float64Array[] | null;
}

function finish(
  curves: readonly FilterCurve[], bands: readonly FilterWeights[], sums: BandSums, nx: number, ny: number, unit: number, { minCoverage = 0.5 }: BroadbandOptions,
): BandImage[] {
  return bands.map(({ weights, pivot, coverage }, band) => {
    const whole = weights.reduce((sum, weight) => weight.reduce((sum, w) => sum + w, sum), 0);
    const [flux, missing] = [sums.flux[band]!, sums.missing[band]!];
    const data = new Float64Array(nx * ny).fill(Number.NaN);
    const variance = data.slice();
    const spaxelCoverage = new Float32Array(nx * ny);
    for (let s = 0; s < data.length; s++) {
      const norm = whole - missing[s]!;
      // The differences of many weights leave a rounding error where every voxel is missing.
      const part = norm > 1e-9 * whole ? (coverage * norm) / whole : 0;
      spaxelCoverage[s] = part;
      if (part === 0 || part < minCoverage) continue;
      data[s] = (unit * flux[s]!) / norm;
      if (sums.variance) variance[s] = (unit * unit * sums.variance[band]![s]!) / norm ** 2;
    }
    const extent = coverage >= 0.99 ? 'whole' : coverage > 0 && coverage >= minCoverage ? 'partial' : 'outside';
    return { name: curves[band]!.name, nx, ny, mask: null, data, variance, pivot, coverage, spaxelCoverage, extent };
  });
}

/** What the MUSE pipeline sets in its DQ where an image has no value: Euro3D's bit for missing data. */
const missingData = 1 << 30;

/** An image as the MUSE pipeline writes it: 0 where there is no value, and there its DQ set to 2³⁰. */
export function musePipelineImage({ data }: Pick<BandImage, 'data'>): { readonly data: Float32Array; readonly quality: Int32Array } {
  return {
    data: Float32Array.from(data, (value) => (value - value === 0 ? value : 0)),
    quality: Int32Array.from(data, (value) => (value - value === 0 ? 0 : missingData)),
  };
}

/** AB magnitude of a flux density [1e-17 erg/s/cm²/Å] through a filter of this pivot wavelength [Å]; NaN for a flux that is not positive. */
export function bandMagnitude(flux: number, pivot: number): number {
  return abMagnitude(perFrequency(flux * 1e-17, pivot));
}
