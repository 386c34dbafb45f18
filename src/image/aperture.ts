import { ZgradError } from '../errors/index.js';
import { discOverlap } from './apertureOverlap.js';
import { isUsable, type Image } from './image.js';

/** A region of the pixel grid; centre in zero-based pixels, angle [deg] from +x towards +y. */
export type Aperture =
  /** With `hole`, the part outside a similar ellipse `hole` times as large (an annulus); 0 when not given. A circle has a = b. */
  | { readonly kind: 'ellipse'; readonly x: number; readonly y: number; readonly a: number; readonly b: number; readonly angle: number; readonly hole?: number }
  | { readonly kind: 'rectangle'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly angle: number };

/** How much of a pixel belongs to an aperture: the area inside, all or nothing by its centre, or the share of n × n points. */
export type OverlapMethod = 'exact' | 'center' | { readonly subpixels: number };

/** The share of pixel (x, y), 0 to 1, that lies inside an aperture. */
type PixelOverlap = (x: number, y: number) => number;

/** A sum over an aperture. */
export interface ApertureSum {
  /** Σ share × value over the usable pixels. */
  readonly sum: number;
  /** √Σ share × variance; NaN without variance. */
  readonly error: number;
  /** Area summed [pixel]. */
  readonly area: number;
  /** Area of the aperture itself [pixel], on the image or not. */
  readonly wholeArea: number;
}

function pointOverlap(inside: (x: number, y: number) => boolean, points: number): PixelOverlap {
  return (x, y) => {
    let count = 0;
    for (let j = 0; j < points; j++) {
      for (let i = 0; i < points; i++) if (inside(x - 0.5 + (i + 0.5) / points, y - 0.5 + (j + 0.5) / points)) count++;
    }
    return count / points ** 2;
  };
}

/** Area of the unit pixel at (x, y) inside a rectangle: the pixel is cut along the four sides in turn (Sutherland & Hodgman 1974). */
function rectangleOverlap(width: number, height: number, cos: number, sin: number): PixelOverlap {
  const sides = [[cos, sin, width / 2], [-cos, -sin, width / 2], [-sin, cos, height / 2], [sin, -cos, height / 2]] as const;
  return (x, y) => {
    let polygon: [number, number][] = [[x - 0.5, y - 0.5], [x + 0.5, y - 0.5], [x + 0.5, y + 0.5], [x - 0.5, y + 0.5]];
    for (const [nx, ny, limit] of sides) {
      const cut: [number, number][] = [];
      polygon.forEach(([px, py], k) => {
        const [qx, qy] = polygon[(k + 1) % polygon.length]!;
        const [from, to] = [nx * px + ny * py - limit, nx * qx + ny * qy - limit];
        if (from <= 0) cut.push([px, py]);
        if (from * to < 0) cut.push([px + from / (from - to) * (qx - px), py + from / (from - to) * (qy - py)]);
      });
      polygon = cut;
    }
    return polygon.reduce((area, [px, py], k) => {
      const [qx, qy] = polygon[(k + 1) % polygon.length]!;
      return area + (px * qy - qx * py) / 2;
    }, 0);
  };
}

/** Share of the pixels inside, with pixel positions relative to the aperture's centre; how far it reaches along x and y; its area. */
function overlapOf(aperture: Aperture, method: OverlapMethod): { overlap: PixelOverlap; reach: [number, number]; area: number } {
  const [cos, sin] = [Math.cos(aperture.angle * Math.PI / 180), Math.sin(aperture.angle * Math.PI / 180)];
  const points = method === 'exact' ? 0 : method === 'center' ? 1 : method.subpixels;
  if (aperture.kind === 'rectangle') {
    const { width, height } = aperture;
    const inside = (x: number, y: number) => Math.abs(x * cos + y * sin) < width / 2 && Math.abs(y * cos - x * sin) < height / 2;
    return {
      overlap: points ? pointOverlap(inside, points) : rectangleOverlap(width, height, cos, sin),
      reach: [(Math.abs(cos) * width + Math.abs(sin) * height) / 2, (Math.abs(sin) * width + Math.abs(cos) * height) / 2],
      area: width * height,
    };
  }
  const { a, b, hole = 0 } = aperture;
  const disc = (size: number): PixelOverlap => {
    if (size === 0) return () => 0;
    if (points) return pointOverlap((x, y) => ((x * cos + y * sin) / a) ** 2 + ((y * cos - x * sin) / b) ** 2 < size * size, points);
    return discOverlap(a * size, b * size, cos, sin);
  };
  const [outer, inner] = [disc(1), disc(hole)];
  return {
    overlap: (x, y) => outer(x, y) - inner(x, y),
    reach: [Math.hypot(a * cos, b * sin), Math.hypot(a * sin, b * cos)],
    area: Math.PI * a * b * (1 - hole * hole),
  };
}

/**
 * Sum of an image over an aperture; masked and not finite pixels, and what lies outside the image, are left out, and
 * `area` beside `wholeArea` says how much that was.
 *
 * @param variance of the pixels, for the error
 * @param method 'exact' when not given: by the area of the pixel inside, without approximation
 * @throws ZgradError 'BadArgument' for an aperture without an area
 */
export function sumAperture(image: Image, aperture: Aperture, { variance, method = 'exact' }: { variance?: ArrayLike<number>; method?: OverlapMethod } = {}): ApertureSum {
  const { nx, ny, data } = image;
  const { overlap, reach: [reachX, reachY], area: wholeArea } = overlapOf(aperture, method);
  if (!(wholeArea > 0 && wholeArea < Infinity)) {
    throw new ZgradError('BadArgument', { where: 'aperture', found: `an area of ${wholeArea} pixels`, expected: 'positive axes, and a hole from 0 to below 1' });
  }
  let [sum, squares, area] = [0, 0, 0];
  for (let y = Math.max(0, Math.ceil(aperture.y - reachY - 0.5)); y <= Math.min(ny - 1, aperture.y + reachY + 0.5); y++) {
    for (let x = Math.max(0, Math.ceil(aperture.x - reachX - 0.5)); x <= Math.min(nx - 1, aperture.x + reachX + 0.5); x++) {
      const i = y * nx + x;
      if (!isUsable(image, i)) continue;
      const share = overlap(x - aperture.x, y - aperture.y);
      if (share === 0) continue;
      sum += share * data[i]!;
      area += share;
      if (variance) squares += share * variance[i]!;
    }
  }
  return { sum, error: variance ? Math.sqrt(squares) : NaN, area, wholeArea };
}
