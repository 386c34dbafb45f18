import { fitLine, mad, madToSigma, median, standardDeviation } from '../stats/index.js';
import { discOverlap } from './apertureOverlap.js';
import type { Ellipse } from './ellipse.js';
import { isUsable, type Image } from './image.js';

export interface GrowthOptions {
  /** Steps of the semi-major axis [pixel]; 1 when not given. */
  readonly step?: number;
  /** Level taken off, with its error; from the outermost annuli when not given, where the galaxy ends inside the field. */
  readonly sky?: { readonly level: number; readonly error: number };
  /** Full width at half maximum of the seeing [pixel]: frees R_e of it. 0 when not given. */
  readonly psfFwhm?: number;
  /** Errors of the geometry, which the error of R_e then holds. */
  readonly ellipticityError?: number;
}

/** The light inside growing ellipses. */
export interface GrowthCurve {
  /** Semi-major axis [pixel], flux inside, its error, and mean intensity of the last annulus. */
  readonly a: Float64Array;
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  readonly intensity: Float64Array;
  readonly skyLevel: number;
  readonly skyError: number;
  /** F for a → ∞; without an asymptote F at the last full ellipse. */
  readonly totalFlux: number;
  readonly totalFluxError: number;
  /** Semi-major axis [pixel] of half the light, freed of the seeing; NaN where there is no light. */
  readonly effectiveRadius: number;
  readonly effectiveRadiusError: number;
  /** The same in the image as it is seen. */
  readonly effectiveRadiusSeen: number;
  readonly status: {
    /** The light goes on beyond the field: R_e and the total flux are lower limits. */
    readonly lowerLimit: boolean;
    /** Annuli inside the last one lie partly outside the field and are filled with their mean. */
    readonly partlyOutside: boolean;
    /** Single bright pixels beyond R_e hold more light than a disc and its clumps do: a star or a neighbour that is not masked. */
    readonly contaminated: boolean;
    /** The sky was neither given nor measurable: 0 was taken. */
    readonly skyAssumed: boolean;
    /** The middle is masked: the level of its rim was taken, which a cusp of light exceeds. */
    readonly centreMasked: boolean;
  };
}

/** What of the flux taken for a masked middle counts as its uncertainty: that of an exponential disc is 0.2 more where half a scale length is masked. */
const cusp = 0.3;

interface Rings { readonly a: number[]; readonly sum: Float64Array; readonly area: Float64Array; readonly whole: Float64Array; readonly outside: Float64Array }

/** Where less of an annulus than this is there, the curve ends. */
const leastCoverage = 0.3;
/** An annulus with less than this inside the field is said to be partly outside. */
const fullCoverage = 0.95;
/** Share of the light in single bright places beyond R_e that says a source is not masked. */
const foreign = 0.04;
/** The flux that the extrapolation may add; with more the curve has no asymptote. */
const largestExtrapolation = 0.1;
/** What of the extrapolated flux is taken as its uncertainty: half of the discs or more bend further out, to scale lengths half or twice as long (Pohlen & Trujillo 2006, A&A 454, 759). */
const bends = 0.3;

/** Sums over elliptical annuli by exact areas: a pixel's flux goes to the annuli as its area does. */
function sumRings(image: Image, { x: x0, y: y0, ellipticity, angle }: Omit<Ellipse, 'a'>, step: number, count: number): Rings {
  const { nx, ny, data } = image;
  const q = 1 - ellipticity;
  const [cos, sin] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180)];
  const a = Array.from({ length: count }, (_, k) => (k + 1) * step);
  const overlaps = a.map((own) => discOverlap(own, own * q, cos, sin));
  const [sum, area, field] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  // Half a pixel's extent in elliptical radius, at most.
  const reach = Math.max(Math.hypot((cos + sin) / 2, (cos - sin) / 2 / q), Math.hypot((cos - sin) / 2, (cos + sin) / 2 / q));
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const [dx, dy] = [x - x0, y - y0];
      const radius = Math.hypot(dx * cos + dy * sin, (dy * cos - dx * sin) / q);
      let ring = Math.max(0, Math.floor((radius - reach) / step) - 1);
      if (ring >= count) continue;
      const usable = isUsable(image, y * nx + x);
      const value = data[y * nx + x]!;
      for (let before = 0; before < 1 && ring < count; ring++) {
        const inside = overlaps[ring]!(dx, dy);
        const share = inside - before;
        before = inside > 1 - 1e-12 ? 1 : inside;
        if (share <= 0) continue;
        field[ring]! += share;
        if (!usable) continue;
        sum[ring]! += share * value;
        area[ring]! += share;
      }
    }
  }
  const whole = Float64Array.from(a, (own, k) => Math.PI * q * (own ** 2 - (k ? a[k - 1]! ** 2 : 0)));
  return { a, sum, area, whole, outside: field.map((own, k) => 1 - own / whole[k]!) };
}

/** Share of the light that stands above the medians of the annuli beyond `from`. */
function excessBeyond(image: Image, { x: x0, y: y0, ellipticity, angle }: Omit<Ellipse, 'a'>, { intensity, step, from, q }: { intensity: Float64Array; step: number; from: number; q: number }): number {
  const [cos, sin] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180)];
  const rings: number[][] = Array.from(intensity, () => []);
  for (let i = 0; i < image.data.length; i++) {
    if (!isUsable(image, i)) continue;
    const [dx, dy] = [(i % image.nx) - x0, Math.floor(i / image.nx) - y0];
    const ring = Math.floor(Math.hypot(dx * cos + dy * sin, (dy * cos - dx * sin) / (1 - ellipticity)) / step);
    rings[ring]?.push(image.data[i]!);
  }
  return rings.reduce((sum, values, k) => {
    const a = (k + 0.5) * step;
    return a < from || values.length < 5 ? sum : sum + 2 * Math.PI * q * a * step * (intensity[k]! - median(values));
  }, 0);
}

/** σ² of a pixel's own width along an axis [pixel²], twice: its value is a mean over it, and annuli share that value by area. */
const pixelBlur = 2 / 12;
const sectors = 12;

/**
 * The flux of a clump, as the light scatters from sector to sector beyond `from`: were all light in clumps of one flux f, thrown at random, a patch that should hold the flux F
 * would scatter by √(f F). Patches are half as long again as they begin, so that they hold a clump whole; `variance` is the noise of a pixel.
 */
function clumpFlux(image: Image, { x: x0, y: y0, ellipticity, angle }: Omit<Ellipse, 'a'>, { intensity, sky, step, from, variance }: { intensity: Float64Array; sky: number; step: number; from: number; variance: number }): number {
  const { nx, data } = image;
  const [cos, sin, q] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180), 1 - ellipticity];
  const patches = new Map<number, { excess: number; flux: number; pixels: number }>();
  for (let i = 0; i < data.length; i++) {
    if (!isUsable(image, i)) continue;
    const [dx, dy] = [(i % nx) - x0, Math.floor(i / nx) - y0];
    const [u, v] = [dx * cos + dy * sin, (dy * cos - dx * sin) / q];
    const radius = Math.hypot(u, v);
    const mean = intensity[Math.floor(radius / step)];
    if (!(radius >= from) || mean === undefined) continue;
    const key = Math.floor(Math.log(radius / from) / Math.log(1.5)) * sectors + Math.floor((Math.atan2(v, u) / (2 * Math.PI) + 1) * sectors) % sectors;
    const patch = patches.get(key) ?? { excess: 0, flux: 0, pixels: 0 };
    patches.set(key, { excess: patch.excess + data[i]! - mean, flux: patch.flux + mean - sky, pixels: patch.pixels + 1 });
  }
  let [squares, flux] = [0, 0];
  for (const patch of patches.values()) [squares, flux] = [squares + patch.excess ** 2 - variance * patch.pixels, flux + patch.flux];
  // The mean of an annulus follows its twelve sectors by a twelfth.
  return flux > 0 ? Math.max(0, squares) / flux * sectors / (sectors - 1) : 0;
}

/** Level beyond `inner` from twelve sectors, the galaxy's `light` at a radius taken off: its error from their scatter, and the scatter of pixels. Null with too few pixels. */
function outerSky(image: Image, { x: x0, y: y0, ellipticity, angle }: Omit<Ellipse, 'a'>, inner: number, light: (radius: number) => number): { level: number; error: number; noise: number; correlation: number } | null {
  const { nx, data } = image;
  const q = 1 - ellipticity;
  const [cos, sin] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180)];
  const parts: number[][] = Array.from({ length: sectors }, () => []);
  data.forEach((value, i) => {
    if (!isUsable(image, i)) return;
    const [dx, dy] = [(i % nx) - x0, Math.floor(i / nx) - y0];
    const [u, v] = [dx * cos + dy * sin, (dy * cos - dx * sin) / q];
    const radius = Math.hypot(u, v);
    if (radius >= inner) parts[Math.floor((Math.atan2(v, u) / (2 * Math.PI) + 1) * sectors) % sectors]!.push(value - light(radius));
  });
  const filled = parts.filter((own) => own.length >= 30);
  if (filled.length < sectors / 2) return null;
  const all = filled.flat();
  const [middle, noise] = [median(all), mad(all, madToSigma)];
  const means = filled.flatMap((own) => {
    const kept = own.filter((value) => Math.abs(value - middle) <= 4 * noise);
    return kept.length ? [{ mean: kept.reduce((sum, value) => sum + value, 0) / kept.length, size: kept.length }] : [];
  });
  const whole = means.reduce((sum, { size }) => sum + size, 0);
  const level = means.reduce((sum, { mean, size }) => sum + mean * size, 0) / whole;
  const scatter = Math.sqrt(means.reduce((sum, { mean, size }) => sum + size * (mean - level) ** 2, 0) / Math.max(1, means.length - 1));
  // How much more the means scatter than white noise lets them.
  const correlation = noise > 0 ? Math.max(1, scatter / noise) : 1;
  return { level, error: noise * correlation / Math.sqrt(whole), noise, correlation };
}

/** The exponential through the mean intensities about two radii; 0 where they do not fall. */
function exponentialBetween(a: readonly number[], intensity: Float64Array, sky: number, inner: number, outer: number): (radius: number) => number {
  const about = (radius: number) => {
    const near = a.flatMap((own, k) => (Math.abs(own - radius) <= 0.25 * (outer - inner) ? [intensity[k]! - sky] : []));
    return near.reduce((sum, own) => sum + own, 0) / near.length;
  };
  const [high, low] = [about(inner), about(outer)];
  if (!(high > low && low > 0)) return () => 0;
  const scale = (outer - inner) / Math.log(high / low);
  return (radius) => low * Math.exp((outer - radius) / scale);
}

const at = (x: readonly number[], y: ArrayLike<number>, level: number): number => {
  for (let k = 0; k < x.length; k++) {
    if (!(y[k]! >= level)) continue;
    const [low, from] = k ? [y[k - 1]!, x[k - 1]!] : [0, 0];
    return from + (x[k]! - from) * (level - low) / (y[k]! - low);
  }
  return NaN;
};

/**
 * Growth curve in ellipses of a fixed geometry by exact areas. What is masked or outside the field in an annulus is filled with the annulus's mean. The total is where F,
 * drawn against dF/da, meets dF/da = 0 (Muñoz-Mateos et al. 2015, ApJS 219, 3), R_e where the curve passes half of it.
 */
export function growthCurve(image: Image, geometry: Omit<Ellipse, 'a'>, options: GrowthOptions = {}): GrowthCurve {
  const { step = 1, psfFwhm = 0, ellipticityError = 0 } = options;
  const main = measure(image, geometry, step, options.sky);
  const sky = { level: main.skyLevel, error: main.skyError };
  const seen = main.effectiveRadius;
  const q = 1 - geometry.ellipticity;
  // Seeing carries light outwards: δR_e = σ²/4 |I′|/I (1 + 1/q²) at R_e, to first order in σ².
  const bin = Math.min(main.a.length - 2, Math.max(1, Math.round(seen / step - 0.5)));
  const slope = bin >= 1 ? (main.intensity[bin - 1]! - main.intensity[bin + 1]!) / (2 * step) / main.intensity[bin]! : 0;
  const blur = (psfFwhm / 2.354820045) ** 2 + pixelBlur;
  const shift = Math.min(0.3 * seen, blur / 4 * Math.max(0, slope) * (1 + 1 / q ** 2));
  let squares = main.radiusError ** 2 + (0.2 * shift) ** 2;
  if (ellipticityError > 0) {
    const [rounder, flatter] = [-1, 1].map((sign) => measure(image, { ...geometry, ellipticity: Math.min(0.95, Math.max(0, geometry.ellipticity + sign * ellipticityError)) }, step, sky).effectiveRadius);
    squares += ((flatter! - rounder!) / 2) ** 2;
  }
  const { radiusError: _, ...curve } = main;
  return { ...curve, effectiveRadius: seen - shift, effectiveRadiusSeen: seen, effectiveRadiusError: Math.sqrt(squares) };
}

type Measured = Omit<GrowthCurve, 'effectiveRadiusSeen' | 'effectiveRadiusError'> & { readonly radiusError: number };

function measure(image: Image, geometry: Omit<Ellipse, 'a'>, step: number, given: GrowthOptions['sky']): Measured {
  const { nx, ny } = image;
  const q = 1 - geometry.ellipticity;
  const corners = [[0, 0], [nx - 1, 0], [0, ny - 1], [nx - 1, ny - 1]].map(([x, y]) => Math.hypot(x! - geometry.x, y! - geometry.y));
  const rings = sumRings(image, geometry, step, Math.ceil(Math.max(...corners) / q / step));
  const covered = rings.a.map((_, k) => rings.area[k]! / rings.whole[k]! >= leastCoverage);
  const begin = Math.max(0, covered.indexOf(true));
  for (let k = 0; k < begin; k++) for (const part of [rings.sum, rings.area]) part[k] = part[begin]! * rings.whole[k]! / rings.whole[begin]!;
  let last = covered.indexOf(false, begin);
  if (last < 0) last = rings.a.length;
  const a = rings.a.slice(0, last);
  const intensity = Float64Array.from(a, (_, k) => rings.sum[k]! / rings.area[k]!);
  // The galaxy's size from the light above the outermost level, to see whether the field holds sky.
  const rough = intensity.slice(-Math.max(3, Math.round(last / 10)));
  const first = median(rough);
  const growth = (level: number) => {
    let sum = 0;
    return Float64Array.from(a, (_, k) => (sum += rings.whole[k]! * (intensity[k]! - level)));
  };
  const roughFlux = growth(first);
  const roughRadius = at(a, roughFlux, Math.max(...roughFlux) / 2);
  // Four R_e of an exponential disc hold 99 % of its light.
  const reach = Math.max(4 * roughRadius, 0);
  let far = given ? null : outerSky(image, geometry, reach, () => 0);
  // An exponential disc has a hundredth of its light out there: taken off with the scale length between 1.5 and 2.5 R_e.
  for (let round = 0; far && round < 2; round++) far = outerSky(image, geometry, reach, exponentialBetween(a, intensity, far.level, 1.5 * roughRadius, 2.5 * roughRadius)) ?? far;
  const sky = given ?? (far ? { level: far.level, error: far.error } : { level: 0, error: 0 });
  const [noise, correlation] = [far?.noise ?? pixelNoise(image), far?.correlation ?? 1];
  // Beyond where the sky begins nothing but its noise is added.
  const end = given || !far ? a.length : Math.max(3, Math.min(a.length, Math.ceil(reach / step)));
  const radii = a.slice(0, end);
  const flux = growth(sky.level).slice(0, end);
  let squares = 0;
  const fluxError = Float64Array.from(radii, (own, k) => {
    squares += (rings.whole[k]! * noise * correlation) ** 2 / rings.area[k]!;
    return Math.hypot(Math.sqrt(squares), Math.PI * q * own * own * sky.error);
  });
  const net = intensity.slice(0, end).map((own) => own - sky.level);
  const fullEnd = rings.outside.findIndex((own) => own > 1 - fullCoverage);
  const lastFull = fullEnd < 0 ? end : Math.min(end, fullEnd);

  // F against dF/da while the annuli stand out of their noise: the line of an exponential disc bends, and from 2.5 R_e on it meets 0 within 1e-3 of the total.
  const slopes = Array.from(radii, (own) => own).map((own, k) => 2 * Math.PI * q * (own - step / 2) * net[k]!);
  const half = at(radii, flux, Math.max(...flux) / 2);
  const outer = radii.map((_, k) => k).filter((k) => radii[k]! > 2.5 * half && (net[k]! > 2 * noise * correlation / Math.sqrt(rings.area[k]!)));
  let [total, fitError] = [NaN, 0];
  if (outer.length >= 4) {
    const line = fitLine(outer.map((k) => slopes[k]!), outer.map((k) => flux[k]! - slopes[k]! * step / 2));
    [total, fitError] = [line.intercept, line.interceptError];
  }
  const top = flux.at(-1) ?? NaN;
  const steepest = Math.max(...slopes);
  const flat = Math.abs(slopes.at(-1) ?? NaN) < 0.05 * steepest;
  if (!(total > 0) && flat) total = top;
  const lowerLimit = !(total > 0) || !flat || total > (1 + largestExtrapolation) * Math.max(...flux);
  if (lowerLimit) [total, fitError] = [flux[Math.max(0, lastFull - 1)] ?? NaN, 0];
  const effectiveRadius = at(radii, flux, total / 2);
  const atHalf = Math.min(end - 1, Math.max(0, Math.round(effectiveRadius / step)));
  const extrapolated = Math.max(0, total - top);
  const clump = clumpFlux(image, geometry, { intensity: intensity.subarray(0, end), sky: sky.level, step, from: effectiveRadius, variance: (noise * correlation) ** 2 });
  // What is masked or outside may hold other clumps than what is seen of its annulus; so may what lies beyond.
  const unseen = clump * (extrapolated + net.reduce((sum, own, k) => sum + Math.max(0, own) * Math.max(0, rings.whole[k]! / rings.area[k]! - 1) * rings.whole[k]!, 0));
  const middle = begin ? flux[begin - 1] ?? 0 : 0;
  const totalFluxError = Math.hypot(fluxError.at(-1) ?? NaN, fitError, Math.sqrt(unseen), bends * extrapolated, cusp * middle);
  const reachEnd = radii.at(-1) ?? NaN;
  // R_e moves with half of what is wrong inside it less half of what is wrong beyond; the sky is wrong on both sides together.
  const skyPart = Math.PI * q * sky.error * (reachEnd ** 2 / 2 - effectiveRadius ** 2);
  const shift = Math.hypot(Math.sqrt(squares) / 2, fitError / 2, skyPart, Math.sqrt(unseen) / 2, bends * extrapolated / 2, cusp * middle / 2);
  const excess = excessBeyond(image, geometry, { intensity: intensity.subarray(0, end), step, from: effectiveRadius, q });
  return {
    a: Float64Array.from(radii), flux, fluxError, intensity: net, skyLevel: sky.level, skyError: sky.error, totalFlux: total, totalFluxError, effectiveRadius,
    radiusError: shift / slopes[atHalf]!,
    status: { lowerLimit, partlyOutside: fullEnd >= 0 && fullEnd < end, skyAssumed: !given && !far, centreMasked: begin > 0, contaminated: excess > foreign * total },
  };
}

/** Scatter of a pixel from the differences of neighbours. */
function pixelNoise(image: Image): number {
  const { nx, data } = image;
  const differences: number[] = [];
  for (let i = 1; i < data.length; i++) if (i % nx && isUsable(image, i) && isUsable(image, i - 1)) differences.push(data[i]! - data[i - 1]!);
  return differences.length > 2 ? mad(differences, madToSigma) / Math.SQRT2 : standardDeviation(differences);
}
