/** Rotations stop when no two columns are further from orthogonal than this cosine. */
const orthogonal = 1e-15;
const mostSweeps = 60;

/**
 * The singular values of A, descending, by one-sided Jacobi rotations (Hestenes 1958): small ones keep their relative accuracy where scaled columns are well
 * conditioned (Demmel & Veselić 1992). NaN when A is not finite.
 * @param A [m × n] row-major
 * @returns min(m, n) values
 */
export function singularValues(A: ArrayLike<number>, m: number, n: number): Float64Array {
  const wide = n > m;
  const [rows, count] = wide ? [n, m] : [m, n];
  // Relative to the largest element, so that no square overflows or vanishes.
  let scale = 0;
  for (let at = 0; at < m * n; at++) if (!(Math.abs(A[at]!) <= scale)) scale = Math.abs(A[at]!);
  if (scale === 0) return new Float64Array(count);
  if (!(scale < Infinity)) return new Float64Array(count).fill(Number.NaN);
  const columns = Array.from({ length: count }, (_, j) => Float64Array.from({ length: rows }, (_, i) => (wide ? A[j * n + i]! : A[i * n + j]!) / scale));
  const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  let rotated = true;
  for (let sweep = 0; rotated && sweep < mostSweeps; sweep++) {
    rotated = false;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        const [a, b] = [columns[p]!, columns[q]!];
        const [aa, bb, ab] = [product(a, a), product(b, b), product(a, b)];
        if (!(Math.abs(ab) > orthogonal * Math.sqrt(aa * bb))) continue;
        rotated = true;
        const zeta = (bb - aa) / (2 * ab);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = cosine * tangent;
        for (let i = 0; i < rows; i++) [a[i], b[i]] = [cosine * a[i]! - sine * b[i]!, sine * a[i]! + cosine * b[i]!];
      }
    }
  }
  return Float64Array.from(columns, (column) => scale * Math.sqrt(product(column, column))).sort().reverse();
}
