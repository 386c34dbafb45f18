/**
 * Solves A x = b for a symmetric positive definite matrix.
 * @param A [n × n] row-major; only the lower triangle is read
 * @param b [n]
 * @returns x [n], or null when A is not positive definite to working accuracy
 */
export function solveCholesky(A: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array | null {
  const factor = Float64Array.from(A);
  if (!factorCholesky(factor, n)) return null;
  const x = Float64Array.from(b);
  substituteForward(factor, x, n);
  substituteBackward(factor, x, n);
  return x;
}

/**
 * The inverse of a symmetric positive definite matrix.
 * @param A [n × n] row-major; only the lower triangle is read
 * @returns A⁻¹ [n × n] row-major, or null when A is not positive definite to working accuracy
 */
export function invertSymmetric(A: ArrayLike<number>, n: number): Float64Array | null {
  const factor = Float64Array.from(A);
  if (!factorCholesky(factor, n)) return null;
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    substituteForward(factor, column, n);
    substituteBackward(factor, column, n);
    for (let i = j; i < n; i++) inverse[i * n + j] = inverse[j * n + i] = column[i]!;
  }
  return inverse;
}

/**
 * Overwrites the lower triangle of A by L with L Lᵀ = A. False when a pivot has lost all its digits against
 * the diagonal (the matrix is singular or indefinite) or is not a number; A is then spoilt.
 */
export function factorCholesky(A: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const diagonal = A[j * n + j]!;
    for (let i = j; i < n; i++) {
      let sum = A[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= A[i * n + k]! * A[j * n + k]!;
      if (i > j) {
        A[i * n + j] = sum / A[j * n + j]!;
      } else {
        if (!(sum > 1e-14 * diagonal && sum < Infinity)) return false;
        A[j * n + j] = Math.sqrt(sum);
      }
    }
  }
  return true;
}

/** Overwrites b by L⁻¹ b. */
export function substituteForward(L: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= L[i * n + k]! * b[k]!;
    b[i] = sum / L[i * n + i]!;
  }
}

/** Overwrites b by L⁻ᵀ b. */
export function substituteBackward(L: Float64Array, b: Float64Array, n: number): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= L[k * n + i]! * b[k]!;
    b[i] = sum / L[i * n + i]!;
  }
}
