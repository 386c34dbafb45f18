import { describe, expect, it } from 'vitest';
import { createKernels } from '../../src/kernels/index.js';
import { createRandom, nonNegativeLeastSquares } from '../../src/numeric/index.js';
import { createSpectralWorkspace, type Losvd, type SpectralWorkspace } from '../../src/spectrum/spectralWorkspace.js';
import { toyTemplates } from './support/toyTemplates.js';

const [stars, gas, pixels] = [8, 2, 150];
const templates = stars + gas;
const { grid, projection } = toyTemplates(templates, gas);
const losvd: Losvd = { velocity: 1.7, variance: 9, sigma: 3, h3: 0, h4: 0 };
const random = createRandom(2, 'workspace');
const noise = Float64Array.from({ length: pixels }, () => random.normal());

/** A workspace with scales of its own and velocity distributions of both components. */
function workspace(own: Losvd = losvd): SpectralWorkspace {
  const space = createSpectralWorkspace(createKernels(), grid, projection, templates + 2, 2, 1);
  for (let p = 0; p < pixels; p++) [space.scale(0)[p], space.scale(1)[p]] = [1 + p / pixels, 2 - p / pixels];
  space.setLosvd(0, own);
  space.setLosvd(1, { velocity: -0.6, variance: 4, sigma: 2, h3: 0, h4: 0 });
  return space;
}
const column = (space: SpectralWorkspace, slot: number): Float64Array => space.column(slot).slice(0, pixels);
const kindOf = (t: number): number => grid.component[t]!;
function filled(space: SpectralWorkspace): void {
  for (let t = 0; t < templates; t++) space.fill(t, t, kindOf(t));
}
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from({ length: pixels }, (_, p) => a[p]! * b[p]!).reduce((x, y) => x + y, 0);

describe('the workspace of a full-spectrum fit', () => {
  it('fills columns with what direct sums give: convolved, averaged over pixels, scaled', () => {
    const space = workspace();
    space.fill(0, 3, 0);
    const spectrum = grid.spectra[3]!;
    const broadened = spectrum.map((_, i) => {
      let [sum, norm] = [0, 0];
      for (let k = -25; k <= 25; k++) {
        const weight = Math.exp(-0.5 * ((k - losvd.velocity) / 3) ** 2);
        sum += weight * (spectrum[i - k] ?? 0);
        norm += weight;
      }
      return sum / norm;
    });
    const found = column(space, 0);
    // Ends are padded with zeros, here as there: to rounding everywhere.
    for (let p = 0; p < pixels; p++) {
      let value = 0;
      for (let k = 0; k < projection.width; k++) value += projection.weights[p * projection.width + k]! * broadened[projection.first[p]! + k]!;
      expect(Math.abs(found[p]! - value * (1 + p / pixels))).toBeLessThan(1e-10);
    }
    expect(space.column(0).subarray(pixels).every((value) => value === 0)).toBe(true);
  });

  it.each(['velocity', 'variance', 'h3', 'h4'] as const)('its slope by %s is that of small steps, with moments and without', (by) => {
    for (const base of [losvd, { ...losvd, h3: 0.08, h4: -0.05 }]) {
      const weights = [0.5, 0, 2, 0, 0, 1, 0, 0];
      const list = weights.flatMap((weight, t) => (weight > 0 ? [t] : []));
      const at = (step: number): Float64Array => {
        // σ of the Hermite terms follows the variance.
        const moved = { ...base, [by]: base[by] + step, ...(by === 'variance' && { sigma: Math.sqrt(base.variance + step) }) };
        const space = workspace(moved);
        space.compose(0, list, list.map((t) => weights[t]!));
        space.fillComposite(0, 0, 0);
        return column(space, 0);
      };
      const [up, down] = [at(1e-3), at(-1e-3)];
      const space = workspace(base);
      space.compose(0, list, list.map((t) => weights[t]!));
      space.fillSlope(0, 0, 0, by);
      const slope = column(space, 0);
      const size = Math.max(...slope.map(Math.abs));
      // Third derivatives times 1e-6 of the step's square.
      for (let p = 0; p < pixels; p++) expect(Math.abs(slope[p]! - (up[p]! - down[p]!) / 2e-3)).toBeLessThan(1e-5 * size);
    }
  });

  it('products are the dot products of all columns and of the data, slot by slot', () => {
    const space = workspace();
    filled(space);
    space.data.set(noise);
    space.products(0, 4);
    space.products(4, templates);
    const columns = Array.from({ length: templates }, (_, t) => column(space, t));
    columns.forEach((a, i) => {
      expect(Math.abs(space.right[i]! - dot(a, noise))).toBeLessThan(1e-10);
      columns.forEach((b, j) => expect(Math.abs(space.gram[i * space.lead + j]! / dot(a, b) - 1)).toBeLessThan(1e-11));
    });
  });

  it('gradients, without columns, are column·residual of every template of the component', () => {
    const space = workspace();
    space.residual.set(noise);
    const into = new Float64Array(templates);
    for (const component of [0, 1]) {
      space.gradients(component, component, into);
      for (let t = 0; t < templates; t++) {
        if (kindOf(t) !== component) {
          expect(into[t]).toBe(-Infinity);
          continue;
        }
        space.fill(0, t, component);
        expect(Math.abs(into[t]! - dot(column(space, 0), noise))).toBeLessThan(1e-9);
      }
    }
  });

  it('solves within bounds, and what is left has no gradient inwards (Karush, Kuhn and Tucker)', () => {
    const space = workspace();
    filled(space);
    const columns = Array.from({ length: templates }, (_, t) => column(space, t));
    const data = Float64Array.from({ length: pixels }, (_, p) => columns[1]![p]! + 0.4 * columns[5]![p]! + 0.5 * columns[9]![p]! + 0.05 * noise[p]!);
    space.data.set(data);
    space.products(0, templates);
    space.lower.fill(0, 0, templates);
    space.upper.fill(Infinity, 0, templates);
    expect(space.solve(templates, false)).toBe(true);
    const chi2 = space.subtract(templates);
    const matrix = Float64Array.from({ length: pixels * templates }, (_, at) => columns[at % templates]![Math.floor(at / templates)]!);
    const direct = nonNegativeLeastSquares(matrix, pixels, templates, data, { route: 'orthogonal' });
    expect(Math.abs(Math.sqrt(chi2) / direct.residualNorm - 1)).toBeLessThan(1e-10);
    columns.forEach((own, t) => {
      const slope = dot(own, space.residual);
      expect(space.solution[t]).toBeGreaterThanOrEqual(0);
      expect(space.solution[t]! > 0 ? Math.abs(slope) : slope).toBeLessThan(1e-9);
    });
    // Warm from the solution nothing changes.
    const before = space.solution.slice(0, templates);
    expect(space.solve(templates, true)).toBe(true);
    before.forEach((value, t) => expect(Math.abs(space.solution[t]! - value)).toBeLessThan(1e-12));
  });

  it('keeps chosen slots with all that belongs to them', () => {
    const space = workspace();
    filled(space);
    space.data.set(noise);
    space.products(0, templates);
    for (let t = 0; t < templates; t++) [space.solution[t], space.lower[t], space.upper[t]] = [t, -t, 10 + t];
    const list = [0, 2, 3, 7, 9];
    const before = list.map((t) => ({ column: column(space, t), right: space.right[t]!, gram: list.map((u) => space.gram[t * space.lead + u]!) }));
    space.keep(list);
    list.forEach((t, i) => {
      expect(column(space, i)).toEqual(before[i]!.column);
      expect(space.right[i]).toBe(before[i]!.right);
      expect([space.solution[i], space.lower[i], space.upper[i]]).toEqual([t, -t, 10 + t]);
      expect(list.map((_, j) => space.gram[i * space.lead + j]!)).toEqual(before[i]!.gram);
    });
  });
});
