import type { BlendProblem } from './blendProblem.js';
import type { SpectralWorkspace } from './spectralWorkspace.js';

/** Factors of the pixels that columns have: with the multiplicative polynomial, as gas, or as stars without the polynomial. */
export const kinds = { stars: 0, gas: 1, bare: 2 } as const;

/** How a blend of templates changes with the parameters. */
export interface BlendSlopes {
  /** Columns of the derivatives of a blend by every parameter, after the working ones. Default: the present weights. */
  fillSlopes(weights?: Float64Array): void;
  /** Residual·derivative of every parameter. */
  residualSlopes(): Float64Array;
  /** Columns of the stars' present blend times each Legendre polynomial, after the working ones. */
  fillBlendTimesPolynomials(): void;
}

/** What the slopes are taken of: see `TemplateBlend`. */
interface BlendState {
  readonly space: SpectralWorkspace;
  readonly additives: number;
  readonly kindOf: (component: number) => number;
  readonly working: () => readonly number[];
}

/** into ← a·b, over the pixels of b. */
export function multiply(a: Float64Array, b: Float64Array, into: Float64Array): void {
  for (let p = 0; p < b.length; p++) into[p] = a[p]! * b[p]!;
}

export function createBlendSlopes({ grid, projection, parameters, components, multiplicative, reddening, gasReddening }: BlendProblem, { space, additives, kindOf, working }: BlendState): BlendSlopes {
  const { gram, lead, right, solution } = space;
  const pixels = projection.first.length;
  const q = parameters.length;
  const stars = components.flatMap(({ gas }, c) => (gas ? [] : [c]));

  /** The blend of working templates of every component, by the weights of their slots. */
  function composeAll(weights: Float64Array = solution): void {
    components.forEach((_, c) => {
      const own = working().flatMap((t, j) => (grid.component[t] === c && weights[additives + j]! !== 0 ? [{ t, weight: weights[additives + j]! }] : []));
      space.compose(c, own.map(({ t }) => t), own.map(({ weight }) => weight));
    });
  }

  /** The sum of the stars' models without the multiplicative polynomial, by way of a slot, becomes what polynomials are multiplied by. */
  function composeBareStars(slot: number): void {
    const column = space.column(slot);
    stars.forEach((c, i) => {
      space.fillComposite(slot, c, kinds.bare);
      if (i === 0) space.blend.set(column);
      else for (let p = 0; p < pixels; p++) space.blend[p]! += column[p]!;
    });
  }

  /** Columns of the derivatives of a blend of templates by every parameter, after the working ones. */
  function fillSlopes(weights: Float64Array = solution): void {
    const base = additives + working().length;
    composeAll(weights);
    if (parameters.some(({ of }) => of === 'polynomial' || of === 'reddening')) composeBareStars(base);
    parameters.forEach(({ of, index }, k) => {
      const slot = base + k;
      const column = space.column(slot);
      if (of === 'polynomial') {
        space.multiplyPolynomials(slot, index, 1);
      } else if (of === 'reddening') {
        const [star, plain] = [space.scale(kinds.stars), space.scale(kinds.bare)];
        for (let p = 0; p < pixels; p++) column[p] = plain[p] === 0 ? 0 : -0.4 * Math.LN10 * reddening![p]! * space.blend[p]! * (star[p]! / plain[p]!);
      } else if (of === 'gasReddening') {
        column.fill(0);
        components.forEach(({ gas }, c) => {
          if (!gas) return;
          const sum = column.slice(0, pixels);
          space.fillComposite(slot, c, kinds.gas);
          for (let p = 0; p < pixels; p++) column[p] = sum[p]! - 0.4 * Math.LN10 * gasReddening![p]! * column[p]!;
        });
      } else {
        space.fillSlope(slot, index, kindOf(index), of);
      }
    });
    if (q > 0) space.products(base, base + q);
  }

  return {
    fillSlopes,
    residualSlopes() {
      const width = additives + working().length;
      return Float64Array.from(parameters, (_, k) => {
        const row = (width + k) * lead;
        let slope = right[width + k]!;
        for (let j = 0; j < width; j++) slope -= gram[row + j]! * solution[j]!;
        return slope;
      });
    },
    fillBlendTimesPolynomials() {
      const base = additives + working().length;
      composeBareStars(base);
      space.multiplyPolynomials(base, 0, multiplicative + 1);
      space.products(base, base + multiplicative + 1);
    },
  };
}
