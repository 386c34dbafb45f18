import type { Ellipse } from './ellipse.js';
import { isUsable, type Image } from './image.js';

/** How the light along an ellipse is sampled: between the four nearest pixels, or as mean or median of the pixels of sectors (which are wide at large radii). */
export type SamplingMode = 'bilinear' | 'mean' | 'median';

/** An annulus for sectors: from a(1 − width/2) to a(1 + width/2), or a ± width/2 [pixel] where `linear`. */
export interface SamplingOptions {
  readonly mode: SamplingMode;
  readonly step: number;
  readonly linear: boolean;
  /** Values beyond this many σ from the mean are dropped, `clips` times. */
  readonly clipSigmas: number;
  readonly clips: number;
}

/** Intensities along an ellipse, with cosine and sine of the polar angle from its major axis. The arrays are longer than `count`. */
export interface EllipseSample {
  readonly value: Float64Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  /** Values held, and points that were looked at. */
  count: number;
  tried: number;
  mean: number;
  /** Population standard deviation of the values. */
  deviation: number;
  /** Mean area that a value stands for [pixel]. */
  area: number;
}

/** The image as the sampling reads it: NaN where a pixel may not be used. */
export interface SampledImage {
  readonly nx: number;
  readonly ny: number;
  readonly data: Float64Array;
}

/** Narrowest and widest sector [rad]; a step never goes further than `longest`; how far past the full turn the walk goes. */
const [narrowest, widest, longest] = [0.05, 0.2, 0.5];
/** Fewer pixels in a sector than this, and the image is interpolated instead. */
const fewest = 7;

/** Puts NaN where a pixel is masked or infinite. */
export function readable(image: Image): SampledImage {
  return { nx: image.nx, ny: image.ny, data: image.data.map((value, i) => (isUsable(image, i) ? value : NaN)) };
}

/** An empty sample with room for ellipses of an image. */
export function makeSample({ nx, ny }: SampledImage): EllipseSample {
  // A point a pixel on an ellipse whose minor axis may be as long as the diagonal.
  const room = Math.ceil(8 * Math.hypot(nx, ny)) + 200;
  return { value: new Float64Array(room), cos: new Float64Array(room), sin: new Float64Array(room), count: 0, tried: 0, mean: NaN, deviation: NaN, area: NaN };
}

/** Bilinear value at (x, y); NaN outside or beside an unusable pixel. */
function interpolate({ nx, ny, data }: SampledImage, x: number, y: number): number {
  if (!(x >= 0 && y >= 0 && x < nx - 1 && y < ny - 1)) return NaN;
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - i, y - j];
  const at = j * nx + i;
  const low = data[at]! + fx * (data[at + 1]! - data[at]!);
  const high = data[at + nx]! + fx * (data[at + nx + 1]! - data[at + nx]!);
  return low + fy * (high - low);
}

/** Mean or median of the pixels of a sector between two similar ellipses and two polar angles from the major axis. */
function averageSector({ nx, ny, data }: SampledImage, { x: x0, y: y0, ellipticity }: Ellipse, turn: number, inner: number, outer: number, from: number, to: number, median: boolean): number {
  const q = 1 - ellipticity;
  const [turnCos, turnSin] = [Math.cos(turn), Math.sin(turn)];
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const angle of [from, (from + to) / 2, to]) {
    const size = q / Math.hypot(q * Math.cos(angle), Math.sin(angle));
    for (const a of [inner, outer]) {
      const [x, y] = [x0 + a * size * Math.cos(angle + turn), y0 + a * size * Math.sin(angle + turn)];
      [left, right, bottom, top] = [Math.min(left, x), Math.max(right, x), Math.min(bottom, y), Math.max(top, y)];
    }
  }
  if (!(left >= 1 && bottom >= 1 && right < nx - 1 && top < ny - 1)) return NaN;
  const [middleCos, middleSin, half] = [Math.cos((from + to) / 2), Math.sin((from + to) / 2), Math.cos((to - from) / 2)];
  const values: number[] = [];
  let sum = 0;
  for (let j = Math.floor(bottom) - 1; j <= top + 1; j++) {
    for (let i = Math.floor(left) - 1; i <= right + 1; i++) {
      const [dx, dy] = [i - x0, j - y0];
      const [u, v] = [dx * turnCos + dy * turnSin, dy * turnCos - dx * turnSin];
      const radius = u * u + (v / q) ** 2;
      if (radius < inner * inner || radius >= outer * outer || u * middleCos + v * middleSin < half * Math.hypot(u, v)) continue;
      const value = data[j * nx + i]!;
      if (value !== value) continue;
      sum += value;
      values.push(value);
    }
  }
  if (values.length < fewest) return NaN;
  return median ? values.sort((a, b) => a - b)[values.length >> 1]! : sum / values.length;
}

function summarise(sample: EllipseSample): void {
  const { value, count } = sample;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += value[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (value[i]! - mean) ** 2;
  sample.mean = mean;
  sample.deviation = Math.sqrt(squares / count);
}

function clip(sample: EllipseSample, sigmas: number): void {
  const { value, cos, sin, mean, deviation } = sample;
  let kept = 0;
  for (let i = 0; i < sample.count; i++) {
    if (!(Math.abs(value[i]! - mean) <= sigmas * deviation)) continue;
    [value[kept], cos[kept], sin[kept]] = [value[i]!, cos[i]!, sin[i]!];
    kept++;
  }
  sample.count = kept;
  summarise(sample);
}

/**
 * Samples an image along an ellipse into `into`: a point every pixel of arc (bilinear) or sectors of about equal area, once around
 * (Jedrzejewski 1987; Busko 1996, ASP Conf. 101, 139). Points outside the image or at unusable pixels count as tried only.
 */
export function sampleEllipse(image: SampledImage, ellipse: Ellipse, { mode, step, linear, clipSigmas, clips }: SamplingOptions, into: EllipseSample): void {
  const { x: x0, y: y0, a, ellipticity, angle } = ellipse;
  const [q, turn] = [1 - ellipticity, angle * Math.PI / 180];
  const [turnCos, turnSin] = [Math.cos(turn), Math.sin(turn)];
  const breadth = linear ? step : a * step;
  const [inner, outer] = [a - breadth / 2, a + breadth / 2];
  const depth = Math.min(breadth, 3);
  let width = Math.max(narrowest, Math.min(widest, depth / a));
  /** The eccentric anomaly at a polar angle, through which the area of a sector is simple. */
  const anomaly = (phi: number) => Math.atan2(Math.sin(phi) / q, Math.cos(phi));
  const sectorArea = (phi: number) => Math.abs(anomaly(phi + width / 2) - anomaly(phi - width / 2)) % (2 * Math.PI) * q / 2 * (outer ** 2 - inner ** 2);
  const bySectors = mode !== 'bilinear' && sectorArea(width / 2) >= 1;
  let [phi, areas] = [width / 2, 0];
  into.count = 0;
  into.tried = 0;
  while (phi <= 2 * Math.PI + narrowest && into.tried < into.value.length) {
    const [cos, sin] = [Math.cos(phi), Math.sin(phi)];
    const radius = a * q / Math.sqrt(q * q * cos * cos + sin * sin);
    let value = bySectors ? averageSector(image, ellipse, turn, inner, outer, phi - width / 2, phi + width / 2, mode === 'median') : NaN;
    if (value !== value) value = interpolate(image, x0 + radius * (cos * turnCos - sin * turnSin), y0 + radius * (sin * turnCos + cos * turnSin));
    if (value === value) {
      const n = into.count++;
      [into.value[n], into.cos[n], into.sin[n]] = [value, cos, sin];
    }
    into.tried++;
    if (bySectors) {
      areas += sectorArea(phi);
      const end = phi + width / 2;
      // Sectors of about the same area: wide where the ellipse passes near the centre.
      const size = q / Math.hypot(q * Math.cos(end), Math.sin(end));
      width = Math.max(narrowest, Math.min(widest, breadth * depth / ((outer - inner) * size * inner * size)));
      phi = Math.min(end + width / 2, phi + longest);
    } else {
      areas += 2;
      phi += Math.min(1 / radius, longest);
    }
  }
  into.area = areas / into.tried;
  summarise(into);
  for (let k = 0; k < clips; k++) clip(into, clipSigmas);
}
