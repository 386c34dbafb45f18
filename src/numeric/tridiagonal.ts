/**
 * Solves lower[i] u[i−1] + diagonal[i] u[i] + upper[i] u[i+1] = right[i] by elimination without pivoting (Thomas 1949), for systems where no pivot
 * comes near zero. Overwrites diagonal and right; u stands in right.
 */
export function solveTridiagonal(lower: Float64Array, diagonal: Float64Array, upper: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  for (let i = 1; i < n; i++) {
    const factor = lower[i]! / diagonal[i - 1]!;
    diagonal[i]! -= factor * upper[i - 1]!;
    right[i]! -= factor * right[i - 1]!;
  }
  for (let i = n - 1; i >= 0; i--) right[i] = (right[i]! - (i < n - 1 ? upper[i]! * right[i + 1]! : 0)) / diagonal[i]!;
  return right;
}
