import { describe, expect, it } from 'vitest';
import { secondDifferences } from '../../src/spectrum/regularisation.js';

/** RᵀR from R written out: one row per grid point, second differences along the axes on which it has two neighbours, added. */
function explicit(rows: number, columns: number, strength: number): number[][] {
  const n = rows * columns;
  const R = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const row = R[i * columns + j]!;
      const put = (a: number, b: number, value: number): void => { row[a * columns + b]! += strength * value; };
      if (i > 0 && i < rows - 1) {
        put(i - 1, j, 1);
        put(i, j, -2);
        put(i + 1, j, 1);
      }
      if (j > 0 && j < columns - 1) {
        put(i, j - 1, 1);
        put(i, j, -2);
        put(i, j + 1, 1);
      }
    }
  }
  return R.map((_, a) => R.map((__, b) => R.reduce((sum, row) => sum + row[a]! * row[b]!, 0)));
}

describe('second differences of the weights', () => {
  it.each([[1, 5], [4, 1], [3, 4], [5, 6], [2, 2]])('are those of the matrix written out, %i × %i', (rows, columns) => {
    const n = rows * columns;
    const product = secondDifferences([rows, columns], 0.7);
    explicit(rows, columns, 0.7).forEach((row, a) => row.forEach((value, b) => expect(product[a * n + b]).toBeCloseTo(value, 12)));
  });

  it('are zero for weights that rise evenly along both axes', () => {
    const product = secondDifferences([4, 5], 3);
    const weights = Float64Array.from({ length: 20 }, (_, i) => 2 + 0.3 * Math.floor(i / 5) - 0.7 * (i % 5));
    let size = 0;
    for (let a = 0; a < 20; a++) for (let b = 0; b < 20; b++) size += weights[a]! * product[a * 20 + b]! * weights[b]!;
    expect(Math.abs(size)).toBeLessThan(1e-10);
  });
});
