import { localRelation, regularity, tiltedRings, type Disk, type LocalRelation, type Regularity, type VelocityField } from '../disk/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { createRandom } from '../numeric/index.js';
import { mad, madToSigma, median } from '../stats/index.js';
import { binRadii } from './gradients.js';
import { offsetOf } from './geometry.js';
import type { NebularBins } from './nebular.js';
import type { Config } from './resolve.js';

/** How a galaxy's gas turns; the form of gradient.json. Angles [deg], velocities [km/s], radii [arcsec]; NaN = not known. */
export interface Kinematics {
  /** Receding side of the kinematic major axis, north through east, 0 to 360, with its 1σ, and its angle to the axis of the light. */
  readonly positionAngle: number;
  readonly error: number;
  readonly misalignment: number;
  /** Systemic velocity relative to the redshift, and its 1σ. */
  readonly vsys: readonly [number, number];
  /** k₅/k₁ of the velocity field with its 1σ, noise taken off, and (k₃ + k₅)/2k₁. */
  readonly k5k1: readonly [number, number];
  readonly asymmetry: number;
  readonly class: Regularity['class'];
  /** Of regular rotation. */
  readonly probability: number;
  /** Share of the variance that the disc explains, noise taken off. */
  readonly rotatingFraction: number;
  readonly velocityOverSigma: number;
  readonly criteria: Regularity['criteria'];
  readonly rotation: {
    readonly model: string;
    /** Asymptote in the plane, the same on the line of sight, and turnover radius, each with its 1σ. */
    readonly vmax: readonly [number, number];
    readonly vmaxSinI: readonly [number, number];
    readonly rt: readonly [number, number];
    readonly positionAngle: readonly [number, number];
    /** Scatter about the disc beyond the errors. */
    readonly scatter: number;
    readonly reducedChi2: number;
    /** Rotation in the plane, ring by ring, at the inclination of the light. */
    readonly curve: readonly { readonly radius: number; readonly velocity: number; readonly error: number; readonly bins: number }[];
    readonly reason: string | null;
  };
  readonly bins: number;
  readonly reason: string | null;
}

/** S/N of Hα from which a bin has a velocity to count. */
const leastSignalToNoise = 5;
/** Velocities further out are those of a failed fit or of another galaxy [standard deviations]. */
const outlier = 5;

/** The velocity field of the gas about the centre of the disc. */
function velocityField(maps: LineMaps, disk: Disk, { sn }: NebularBins): VelocityField {
  const places = Array.from(maps.x, (x, b) => offsetOf(maps, disk, x, maps.y[b]!));
  const seen = Array.from(maps.velocity, (velocity, b) => (sn.get('Ha')?.[b] ?? 0) >= leastSignalToNoise && Number.isFinite(velocity));
  const known = maps.velocity.filter((_, b) => seen[b]!);
  const [middle, spread] = [median(known), mad(known, madToSigma)];
  return {
    east: places.map(([east]) => east), north: places.map(([, north]) => north), velocity: maps.velocity, velocityError: maps.velocityError, sigma: maps.sigma,
    masked: seen.map((own, b) => (own && Math.abs(maps.velocity[b]! - middle) <= outlier * spread ? 0 : 1)), light: maps.lines.get('Ha')?.flux ?? maps.npix,
  };
}

/** Kinematic axis, harmonics, rotation and class of the gas. */
export function measureKinematics(maps: LineMaps, disk: Disk, bins: NebularBins): Kinematics {
  const field = velocityField(maps, disk, bins);
  const { inclination } = disk;
  const { positionAngle: axis, rotation, kinemetry, rotatingFraction, misalignment, ...own } = regularity(field, { inclination, photometricPositionAngle: disk.positionAngle });
  const pairOf = ({ value, error }: { value: number; error: number }): readonly [number, number] => [value, error];
  const turned = Number.isFinite(rotation.positionAngle.value);
  const rings = turned && inclination > 0 ? tiltedRings(field, { positionAngle: rotation.positionAngle.value, inclination, systemicVelocity: rotation.systemicVelocity.value }) : [];
  return {
    positionAngle: axis.positionAngle, error: axis.error, misalignment, vsys: [axis.systemicVelocity, axis.systemicError],
    k5k1: [kinemetry.k5OverK1, kinemetry.k5OverK1Error], asymmetry: kinemetry.asymmetry, class: own.class, probability: own.probability,
    rotatingFraction: rotatingFraction.withoutNoise, velocityOverSigma: rotatingFraction.velocityOverSigma, criteria: own.criteria,
    rotation: {
      model: rotation.model, vmax: pairOf(rotation.maximum), vmaxSinI: pairOf(rotation.maximumSinI), rt: pairOf(rotation.scale), positionAngle: pairOf(rotation.positionAngle),
      scatter: rotation.scatter, reducedChi2: rotation.chi2 / rotation.freedom,
      curve: rings.filter(({ reason }) => reason === null).map(({ radius, rotation: { value, error }, bins: count }) => ({ radius, velocity: value, error, bins: count })), reason: rotation.reason,
    },
    bins: rotation.bins, reason: own.reason,
  };
}

export interface LocalRelationOfBins extends LocalRelation {
  readonly first: string;
  readonly second: 'logSigmaSfr';
  readonly calibration: string;
  readonly draws: number;
  readonly seed: number;
}

/**
 * The relation of O/H and log Σ_SFR at fixed radius over the bins of the leading gradient.
 * @param seeing FWHM [arcsec]; null = not known, then there is no error
 */
export function localRelationOf(maps: LineMaps, disk: Disk, bins: NebularBins, rows: readonly number[], calibration: string, seeing: number | null, { seed, gradient: { draws } }: Config): LocalRelationOfBins {
  const radii = binRadii(maps, disk);
  const places = rows.map((b) => offsetOf(maps, disk, maps.x[b]!, maps.y[b]!));
  const { oh } = bins.abundances.get(calibration)!;
  return {
    first: 'O/H', second: 'logSigmaSfr', calibration, draws, seed,
    ...localRelation({
      radius: rows.map((b) => radii[b]! / disk.effectiveRadiusArcsec), first: rows.map((b) => oh[b]!), second: rows.map((b) => bins.logSigmaSfr[b]!),
      x: places.map(([east]) => east), y: places.map(([, north]) => north), seeing: seeing ?? Number.NaN, draws, random: createRandom(seed, 'local relation'),
    }),
  };
}
