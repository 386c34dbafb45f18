import { kernels } from '../kernels/index.js';
import { boundedByRotations } from './boundedOrthogonal.js';
import { norm } from './householder.js';
import { placeArrays } from './kernelMemory.js';

/** How to get at the minimum: from normal equations, by orthogonal transformations, or by the first with the second where it loses too many digits. */
export type LeastSquaresRoute = 'auto' | 'gram' | 'orthogonal';

export interface BoundedFit {
  /** [columns]; NaN where the problem is not finite. */
  readonly x: Float64Array;
  /** |A x − b|. */
  readonly residualNorm: number;
  readonly route: 'gram' | 'orthogonal';
  /** False when the active sets did not come to an end; x is then within its bounds, but not at the minimum. */
  readonly converged: boolean;
}

/** Pivots of the scaled normal matrix below this: its solution has lost half of the digits. */
const poorPivot = 1e-8;
/** Gradients of unit columns, as a share of |b|, that the Gram route may leave. */
const poorGradient = 1e-10;

/**
 * The x ≥ 0 that minimises |A x − b| (Lawson & Hanson 1974; on the Gram matrix Bro & de Jong 1997).
 * @param a [rows × columns] row-major
 * @param b [rows]
 * @param options route, by default `auto`
 */
export function nonNegativeLeastSquares(a: ArrayLike<number>, rows: number, columns: number, b: ArrayLike<number>, options: { readonly route?: LeastSquaresRoute } = {}): BoundedFit {
  return boundedLeastSquares(a, rows, columns, b, new Float64Array(columns), new Float64Array(columns).fill(Infinity), options);
}

/**
 * The x within lower ≤ x ≤ upper that minimises |A x − b| (Stark & Parker 1995). Where columns depend on others there are many such x: one of them.
 * Columns are scaled to unit length inside, so that theirs may differ by any factor.
 * @param a [rows × columns] row-major
 * @param b [rows]
 * @param lower [columns], −Infinity for none
 * @param upper [columns], Infinity for none
 * @param options route, by default `auto`
 */
export function boundedLeastSquares(
  a: ArrayLike<number>, rows: number, columns: number, b: ArrayLike<number>, lower: ArrayLike<number>, upper: ArrayLike<number>,
  options: { readonly route?: LeastSquaresRoute } = {},
): BoundedFit {
  const unit = Array.from({ length: columns }, (_, j) => {
    const column = new Float64Array(rows);
    for (let i = 0, at = j; i < rows; i++, at += columns) column[i] = a[at]!;
    return column;
  });
  const length = unit.map((column) => norm(column) || 1);
  const data = Float64Array.from(b).subarray(0, rows);
  if (![...length, norm(data)].every(Number.isFinite)) return { x: new Float64Array(columns).fill(Number.NaN), residualNorm: Number.NaN, route: 'orthogonal', converged: false };
  unit.forEach((column, j) => { for (let i = 0; i < rows; i++) column[i]! /= length[j]!; });
  const low = Float64Array.from({ length: columns }, (_, j) => lower[j]! * length[j]!);
  const high = Float64Array.from({ length: columns }, (_, j) => upper[j]! * length[j]!);
  const { route = 'auto' } = options;
  const finish = (found: { readonly z: Float64Array; readonly converged: boolean }, taken: 'gram' | 'orthogonal'): BoundedFit => ({
    // The bounds themselves where they are met: a product and a quotient need not give them back.
    x: found.z.map((value, j) => (value === low[j] ? lower[j]! : value === high[j] ? upper[j]! : Math.min(upper[j]!, Math.max(lower[j]!, value / length[j]!)))),
    residualNorm: norm(residual(unit, data, found.z)), route: taken, converged: found.converged,
  });
  if (route !== 'orthogonal') {
    const found = boundedByGram(unit, data, low, high);
    if (route === 'gram' || (found.converged && found.pivot > poorPivot && isMinimum(unit, data, low, high, found.z))) return finish(found, 'gram');
  }
  return finish(boundedByRotations(unit, data, low, high), 'orthogonal');
}

function residual(columns: readonly Float64Array[], data: Float64Array, x: Float64Array): Float64Array {
  const left = data.slice();
  columns.forEach((column, j) => { if (x[j] !== 0) for (let i = 0; i < left.length; i++) left[i]! -= x[j]! * column[i]!; });
  return left;
}

/** The conditions of Karush, Kuhn and Tucker, by the residuals themselves. */
function isMinimum(columns: readonly Float64Array[], data: Float64Array, lower: Float64Array, upper: Float64Array, x: Float64Array): boolean {
  const left = residual(columns, data, x);
  const least = poorGradient * norm(data);
  return columns.every((column, j) => {
    let slope = 0;
    for (let i = 0; i < left.length; i++) slope += column[i]! * left[i]!;
    return (slope < least || x[j] === upper[j]) && (slope > -least || x[j] === lower[j]);
  });
}

/** The normal equations of unit columns in the kernels; `pivot` is the least one of the variables that are between their bounds. */
function boundedByGram(columns: readonly Float64Array[], data: Float64Array, lower: Float64Array, upper: Float64Array): { z: Float64Array; converged: boolean; pivot: number } {
  const n = columns.length;
  const stride = (data.length + 3) & ~3;
  const wasm = kernels();
  const at = placeArrays({
    columns: 8 * n * stride, data: 8 * stride, gram: 8 * n * n, right: 8 * n, lower: 8 * n, upper: 8 * n, x: 8 * n, scratch: 8 * (n * n + 5 * n),
  });
  const floats = (address: number, length: number): Float64Array => new Float64Array(wasm.memory.buffer, address, length);
  floats(at.columns, (n + 1) * stride).fill(0);
  columns.forEach((column, j) => floats(at.columns + 8 * j * stride, stride).set(column));
  floats(at.data, stride).set(data);
  floats(at.lower, n).set(lower);
  floats(at.upper, n).set(upper);
  wasm.gram(at.columns, 8 * stride, stride, 0, n, at.gram, n);
  wasm.columnDots(at.columns, 8 * stride, stride, n, at.data, at.right);
  const rounds = wasm.boxLeastSquares(at.gram, at.right, n, n, at.lower, at.upper, at.x, at.scratch, 0);
  const [z, gram] = [floats(at.x, n).slice(), floats(at.gram, n * n)];
  const free = [...z.keys()].filter((i) => z[i]! > lower[i]! && z[i]! < upper[i]!);
  const block = floats(at.scratch, free.length ** 2);
  free.forEach((i, k) => free.forEach((j, l) => { block[k * free.length + l] = gram[i * n + j]!; }));
  const failed = wasm.cholesky(at.scratch, free.length, free.length);
  const pivot = failed ? 0 : free.reduce((least, _, k) => Math.min(least, block[k * (free.length + 1)]! ** 2), 1);
  return { z, converged: rounds >= 0, pivot };
}
