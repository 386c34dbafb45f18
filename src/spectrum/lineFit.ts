import { lsfSigma, skyFeatureAt } from '../light/index.js';
import { maskBits } from '../linemaps/index.js';
import { fixedDoublets, lineByName, type LineName } from '../nebula/index.js';
import { invertSymmetric } from '../numeric/index.js';
import { absorbedShare, clearPixels, fitWindowContinuum, pixelWeights, type WindowContinuum } from './continuum.js';
import { lineProfile } from './profile.js';
import type { Spectrum } from './spectrum.js';
import { findWindows, restWavelength, type Window } from './windows.js';


/** The lines that are fitted where the data cover them. */
export const defaultLines: readonly LineName[] = [
  'OII3726', 'OII3729', 'Hd', 'Hg', 'OIII4363', 'Hb', 'OIII4959', 'OIII5007', 'HeI5876', 'OI6300', 'OI6364', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731',
];

export interface LineFitOptions {
  /** Systemic redshift: velocities are c(z_obs − z)/(1 + z). */
  readonly redshift: number;
  /** Default `defaultLines`. */
  readonly lines?: readonly LineName[];
  /** Stellar Balmer absorption, rest-frame equivalent width [Å]. Default 1.5. */
  readonly absorption?: number;
  /** Fluxes at this velocity and dispersion [km/s] instead of fitting them. Default: fitted. */
  readonly kinematics?: { readonly velocity: number; readonly sigma: number };
  /** False: the spectra hold lines only; no continuum is fitted. Default true. */
  readonly continuum?: boolean;
}

/** Result of one bin. Arrays follow `lines`; NaN where a line could not be measured. Fluxes [1e-17 erg/s/cm²]. */
export interface LineFit {
  readonly lines: readonly LineName[];
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** Rest-frame equivalent width [Å], positive in emission, against the continuum at the line. */
  readonly ew: Float64Array;
  readonly ewError: Float64Array;
  /** Sum over the line's window after the other lines are taken off. */
  readonly sum: Float64Array;
  readonly sumError: Float64Array;
  /** NOCOV, NOVALUE, SKYLINE per line. */
  readonly lineStatus: Int32Array;
  /** [km/s], relative to the redshift; NaN where no line was detected. */
  readonly velocity: number;
  readonly velocityError: number;
  /** Dispersion of the gas [km/s], the instrument's in quadrature taken off. */
  readonly sigma: number;
  readonly sigmaError: number;
  readonly chi2: number;
  readonly dof: number;
  /** NOCOV, FITFAILED, NEARBOUND, LOWSNR (kinematics not measured). */
  readonly status: number;
}

const c = 299792.458;
const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/** Bounds: a start grid of ±600 km/s, a fit to ±900 km/s, dispersions to 600 km/s. */
const gridReach = 600;
const gridStep = 40;
const velocityBound = 900;
const varianceBound = 600 ** 2;
/** Start dispersion, and the one assumed where nothing is detected [km/s]. */
const startSigma = 40;
/** The strongest line needs this S/N for the kinematics to be trusted: about 30 places are tried. */
const detection = 4;

/** A column of the design: a line, or a doublet of fixed ratio. */
interface Column {
  readonly strong: number;
  readonly weak: number | null;
  readonly ratio: number;
}

/** What does not change from bin to bin in one window, and scratch. */
interface Plan {
  readonly window: Window;
  readonly absorbed: Float64Array;
  readonly clear: Uint8Array;
  readonly columns: readonly Column[];
  readonly x: Float64Array;
  readonly residual: Float64Array;
  readonly weight: Float64Array;
  readonly model: Float64Array;
  /** Columns: profiles and their derivatives by centre and σ, each of the window's length. */
  readonly g: Float64Array[];
  readonly dv: Float64Array[];
  readonly du: Float64Array[];
  readonly amplitude: Float64Array;
  /** Inverse normal matrix of the linear part; rows of disabled columns are zero. */
  inverse: Float64Array;
  /** Coupling XᵀW·(∂/∂v, ∂/∂u). */
  readonly coupling: Float64Array;
  active: boolean;
  readonly enabled: Uint8Array;
}

/** Fits bins of one cube: continuum and lines, with the scratch made once. A fit depends on its own input alone. */
export interface LineFitter {
  readonly lines: readonly LineName[];
  readonly windows: readonly Window[];
  fit(arms: readonly Spectrum[]): LineFit;
  /** Instrumental dispersion at each line [km/s]. */
  readonly instrumentSigma: Float64Array;
  /** The sky line or telluric band that a line falls on at the redshift; null for none. */
  skyAt(line: LineName): string | null;
  /** After `fit`: model (continuum and lines) and continuum of a window, for pictures. */
  picture(window: number): { readonly model: Float64Array; readonly continuum: Float64Array };
}

/**
 * Makes the fitter for spectra on given axes.
 *
 * All lines share one velocity and one dispersion; every line is a Gaussian integrated over the pixel with
 * σ² = σ_LSF² + (λσ/c)². Fluxes and a straight line under each group are linear and solved inside (variable projection;
 * Golub & Pereyra 1973); velocity and the square of the dispersion by damped Gauss–Newton steps. The covariance is that of all
 * parameters together, so that the error of the continuum and of the kinematics is in that of the fluxes.
 */
export function createLineFitter(arms: readonly Pick<Spectrum, 'axis' | 'lsf'>[], options: LineFitOptions): LineFitter {
  const { redshift, lines = defaultLines, absorption = 1.5, kinematics, continuum = true } = options;
  const windows = findWindows(arms, redshift, lines);
  const lineIndex = new Map(lines.map((name, i) => [name, i]));
  const nLines = lines.length;
  const nuisance = continuum ? 2 : 0;
  const windowOf = lines.map((name) => windows.findIndex((window) => window.lines.includes(name)));
  const rest = lines.map((name, i) => (windowOf[i]! < 0 ? Number.NaN : restWavelength(name, arms[windows[windowOf[i]!]!.arm]!.axis.medium)));
  const lsf = lines.map((_, i) => (windowOf[i]! < 0 ? Number.NaN : lsfSigma(arms[windows[windowOf[i]!]!.arm]!.lsf, rest[i]! * (1 + redshift))));
  const skyAt = lines.map((name, i) => (windowOf[i]! < 0 ? null : skyFeatureAt(lineByName(name).air * (1 + redshift), 2 * lsf[i]!)));
  const sky = skyAt.map((feature) => (feature ? bit('SKYLINE') : 0));

  const plans: Plan[] = windows.map((window) => {
    const { axis } = arms[window.arm]!;
    const n = window.to - window.from;
    const own = window.lines.map((name) => lineIndex.get(name)!);
    const columns: Column[] = [];
    for (const i of own) {
      const name = lines[i]!;
      if (fixedDoublets.some((one) => one.weak === name && window.lines.includes(one.strong))) continue;
      const doublet = fixedDoublets.find((one) => one.strong === name && window.lines.includes(one.weak));
      columns.push({ strong: i, weak: doublet ? lineIndex.get(doublet.weak)! : null, ratio: doublet?.ratio ?? 1 });
    }
    const m = columns.length + nuisance;
    const middle = (axis.wavelength[window.from]! + axis.wavelength[window.to - 1]!) / 2;
    const half = (axis.wavelength[window.to - 1]! - axis.wavelength[window.from]!) / 2;
    const absorbed = absorbedShare(axis, window, redshift, absorption);
    const rows = (count: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(n));
    return {
      window, absorbed, columns, clear: clearPixels(axis, window, redshift, lines),
      x: Float64Array.from({ length: n }, (_, i) => (axis.wavelength[window.from + i]! - middle) / half),
      residual: new Float64Array(n), weight: new Float64Array(n), model: new Float64Array(n),
      g: rows(m), dv: rows(columns.length), du: rows(columns.length), amplitude: new Float64Array(m), inverse: new Float64Array(m * m),
      coupling: new Float64Array(2 * m), active: false, enabled: new Uint8Array(m),
    };
  });
  for (const plan of plans) {
    // The straight line left over under the lines, absorbed like the continuum it corrects.
    for (let k = 0; k < nuisance; k++) plan.x.forEach((x, i) => { plan.g[plan.columns.length + k]![i] = (k === 0 ? 1 : x) * (1 - plan.absorbed[i]!); });
  }
  const largest = Math.max(1, ...plans.map((plan) => plan.x.length));
  const scratch = [0, 1, 2].map(() => new Float64Array(largest)) as [Float64Array, Float64Array, Float64Array];
  const continua: WindowContinuum[] = [];

  /** Fills the profiles of every column for a velocity and a squared dispersion. */
  function setProfiles(plan: Plan, velocity: number, u: number): void {
    const { window } = plan;
    const { edges } = arms[window.arm]!.axis;
    plan.columns.forEach((column, k) => {
      const [g, dv, du] = [plan.g[k]!, plan.dv[k]!, plan.du[k]!];
      g.fill(0);
      dv.fill(0);
      du.fill(0);
      for (const [i, share] of [[column.strong, 1], [column.weak, 1 / column.ratio]] as const) {
        if (i === null) continue;
        const λ0 = rest[i]! * (1 + redshift);
        const centre = λ0 * (1 + velocity / c);
        const perKms = centre / c;
        const sigma = Math.sqrt(lsf[i]! ** 2 + perKms * perKms * u);
        const [first, last] = lineProfile(edges, window.from, window.to, centre, sigma, false, ...scratch);
        const byU = (perKms * perKms) / (2 * sigma);
        for (let p = first - window.from; p < last - window.from; p++) {
          g[p]! += share * scratch[0][p]!;
          dv[p]! += (share * scratch[1][p]! * λ0) / c;
          du[p]! += share * scratch[2][p]! * byU;
        }
      }
    });
  }

  /** Solves the linear part of a window; returns its χ². */
  function solve(plan: Plan): number {
    const { g, weight, residual, amplitude, model, enabled } = plan;
    const m = g.length;
    const n = residual.length;
    const normal = new Float64Array(m * m);
    const right = new Float64Array(m);
    for (let a = 0; a < m; a++) {
      const ga = g[a]!;
      for (let b = a; b < m; b++) {
        const gb = g[b]!;
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weight[i]! * ga[i]! * gb[i]!;
        normal[a * m + b] = sum;
        normal[b * m + a] = sum;
      }
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weight[i]! * ga[i]! * residual[i]!;
      right[a] = sum;
    }
    for (let a = 0; a < m; a++) {
      if (enabled[a] && normal[a * m + a]! > 0) continue;
      for (let b = 0; b < m; b++) {
        normal[a * m + b] = 0;
        normal[b * m + a] = 0;
      }
      normal[a * m + a] = 1;
      right[a] = 0;
    }
    const inverse = invertSymmetric(normal, m);
    if (!inverse) {
      plan.active = false;
      return 0;
    }
    plan.inverse = inverse;
    for (let a = 0; a < m; a++) {
      let sum = 0;
      for (let b = 0; b < m; b++) sum += inverse[a * m + b]! * right[b]!;
      amplitude[a] = sum;
    }
    let chi2 = 0;
    for (let i = 0; i < n; i++) {
      let value = 0;
      for (let a = 0; a < m; a++) value += amplitude[a]! * g[a]![i]!;
      model[i] = value;
      const r = residual[i]! - value;
      chi2 += weight[i]! * r * r;
    }
    return chi2;
  }

  /** χ² at given kinematics. */
  function evaluate(velocity: number, u: number): number {
    let chi2 = 0;
    for (const plan of plans) {
      if (!plan.active) continue;
      setProfiles(plan, velocity, u);
      chi2 += solve(plan);
    }
    return chi2;
  }

  /** Σ (flux/error)² of the lines in emission at given kinematics: how much the lines explain there. */
  function lineSignal(velocity: number, u: number): number {
    let signal = 0;
    for (const plan of plans) {
      if (!plan.active) continue;
      setProfiles(plan, velocity, u);
      solve(plan);
      const m = plan.g.length;
      plan.columns.forEach((_, k) => {
        const a = plan.amplitude[k]!;
        if (plan.enabled[k] && a > 0) signal += (a * a) / plan.inverse[k * m + k]!;
      });
    }
    return signal;
  }

  /** Gauss–Newton matrix and gradient of (v, u) with the linear parameters projected out. */
  function curvature(): { s: [number, number, number]; gradient: [number, number] } {
    const s: [number, number, number] = [0, 0, 0];
    const gradient: [number, number] = [0, 0];
    for (const plan of plans) {
      if (!plan.active) continue;
      const { g, weight, residual, model, coupling } = plan;
      const m = g.length;
      const n = residual.length;
      coupling.fill(0);
      for (let i = 0; i < n; i++) {
        const w = weight[i]!;
        if (w === 0) continue;
        let jv = 0;
        let ju = 0;
        for (let k = 0; k < plan.columns.length; k++) {
          jv += plan.amplitude[k]! * plan.dv[k]![i]!;
          ju += plan.amplitude[k]! * plan.du[k]![i]!;
        }
        if (jv === 0 && ju === 0) continue;
        const r = residual[i]! - model[i]!;
        s[0] += w * jv * jv;
        s[1] += w * jv * ju;
        s[2] += w * ju * ju;
        gradient[0] += w * jv * r;
        gradient[1] += w * ju * r;
        for (let a = 0; a < m; a++) {
          coupling[a]! += w * g[a]![i]! * jv;
          coupling[m + a]! += w * g[a]![i]! * ju;
        }
      }
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) {
          const q = plan.inverse[a * m + b]!;
          s[0] -= coupling[a]! * q * coupling[b]!;
          s[1] -= coupling[a]! * q * coupling[m + b]!;
          s[2] -= coupling[m + a]! * q * coupling[m + b]!;
        }
      }
    }
    return { s, gradient };
  }

  /** Damped Gauss–Newton from a start; answers with the kinematics, whether it converged, and whether it ended on a bound. */
  function minimise(velocity: number, u: number): { velocity: number; u: number; chi2: number; converged: boolean; atBound: boolean } {
    let chi2 = evaluate(velocity, u);
    let damping = 1e-3;
    for (let turn = 0; turn < 60; turn++) {
      const { s, gradient } = curvature();
      let accepted = false;
      let change = 0;
      for (let attempt = 0; attempt < 12; attempt++) {
        const a = s[0] * (1 + damping);
        const d = s[2] * (1 + damping);
        const determinant = a * d - s[1] * s[1];
        if (!(determinant > 0)) break;
        const nextV = Math.min(velocityBound, Math.max(-velocityBound, velocity + (d * gradient[0] - s[1] * gradient[1]) / determinant));
        const nextU = Math.min(varianceBound, Math.max(0, u + (a * gradient[1] - s[1] * gradient[0]) / determinant));
        const next = evaluate(nextV, nextU);
        if (next <= chi2) {
          // In units of the errors, whatever the S/N.
          change = Math.abs(nextV - velocity) * Math.sqrt(s[0]) + Math.abs(nextU - u) * Math.sqrt(s[2]);
          [velocity, u] = [nextV, nextU];
          accepted = true;
          chi2 = next;
          damping = Math.max(1e-9, damping / 10);
          break;
        }
        damping *= 10;
      }
      if (!accepted || change < 1e-6) {
        evaluate(velocity, u);
        const atBound = Math.abs(velocity) >= velocityBound || u >= varianceBound || u === 0;
        return { velocity, u, chi2, converged: true, atBound };
      }
    }
    return { velocity, u, chi2, converged: false, atBound: false };
  }

  function prepare(spectra: readonly Spectrum[]): void {
    plans.forEach((plan, w) => {
      const { window } = plan;
      const spectrum = spectra[window.arm]!;
      const n = window.to - window.from;
      pixelWeights(spectrum, window, plan.weight);
      const found = continuum ? fitWindowContinuum(spectrum, window, plan.weight, plan.clear, plan.absorbed) : { level: new Float64Array(n), model: new Float64Array(n) };
      continua[w] = found;
      let good = 0;
      for (let i = 0; i < n; i++) {
        const usable = plan.weight[i]! > 0 && Number.isFinite(found.model[i]!);
        if (!usable) plan.weight[i] = 0;
        plan.residual[i] = usable ? spectrum.flux[window.from + i]! - found.model[i]! : 0;
        if (usable) good++;
      }
      plan.active = good > plan.g.length + 3;
      plan.enabled.fill(1);
      plan.columns.forEach((column, k) => { plan.enabled[k] = Number(covered(plan, column.strong)); });
    });
  }

  /** Whether most of a line's core has good pixels. */
  function covered({ window, weight }: Plan, line: number): boolean {
    const { wavelength } = arms[window.arm]!.axis;
    const centre = rest[line]! * (1 + redshift);
    const reach = centre * (gridReach / 3 / c) + 2 * lsf[line]!;
    let [all, good] = [0, 0];
    for (let i = 0; i < weight.length; i++) {
      if (Math.abs(wavelength[window.from + i]! - centre) > reach) continue;
      all++;
      if (weight[i]! > 0) good++;
    }
    return all > 0 && good >= 0.7 * all;
  }

  /** Leaves out pixels that neither noise nor a line can explain (cosmic rays); answers whether there were any. */
  function clipOutliers(): boolean {
    let found = false;
    for (const plan of plans) {
      if (!plan.active) continue;
      for (let i = 0; i < plan.residual.length; i++) {
        const w = plan.weight[i]!;
        if (w === 0) continue;
        const r = plan.residual[i]! - plan.model[i]!;
        if (r * r * w > 36 && Math.abs(r) > 0.3 * Math.abs(plan.model[i]!)) {
          plan.weight[i] = 0;
          found = true;
        }
      }
    }
    return found;
  }

  function fit(spectra: readonly Spectrum[]): LineFit {
    prepare(spectra);
    const nan = (): Float64Array => new Float64Array(nLines).fill(Number.NaN);
    const out = { flux: nan(), fluxError: nan(), ew: nan(), ewError: nan(), sum: nan(), sumError: nan(), lineStatus: new Int32Array(nLines) };
    lines.forEach((_, i) => { out.lineStatus[i] = windowOf[i]! < 0 ? bit('NOCOV') : sky[i]!; });
    const nothing = { velocity: Number.NaN, velocityError: Number.NaN, sigma: Number.NaN, sigmaError: Number.NaN };
    if (!plans.some((plan) => plan.active)) {
      out.lineStatus.forEach((status, i) => { out.lineStatus[i] = status | bit('NOVALUE'); });
      return { lines, ...out, ...nothing, chi2: Number.NaN, dof: 0, status: bit('NOCOV') | bit('NOVALUE') };
    }
    let status = 0;
    let velocity = kinematics?.velocity ?? 0;
    let u = (kinematics?.sigma ?? startSigma) ** 2;
    let free = kinematics === undefined;
    let chi2 = 0;
    for (let pass = 0; pass < 3; pass++) {
      if (free) {
        let best = -1;
        let start = 0;
        for (let v = -gridReach; v <= gridReach; v += gridStep) {
          const signal = lineSignal(v, startSigma ** 2);
          if (signal > best) [best, start] = [signal, v];
        }
        const found = minimise(start, startSigma ** 2);
        ({ velocity, u, chi2 } = found);
        status = (found.converged ? 0 : bit('FITFAILED')) | (found.atBound ? bit('NEARBOUND') : 0);
        if (strongest() < detection) {
          free = false;
          velocity = 0;
          u = startSigma ** 2;
          status = bit('LOWSNR');
          chi2 = evaluate(velocity, u);
        }
      } else chi2 = evaluate(velocity, u);
      if (!clipOutliers()) break;
    }

    // Covariance of the kinematics, and what it adds to that of the fluxes.
    let cov: [number, number, number] = [0, 0, 0];
    let freeU = free;
    if (free) {
      const { s } = curvature();
      // On the bound the dispersion is not free: it adds nothing to the errors of the others.
      freeU = u > 0 && u < varianceBound;
      const determinant = s[0] * s[2] - s[1] * s[1];
      if (freeU && determinant > 0) cov = [s[2] / determinant, -s[1] / determinant, s[0] / determinant];
      else if (s[0] > 0) cov = [1 / s[0], 0, 0];
    }
    let used = 0;
    let parameters = (free ? 1 : 0) + (freeU ? 1 : 0);
    plans.forEach((plan, w) => {
      if (!plan.active) return;
      const m = plan.g.length;
      for (const weight of plan.weight) if (weight > 0) used++;
      parameters += nuisance;
      const coupled = (a: number, which: 0 | 1): number => {
        let sum = 0;
        for (let b = 0; b < m; b++) sum += plan.inverse[a * m + b]! * plan.coupling[which * m + b]!;
        return sum;
      };
      const covariance = (a: number, b: number): number => {
        const base = plan.inverse[a * m + b]!;
        if (!free) return base;
        const [av, au, bv, bu] = [coupled(a, 0), coupled(a, 1), coupled(b, 0), coupled(b, 1)];
        return base + av * bv * cov[0] + (av * bu + au * bv) * cov[1] + au * bu * cov[2];
      };
      plan.columns.forEach((column, k) => {
        if (!plan.enabled[k]) {
          for (const i of [column.strong, column.weak]) if (i !== null) out.lineStatus[i]! |= bit('NOVALUE');
          return;
        }
        parameters++;
        const error = Math.sqrt(covariance(k, k));
        for (const [i, share] of [[column.strong, 1], [column.weak, 1 / column.ratio]] as const) {
          if (i === null) continue;
          out.flux[i] = plan.amplitude[k]! * share;
          out.fluxError[i] = error * share;
          measureWidth(plan, w, i, covariance, out, velocity);
          measureSum(plan, i, k, share, out, velocity, u);
        }
      });
    });
    return {
      lines, ...out, status,
      ...(free || kinematics ? {
        velocity, velocityError: Math.sqrt(cov[0]), sigma: Math.sqrt(u), sigmaError: u > 0 ? Math.sqrt(cov[2]) / (2 * Math.sqrt(u)) : Number.NaN,
      } : nothing),
      chi2, dof: used - parameters,
    };
  }

  /** The largest flux over its error at fixed kinematics. */
  function strongest(): number {
    let best = 0;
    for (const plan of plans) {
      if (!plan.active) continue;
      const m = plan.g.length;
      plan.columns.forEach((_, k) => {
        if (plan.enabled[k]) best = Math.max(best, plan.amplitude[k]! / Math.sqrt(plan.inverse[k * m + k]!));
      });
    }
    return best;
  }

  function measureWidth(
    plan: Plan, w: number, i: number, covariance: (a: number, b: number) => number, out: { flux: Float64Array; fluxError: Float64Array; ew: Float64Array; ewError: Float64Array }, velocity: number,
  ): void {
    if (!continuum) return;
    const { wavelength } = arms[plan.window.arm]!.axis;
    const centre = rest[i]! * (1 + redshift) * (1 + velocity / c);
    const p = Math.min(plan.x.length - 1, Math.max(0, nearest(wavelength, plan.window, centre)));
    const base = plan.columns.length;
    const x = plan.x[p]!;
    const level = continua[w]!.level[p]! + plan.amplitude[base]! + plan.amplitude[base + 1]! * x;
    const levelError = Math.sqrt(covariance(base, base) + 2 * x * covariance(base, base + 1) + x * x * covariance(base + 1, base + 1));
    if (!(level > 0)) return;
    out.ew[i] = out.flux[i]! / (level * (1 + redshift));
    out.ewError[i] = Math.hypot(out.fluxError[i]!, (out.flux[i]! * levelError) / level) / (level * (1 + redshift));
  }

  function nearest(wavelength: Float64Array, window: Window, λ: number): number {
    let k = window.from;
    while (k < window.to - 1 && Math.abs(wavelength[k + 1]! - λ) <= Math.abs(wavelength[k]! - λ)) k++;
    return k - window.from;
  }

  /** Sum over ±3σ of the line after every other line of the window is taken off. */
  function measureSum(plan: Plan, i: number, k: number, share: number, out: { sum: Float64Array; sumError: Float64Array }, velocity: number, u: number): void {
    const { edges } = arms[plan.window.arm]!.axis;
    const centre = rest[i]! * (1 + redshift) * (1 + velocity / c);
    const sigma = Math.sqrt(lsf[i]! ** 2 + (centre / c) ** 2 * u);
    const [first, last] = lineProfile(edges, plan.window.from, plan.window.to, centre, sigma, false, ...scratch);
    const own = scratch[0];
    let [sum, variance] = [0, 0];
    for (let p = first - plan.window.from; p < last - plan.window.from; p++) {
      const width = edges[plan.window.from + p + 1]! - edges[plan.window.from + p]!;
      if (Math.abs(edges[plan.window.from + p]! + width / 2 - centre) > 3 * sigma) continue;
      const mine = plan.amplitude[k]! * share * own[p]!;
      // A bad pixel is replaced by the model: leaving it out would lose its flux.
      const value = plan.weight[p]! > 0 ? plan.residual[p]! - plan.model[p]! + mine : mine;
      sum += value * width;
      variance += plan.weight[p]! > 0 ? (width * width) / plan.weight[p]! : 0;
    }
    out.sum[i] = sum;
    out.sumError[i] = Math.sqrt(variance);
  }

  return {
    lines, windows, fit,
    skyAt: (line) => skyAt[lineIndex.get(line)!]?.name ?? null,
    instrumentSigma: Float64Array.from(lines, (_, i) => (lsf[i]! * c) / (rest[i]! * (1 + redshift))),
    picture(w) {
      const plan = plans[w]!;
      const base = plan.columns.length;
      const under = plan.x.map((_, i) => continua[w]!.model[i]! + (nuisance ? plan.amplitude[base]! * plan.g[base]![i]! + plan.amplitude[base + 1]! * plan.g[base + 1]![i]! : 0));
      return { model: plan.model.map((v, i) => v + continua[w]!.model[i]!), continuum: under };
    },
  };
}
