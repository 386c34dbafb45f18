import { median } from '../stats/index.js';
import { axisProfiles } from './axisProfiles.js';
import type { AxisProfile } from './axisProfiles.js';
import { fitRotation, type RotationFit } from './fitRotation.js';
import { kinematicPositionAngle, type KinematicPositionAngle } from './kinematicPositionAngle.js';
import { kinemetry, type Kinemetry } from './kinemetry.js';
import { rotatingFraction, type RotatingFraction } from './rotatingFraction.js';
import type { RotationModel } from './rotationCurves.js';
import { usableBins, type KinematicReason, type VelocityField } from './velocityField.js';

/** One thing that speaks for or against regular rotation. */
export interface RegularityCriterion {
  readonly name: 'misalignment' | 'k5OverK1' | 'asymmetry' | 'rotatingFraction' | 'amplitude' | 'majorAxis' | 'minorAxis';
  /** What it says, with its limit and source. */
  readonly text: string;
  /** NaN where it cannot be told. */
  readonly value: number;
  readonly limit: number;
  /** null where it cannot be told. */
  readonly met: boolean | null;
  /** The limit could not be checked against its source. */
  readonly unverified: boolean;
}

export interface Regularity {
  readonly class: 'regular' | 'irregular' | null;
  /** Of regular rotation; `regular` from 0.5. NaN when `reason` says why there is none. */
  readonly probability: number;
  readonly criteria: readonly RegularityCriterion[];
  /** Angle between the kinematic and the photometric major axis, 0 to 90 [deg]; NaN without the latter. */
  readonly misalignment: number;
  readonly positionAngle: KinematicPositionAngle;
  readonly rotation: RotationFit;
  readonly kinemetry: Kinemetry;
  readonly rotatingFraction: RotatingFraction;
  readonly major: AxisProfile;
  readonly minor: AxisProfile;
  readonly reason: KinematicReason | null;
}

export interface RegularityOptions {
  /** Of the disc, from its light [deg]. */
  readonly inclination: number;
  /** Major axis of the light [deg], north through east; without it the criterion on misalignment is left out. */
  readonly photometricPositionAngle?: number;
  /** Half of the width of the slits along the axes. Default: 0.15 of the outermost radius. */
  readonly halfWidth?: number;
  /** Default `arctan`. */
  readonly model?: RotationModel;
}

/** What the probability is made of, from a classification's parts. */
export interface RegularityFeatures {
  readonly [name: string]: number;
}

/** Angle between two axes, 0 to 90 [deg]. */
function axesApart(a: number, b: number): number {
  const apart = Math.abs(a - b) % 180;
  return Math.min(apart, 180 - apart);
}

/** Numbers of about 1 from the parts of a classification, each within limits so that no single one decides; what cannot be told has a middling value. */
export function regularityFeatures({ misalignment, rotation, kinemetry: rings, rotatingFraction: turning, major, minor }: Omit<Regularity, 'class' | 'probability' | 'criteria' | 'reason'>): RegularityFeatures {
  const clamp = (value: number, low: number, high: number, otherwise: number) => (Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise);
  return {
    turning: clamp(turning.withoutNoise, 0, 1, 0),
    misalignment: clamp(misalignment, 0, 90, 0) / 30,
    scatter: clamp(rotation.scatter / rotation.outerSinI.value, 0, 1, 1),
    major: clamp(major.correlation, -1, 1, 0),
    minor: clamp(Math.abs(minor.correlation), 0, 1, 0),
    asymmetry: clamp(rings.asymmetry, 0, 0.5, 0.15),
  };
}

/**
 * Logistic regression on 4000 simulated fields (validate/kinematics.mjs: `calibrateProbability`), half of them regular rotators with streaming of up to 7 % and
 * mild warps, the others outflows, mergers, axes off by 45° and more, turbulence and pure noise.
 */
const coefficients: RegularityFeatures = {
  constant: -16.67, turning: 24.87, misalignment: -6.504, scatter: -27.6, major: 1.324, minor: -2.585, asymmetry: -15.46,
};

/**
 * The class of a velocity field, `regular` or `irregular`, with what speaks for it. Kinematic axis, disc fit (about the kinematic axis, at the
 * inclination of the light), kinemetry in its frame, rotating fraction and profiles along the axes are put together in a probability, logistic
 * in features of these and calibrated on simulated fields (half of them regular; a sample with another mix has others). The criteria are
 * published ones, for the reader: the class is by the probability alone. The simulated classes lie apart by construction, so that real fields between them get
 * probabilities that are too sure; without the axis of the light one that is decoupled from it cannot be told.
 *
 * `reason` is `tooFewBins` below 15; nothing is classed then.
 */
export function regularity(field: VelocityField, options: RegularityOptions): Regularity {
  const { inclination, photometricPositionAngle = NaN } = options;
  const axis = kinematicPositionAngle(field);
  const known = Number.isFinite(axis.positionAngle);
  const rotation = fitRotation(field, {
    inclination, model: options.model ?? 'arctan', ...(known && { positionAngle: axis.positionAngle, systemicVelocity: axis.systemicVelocity }),
  });
  const turned = Number.isFinite(rotation.positionAngle.value) ? rotation : null;
  const frame = {
    positionAngle: turned?.positionAngle.value ?? axis.positionAngle, systemicVelocity: turned?.systemicVelocity.value ?? axis.systemicVelocity,
  };
  const parts = {
    misalignment: axesApart(axis.positionAngle, photometricPositionAngle), positionAngle: axis, rotation,
    kinemetry: kinemetry(field, { positionAngle: frame.positionAngle, axisRatio: Math.max(0.05, Math.cos(inclination * Math.PI / 180)) }),
    rotatingFraction: rotatingFraction(field, rotation.velocity),
    ...axisProfiles(field, { ...frame, halfWidth: options.halfWidth ?? 0.15 * rotation.outerRadius }),
  };
  const criteria = criteriaOf(field, parts);
  const reason = axis.reason === 'tooFewBins' || axis.reason === 'notDetermined' ? axis.reason : null;
  if (reason) return { ...parts, class: null, probability: NaN, criteria, reason };
  const logit = Object.entries(regularityFeatures(parts)).reduce((sum, [name, value]) => sum + coefficients[name]! * value, coefficients['constant']!);
  const probability = 1 / (1 + Math.exp(-logit));
  return { ...parts, class: probability >= 0.5 ? 'regular' : 'irregular', probability, criteria, reason: null };
}

function criteriaOf(field: VelocityField, parts: Omit<Regularity, 'class' | 'probability' | 'criteria' | 'reason'>): RegularityCriterion[] {
  const criterion = (name: RegularityCriterion['name'], value: number, sign: '<' | '>', limit: number, text: string, unverified = false): RegularityCriterion => ({
    name, value, limit, met: Number.isNaN(value) ? null : sign === '<' ? value < limit : value > limit, text: `${text} ${sign} ${limit}`, unverified,
  });
  const { misalignment, kinemetry: rings, rotation, major, minor } = parts;
  const errors = usableBins(field).error;
  return [
    criterion('misalignment', misalignment, '<', 30, 'kinematic and photometric major axis apart [deg]'),
    criterion('k5OverK1', rings.k5OverK1, '<', 0.04, 'k5/k1, noise taken off (Krajnović et al. 2011)'),
    criterion('asymmetry', rings.asymmetry, '<', 0.065, '(k3 + k5)/2k1, noise taken off (Bloom et al. 2017)', true),
    criterion('rotatingFraction', parts.rotatingFraction.withoutNoise, '>', 0.6, 'share of the variance that the disc explains, noise taken off'),
    criterion('amplitude', 2 * rotation.outerSinI.value / median(errors), '>', 3, 'twice the rotation on the sight over the median error'),
    criterion('majorAxis', major.correlation, '>', 0.7, 'rank correlation of velocity and place along the major axis'),
    criterion('minorAxis', Math.abs(minor.correlation), '<', 0.4, 'absolute rank correlation of velocity and place along the minor axis'),
  ];
}
