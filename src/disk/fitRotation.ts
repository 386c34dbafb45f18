import { cosineLimits, discParamCount, discParams, fitDisc, freePlaces, rotatingDisc, type DiscFit, type FreeGeometry } from './discModel.js';
import { kinematicPositionAngle } from './kinematicPositionAngle.js';
import { curveShapes, rotationVelocity, type RotationModel } from './rotationCurves.js';
import { discPlaces, usableBins, type KinematicReason, type VelocityField } from './velocityField.js';

export interface RotationOptions {
  /** Default `arctan`. */
  readonly model?: RotationModel;
  /** Of the disc [deg], 0 = face-on; the first guess where it is free. */
  readonly inclination: number;
  /** Receding side of the major axis [deg], north through east; the first guess where it is free. Default: the kinematic position angle. */
  readonly positionAngle?: number;
  /** Default: that of the kinematic position angle. */
  readonly systemicVelocity?: number;
  /** Offset of the centre, east and north. Default (0, 0). */
  readonly centre?: readonly [number, number];
  /** What is found with the curve. Default: position angle and systemic velocity. */
  readonly free?: readonly FreeGeometry[];
  /**
   * Whether a scatter about the disc, alike in every bin, is found too and added to the errors in quadrature: turbulence, streaming, errors that
   * are too small. Default true. Without it the errors trust those of the velocities.
   */
  readonly scatter?: boolean;
}

/** A number with its 1σ: NaN where it was given and not found, and where it rests on a limit. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

export interface RotationFit {
  readonly model: RotationModel;
  /** V_max sin i ≥ 0 and V_max in the plane: the peak of the exponential disc, the asymptote of the arctan. */
  readonly maximumSinI: Measured;
  readonly maximum: Measured;
  /** R_d of the exponential disc, r_t of the arctan. */
  readonly scale: Measured;
  /** Rotation sin i at the outermost radius that 95 % of the bins lie within: determined even where the turnover is not. */
  readonly outerSinI: Measured;
  readonly outerRadius: number;
  readonly positionAngle: Measured;
  readonly inclination: Measured;
  readonly systemicVelocity: Measured;
  readonly centre: readonly [Measured, Measured];
  /** 1σ of the scatter about the disc beyond the errors; 0 when the errors explain it. */
  readonly scatter: number;
  /** χ² with the errors as given. */
  readonly chi2: number;
  readonly freedom: number;
  readonly bins: number;
  /** Velocities of the model, one entry a bin of the field; NaN for bins without a place. */
  readonly velocity: Float64Array;
  /** `noRotation`: `outerSinI` is below 3σ. `notDetermined`: no fit, or neither maximum nor scale is known to better than itself (the curve still rises where the map ends). */
  readonly reason: KinematicReason | null;
}

const fewestBins = 15;
/** First guesses of the scale, in parts of the outermost radius. */
const guesses = [0.03, 0.08, 0.2, 0.5, 1.2];
/** Limits of the scale, in parts of the outermost radius: nothing beyond them can be seen. */
const scaleLimits = [0.002, 20] as const;
const scatterRounds = 6;

const missing: Measured = { value: NaN, error: NaN };

/**
 * A rotating thin disc fitted to a velocity map by least squares: V = V_sys + V(R) sin i cos θ, V(R) that of a thin exponential
 * disc or an arctan (`rotationVelocity`). Errors are those of the velocities propagated, with the scatter where it is asked for;
 * they take bins as independent.
 *
 * Free inclinations need a map that reaches the turnover, well off the minor axis and with errors of some per cent of V_max; else V_max and i
 * are only known as V_max sin i. `reason`: `tooFewBins` below 15.
 */
export function fitRotation(field: VelocityField, options: RotationOptions): RotationFit {
  const { model = 'arctan', scatter: wantScatter = true, centre = [0, 0], free = ['positionAngle', 'systemicVelocity'] } = options;
  const bins = usableBins(field);
  const { count } = bins;
  const none: RotationFit = {
    model, maximumSinI: missing, maximum: missing, scale: missing, outerSinI: missing, outerRadius: NaN, positionAngle: missing, inclination: missing,
    systemicVelocity: missing, centre: [missing, missing], scatter: NaN, chi2: NaN, freedom: 0, bins: count, velocity: new Float64Array(field.velocity.length).fill(NaN),
    reason: 'tooFewBins',
  };
  const places = [discParams.velocity, discParams.logScale, ...freePlaces(free)];
  if (count < Math.max(fewestBins, places.length + 3)) return none;
  const guess = options.positionAngle === undefined || options.systemicVelocity === undefined ? kinematicPositionAngle(field) : null;
  const angle = (options.positionAngle ?? guess!.positionAngle) * Math.PI / 180;
  const systemic = options.systemicVelocity ?? guess!.systemicVelocity;
  const q = Math.min(cosineLimits[1], Math.max(cosineLimits[0], Math.cos(options.inclination * Math.PI / 180)));
  if (!Number.isFinite(angle + systemic + q)) return { ...none, reason: 'notDetermined' };
  const frame = { positionAngle: angle * 180 / Math.PI, axisRatio: q, centre };
  const radius = discPlaces(bins, frame).radius;
  const sorted = radius.slice().sort();
  const outerRadius = sorted[Math.ceil(0.95 * count) - 1]!;
  const shape = curveShapes[model];

  // The best of some scales, each with the velocity that suits it: V is linear in it.
  let start: number[] = [];
  let least = Infinity;
  const unit = new Float64Array(count);
  for (const part of guesses) {
    const params = [1, Math.log(part * outerRadius), 0, angle, q, ...centre];
    rotatingDisc(bins, shape, params, unit, null);
    let [uu, uv, vv] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const [weight, v] = [1 / bins.error[i]! ** 2, bins.velocity[i]! - systemic];
      uu += weight * unit[i]! ** 2;
      uv += weight * unit[i]! * v;
      vv += weight * v * v;
    }
    if (vv - uv * uv / uu < least) {
      least = vv - uv * uv / uu;
      start = [uv / uu, params[1]!, systemic, angle, q, ...centre];
    }
  }
  if (!(least < Infinity)) return { ...none, reason: 'notDetermined' };
  const limits = { scaleLimits: [scaleLimits[0] * outerRadius, scaleLimits[1] * outerRadius] as const, centreReach: outerRadius };
  let scatter = 0;
  let fit = fitDisc(bins, shape, bins.error, start, places, limits);
  const freedom = count - places.length;
  for (let round = 0; wantScatter && round < scatterRounds; round++) {
    const found = scatterBeyond(bins.velocity, fit.model, bins.error, freedom);
    const settled = Math.abs(found - scatter) <= 1e-4 * found;
    scatter = found;
    if (settled) break;
    fit = fitDisc(bins, shape, bins.error.map((e) => Math.hypot(e, scatter)), fit.params, places, limits);
  }
  const chi2 = bins.velocity.reduce((sum, v, i) => sum + ((v - fit.model[i]!) / bins.error[i]!) ** 2, 0);
  return { ...none, ...describe(fit, places, model, outerRadius), scatter, chi2, freedom, outerRadius, velocity: everywhere(field, fit, model) };
}

/** The scatter that makes the mean of (v − model)²/(error² + scatter²) what it should be; 0 when the errors do. */
function scatterBeyond(velocity: Float64Array, model: Float64Array, error: Float64Array, freedom: number): number {
  const sum = (variance: number) => velocity.reduce((total, v, i) => total + (v - model[i]!) ** 2 / (error[i]! ** 2 + variance), 0);
  if (sum(0) <= freedom) return 0;
  let [low, high] = [0, velocity.reduce((total, v, i) => total + (v - model[i]!) ** 2, 0) / freedom];
  for (let round = 0; round < 50 && high - low > 1e-6 * high; round++) {
    const middle = (low + high) / 2;
    if (sum(middle) > freedom) low = middle;
    else high = middle;
  }
  return Math.sqrt((low + high) / 2);
}

/** The model where the field has a place, whether or not the bin was fitted. */
function everywhere(field: VelocityField, fit: DiscFit, model: RotationModel): Float64Array {
  const [east, north] = [Float64Array.from(field.east), Float64Array.from(field.north)];
  const values = new Float64Array(east.length);
  rotatingDisc({ count: east.length, east, north }, curveShapes[model], fit.params, values, null);
  return values;
}

function describe(fit: DiscFit, places: readonly number[], model: RotationModel, outerRadius: number): Partial<RotationFit> {
  const { params, covariance } = fit;
  /** 1σ of a number with these derivatives by the disc's; those that are fixed do not count. */
  const sigma = (slopes: Readonly<Record<number, number>>) => {
    let sum = 0;
    const counted = Object.keys(slopes).map(Number).filter((place) => places.includes(place));
    for (const a of counted) for (const b of counted) sum += slopes[a]! * slopes[b]! * covariance[a * discParamCount + b]!;
    return counted.length ? Math.sqrt(sum) : NaN;
  };
  const { velocity: v, logScale, systemic, angle, cosine, east, north } = discParams;
  const sign = params[v]! < 0 ? -1 : 1;
  const amplitude = sign * params[v]!;
  const q = params[cosine]!;
  const sinI = Math.sqrt(1 - q * q);
  const scale = Math.exp(params[logScale]!);
  const curve = new Float64Array(2);
  curveShapes[model].evaluate(outerRadius / scale, curve);
  const degrees = params[angle]! * 180 / Math.PI + (sign < 0 ? 180 : 0);
  const maximumError = sigma({ [v]: 1 });
  const scaleError = scale * sigma({ [logScale]: 1 });
  const outer = { value: amplitude * curve[0]!, error: sigma({ [v]: sign * curve[0]!, [logScale]: -amplitude * curve[1]! * outerRadius / scale }) };
  const known = fit.converged && (maximumError <= amplitude || scaleError <= scale);
  const reason: KinematicReason | null = !(outer.value > 3 * outer.error) && fit.converged ? 'noRotation' : known ? null : 'notDetermined';
  return {
    maximumSinI: { value: amplitude, error: maximumError },
    maximum: { value: amplitude / sinI, error: sigma({ [v]: sign / sinI, [cosine]: amplitude * q / sinI ** 3 }) },
    scale: { value: scale, error: scaleError },
    outerSinI: outer,
    positionAngle: { value: ((degrees % 360) + 360) % 360, error: sigma({ [angle]: 180 / Math.PI }) },
    inclination: { value: Math.acos(q) * 180 / Math.PI, error: sigma({ [cosine]: 180 / Math.PI / sinI }) },
    systemicVelocity: { value: params[systemic]!, error: sigma({ [systemic]: 1 }) },
    centre: [{ value: params[east]!, error: sigma({ [east]: 1 }) }, { value: params[north]!, error: sigma({ [north]: 1 }) }],
    reason,
  };
}

/** The curve of a fit in the plane of the disc, at radii in the unit of the field. */
export function curveOf({ model, maximum, scale }: Pick<RotationFit, 'model' | 'maximum' | 'scale'>, radii: ArrayLike<number>): Float64Array {
  return Float64Array.from(radii, (radius) => rotationVelocity(model, radius, maximum.value, scale.value));
}
