import type { Plot } from './axes.js';
import { coordinate, path, polyline, segment, type Item } from './scene.js';

/** Shapes of markers: they tell series apart where colours fail. */
export type Shape = 'circle' | 'square' | 'diamond' | 'triangle';

/** The outline of one marker of half-size r about (x, y). */
export function markerPath(shape: Shape, x: number, y: number, r: number): string {
  const corners = (points: readonly (readonly [number, number])[]) =>
    `${polyline(points.map(([dx]) => x + dx * r), points.map(([, dy]) => y + dy * r))}Z`;
  switch (shape) {
    case 'square': return corners([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]);
    case 'diamond': return corners([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]);
    case 'triangle': return corners([[0, -1.2], [1.1, 0.8], [-1.1, 0.8]]);
    case 'circle': {
      const arc = `A${coordinate(r)} ${coordinate(r)} 0 0 1 `;
      return `M${coordinate(x - r)} ${coordinate(y)}${arc}${coordinate(x + r)} ${coordinate(y)}${arc}${coordinate(x - r)} ${coordinate(y)}Z`;
    }
  }
}

/** Markers of one colour at the finite points of a plot. */
export function markers(plot: Plot, x: ArrayLike<number>, y: ArrayLike<number>, style: {
  readonly shape: Shape; readonly radius: number; readonly fill: string | null; readonly outline: string | null;
}): Item {
  let d = '';
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]!) && Number.isFinite(y[i]!)) d += markerPath(style.shape, plot.x.at(x[i]!), plot.y.at(y[i]!), style.radius);
  }
  return path(d, { fill: style.fill, stroke: style.outline, strokeWidth: 0.5 });
}

/** Vertical error bars; points without a finite error have none. */
export function errorBars(plot: Plot, x: ArrayLike<number>, y: ArrayLike<number>, error: ArrayLike<number>, colour: string, strokeWidth = 0.5): Item {
  let d = '';
  for (let i = 0; i < x.length; i++) {
    if (![x[i], y[i], error[i]].every((value) => Number.isFinite(value))) continue;
    d += segment(plot.x.at(x[i]!), plot.y.at(y[i]! - error[i]!), plot.x.at(x[i]!), plot.y.at(y[i]! + error[i]!));
  }
  return path(d, { stroke: colour, strokeWidth });
}

/** Horizontal error bars; points without a finite error have none. */
export function errorBarsX(plot: Plot, x: ArrayLike<number>, y: ArrayLike<number>, error: ArrayLike<number>, colour: string, strokeWidth = 0.5): Item {
  let d = '';
  for (let i = 0; i < x.length; i++) {
    if (![x[i], y[i], error[i]].every((value) => Number.isFinite(value))) continue;
    d += segment(plot.x.at(x[i]! - error[i]!), plot.y.at(y[i]!), plot.x.at(x[i]! + error[i]!), plot.y.at(y[i]!));
  }
  return path(d, { stroke: colour, strokeWidth });
}

/** The area between two curves. */
export function band(plot: Plot, x: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>, colour: string, opacity: number): Item {
  const xs = Array.from(x, (value) => plot.x.at(value));
  const there = polyline(xs, Array.from(high, (value) => plot.y.at(value)));
  const back = polyline(xs.toReversed(), Array.from(low, (value) => plot.y.at(value)).toReversed());
  return path(there ? `${there}${back.replace('M', 'L')}Z` : '', { fill: colour, opacity });
}

/** A curve through values. */
export const curve = (plot: Plot, x: ArrayLike<number>, y: ArrayLike<number>, style: { readonly stroke: string; readonly strokeWidth?: number; readonly dash?: readonly number[] }): Item =>
  path(polyline(Array.from(x, (value) => plot.x.at(value)), Array.from(y, (value) => plot.y.at(value))), style);

/** Spectra and histograms: a level line as wide as each sample, joined upright. */
export function steps(plot: Plot, x: ArrayLike<number>, y: ArrayLike<number>, style: { readonly stroke: string; readonly strokeWidth?: number; readonly fill?: string }): Item {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const before = i > 0 ? (x[i]! + x[i - 1]!) / 2 : x[0]! - (x[1]! - x[0]!) / 2;
    const after = i + 1 < x.length ? (x[i]! + x[i + 1]!) / 2 : x[i]! + (x[i]! - x[i - 1]!) / 2;
    xs.push(plot.x.at(before), plot.x.at(after));
    ys.push(plot.y.at(y[i]!), plot.y.at(y[i]!));
  }
  return path(polyline(xs, ys), style);
}
