import { norm, reflect, reflectionOf } from './householder.js';

/** A matrix factorised for least squares. */
export interface QrFactor {
  /** Number of columns that are linearly independent to working accuracy. */
  readonly rank: number;
  /** The x [n] that minimises |A x − b|; where columns depend on others, theirs are 0. */
  solve(b: ArrayLike<number>): Float64Array;
}

/**
 * Householder's QR factors with column pivoting (Businger & Golub 1965): the orthogonal route to least squares, whose error grows with the condition number
 * and not with its square.
 * @param A [m × n] row-major, unchanged; one that is not finite has rank n and solutions NaN
 */
export function factorQr(A: ArrayLike<number>, m: number, n: number): QrFactor {
  const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_, i) => A[i * n + j]!));
  const order = columns.map((_, j) => j);
  const diagonal = new Float64Array(Math.min(m, n));
  const reflections: (Float64Array | null)[] = [];
  let rank = 0;
  for (; rank < diagonal.length; rank++) {
    let best = rank;
    for (let j = rank + 1; j < n; j++) if (norm(columns[j]!, rank) > norm(columns[best]!, rank)) best = j;
    [columns[rank], columns[best]] = [columns[best]!, columns[rank]!];
    [order[rank], order[best]] = [order[best]!, order[rank]!];
    const column = columns[rank]!;
    const size = norm(column, rank);
    if (size <= Math.max(m, n) * Number.EPSILON * Math.abs(diagonal[0]!)) break;
    diagonal[rank] = column[rank]! > 0 ? -size : size;
    reflections.push(reflectionOf(column, rank));
    for (let j = rank + 1; j < n; j++) reflect(reflections[rank]!, columns[j]!, rank);
  }
  return {
    rank,
    solve(b) {
      const right = Float64Array.from({ length: m }, (_, i) => b[i]!);
      const x = new Float64Array(n);
      reflections.forEach((reflection, k) => reflect(reflection, right, k));
      for (let k = rank - 1; k >= 0; k--) {
        let sum = right[k]!;
        for (let j = k + 1; j < rank; j++) sum -= columns[j]![k]! * x[order[j]!]!;
        x[order[k]!] = sum / diagonal[k]!;
      }
      return x;
    },
  };
}
