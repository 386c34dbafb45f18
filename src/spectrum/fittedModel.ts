import { invertSymmetric } from '../numeric/index.js';
import type { NormalEquations } from './normalEquations.js';
import { movesGas, type BlendProblem } from './blendProblem.js';
import type { TemplateBlend } from './templateBlend.js';

/** Covariance of amplitudes (additive, then those of the `active` templates) and parameters, row-major. */
export interface Covariance {
  readonly matrix: Float64Array;
  readonly size: number;
  readonly active: readonly number[];
}

/** Per pixel, weighted or not. */
export interface Models {
  readonly model: Float64Array;
  readonly gas: Float64Array;
  readonly error: Float64Array;
}

/** Where the blend stands, all of its columns being free. */
export function covarianceOf(blend: TemplateBlend, { normal }: NormalEquations, theta: Float64Array): Covariance {
  blend.solve(theta);
  blend.dropIdle();
  blend.fillSlopes();
  const { matrix, n } = normal(theta);
  // Unit diagonal: velocities, polynomials and weights have units of their own.
  const size = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(matrix[i * n + i]! || 1));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j]! *= size[i]! * size[j]!;
  for (let i = 0; i < n; i++) if (!(matrix[i * n + i]! > 0)) matrix[i * n + i] = 1;
  let inverse = invertSymmetric(matrix, n);
  for (let ridge = 1e-12; !inverse && ridge < 1; ridge *= 100) inverse = invertSymmetric(matrix.map((value, ij) => (ij % (n + 1) === 0 ? value + ridge : value)), n);
  inverse ??= new Float64Array(n * n).fill(Number.NaN);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inverse[i * n + j]! *= size[i]! * size[j]!;
  return { matrix: inverse, size: n, active: blend.activeSlots().map((slot) => blend.working()[slot - blend.additives]!) };
}

/** Model and gas at every pixel, and with a covariance the 1σ of the model without the gas. Overwrites the columns of the fit. */
export function modelsOf(blend: TemplateBlend, { projection, parameters, components }: BlendProblem, theta: Float64Array, covariance: Covariance | null): Models {
  const { space, additives, isGas } = blend;
  const { solution } = space;
  const pixels = projection.first.length;
  const q = parameters.length;
  blend.prepare(theta, Float64Array.from(blend.rootWeight, (_, p) => (p < pixels ? 1 : 0)));
  blend.refill();
  if (covariance) blend.fillSlopes();
  const [model, gas, error] = [new Float64Array(pixels), new Float64Array(pixels), new Float64Array(pixels)];
  const slots = [...Array.from({ length: additives }, (_, l) => l), ...blend.activeSlots()];
  const rows = slots.map((slot) => blend.amplitudeColumn(slot));
  rows.forEach((column, i) => {
    const [amplitude, ofGas] = [solution[slots[i]!]!, i >= additives && isGas(slots[i]!)];
    for (let p = 0; p < pixels; p++) {
      model[p]! += amplitude * column[p]!;
      if (ofGas) gas[p]! += amplitude * column[p]!;
    }
  });
  if (covariance) {
    for (let k = 0; k < q; k++) rows.push(space.column(blend.width() + k));
    const { matrix, size } = covariance;
    const own = Array.from({ length: size }, (_, i) => i).filter((i) => (i < slots.length ? i < additives || !isGas(slots[i]!) : !movesGas(parameters[i - slots.length]!, (c) => components[c]!.gas)));
    // Pixels innermost: each column is read in order.
    const sum = new Float64Array(pixels);
    own.forEach((i, a) => {
      const row = rows[i]!;
      const diagonal = 0.5 * matrix[i * size + i]!;
      for (let p = 0; p < pixels; p++) sum[p] = diagonal * row[p]!;
      for (const j of own.slice(0, a)) {
        const [other, share] = [rows[j]!, matrix[i * size + j]!];
        for (let p = 0; p < pixels; p++) sum[p]! += share * other[p]!;
      }
      for (let p = 0; p < pixels; p++) error[p]! += 2 * sum[p]! * row[p]!;
    });
    for (let p = 0; p < pixels; p++) error[p] = Math.sqrt(Math.max(0, error[p]!));
  }
  return { model, gas, error };
}
