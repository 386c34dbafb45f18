import { sameLength, type Column } from './columns.js';
import { correlationProbability, ranks, type Correlation } from './correlation.js';

/** A control whose variance is down to this share, given the controls before it, says nothing new. */
const dependent = 1e-12;

/**
 * Pearson's correlation of x and y at fixed controls: of their residuals about the linear regression on the controls. p from
 * Student's t with n − 2 − k degrees of freedom for k controls; a control that depends on others does not count. NaN when too few
 * points are left, x or y is constant or determined by the controls, or a value is not a number.
 * @throws BadArgument for columns of unequal length
 */
export function partialPearson(x: Column, y: Column, controls: readonly Column[]): Correlation {
  const columns = [x, y, ...controls];
  const n = sameLength('partial correlation', ...columns);
  const ones = new Int32Array(n).fill(1);
  const { r, rank } = partialOf(correlationMatrix(columns, ones), columns.length);
  return n - rank < 3 ? { r: NaN, p: NaN } : { r, p: correlationProbability(r, n - rank) };
}

/** Spearman's correlation of x and y at fixed controls: `partialPearson` of the ranks. */
export function partialSpearman(x: Column, y: Column, controls: readonly Column[]): Correlation {
  sameLength('partial correlation', x, y, ...controls);
  return partialPearson(ranks(x), ranks(y), controls.map(ranks));
}

/** Matrix [columns × columns] of Pearson's correlations of a sample with `count[i]` copies of point i. */
export function correlationMatrix(columns: readonly Column[], count: Int32Array): Float64Array {
  const [n, size] = [count.length, columns.length];
  const total = count.reduce((a, b) => a + b, 0);
  const first = count.findIndex((c) => c > 0);
  const centred = columns.map((column) => {
    // Counted from a value of the sample, so that a constant column has exactly its value for a mean.
    const origin = column[first]!;
    let sum = 0;
    for (let i = 0; i < n; i++) if (count[i]! > 0) sum += count[i]! * (column[i]! - origin);
    const middle = origin + sum / total;
    const about = new Float64Array(n);
    for (let i = 0; i < n; i++) about[i] = column[i]! - middle;
    return about;
  });
  const R = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const [u, v] = [centred[a]!, centred[b]!];
      let sum = 0;
      for (let i = 0; i < n; i++) if (count[i]! > 0) sum += count[i]! * u[i]! * v[i]!;
      R[a * size + b] = R[b * size + a] = sum;
    }
  }
  const scale = Float64Array.from({ length: size }, (_, a) => Math.sqrt(R[a * size + a]!));
  // A constant column correlates with nothing, itself included.
  return R.map((value, at) => (value === 0 ? 0 : value / (scale[Math.floor(at / size)]! * scale[at % size]!)));
}

/** The correlation of the first two variables of a correlation matrix at fixed others, and how many of these are independent. The matrix is spoilt. */
export function partialOf(R: Float64Array, size: number): { r: number; rank: number } {
  let rank = 0;
  for (let c = size - 1; c >= 2; c--) {
    const pivot = R[c * size + c]!;
    if (pivot <= dependent) continue;
    rank++;
    for (let a = 0; a < c; a++) for (let b = 0; b < c; b++) R[a * size + b]! -= R[a * size + c]! * R[c * size + b]! / pivot;
  }
  const [xx, yy, xy] = [R[0]!, R[size + 1]!, R[1]!];
  return { r: xx > dependent && yy > dependent ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : NaN, rank };
}
