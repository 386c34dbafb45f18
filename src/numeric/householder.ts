/** |v| over the rows from…to−1, without overflow on the way. */
export function norm(v: Float64Array, from = 0, to = v.length): number {
  let [most, sum] = [0, 0];
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(v[i]!));
  if (!(most > 0 && most < Infinity)) return most;
  for (let i = from; i < to; i++) sum += (v[i]! / most) ** 2;
  return most * Math.sqrt(sum);
}

/**
 * Householder's vector, of length √2, that turns what a column has from a row on into that row, where it becomes −sign·length (+length for 0); null where there is
 * nothing.
 */
export function reflectionOf(column: Float64Array, from: number): Float64Array | null {
  const long = norm(column, from);
  if (long === 0) return null;
  const vector = column.slice(from);
  vector[0]! += vector[0]! > 0 ? long : -long;
  const size = norm(vector);
  // Divided first: the length may be too large or too small to be turned over.
  return vector.map((value) => (value / size) * Math.SQRT2);
}

/** column ← (1 − v vᵀ) column from a row on, |v|² = 2. */
export function reflect(vector: Float64Array | null, column: Float64Array, from: number): void {
  if (!vector) return;
  let product = 0;
  for (let i = 0; i < vector.length; i++) product += vector[i]! * column[from + i]!;
  for (let i = 0; i < vector.length; i++) column[from + i]! -= product * vector[i]!;
}
