import { blockBootstrap, deproject, fitGradient, makeDisk, type Disk, type Gradient } from '../disk/index.js';
import { createRandom } from '../numeric/index.js';
import { fitLine, standardDeviation } from '../stats/index.js';
import type { Config } from './resolve.js';

/** What a worker needs to fit slopes: where the bins are, and how often they are drawn. */
export interface SlopeJob {
  readonly disk: Disk;
  /** Offsets of the bins from the centre [arcsec], and their radii [R_e]. */
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly radius: Float64Array;
  /** FWHM of the seeing [arcsec]; null = not known, then there is no block bootstrap. */
  readonly seeing: number | null;
  /** 1σ of the geometry; null = not known. */
  readonly errors: Config['geometry']['errors'];
  readonly draws: number;
  readonly seed: number;
}

/** One quantity in the bins that are used. */
export interface SlopeTask {
  /** The names of its streams of random numbers. */
  readonly stream: readonly [quantity: string, calibration: string];
  readonly rows: Int32Array;
  /** Values in those bins. */
  readonly value: Float64Array;
  /** Whether the errors beside the plain bootstrap are wanted. */
  readonly budget: boolean;
}

export interface Slope {
  /** Per R_e. */
  readonly fit: Gradient;
  /** 1σ over blocks of the size of the seeing; null where they were not wanted or the seeing is not known. */
  readonly blockError: number | null;
  /** 1σ from the errors of the geometry; null where they were not wanted or are not known. */
  readonly geometry: { readonly perRe: number; readonly perKpc: number } | null;
}

/** Fits slopes with their bootstraps. */
export function makeSlopeWork(job: SlopeJob): (tasks: readonly SlopeTask[]) => Slope[] {
  const { east, north, radius, seeing, draws, seed } = job;
  return (tasks) => tasks.map(({ stream, rows, value, budget }) => {
    const at = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!);
    const own = { radius: at(radius), value, draws };
    const fit = fitGradient({ ...own, random: createRandom(seed, 'bootstrap', ...stream) });
    const places = { x: at(east), y: at(north) };
    return {
      fit,
      blockError: budget && seeing !== null
        ? blockBootstrap({ ...own, ...places, seeing, random: createRandom(seed, 'blocks', ...stream), plainError: fit.slopeError }).slopeError : null,
      geometry: budget ? geometryScatter(job, places, value) : null,
    };
  });
}

/** Draws that make the scatter of a slope known to a few per cent, fewer where the many bins make each draw long. */
const geometryDraws = (bins: number): number => Math.min(200, Math.max(40, Math.round(2e5 / Math.max(bins, 1))));

/** 1σ of the slope from the given errors of the geometry, per R_e and per kpc. */
function geometryScatter({ disk, errors, seed }: SlopeJob, { x, y }: { readonly x: Float64Array; readonly y: Float64Array }, values: Float64Array): Slope['geometry'] {
  if (!errors) return null;
  const draws = geometryDraws(values.length);
  const perRe = new Float64Array(draws);
  const perKpc = new Float64Array(draws);
  const random = createRandom(seed, 'geometry');
  for (let draw = 0; draw < draws; draw++) {
    const moved = makeDisk({
      ...disk,
      positionAngle: disk.positionAngle + errors.positionAngle * random.normal(),
      ellipticity: Math.min(0.95, Math.max(0, disk.ellipticity + errors.ellipticity * random.normal())),
      effectiveRadius: { value: disk.effectiveRadiusArcsec * Math.max(0.05, 1 + errors.effectiveRadius * random.normal()), unit: 'arcsec' },
    });
    const east = errors.center * random.normal();
    const north = errors.center * random.normal();
    const radius = x.map((dE, i) => deproject(moved, dE - east, y[i]! - north).radius);
    const slope = fitLine(radius, values).slope;
    perRe[draw] = slope * moved.effectiveRadiusArcsec;
    perKpc[draw] = slope / (disk.effectiveRadiusKpc / disk.effectiveRadiusArcsec);
  }
  return { perRe: standardDeviation(perRe), perKpc: standardDeviation(perKpc) };
}
