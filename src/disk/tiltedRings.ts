import { discParamCount, discParams, fitDisc, freePlaces, type FreeGeometry } from './discModel.js';
import type { Measured } from './fitRotation.js';
import { curveShapes } from './rotationCurves.js';
import { binsOfRings, discPlaces, equalRings, usableBins, type KinematicReason, type UsableBins, type VelocityField } from './velocityField.js';

export interface TiltedRingOptions {
  /** Receding side of the major axis [deg], north through east; inclination [deg]; systemic velocity; offset of the centre (default (0, 0)). First guesses where free. */
  readonly positionAngle: number;
  readonly inclination: number;
  readonly systemicVelocity: number;
  readonly centre?: readonly [number, number];
  /** What each ring finds besides its velocity. Default: nothing. */
  readonly free?: readonly FreeGeometry[];
  /** Borders of the rings along the major axis, ascending. Default: rings of 30 bins, at most 20. */
  readonly borders?: readonly number[];
}

/** One ring; what was given has no error. */
export interface TiltedRing {
  /** Mean radius of its bins in the plane. */
  readonly radius: number;
  readonly bins: number;
  /** Rotation in the plane. Its error has that of a free inclination in it. */
  readonly rotation: Measured;
  readonly positionAngle: Measured;
  readonly inclination: Measured;
  readonly systemicVelocity: Measured;
  readonly centre: readonly [Measured, Measured];
  readonly reducedChi2: number;
  readonly reason: KinematicReason | null;
}

const ringBins = 30;
const mostRings = 20;
/** Bins more than numbers found. */
const spareBins = 3;
/** Rings whose ellipse turns take other bins: so many times. */
const rounds = 3;

/**
 * Tilted rings (Begeman 1989, A&A 223, 47): V = V_sys + V_rot sin i cos θ with a V_rot, and what else is free, of each ring's own; bins weigh by
 * |cos θ| beside their errors, for those near the minor axis say little of rotation and most of everything else. Errors are those
 * of the velocities under these weights, times the root of the reduced χ² where it exceeds 1.
 */
export function tiltedRings(field: VelocityField, options: TiltedRingOptions): TiltedRing[] {
  const { centre = [0, 0], free = [] } = options;
  const bins = usableBins(field);
  const frame = { positionAngle: options.positionAngle, axisRatio: Math.cos(options.inclination * Math.PI / 180), centre };
  const first = discPlaces(bins, frame);
  const borders = options.borders ?? equalRings(first.radius, ringBins, mostRings);
  const places = [discParams.velocity, ...freePlaces(free)];
  return binsOfRings(first.radius, borders).flatMap((members, ring) => (
    members.length ? [fitRing(bins, members, [borders[ring]!, borders[ring + 1]!], places, options, centre)] : []));
}

function subset(bins: UsableBins, members: readonly number[]) {
  const pack = (values: Float64Array) => Float64Array.from(members, (i) => values[i]!);
  return { count: members.length, east: pack(bins.east), north: pack(bins.north), velocity: pack(bins.velocity), error: pack(bins.error) };
}

function fitRing(
  bins: UsableBins, firstMembers: readonly number[], [inner, outer]: readonly [number, number], places: readonly number[], options: TiltedRingOptions,
  centre: readonly [number, number],
): TiltedRing {
  const { angle, cosine, east, north, velocity, systemic } = discParams;
  const degree = Math.PI / 180;
  let params: ArrayLike<number> = [1, 0, options.systemicVelocity, options.positionAngle * degree, Math.cos(options.inclination * degree), ...centre];
  let members = firstMembers;
  const frameOf = () => ({ positionAngle: params[angle]! / degree, axisRatio: params[cosine]!, centre: [params[east]!, params[north]!] as const });
  const missing: Measured = { value: NaN, error: NaN };
  const empty = { rotation: missing, positionAngle: missing, inclination: missing, systemicVelocity: missing, centre: [missing, missing] as const, reducedChi2: NaN };
  const geometryFree = places.some((place) => place !== velocity && place !== systemic);
  for (let round = 0; ; round++) {
    const part = subset(bins, members);
    const { radius, azimuth } = discPlaces(part, frameOf());
    const middle = radius.reduce((sum, r) => sum + r, 0) / (part.count || 1);
    if (part.count < places.length + spareBins) return { radius: middle, bins: part.count, ...empty, reason: 'tooFewBins' };
    const weight = azimuth.map((theta) => Math.max(1e-6, Math.abs(Math.cos(theta))));
    const fit = fitDisc(part, curveShapes.flat, part.error, params, places, { weight, centreReach: outer / 2 });
    if (!fit.converged) return { radius: middle, bins: part.count, ...empty, reason: 'notDetermined' };
    ({ params } = fit);
    if (!geometryFree || round === rounds) return { radius: middle, bins: part.count, ...describe(fit, places.length, part.count) };
    const turned = discPlaces(bins, frameOf()).radius;
    members = [...turned.keys()].filter((i) => turned[i]! >= inner && turned[i]! < outer);
  }
}

function describe({ params, covariance, chi2 }: ReturnType<typeof fitDisc>, found: number, count: number): Omit<TiltedRing, 'radius' | 'bins'> {
  const { velocity: v, systemic, angle, cosine, east, north } = discParams;
  const reducedChi2 = chi2 / (count - found);
  const cov = (a: number, b: number) => Math.max(1, reducedChi2) * covariance[a * discParamCount + b]!;
  const sigma = (place: number) => Math.sqrt(cov(place, place));
  const q = params[cosine]!;
  const sinI = Math.sqrt(1 - q * q);
  const slope = params[v]! * q / sinI ** 3;
  // V = U/sin i with both found, or with i given; an inclination on its limit leaves V without an error.
  const variance = Number.isFinite(cov(cosine, cosine)) ? cov(v, v) / sinI ** 2 + slope ** 2 * cov(cosine, cosine) + 2 * slope / sinI * cov(v, cosine) : cov(v, v) / sinI ** 2;
  const own = (place: number): Measured => ({ value: params[place]!, error: sigma(place) });
  const degree = Math.PI / 180;
  return {
    rotation: { value: params[v]! / sinI, error: Math.sqrt(variance) },
    positionAngle: { value: (((params[angle]! / degree) % 360) + 360) % 360, error: sigma(angle) / degree },
    inclination: { value: Math.acos(q) / degree, error: sigma(cosine) / sinI / degree },
    systemicVelocity: own(systemic), centre: [own(east), own(north)], reducedChi2,
    reason: Number.isFinite(sigma(v)) ? null : 'notDetermined',
  };
}
