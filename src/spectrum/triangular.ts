/** Overwrites b[at … at + n − 1] by L⁻¹ b. */
export function forwardAt(L: Float64Array, b: Float64Array, at: number, n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[at + i]!;
    for (let k = 0; k < i; k++) sum -= L[i * n + k]! * b[at + k]!;
    b[at + i] = sum / L[i * n + i]!;
  }
}

/** Overwrites b[at … at + n − 1] by L⁻ᵀ b. */
export function backwardAt(L: Float64Array, b: Float64Array, at: number, n: number): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[at + i]!;
    for (let k = i + 1; k < n; k++) sum -= L[k * n + i]! * b[at + k]!;
    b[at + i] = sum / L[i * n + i]!;
  }
}
