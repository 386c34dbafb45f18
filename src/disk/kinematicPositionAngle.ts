import { solveCholesky } from '../numeric/index.js';
import { usableBins, type KinematicReason, type VelocityField } from './velocityField.js';

/** The axis about which a velocity field turns. */
export interface KinematicPositionAngle {
  /** Receding side of the kinematic major axis, north through east [deg], 0 to 360. */
  readonly positionAngle: number;
  /** 1σ [deg]; 90 when χ² tells no axis from another. */
  readonly error: number;
  /** Velocity that the two sides have in common, with its 1σ. */
  readonly systemicVelocity: number;
  readonly systemicError: number;
  /** χ² of the field made bi-antisymmetric about the best axis, over its degrees of freedom. */
  readonly reducedChi2: number;
  /** What rotation takes off χ² (of a constant velocity) in units of `reducedChi2` where that is above 1, and how much chance does. */
  readonly contrast: number;
  readonly terms: number;
  readonly bins: number;
  readonly reason: KinematicReason | null;
}

/** Fewer bins show no axis. */
const fewestBins = 15;
/** Bins to each radial function at the least. */
const binsPerKnot = 15;
const mostKnots = 8;
const mostHarmonics = 5;
/** Standard deviations of what chance takes off χ² that rotation must. */
const leastContrast = 5;

/**
 * The kinematic position angle by bi-antisymmetry (Krajnović et al. 2006, MNRAS 366, 787, appendix C): the axis about which
 * V(a, b) = V(a, −b) = −V(−a, b) = −V(−a, −b) fits best, a along and b across it. A field has this symmetry where its
 * harmonics about the centre are odd cosines, so the symmetric field is written as Σ fₙ(r) cos n(ψ − PA), n = 1, 3, … with fₙ
 * piecewise linear in r, and fitted to the bins by least squares; no values between scattered bins are needed, and
 * no noise is shared. Harmonics up to n = 9 are taken in as long as each lowers Schwarz's (1978) criterion χ² + terms · ln(bins): those of mere noise would make the axis look sharper than it is. The systemic velocity is fitted with it. The error is where χ² has risen by 1, times the reduced χ² where that exceeds 1.
 * It takes what differs from regular rotation as independent from bin to bin: where the seeing correlates the errors it is too small by about the root of the number of bins in
 * a seeing disc, and streaming or a warp that many bins share moves the axis by some degrees beside it.
 *
 * The galaxy's centre must be (0, 0). `reason`: `tooFewBins` below 15, `noRotation` when a constant velocity serves as well (the
 * numbers are given still).
 */
export function kinematicPositionAngle(field: VelocityField): KinematicPositionAngle {
  const bins = usableBins(field);
  const { count } = bins;
  const none = { positionAngle: NaN, error: NaN, systemicVelocity: NaN, systemicError: NaN, reducedChi2: NaN, contrast: NaN, terms: 0, bins: count };
  if (count < fewestBins) return { ...none, reason: 'tooFewBins' };

  const knotCount = Math.min(mostKnots, Math.max(1, Math.floor(count / binsPerKnot)));
  const radius = bins.east.map((east, i) => Math.sqrt(east * east + bins.north[i]! ** 2));
  const sorted = radius.slice().sort();
  const knots = [0, ...Array.from({ length: knotCount }, (_, k) => sorted[Math.ceil((k + 1) * count / knotCount) - 1]!)];
  // Columns: cosine and sine of each knot of the first harmonic, of the next one, …, the constant last.
  const width = 2 * mostHarmonics * knotCount + 1;
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  // Velocities about their mean: sums of squares keep their digits.
  let [weights, mean, square] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const weight = 1 / bins.error[i]! ** 2;
    weights += weight;
    mean += weight * bins.velocity[i]!;
  }
  mean /= weights;
  const columns = new Int32Array(4 * mostHarmonics + 1);
  const entries = new Float64Array(4 * mostHarmonics + 1);
  for (let i = 0; i < count; i++) {
    const r = radius[i]!;
    let outer = 1;
    while (outer < knotCount && knots[outer]! < r) outer++;
    const share = knots[outer]! > knots[outer - 1]! ? (r - knots[outer - 1]!) / (knots[outer]! - knots[outer - 1]!) : 1;
    const angle = Math.atan2(bins.east[i]!, bins.north[i]!);
    let used = 0;
    for (let h = 0; h < mostHarmonics; h++) {
      const n = 2 * h + 1;
      const [cos, sin] = [Math.cos(n * angle), Math.sin(n * angle)];
      for (const [knot, part] of [[outer - 1, 1 - share], [outer, share]] as const) {
        if (knot === 0) continue; // nothing turns at the centre
        const column = 2 * (h * knotCount + knot - 1);
        columns[used] = column;
        entries[used++] = part * cos;
        columns[used] = column + 1;
        entries[used++] = part * sin;
      }
    }
    columns[used] = width - 1;
    entries[used++] = 1;
    const weight = 1 / bins.error[i]! ** 2;
    const v = bins.velocity[i]! - mean;
    square += weight * v * v;
    for (let a = 0; a < used; a++) {
      const row = columns[a]!;
      const weighted = weight * entries[a]!;
      right[row]! += weighted * v;
      for (let b = 0; b < used; b++) gram[row * width + columns[b]!]! += weighted * entries[b]!;
    }
  }

  /** Normal equations of the symmetric field of some harmonics about an axis: cos n(ψ − φ) = cos nφ cos nψ + sin nφ sin nψ. */
  const about = (harmonics: number, axis: number) => {
    const terms = harmonics * knotCount;
    const size = terms + 1;
    const matrix = new Float64Array(size * size);
    const b = new Float64Array(size);
    const cosines = Float64Array.from({ length: size }, (_, s) => (s === terms ? 1 : Math.cos((2 * Math.floor(s / knotCount) + 1) * axis)));
    const sines = Float64Array.from({ length: size }, (_, s) => (s === terms ? 0 : Math.sin((2 * Math.floor(s / knotCount) + 1) * axis)));
    for (let s = 0; s < size; s++) {
      const row = s === terms ? width - 1 : 2 * s;
      const rowSine = s === terms ? row : row + 1; // the constant has no sine; its share is 0
      const [cs, ss] = [cosines[s]!, sines[s]!];
      b[s] = cs * right[row]! + ss * right[rowSine]!;
      for (let t = 0; t <= s; t++) {
        const column = t === terms ? width - 1 : 2 * t;
        const columnSine = t === terms ? column : column + 1;
        matrix[s * size + t] = cs * (cosines[t]! * gram[row * width + column]! + sines[t]! * gram[row * width + columnSine]!)
          + ss * (cosines[t]! * gram[rowSine * width + column]! + sines[t]! * gram[rowSine * width + columnSine]!);
      }
      // A term whose bins all lie on its node says nothing; its coefficient is then 0.
      matrix[s * size + s]! += 1e-9 * (gram[row * width + row]! + gram[rowSine * width + rowSine]!) + 1e-300;
    }
    const solution = solveCholesky(matrix, b, size);
    return { matrix, solution, chi2: solution ? square - solution.reduce((sum, value, s) => sum + value * b[s]!, 0) : NaN };
  };

  /** The best axis with some harmonics. */
  const search = (harmonics: number) => {
    const chi2 = (axis: number) => about(harmonics, axis).chi2;
    const step = Math.PI / (harmonics === 1 ? 36 : 90);
    let [axis, least] = [0, Infinity];
    for (let k = 0; k * step < Math.PI; k++) {
      const here = chi2(k * step);
      if (here < least) [axis, least] = [k * step, here];
    }
    const best = minimum(chi2, axis - step, axis + step);
    const terms = harmonics * knotCount;
    const found = about(harmonics, best);
    return { ...found, best, terms, curve: chi2, reducedChi2: Math.max(0, found.chi2) / Math.max(1, count - terms - 2) };
  };
  let chosen = search(1);
  for (let harmonics = 2; harmonics <= mostHarmonics && harmonics * knotCount < count / 3; harmonics++) {
    const next = search(harmonics);
    const fall = (chosen.chi2 - next.chi2) / Math.max(1, next.reducedChi2);
    if (!(fall > knotCount * Math.log(count))) break;
    chosen = next;
  }
  const { best, terms, matrix, solution, chi2: found, curve, reducedChi2 } = chosen;
  if (!solution || !Number.isFinite(found)) return { ...none, reason: 'notDetermined' };
  const scale = Math.max(1, reducedChi2);
  const error = (rise(curve, best, found + scale, 1) + rise(curve, best, found + scale, -1)) / 2;
  const unit = new Float64Array(terms + 1);
  unit[terms] = 1;
  const systemicVariance = solveCholesky(matrix, unit, terms + 1)?.[terms] ?? NaN;
  // The side that recedes: by the bins, for where only those near one axis are left the harmonics trade with each other.
  let recession = 0;
  for (let i = 0; i < count; i++) {
    recession += (bins.velocity[i]! - mean - solution[terms]!) * (bins.east[i]! * Math.sin(best) + bins.north[i]! * Math.cos(best)) / bins.error[i]! ** 2;
  }
  const degrees = best * 180 / Math.PI + (recession < 0 ? 180 : 0);
  const contrast = (square - found) / scale;
  return {
    positionAngle: ((degrees % 360) + 360) % 360, error: error * 180 / Math.PI,
    systemicVelocity: mean + solution[terms]!, systemicError: Math.sqrt(systemicVariance * scale), reducedChi2, contrast, terms: terms + 1, bins: count,
    reason: contrast > terms + 1 + leastContrast * Math.sqrt(2 * (terms + 1)) ? null : 'noRotation',
  };
}

/** The least value of a curve with one minimum between two places, by golden sections. */
function minimum(f: (x: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  for (let round = 0; round < 24; round++) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - golden * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + golden * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}

/** How far from `from` towards one side f has risen to `level`, at most π/2. */
function rise(f: (x: number) => number, from: number, level: number, side: 1 | -1): number {
  let [low, high] = [0, 1e-4];
  while (f(from + side * high) < level) {
    if (high >= Math.PI / 2) return Math.PI / 2;
    [low, high] = [high, Math.min(2 * high, Math.PI / 2)];
  }
  for (let round = 0; round < 12; round++) {
    const middle = (low + high) / 2;
    if (f(from + side * middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
