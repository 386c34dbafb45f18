/** Σ cᵢ xⁱ by Horner's rule; coefficients of ascending powers, 0 when there are none. */
export function evaluatePolynomial(coefficients: ArrayLike<number>, x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}
