import { describe, expect, it } from 'vitest';
import { createKernels } from '../../src/kernels/index.js';
import { boundedLeastSquares, createRandom, legendreBasis } from '../../src/numeric/index.js';
import { createSpectralWorkspace } from '../../src/spectrum/spectralWorkspace.js';
import { secondDifferences } from '../../src/spectrum/regularisation.js';
import type { BlendProblem, Parameter } from '../../src/spectrum/blendProblem.js';
import { createTemplateBlend, type TemplateBlend } from '../../src/spectrum/templateBlend.js';
import type { TemplateGrid } from '../../src/spectrum/templateGrid.js';
import { toyTemplates } from './support/toyTemplates.js';

const [stars, gas, pixels] = [60, 3, 150];
const templates = stars + gas;
const { grid, projection } = toyTemplates(templates, gas);
const coordinate = Float64Array.from({ length: pixels }, (_, p) => -1 + (2 * p) / (pixels - 1));
const parameters: Parameter[] = [
  { of: 'velocity', index: 0, lower: -50, upper: 50 }, { of: 'variance', index: 0, lower: 0, upper: 400 }, { of: 'velocity', index: 1, lower: -50, upper: 50 },
  { of: 'polynomial', index: 1, lower: -10, upper: 10 }, { of: 'polynomial', index: 2, lower: -10, upper: 10 }, { of: 'reddening', index: 0, lower: 0, upper: 5 },
];
const theta = Float64Array.of(1.3, 7, 0.4, 0.2, -0.1, 0.15);
const reddening = coordinate.map((x) => 3 - x);
const problem = (own: TemplateGrid = grid, regularisation: Float64Array | null = null): BlendProblem => ({
  grid: own, projection, parameters, additive: 1, multiplicative: 2, reddening, gasReddening: null, regularisation,
  components: [{ gas: false, velocity: 0, variance: 4, resolution: 1 }, { gas: true, velocity: 0, variance: 3, resolution: 0 }],
});

/** Columns of everything at θ, weighted: polynomials, then all templates; made without the blend. */
function allColumns(root: Float64Array): Float64Array[] {
  const space = createSpectralWorkspace(createKernels(), grid, projection, 1, 2, 1);
  const [, p1, p2] = legendreBasis(coordinate, 2);
  for (let p = 0; p < pixels; p++) {
    space.scale(0)[p] = root[p]! * 10 ** (-0.4 * theta[5]! * reddening[p]!) * (1 + theta[3]! * p1![p]! + theta[4]! * p2![p]!);
    space.scale(1)[p] = root[p]!;
  }
  space.setLosvd(0, { velocity: theta[0]!, variance: theta[1]! + 1, sigma: Math.sqrt(theta[1]!), h3: 0, h4: 0 });
  space.setLosvd(1, { velocity: theta[2]!, variance: 3, sigma: Math.sqrt(3), h3: 0, h4: 0 });
  return [root.slice(), root.map((w, p) => w * coordinate[p]!), ...Array.from({ length: templates }, (_, t) => {
    space.fill(0, t, grid.component[t]!);
    return space.column(0).slice(0, pixels);
  })];
}
const random = createRandom(5, 'blend');
const root = Float64Array.from({ length: pixels }, (_, p) => (p % 17 === 3 ? 0 : 20 + 10 * random.uniform()));
const columns = allColumns(root);
const mixture = [[2 + 4, 0.8], [2 + 31, 0.5], [2 + 57, 0.1], [2 + 61, 0.4], [0, -0.05]] as const;
const data = Float64Array.from({ length: pixels }, (_, p) => (root[p] === 0 ? 0 : (mixture.reduce((sum, [j, share]) => sum + share * columns[j]![p]!, 0) + random.normal()) / root[p]!));

function solved(one: BlendProblem, strength = 1): { blend: TemplateBlend; weights: Float64Array } {
  const blend = createTemplateBlend(createKernels(), one);
  blend.load(data, root, { regularisation: strength, coordinate, warm: false });
  blend.solveAll(theta);
  const weights = new Float64Array(templates);
  blend.working().forEach((t, j) => { weights[t] = blend.space.solution[2 + j]!; });
  return { blend, weights };
}

/** The direct solution with all columns, and rows of R beneath. */
function direct(rows: readonly Float64Array[] = []): { weights: Float64Array; chi2: number } {
  const count = templates + 2;
  const matrix = Float64Array.from({ length: (pixels + rows.length) * count }, (_, at) => {
    const [i, j] = [Math.floor(at / count), at % count];
    return i < pixels ? columns[j]![i]! : j < 2 ? 0 : rows[i - pixels]![j - 2]!;
  });
  const right = Float64Array.from({ length: pixels + rows.length }, (_, i) => (i < pixels ? data[i]! * root[i]! : 0));
  const lower = Float64Array.from({ length: count }, (_, j) => (j < 2 ? -Infinity : 0));
  const { x } = boundedLeastSquares(matrix, pixels + rows.length, count, right, lower, new Float64Array(count).fill(Infinity), { route: 'orthogonal' });
  const chi2 = columns[0]!.reduce((sum, _, p) => sum + (right[p]! - columns.reduce((value, column, j) => value + x[j]! * column[p]!, 0)) ** 2, 0);
  return { weights: x.slice(2), chi2 };
}

describe('the blend of templates', () => {
  it('by column generation is that of bounded least squares over all templates', () => {
    const { blend, weights } = solved(problem());
    const all = direct();
    expect(Math.abs(blend.chi2() / all.chi2 - 1)).toBeLessThan(1e-9);
    all.weights.forEach((weight, t) => expect(Math.abs(weights[t]! - weight)).toBeLessThan(1e-6));
    // Only some of them ever became columns.
    expect(blend.working().length).toBeLessThan(templates / 2);
  });

  it('meets the conditions of Karush, Kuhn and Tucker for every template, in use or not', () => {
    const { blend, weights } = solved(problem());
    const { residual } = blend.space;
    columns.forEach((column, j) => {
      const slope = column.reduce((sum, value, p) => sum + value * residual[p]!, 0) / Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
      // Of residuals of √chi2 = 12.
      if (j < 2 || weights[j - 2]! > 0) expect(Math.abs(slope)).toBeLessThan(1e-8);
      else expect(slope).toBeLessThan(1e-6);
    });
    expect(blend.complete()).toBeLessThan(1e-7 * blend.chi2());
  });

  it('does not depend on the order of the templates', () => {
    const order = Array.from({ length: templates }, (_, t) => (t < stars ? (7 * t + 3) % stars : stars + ((t - stars + 1) % gas)));
    const { weights, blend } = solved(problem());
    const shuffled = solved(problem({ ...grid, spectra: order.map((t) => grid.spectra[t]!) }));
    expect(Math.abs(shuffled.blend.chi2() / blend.chi2() - 1)).toBeLessThan(1e-9);
    order.forEach((t, i) => expect(Math.abs(shuffled.weights[i]! - weights[t]!)).toBeLessThan(1e-6));
  });

  it('with regularisation is that of R written out beneath the columns', () => {
    const shape = [6, 10];
    const strength = 30;
    const square = secondDifferences(shape, strength);
    const regularisation = Float64Array.from({ length: templates ** 2 }, (_, ij) => {
      const [i, j] = [Math.floor(ij / templates), ij % templates];
      return i < stars && j < stars ? square[i * stars + j]! : 0;
    });
    const rows = Array.from({ length: stars }, (_, i) => {
      const row = new Float64Array(templates);
      const [a, b] = [Math.floor(i / 10), i % 10];
      if (a > 0 && a < 5) for (const [step, value] of [[-10, 1], [0, -2], [10, 1]] as const) row[i + step]! += strength * value;
      if (b > 0 && b < 9) for (const [step, value] of [[-1, 1], [0, -2], [1, 1]] as const) row[i + step]! += strength * value;
      return row;
    });
    const { blend, weights } = solved(problem(grid, regularisation));
    const all = direct(rows);
    expect(Math.abs(blend.chi2() / all.chi2 - 1)).toBeLessThan(1e-6);
    all.weights.forEach((weight, t) => expect(Math.abs(weights[t]! - weight)).toBeLessThan(1e-4));
  });

  it('its slopes by every parameter are those of small steps at the same weights', () => {
    const { blend, weights } = solved(problem());
    blend.fillSlopes();
    const base = blend.width();
    const slopes = parameters.map((_, k) => blend.space.column(base + k).slice(0, pixels));
    const model = (at: Float64Array): Float64Array => {
      blend.prepare(at, blend.rootWeight);
      blend.refill();
      return Float64Array.from({ length: pixels }, (_, p) => blend.working().reduce((sum, t, j) => sum + weights[t]! * blend.space.column(2 + j)[p]!, 0));
    };
    parameters.forEach((_, k) => {
      const [up, down] = [1e-4, -1e-4].map((step) => model(theta.map((value, i) => (i === k ? value + step : value))));
      const size = Math.max(...slopes[k]!.map(Math.abs));
      for (let p = 0; p < pixels; p++) expect(Math.abs(slopes[k]![p]! - (up![p]! - down![p]!) / 2e-4)).toBeLessThan(1e-6 * size);
    });
  });

  it('keeps its weights when idle templates go, and takes a start from the last spectrum', () => {
    const { blend, weights } = solved(problem());
    blend.dropIdle();
    expect(blend.working().length).toBe(blend.activeSlots().length);
    blend.load(data, root, { regularisation: 1, coordinate, warm: true });
    blend.solveAll(theta);
    blend.working().forEach((t, j) => expect(Math.abs(blend.space.solution[2 + j]! - weights[t]!)).toBeLessThan(1e-9));
  });
});
