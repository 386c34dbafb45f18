import { deproject, makeDisk, type Disk } from '../disk/index.js';
import type { LineMaps } from '../linemaps/index.js';
import type { Calibration, LineName } from '../nebula/index.js';
import { createRandom } from '../numeric/index.js';
import { fitLine, standardDeviation } from '../stats/index.js';
import { offsetOf } from './geometry.js';
import { binFluxes, observedToOH } from './nebular.js';
import type { Config } from './resolve.js';

/** What the parts of the error budget need of a galaxy. */
export interface BudgetInput {
  readonly maps: LineMaps;
  readonly disk: Disk;
  readonly config: Config;
}

/** Draws that make the scatter of a slope known to a few per cent, fewer where the many bins make each draw long. */
const budgetDraws = (bins: number): number => Math.min(200, Math.max(40, Math.round(2e5 / Math.max(bins, 1))));

/** Weights that turn values into their OLS slope: slope = Σ w·value. */
export function slopeWeights(radius: Float64Array): Float64Array {
  const mean = radius.reduce((a, b) => a + b, 0) / radius.length;
  const spread = radius.reduce((sum, r) => sum + (r - mean) ** 2, 0);
  return radius.map((r) => (r - mean) / spread);
}

/**
 * 1σ of the slope from the errors of the line fluxes: every bin's fluxes are drawn anew, dust and abundance derived again. The
 * slope is a weighted sum of independent bins, so its variance is the sum of theirs and a few draws a bin are enough.
 */
export function fluxScatter(input: BudgetInput, calibration: Calibration, rows: readonly number[], weights: Float64Array): number {
  const { maps, config } = input;
  const draws = Math.min(200, Math.max(16, Math.round(4000 / rows.length)));
  const needed = [...new Set<LineName>([...calibration.lines, 'Ha', 'Hb'])].filter((name) => maps.lines.has(name));
  const drawnOH = new Float64Array(draws);
  let variance = 0;
  rows.forEach((b, i) => {
    const { fluxes, errors } = binFluxes(maps, b);
    const random = createRandom(config.seed, 'fluxes', b);
    let known = 0;
    for (let draw = 0; draw < draws; draw++) {
      const drawn: Partial<Record<LineName, number>> = {};
      for (const name of needed) drawn[name] = fluxes[name]! + random.normal() * errors[name]!;
      const oh = observedToOH(calibration, drawn, errors, config.dust.balmer);
      // A draw that leaves the calibration's domain says nothing of its scatter.
      if (!Number.isNaN(oh)) drawnOH[known++] = oh;
    }
    if (known > 1) variance += (weights[i]! * standardDeviation(drawnOH.subarray(0, known))) ** 2;
  });
  return Math.sqrt(variance);
}

/** 1σ of the slope from the given errors of the geometry, per R_e and per kpc. */
export function geometryScatter(input: BudgetInput, rows: readonly number[], values: Float64Array): { perRe: number; perKpc: number } | null {
  const { maps, disk, config } = input;
  const { errors } = config.geometry;
  if (!errors) return null;
  const draws = budgetDraws(rows.length);
  const perRe = new Float64Array(draws);
  const perKpc = new Float64Array(draws);
  const random = createRandom(config.seed, 'geometry');
  const offsets = rows.map((b) => offsetOf(maps, disk, maps.x[b]!, maps.y[b]!));
  for (let draw = 0; draw < draws; draw++) {
    const moved = makeDisk({
      ...disk,
      positionAngle: disk.positionAngle + errors.positionAngle * random.normal(),
      ellipticity: Math.min(0.95, Math.max(0, disk.ellipticity + errors.ellipticity * random.normal())),
      effectiveRadius: { value: disk.effectiveRadiusArcsec * Math.max(0.05, 1 + errors.effectiveRadius * random.normal()), unit: 'arcsec' },
    });
    const east = errors.center * random.normal();
    const north = errors.center * random.normal();
    const radius = Float64Array.from(offsets, ([dE, dN]) => deproject(moved, dE - east, dN - north).radius);
    const slope = fitLine(radius, values).slope;
    perRe[draw] = slope * moved.effectiveRadiusArcsec;
    perKpc[draw] = slope / (disk.effectiveRadiusKpc / disk.effectiveRadiusArcsec);
  }
  return { perRe: standardDeviation(perRe), perKpc: standardDeviation(perKpc) };
}

/** 1σ of the slope from the calibration: its scatter in every bin, and the error of its own slope where that is published. */
export function calibrationScatter(calibration: Calibration, scatter: Float64Array, slope: number, weights: Float64Array): number | null {
  if (!scatter.every(Number.isFinite)) return null;
  const random = Math.sqrt(weights.reduce((sum, w, i) => sum + (w * scatter[i]!) ** 2, 0));
  const { relation } = calibration;
  const coefficients = relation.kind === 'direct' && relation.coefficientErrors?.length === 2 ? relation : null;
  const tilt = coefficients ? Math.abs((slope * coefficients.coefficientErrors![1]!) / coefficients.polynomial.coefficients[1]!) : 0;
  return Math.hypot(random, tilt);
}
