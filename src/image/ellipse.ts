/** An ellipse on the pixel grid. */
export interface Ellipse {
  /** Centre in zero-based pixels. */
  readonly x: number;
  readonly y: number;
  /** Semi-major axis [pixel]. */
  readonly a: number;
  /** 1 − b/a. */
  readonly ellipticity: number;
  /** Of the major axis [deg] from +x towards +y, 0 ≤ angle < 180. */
  readonly angle: number;
}

const degree = Math.PI / 180;

/** A direction without a sense, 0 ≤ angle < 180. */
export function foldAngle(angle: number): number {
  const folded = angle % 180;
  return folded < 0 ? folded + 180 : folded;
}

/** The angle a − b of two directions without a sense, −90 ≤ difference < 90. */
export function angleBetween(a: number, b: number): number {
  return foldAngle(a - b + 90) - 90;
}

/** The semi-major axis of the ellipse of this centre, shape and angle that passes through (x, y). */
export function ellipticalRadius({ x: x0, y: y0, ellipticity, angle }: Omit<Ellipse, 'a'>): (x: number, y: number) => number {
  const [cos, sin, q] = [Math.cos(angle * degree), Math.sin(angle * degree), 1 - ellipticity];
  return (x, y) => Math.hypot((x - x0) * cos + (y - y0) * sin, ((y - y0) * cos - (x - x0) * sin) / q);
}
