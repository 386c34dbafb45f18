import { invertSymmetric } from '../numeric/index.js';
import { binsOfRings, discPlaces, equalRings, usableBins, type DiscFrame, type KinematicReason, type UsableBins, type VelocityField } from './velocityField.js';

/** The harmonics of a velocity field along one ring of ellipses. */
export interface KinemetryRing {
  /** Mean semi-major axis of its bins. */
  readonly radius: number;
  readonly bins: number;
  /** Share of the ring that lies between bins at most 36° (of azimuth in the plane) apart. */
  readonly coverage: number;
  /** A₀ with its 1σ. */
  readonly systemicVelocity: number;
  readonly systemicError: number;
  /** kₙ = √(Aₙ² + Bₙ²), n = 1 to 5, with their 1σ; noise alone makes kₙ of about its 1σ. */
  readonly k: readonly [number, number, number, number, number];
  readonly kError: readonly [number, number, number, number, number];
  /** Aₙ of sin nψ and Bₙ of cos nψ, n = 1 to 5. */
  readonly sine: readonly number[];
  readonly cosine: readonly number[];
  /** Variance that noise adds to kₙ², σ²(Aₙ) + σ²(Bₙ). */
  readonly kNoise: readonly number[];
  /** k₅/k₁ with its 1σ. */
  readonly k5OverK1: number;
  readonly k5OverK1Error: number;
  readonly light: number;
  /** `tooFewBins`: the ring has too few or they leave too much of it empty; its numbers are then NaN. */
  readonly reason: KinematicReason | null;
}

export interface KinemetryOptions extends DiscFrame {
  /** Borders of the rings along the major axis, ascending. Default: rings of 40 bins, at most 20. */
  readonly borders?: readonly number[];
  /** Smallest `coverage` of a ring that is fitted. Default 0.75 (Krajnović et al. 2006). */
  readonly minCoverage?: number;
}

export interface Kinemetry {
  readonly rings: readonly KinemetryRing[];
  /** Mean of k₅/k₁ over rings, weighted by light, as it is. */
  readonly meanK5OverK1: number;
  /** Root of the mean of (k₅² − its noise)/k₁², weighted by light: what is left when noise is taken off; 0 when nothing is. */
  readonly k5OverK1: number;
  /** 1σ of it. */
  readonly k5OverK1Error: number;
  /** (k₃ + k₅)/2k₁ (Bloom et al. 2017) and (k₂ + k₃ + k₄ + k₅)/4k₁ (Shapiro et al. 2008), means over rings weighted by light, noise taken off each k. */
  readonly asymmetry: number;
  readonly asymmetryShapiro: number;
  /** Rings that the means are of: those whose k₁ is above 3σ. */
  readonly ringsUsed: number;
  readonly reason: KinematicReason | null;
}

const order = 5;
/** A₀, the sines and cosines, and the slope of rotation across the ring. */
const terms = 2 * order + 2;
const fewestBins = 2 * terms;
const ringBins = 40;
const mostRings = 20;
/** The fifth harmonic has ten half-waves. */
const widestGap = Math.PI / order;

/**
 * Kinemetry (Krajnović et al. 2006, MNRAS 366, 787): V(a, ψ) = A₀ + Σ Aₙ sin nψ + Bₙ cos nψ, n = 1 to 5, along ellipses of one
 * position angle and flattening, ψ the eccentric anomaly from the receding major axis. Every ring takes the bins between two
 * ellipses as they are, so scattered bins need no interpolation; how rotation changes across the ring is a term of its own. Pure
 * rotation of a thin disc has k₁ = B₁ alone: k₅/k₁ tells what is not; k₁ and k₃ also see a wrong position angle or flattening.
 * Errors are those of the velocities', times the root of the reduced χ² where it exceeds 1.
 */
export function kinemetry(field: VelocityField, options: KinemetryOptions): Kinemetry {
  const { minCoverage = 0.75 } = options;
  const bins = usableBins(field);
  const { radius, azimuth } = discPlaces(bins, options);
  const borders = options.borders ?? equalRings(radius, ringBins, mostRings);
  const rings = binsOfRings(radius, borders).filter((ring) => ring.length > 0).map((ring) => fitRing(bins, radius, azimuth, ring, minCoverage));
  return { rings, ...summary(rings) };
}

/** @returns the part of the full circle between neighbours no farther apart than the fifth harmonic's half-wave. */
function coverageOf(azimuth: Float64Array, ring: readonly number[]): number {
  const sorted = Float64Array.from(ring, (i) => azimuth[i]!).sort();
  let covered = 0;
  for (let k = 0; k < sorted.length; k++) {
    const gap = k + 1 < sorted.length ? sorted[k + 1]! - sorted[k]! : sorted[0]! + 2 * Math.PI - sorted[k]!;
    if (gap <= widestGap) covered += gap;
  }
  return covered / (2 * Math.PI);
}

function fitRing(bins: UsableBins, radius: Float64Array, azimuth: Float64Array, ring: readonly number[], minCoverage: number): KinemetryRing {
  const middle = ring.reduce((sum, i) => sum + radius[i]!, 0) / ring.length;
  const coverage = coverageOf(azimuth, ring);
  const light = ring.reduce((sum, i) => sum + bins.light[i]!, 0);
  const five = (value: (n: number) => number) => [value(1), value(2), value(3), value(4), value(5)] as const;
  const nothing = five(() => NaN);
  const empty = {
    radius: middle, bins: ring.length, coverage, light, systemicVelocity: NaN, systemicError: NaN, k: nothing, kError: nothing, sine: nothing, cosine: nothing,
    kNoise: nothing, k5OverK1: NaN, k5OverK1Error: NaN,
  };
  if (ring.length < fewestBins || coverage < minCoverage) return { ...empty, reason: 'tooFewBins' };

  const gram = new Float64Array(terms * terms);
  const right = new Float64Array(terms);
  const row = new Float64Array(terms);
  const fill = (i: number) => {
    row[0] = 1;
    for (let n = 1; n <= order; n++) {
      row[2 * n - 1] = Math.sin(n * azimuth[i]!);
      row[2 * n] = Math.cos(n * azimuth[i]!);
    }
    row[terms - 1] = (radius[i]! / middle - 1) * row[2]!;
  };
  for (const i of ring) {
    fill(i);
    const weight = 1 / bins.error[i]! ** 2;
    for (let a = 0; a < terms; a++) {
      right[a]! += weight * row[a]! * bins.velocity[i]!;
      for (let b = 0; b <= a; b++) gram[a * terms + b]! += weight * row[a]! * row[b]!;
    }
  }
  // Rings of no width do not tell the slope; it is then 0.
  gram[terms * terms - 1]! += 1e-9 * gram[0]!;
  const covariance = invertSymmetric(gram, terms);
  if (!covariance) return { ...empty, reason: 'notDetermined' };
  const found = Float64Array.from({ length: terms }, (_, a) => right.reduce((sum, value, b) => sum + covariance[a * terms + b]! * value, 0));
  let chi2 = 0;
  for (const i of ring) {
    fill(i);
    const model = row.reduce((sum, value, a) => sum + value * found[a]!, 0);
    chi2 += ((bins.velocity[i]! - model) / bins.error[i]!) ** 2;
  }
  const scale = Math.max(1, chi2 / (ring.length - terms));
  const cov = (a: number, b: number) => scale * covariance[a * terms + b]!;
  const [sine, cosine] = [five((n) => found[2 * n - 1]!), five((n) => found[2 * n]!)];
  const k = five((n) => Math.hypot(sine[n - 1]!, cosine[n - 1]!));
  /** Of the term along the phase of kₙ. */
  const variance = (n: number) => (sine[n - 1]! ** 2 * cov(2 * n - 1, 2 * n - 1) + cosine[n - 1]! ** 2 * cov(2 * n, 2 * n)
    + 2 * sine[n - 1]! * cosine[n - 1]! * cov(2 * n - 1, 2 * n)) / (k[n - 1]! ** 2 || 1);
  const kError = five((n) => Math.sqrt(variance(n)));
  const ratio = k[4] / k[0];
  return {
    ...empty, systemicVelocity: found[0]!, systemicError: Math.sqrt(cov(0, 0)), sine, cosine, k, kError,
    kNoise: five((n) => cov(2 * n - 1, 2 * n - 1) + cov(2 * n, 2 * n)),
    k5OverK1: ratio, k5OverK1Error: Math.hypot(kError[4], ratio * kError[0]) / k[0], reason: null,
  };
}

function summary(rings: readonly KinemetryRing[]): Omit<Kinemetry, 'rings'> {
  const good = rings.filter(({ reason, k, kError, light }) => reason === null && k[0] > 3 * kError[0] && light > 0);
  const light = good.reduce((sum, ring) => sum + ring.light, 0);
  const mean = (value: (ring: KinemetryRing) => number) => good.reduce((sum, ring) => sum + ring.light * value(ring), 0) / light;
  if (good.length === 0) {
    const reason = rings.some((ring) => ring.reason === null) ? 'noRotation' : 'tooFewBins';
    return { meanK5OverK1: NaN, k5OverK1: NaN, k5OverK1Error: NaN, asymmetry: NaN, asymmetryShapiro: NaN, ringsUsed: 0, reason };
  }
  // Squares, for noise adds to these and may be taken off: the mean over rings first, so that a ring's own chance does not count.
  const left = (n: number) => Math.sqrt(Math.max(0, mean(({ k, kNoise }) => (k[n - 1]! ** 2 - kNoise[n - 1]!) / k[0] ** 2)));
  const k5OverK1 = left(5);
  // σ of a mean of k₅²/k₁², whose own σ is √(noise² + 2 noise k₅²) for noise shared by sine and cosine.
  const squareError = Math.sqrt(good.reduce((sum, { light: own, k, kNoise }) => sum + (own / light) ** 2 * (kNoise[4]! ** 2 + 2 * kNoise[4]! * Math.max(0, k[4] ** 2 - kNoise[4]!)) / k[0] ** 4, 0));
  return {
    meanK5OverK1: mean((ring) => ring.k5OverK1), k5OverK1,
    // For a ratio near 0 the root of the error of its square.
    k5OverK1Error: Math.min(squareError / (2 * k5OverK1 || 1e-300), Math.sqrt(squareError)),
    asymmetry: (left(3) + left(5)) / 2, asymmetryShapiro: (left(2) + left(3) + left(4) + left(5)) / 4, ringsUsed: good.length, reason: null,
  };
}
