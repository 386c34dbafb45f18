import { northEast, type CelestialWcs } from '../sky/index.js';
import { mad, madToSigma, median } from '../stats/index.js';
import { angleBetween, foldAngle, type Ellipse } from './ellipse.js';
import { isUsable, type Image } from './image.js';
import { stopCodes, type Isophote } from './isophote.js';
import { fitIsophotes, type IsophotesOptions } from './isophotes.js';
import { momentsGeometry } from './moments.js';

export interface GeometryOptions extends Partial<Omit<IsophotesOptions, 'start' | 'linear'>> {
  /** Full width at half maximum of the seeing [pixel]. */
  readonly psfFwhm: number;
  /** Where to look for the galaxy [pixel]; the brightest place of the image's middle half when not given. */
  readonly centre?: readonly [number, number];
  /** Sky level, taken off before the moments [the median of the image's edge]. */
  readonly sky?: number;
}

/** The shape of a galaxy on the pixel grid, from its outer isophotes or, where none converges, from the moments of its light. */
export interface IsophotalGeometry {
  readonly source: 'isophotes' | 'moments';
  readonly x: number;
  readonly y: number;
  readonly ellipticity: number;
  /** Of the major axis [deg] from +x towards +y. */
  readonly angle: number;
  readonly xError: number;
  readonly yError: number;
  readonly ellipticityError: number;
  readonly angleError: number;
  /** Semi-major axes [pixel] of the isophotes used; NaN for moments. */
  readonly innerRadius: number;
  readonly outerRadius: number;
  readonly isophotesUsed: number;
  /** 180°-asymmetry of the light inside the outermost isophote, noise taken off: a share of the light. */
  readonly asymmetry: number;
  readonly status: {
    /** No isophote beyond two seeing discs converged: the shape is that of the moments. */
    readonly fromMoments: boolean;
    /** Fewer than five isophotes: errors are poorly known. */
    readonly fewIsophotes: boolean;
    /** A tenth of the light or more has no counterpart across the centre: a star or a neighbour that is not masked, or a disturbed galaxy. */
    readonly asymmetric: boolean;
    /** More than a quarter of the isophotes were left out as outliers in ellipticity or angle: a bar, a warp, a neighbour. */
    readonly drifting: boolean;
  };
  readonly isophotes: readonly Isophote[];
}

/** Why there is no geometry. */
export type NoGeometry = { readonly geometry: null; readonly reason: string };

const few = 5;
/** What of the correction for seeing is taken as its uncertainty: what the second order and the form of the seeing amount to. */
const correctionShare = 0.2;
/** The least share of the scatter of all parameters together that counts for one: of 600 simulated galaxies none is then wrong by more than five errors, and pulls are as wide as 0.9. */
const commonShare = { centre: 0.8, angle: 0.5 };
const lopsided = 0.1;
const fwhmToSigma = 1 / 2.354820045;
const smallestSide = 8;

/** Median of the pixels within a twentieth of the image of its edge, and their scatter. */
function edgeLevel(image: Image): { sky: number; noise: number } {
  const { nx, ny, data } = image;
  const rim = Math.max(1, Math.round(Math.min(nx, ny) / 20));
  const values = data.filter((_, i) => isUsable(image, i) && Math.min(i % nx, nx - 1 - (i % nx), Math.floor(i / nx), ny - 1 - Math.floor(i / nx)) < rim);
  return { sky: median(values), noise: mad(values, madToSigma) };
}

/** The brightest place in the middle half of the image by medians over squares three seeing discs wide: a star covers too little of one to count. */
function brightest(image: Image, psfFwhm: number): [number, number] | null {
  const { nx, ny, data } = image;
  const half = Math.max(2, Math.round(1.5 * psfFwhm));
  const stride = half;
  let [best, at]: [number, [number, number] | null] = [-Infinity, null];
  for (let y = Math.floor(ny / 4); y < Math.ceil(ny * 0.75); y += stride) {
    for (let x = Math.floor(nx / 4); x < Math.ceil(nx * 0.75); x += stride) {
      const values: number[] = [];
      for (let j = Math.max(0, y - half); j <= Math.min(ny - 1, y + half); j++) {
        for (let i = Math.max(0, x - half); i <= Math.min(nx - 1, x + half); i++) if (isUsable(image, j * nx + i)) values.push(data[j * nx + i]!);
      }
      const level = median(values);
      if (level > best) [best, at] = [level, [x, y]];
    }
  }
  return at;
}

/** Ellipticity of an isophote as it was before the seeing: to first order in σ² the seeing adds σ²/2·∇²I to the light (the heat equation). */
function withoutSeeing({ a, ellipticity, gradient, intensity }: Isophote, sigma: number): number {
  const q = 1 - ellipticity;
  // For I(m) with scale length h: δa = σ²/2 (1/h − 1/(a q²)) and δb = σ²/2 (1/(h q) − q/a).
  const h = Math.max(-intensity / gradient, a / 5);
  const half = sigma * sigma / 2;
  const major = a - half * (1 / h - 1 / (a * q * q));
  const minor = a * q - half * (1 / (h * q) - q / a);
  return Math.min(0.95, Math.max(0, 1 - minor / major));
}

function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const whole = weights.reduce((sum, own) => sum + own, 0);
  let before = 0;
  for (let k = 0; k < order.length; k++) {
    const own = weights[order[k]!]!;
    // Between the middles of the weights, as the plain median is between two values.
    if (before + own / 2 >= whole / 2) {
      if (k === 0) return values[order[0]!]!;
      const [low, high] = [values[order[k - 1]!]!, values[order[k]!]!];
      const span = (weights[order[k - 1]!]! + own) / 2;
      return high - (high - low) * (before + own / 2 - whole / 2) / span;
    }
    before += own;
  }
  return values[order.at(-1)!]!;
}

/** Values of the isophotes with their own errors and weights, and what is adopted of them. */
interface Series { readonly values: readonly number[]; readonly errors: readonly number[]; readonly weights: readonly number[]; readonly centre: number; readonly kept: readonly boolean[] }

/** The weighted median of the isophotes' values with 3 MAD σ outliers (a bar, a clump) left out. */
function adopt(values: readonly number[], errors: readonly number[], weights: readonly number[]): Series {
  let kept = values.map(() => true);
  let centre = weightedMedian(values, weights);
  const pick = <T>(list: readonly T[]) => list.filter((_, i) => kept[i]);
  for (let round = 0; round < 5; round++) {
    centre = weightedMedian(pick(values), pick(weights));
    const spread = madToSigma * weightedMedian(pick(values).map((value) => Math.abs(value - centre)), pick(weights));
    const next = values.map((value, i) => Math.abs(value - centre) <= 3 * Math.hypot(spread, errors[i]!));
    if (next.every((own, i) => own === kept[i]) || next.filter(Boolean).length < 3) break;
    kept = next;
  }
  return { values, errors, weights, centre, kept };
}

/**
 * How many times more the variance of the adopted value is than the isophotes' own errors make it: reduced χ² of the series, with as many independent values as the correlation
 * of neighbours leaves; 1 at least.
 */
function looseness(together: readonly Series[]): number {
  let [squares, neighbours, count, weighted, whole] = [0, 0, 0, 0, 0];
  for (const { values, errors, weights, centre, kept } of together) {
    let before = 0;
    values.forEach((value, i) => {
      if (!kept[i]) return;
      const own = (value - centre) / errors[i]!;
      const weight = weights[i]! * errors[i]! ** 2;
      [squares, neighbours, count, weighted, whole] = [squares + own * own, neighbours + own * before, count + 1, weighted + weight * own * own, whole + weight];
      before = own;
    });
  }
  const each = count / together.length;
  const measured = squares > 0 ? neighbours / squares : 0;
  // A short series' correlation comes out low by (1 + 3ρ)/N (Marriott & Pope 1954, Biometrika 41, 390).
  const correlation = Math.min(0.8, Math.max(0, measured + (1 + 3 * measured) / each));
  return Math.max(1, weighted / whole * each / Math.max(1, each - 1) * (1 + correlation) / (1 - correlation));
}

/** Error of an adopted value, that of a median, from the isophotes' own errors made looser. */
function errorOf({ errors, weights, kept }: Series, factor: number): number {
  let [squares, whole] = [0, 0];
  errors.forEach((error, i) => {
    if (kept[i]) [squares, whole] = [squares + (weights[i]! * error) ** 2, whole + weights[i]!];
  });
  return Math.sqrt(Math.PI / 2 * factor * squares) / whole;
}

/** Light without counterpart across the centre, as a share of the light; the part that noise alone gives is taken off. */
function asymmetryOf(image: Image, { x: x0, y: y0, a, ellipticity, angle }: Ellipse, sky: number, noise: number): number {
  const { nx, ny, data } = image;
  const [cos, sin, q] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180), 1 - ellipticity];
  let [odd, light, pairs] = [0, 0, 0];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const [dx, dy] = [x - x0, y - y0];
      const [u, v] = [dx * cos + dy * sin, (dy * cos - dx * sin) / q];
      if (u * u + v * v > a * a || !isUsable(image, y * nx + x)) continue;
      const [mx, my] = [Math.round(x0 - dx), Math.round(y0 - dy)];
      if (mx < 0 || my < 0 || mx >= nx || my >= ny || !isUsable(image, my * nx + mx)) continue;
      const [own, other] = [data[y * nx + x]! - sky, data[my * nx + mx]! - sky];
      odd += Math.abs(own - other) / 2;
      light += own;
      pairs++;
    }
  }
  // The mean of |difference of two noises|/2 is σ/√π.
  return light > 0 ? Math.max(0, odd - pairs * noise / Math.sqrt(Math.PI)) / light : NaN;
}

/**
 * Centre, ellipticity and angle of a galaxy from its isophotes beyond two seeing discs: the median over them, weighted with a (so that a bar inside counts little),
 * with an error from the scatter; the ellipticities are freed of the seeing to first order. Where no isophote converges the adaptive moments of the light, flagged.
 * A source that is not masked is clipped along the isophotes where it covers little of them; `status.asymmetric` tells of what is left.
 *
 * @returns the geometry, or null with the reason where the image is too small or holds no light
 */
export function measureIsophotalGeometry(image: Image, options: GeometryOptions): { readonly geometry: IsophotalGeometry; readonly reason: null } | NoGeometry {
  const { psfFwhm, centre, sky: givenSky, ...wanted } = options;
  const none = (reason: string): NoGeometry => ({ geometry: null, reason });
  if (Math.min(image.nx, image.ny) < Math.max(smallestSide, 2 * psfFwhm)) return none(`the image of ${image.nx} × ${image.ny} pixels is smaller than two seeing discs`);
  const place = centre ?? brightest(image, psfFwhm);
  if (!place) return none('the middle of the image has no usable pixel');
  const edge = edgeLevel(image);
  const sky = givenSky ?? (Number.isFinite(edge.sky) ? edge.sky : 0);
  const noise = Number.isFinite(edge.noise) ? edge.noise : 0;
  const lifted: Image = { ...image, data: image.data.map((value) => value - sky) };
  const [x, y] = place;
  const moments = momentsGeometry(lifted, { x, y, sigma: Math.max(2, psfFwhm), noise });
  const inner = 2 * psfFwhm;
  // A fixed centre is the one given, not that of the moments.
  const [startX, startY] = moments && !wanted.fixed?.center ? [moments.x, moments.y] : [x, y];
  const start: Ellipse = moments
    ? { x: startX, y: startY, a: Math.max(1.2 * inner, moments.a), ellipticity: Math.max(0.05, moments.ellipticity), angle: moments.angle }
    : { x, y, a: 1.5 * inner, ellipticity: 0.2, angle: 0 };
  const isophotes = fitIsophotes(lifted, { clips: 2, minRadius: Math.max(0.5, psfFwhm / 2), ...wanted, start });
  const lastConverged = isophotes.findLast(({ stopCode }) => stopCode === stopCodes.converged)?.a ?? 0;
  const beyondSeeing = isophotes.filter(({ a, stopCode, gradient, ellipticityError }) => a >= inner && a <= lastConverged && gradient < 0 && Number.isFinite(ellipticityError)
    && (stopCode === stopCodes.converged || stopCode === stopCodes.iterations));
  // Where the minor axis is no longer than the seeing its correction to first order fails; flat galaxies are measured further out.
  const wide = beyondSeeing.filter(({ a, ellipticity }) => a * (1 - ellipticity) >= psfFwhm);
  const used = wide.length >= few ? wide : beyondSeeing;
  const common = { isophotes };
  if (!used.some(({ stopCode }) => stopCode === stopCodes.converged)) {
    if (!moments) return none('no isophote converges and the light has no moments: nothing stands out of the noise');
    const asymmetry = asymmetryOf(image, moments, sky, noise);
    return {
      geometry: {
        ...common, source: 'moments', x: moments.x, y: moments.y, ellipticity: moments.ellipticity, angle: moments.angle, xError: moments.xError, yError: moments.yError,
        ellipticityError: moments.ellipticityError, angleError: moments.angleError, innerRadius: NaN, outerRadius: NaN, isophotesUsed: 0, asymmetry,
        status: { fromMoments: true, fewIsophotes: true, asymmetric: asymmetry >= lopsided, drifting: false },
      }, reason: null,
    };
  }
  const sigma = psfFwhm * fwhmToSigma;
  const shapes = used.map((isophote) => withoutSeeing(isophote, sigma));
  const corrections = used.map((isophote, i) => shapes[i]! - isophote.ellipticity);
  const angles = used.map(({ angle }) => angle);
  // Angles about the outermost one, so that the fold at 180° is far.
  const reference = angles.at(-1)!;
  const turns = angles.map((angle) => angleBetween(angle, reference));
  /** With errors that a lucky one does not make too small. */
  const adoptOf = (values: readonly number[], own: readonly number[]) => {
    const floor = median(own);
    const errors = own.map((error) => Math.hypot(error, floor) / Math.SQRT2);
    return adopt(values, errors, used.map(({ a }, i) => a / errors[i]! ** 2));
  };
  const ellipticity = adoptOf(shapes, used.map((own) => own.ellipticityError));
  const angle = adoptOf(turns, used.map((own) => Math.min(90, own.angleError)));
  // The centre along the axes of the galaxy: across the major axis it is better known.
  const turn = foldAngle(angle.centre + reference);
  const [cos, sin, q] = [Math.cos(turn * Math.PI / 180), Math.sin(turn * Math.PI / 180), 1 - ellipticity.centre];
  const along = adoptOf(used.map((own) => own.x * cos + own.y * sin), used.map((own) => Math.hypot(own.xError * cos, own.yError * sin)));
  const across = adoptOf(used.map((own) => (own.y * cos - own.x * sin) / q), used.map((own) => Math.hypot(own.yError * cos, own.xError * sin) / q));
  // A clump reaches over several isophotes, so that a score of them holds a handful of independent values, too few to tell their scatter: now and then it comes out by far too
  // small. That of centre and shape together is better known, though not wholly each one's own (a bar, seeing): most of it counts at least.
  const varying = [along, across, ellipticity, angle].filter(({ values }) => values.some((value) => value !== values[0]));
  const shared = varying.length ? looseness(varying) : 1;
  const loose = Math.max(looseness([along, across]), commonShare.centre * shared);
  const [alongError, acrossError] = [errorOf(along, loose), errorOf(across, loose) * q];
  const adopted: Ellipse = {
    x: along.centre * cos - across.centre * q * sin, y: along.centre * sin + across.centre * q * cos, a: used.at(-1)!.a, ellipticity: ellipticity.centre, angle: turn,
  };
  const asymmetry = asymmetryOf(image, adopted, sky, noise);
  const dropped = [ellipticity, angle].some(({ kept }) => kept.filter((own) => !own).length > kept.length / 4);
  return {
    geometry: {
      ...common, source: 'isophotes', x: adopted.x, y: adopted.y, ellipticity: adopted.ellipticity, angle: adopted.angle,
      xError: Math.hypot(alongError * cos, acrossError * sin), yError: Math.hypot(alongError * sin, acrossError * cos),
      ellipticityError: Math.hypot(errorOf(ellipticity, looseness([ellipticity])), correctionShare * median(corrections)), angleError: errorOf(angle, Math.max(looseness([angle]), commonShare.angle * shared)), innerRadius: used[0]!.a, outerRadius: adopted.a, isophotesUsed: used.length, asymmetry,
      status: { fromMoments: false, fewIsophotes: used.length < few, asymmetric: asymmetry >= lopsided, drifting: dropped },
    }, reason: null,
  };
}

/** Position angle on the sky [deg], north through east, 0 ≤ PA < 180, of a direction on the pixel grid, from the directions of north and east there. */
export function skyPositionAngle(angle: number, wcs: CelestialWcs): number {
  const { north, east } = northEast(wcs);
  const [dx, dy] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180)];
  // Components along east and north: the two are not at right angles where pixels are not square.
  const determinant = east[0] * north[1] - east[1] * north[0];
  const [e, n] = [(dx * north[1] - dy * north[0]) / determinant, (east[0] * dy - east[1] * dx) / determinant];
  return foldAngle(Math.atan2(e, n) * 180 / Math.PI);
}
