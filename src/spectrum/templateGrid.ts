/** Templates sampled evenly in ln λ: what a full-spectrum fit combines. */
export interface TemplateGrid {
  /** c Δln λ of one sample [km/s]. */
  readonly velocityScale: number;
  /** ln of the rest wavelength [ln Å] of the first sample. */
  readonly lnStart: number;
  /** Samples of each template. */
  readonly length: number;
  readonly spectra: readonly Float64Array[];
  /** The kinematic component that each template belongs to. */
  readonly component: readonly number[];
}

/**
 * How the samples of a template grid make the pixels of a spectrum: pixel p is Σ_k weights[p·width + k]·sample[first[p] + k].
 */
export interface Projection {
  readonly first: Int32Array;
  readonly weights: Float64Array;
  readonly width: number;
}

/**
 * Pixels that are samples themselves, of a spectrum on the grid's own scale, the first of them `offset` samples into the grid. A fraction of a
 * sample is to be added to the velocity.
 */
export function sampleProjection(offset: number, pixels: number): { readonly projection: Projection; readonly fraction: number } {
  const whole = Math.round(offset);
  return {
    projection: { first: Int32Array.from({ length: pixels }, (_, p) => p + whole), weights: new Float64Array(pixels).fill(1), width: 1 },
    fraction: offset - whole,
  };
}

/** Integrals from 0 to t of the cubic through samples at −1, 0, 1, 2 (Lagrange's basis). */
function lagrangeIntegrals(t: number): readonly [number, number, number, number] {
  const [t2, t3, t4] = [t * t, t * t * t, t * t * t * t];
  return [
    -(t4 / 4 - t3 + t2) / 6, (t4 / 4 - (2 * t3) / 3 - t2 / 2 + 2 * t) / 2,
    -(t4 / 4 - t3 / 3 - t2) / 2, (t4 / 4 - t2 / 2) / 6,
  ];
}

/**
 * Pixels that average the spectrum over their width: the integral of the cubic through four samples, fourth order in the spacing.
 * @param edges pixels' edges in samples of the grid, one array per stretch of adjoining pixels; pixels that the grid does not reach get no weight
 * @returns the projection of all pixels, one stretch after the other, and 1 for the pixels that are covered
 */
export function averageProjection(edges: readonly Float64Array[], length: number): { readonly projection: Projection; readonly covered: Uint8Array } {
  const widest = Math.max(...edges.map((e) => e.reduce((most, x, i) => (i === 0 ? most : Math.max(most, x - e[i - 1]!)), 0)));
  const width = Math.ceil(widest) + 4;
  const pixels = edges.reduce((n, e) => n + e.length - 1, 0);
  const [first, weights, covered] = [new Int32Array(pixels), new Float64Array(pixels * width), new Uint8Array(pixels)];
  let p = 0;
  for (const e of edges) {
    for (let i = 0; i + 1 < e.length; i++, p++) {
      const [a, b] = [e[i]!, e[i + 1]!];
      const start = Math.floor(a) - 1;
      if (start < 0 || start + width > length) continue;
      first[p] = start;
      covered[p] = 1;
      for (let cell = Math.floor(a); cell < b; cell++) {
        const [low, high] = [lagrangeIntegrals(Math.max(0, a - cell)), lagrangeIntegrals(Math.min(1, b - cell))];
        for (let k = 0; k < 4; k++) weights[p * width + cell - 1 - start + k]! += (high[k]! - low[k]!) / (b - a);
      }
    }
  }
  return { projection: { first, weights, width }, covered };
}
