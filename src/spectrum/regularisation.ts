/**
 * RᵀR of the second differences of weights on a grid, w(i−1) − 2w(i) + w(i+1) along each axis: added to the normal matrix it
 * damps structure that the data do not ask for (Press et al. 2007, §19.5; Cappellari 2017, eq. 25).
 * @param shape length of each axis of the grid, slowest first; templates are numbered in that order
 * @param strength 1/Δ, with Δ the scatter that is allowed to the second differences
 */
export function secondDifferences(shape: readonly number[], strength: number): Float64Array {
  const n = shape.reduce((a, b) => a * b, 1);
  const product = new Float64Array(n * n);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const row = [[-1, 1], [0, -2], [1, 1]] as const;
  for (let i = 0; i < n; i++) {
    const terms = new Map<number, number>();
    shape.forEach((length, axis) => {
      const at = Math.floor(i / strides[axis]!) % length;
      if (at === 0 || at === length - 1) return;
      for (const [step, value] of row) terms.set(i + step * strides[axis]!, (terms.get(i + step * strides[axis]!) ?? 0) + value);
    });
    for (const [a, u] of terms) for (const [b, v] of terms) product[a * n + b]! += strength * strength * u * v;
  }
  return product;
}
