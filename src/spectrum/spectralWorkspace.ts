import { fftPlanBytes, fftPlanInit, goodFftLength, type SpectralExports } from '../kernels/index.js';
import { placeArrays } from '../numeric/index.js';
import type { Projection, TemplateGrid } from './templateGrid.js';

/** A line-of-sight velocity distribution in samples of the grid: shift, variance (what it differs by from σ² is resolution), σ of the Hermite terms. */
export interface Losvd {
  readonly velocity: number;
  readonly variance: number;
  readonly sigma: number;
  readonly h3: number;
  readonly h4: number;
}

/** What the model is differentiated by. */
export type LosvdParameter = 'velocity' | 'variance' | 'h3' | 'h4';

/**
 * Templates in Fourier space and the columns of one linear fit, in the memory of one instance of the kernels. Column slots are
 * filled by convolving a template with its component's velocity distribution, projecting it on the pixels and scaling it.
 */
export interface SpectralWorkspace {
  /** Pixels rounded up to a multiple of four, which columns are padded to with zeros. */
  readonly stride: number;
  readonly data: Float64Array;
  readonly residual: Float64Array;
  readonly gram: Float64Array;
  readonly lead: number;
  /** data·column of each slot. */
  readonly right: Float64Array;
  readonly solution: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Factors of the pixels: one array per kind of scale. */
  scale(kind: number): Float64Array;
  column(slot: number): Float64Array;
  /** Polynomial of a degree at every pixel; 0 in the padding. */
  polynomial(degree: number): Float64Array;
  /** What `multiplyPolynomials` multiplies by. */
  readonly blend: Float64Array;
  /** `blend` times the polynomials of degrees first … first + count − 1, into slots from `slot` on. */
  multiplyPolynomials(slot: number, first: number, count: number): void;
  /** Fills `blend` with Σ coefficients[m]·polynomial m, m from 0 on. */
  sumPolynomials(coefficients: readonly number[]): void;
  setLosvd(component: number, losvd: Losvd): void;
  /** Convolves template n and puts its pixels × scale into the slot. */
  fill(slot: number, template: number, kind: number): void;
  /** Sums weighted templates of a component, for `fillComposite` and `fillSlope`. */
  compose(component: number, templates: readonly number[], weights: ArrayLike<number>): void;
  fillComposite(slot: number, component: number, kind: number): void;
  fillSlope(slot: number, component: number, kind: number, by: LosvdParameter): void;
  /** Dot products of slots from…to−1 with all slots up to their own, and with the data. */
  products(from: number, to: number): void;
  /** Solves for the amplitudes of slots 0…n−1 within lower…upper, warm from those that `solution` holds. False when it did not end. */
  solve(n: number, warm: boolean): boolean;
  /** residual = data − Σ solution·columns over n slots; returns its sum of squares. */
  subtract(n: number): number;
  /** Fills `into` with column·residual of every template of the component, without making the columns. */
  gradients(component: number, kind: number, into: Float64Array): void;
  /** Exchanges the contents of slots, Gram rows and bounds so that the slots listed come first; the others are lost. */
  keep(slots: readonly number[]): void;
}

/** Padding so that what wraps around stays clear of the pixels [samples]. */
const padding = 40;
/** What a transform is multiplied by for less than e to minus this is lost among rounding errors, also after two derivatives. */
const nothing = 50;

/** Makes the workspace of `slots` columns, `scales` kinds of scale and polynomials of `degrees` degrees. */
export function createSpectralWorkspace(kernels: SpectralExports, grid: TemplateGrid, projection: Projection, slots: number, scales: number, degrees: number): SpectralWorkspace {
  const pixels = projection.first.length;
  const stride = (pixels + 3) & ~3;
  const n = goodFftLength(grid.length + padding);
  const frequencies = n / 2 + 1;
  const components = Math.max(...grid.component) + 1;
  const templates = grid.spectra.length;
  // An even number of complex values, so that dot products run in fours; the last one stays zero.
  const complex = 16 * ((frequencies + 1) & ~1);
  const at = placeArrays({
    plan: fftPlanBytes(n), templates: templates * complex, transfer: components * complex, gauss: components * complex, composite: components * complex,
    work: complex, samples: 8 * n + 16, first: 4 * pixels, weights: 8 * pixels * projection.width, scales: scales * stride * 8, data: 8 * stride, residual: 8 * stride,
    model: 8 * stride, polynomials: 8 * stride * degrees, coefficients: 8 * degrees, blend: 8 * stride, columns: slots * stride * 8, gram: 8 * slots * slots, right: 8 * slots, solution: 8 * slots, lower: 8 * slots, upper: 8 * slots,
    scratch: 8 * (slots * slots + 8 * slots),
  }, kernels);
  const floats = (address: number, length: number): Float64Array => new Float64Array(kernels.memory.buffer, address, length);
  fftPlanInit(kernels, at.plan, n);
  new Int32Array(kernels.memory.buffer, at.first, pixels).set(projection.first);
  floats(at.weights, projection.weights.length).set(projection.weights);
  const samples = floats(at.samples, n);
  grid.spectra.forEach((spectrum, i) => {
    samples.fill(0);
    samples.set(spectrum);
    kernels.rfft(at.samples, at.templates + i * complex, n, at.plan);
  });
  const work = floats(at.work, 2 * frequencies);
  const step = (2 * Math.PI) / n;
  const losvds: Losvd[] = [];
  /** Frequencies that a component's velocity distribution leaves something of. */
  const reach: number[] = [];
  const coefficients = floats(at.coefficients, degrees);
  const [gram, right, solution, lower, upper] = [floats(at.gram, slots * slots), floats(at.right, slots), floats(at.solution, slots), floats(at.lower, slots), floats(at.upper, slots)];
  const columnAt = (slot: number): number => at.columns + slot * stride * 8;

  function projectWork(slot: number, kind: number): void {
    kernels.irfft(at.work, at.samples, n, at.plan);
    kernels.project(at.first, at.weights, projection.width, at.samples, pixels, at.scales + kind * stride * 8, columnAt(slot));
  }

  return {
    stride, gram, right, solution, lower, upper, lead: slots,
    data: floats(at.data, stride), residual: floats(at.residual, stride),
    scale: (kind) => floats(at.scales + kind * stride * 8, stride),
    column: (slot) => floats(columnAt(slot), stride),
    polynomial: (degree) => floats(at.polynomials + 8 * stride * degree, stride),
    blend: floats(at.blend, stride),
    multiplyPolynomials(slot, first, count) {
      kernels.multiplyColumns(at.polynomials + 8 * stride * first, 8 * stride, stride, count, at.blend, columnAt(slot));
    },
    sumPolynomials(list) {
      coefficients.set(list);
      kernels.combine(at.polynomials, 8 * stride, stride, list.length, at.coefficients, at.blend);
    },
    setLosvd(component, losvd) {
      const { velocity, variance, sigma, h3, h4 } = losvd;
      const last = losvds[component];
      if (last && last.velocity === velocity && last.variance === variance && last.sigma === sigma && last.h3 === h3 && last.h4 === h4) return;
      losvds[component] = losvd;
      reach[component] = Math.min(frequencies, 2 + Math.ceil(Math.sqrt(2 * nothing / Math.max(variance, 1e-9)) / step));
      kernels.losvd(at.transfer + component * complex, n, velocity, variance, sigma, h3, h4);
    },
    fill(slot, template, kind) {
      kernels.complexMultiply(at.templates + template * complex, at.transfer + grid.component[template]! * complex, at.work, frequencies);
      projectWork(slot, kind);
    },
    compose(component, list, weights) {
      const to = at.composite + component * complex;
      floats(to, 2 * frequencies).fill(0);
      list.forEach((template, i) => kernels.complexAccumulate(to, at.templates + template * complex, weights[i]!, frequencies));
    },
    fillComposite(slot, component, kind) {
      kernels.complexMultiply(at.composite + component * complex, at.transfer + component * complex, at.work, frequencies);
      projectWork(slot, kind);
    },
    fillSlope(slot, component, kind, by) {
      const { velocity, variance, sigma, h3, h4 } = losvds[component]!;
      // The Hermite terms are polynomials in σω: their derivatives are written out, times the Gaussian alone.
      const bare = by === 'h3' || by === 'h4' || (by === 'variance' && (h3 !== 0 || h4 !== 0));
      const gauss = at.gauss + component * complex;
      if (bare) kernels.losvd(gauss, n, velocity, variance, sigma, 0, 0);
      kernels.complexMultiply(at.composite + component * complex, bare ? gauss : at.transfer + component * complex, at.work, frequencies);
      for (let k = 0; k < reach[component]!; k++) {
        const ω = step * k;
        const re = work[2 * k]!;
        const im = work[2 * k + 1]!;
        if (by === 'velocity') {
          work[2 * k] = im * ω;
          work[2 * k + 1] = -re * ω;
        } else if (!bare) {
          work[2 * k] = (-ω * ω / 2) * re;
          work[2 * k + 1] = (-ω * ω / 2) * im;
        } else {
          const [fr, fi] = hermiteSlope(by, ω, sigma, h3, h4);
          work[2 * k] = re * fr - im * fi;
          work[2 * k + 1] = re * fi + im * fr;
        }
      }
      projectWork(slot, kind);
    },
    products(from, to) {
      kernels.gram(at.columns, stride * 8, stride, from, to, at.gram, slots);
      kernels.columnDots(columnAt(from), stride * 8, stride, to - from, at.data, at.right + 8 * from);
    },
    solve(count, warm) {
      return kernels.boxLeastSquares(at.gram, at.right, count, slots, at.lower, at.upper, at.solution, at.scratch, warm ? 1 : 0) >= 0;
    },
    subtract(count) {
      kernels.combine(at.columns, stride * 8, stride, count, at.solution, at.model);
      const [data, residual, model] = [floats(at.data, stride), floats(at.residual, stride), floats(at.model, stride)];
      for (let p = 0; p < stride; p++) residual[p] = data[p]! - model[p]!;
      return kernels.dotProduct(at.residual, at.residual, stride);
    },
    gradients(component, kind, into) {
      // ⟨column, r⟩ = ⟨T̂·L̂, (Pᵀ r)^⟩ / n: one transform for all templates.
      kernels.projectAdjoint(at.first, at.weights, projection.width, pixels, at.scales + kind * stride * 8, at.residual, at.samples, n);
      kernels.rfft(at.samples, at.work, n, at.plan);
      const transfer = floats(at.transfer + component * complex, 2 * frequencies);
      const count = reach[component]!;
      for (let k = 0; k < count; k++) {
        const share = (k === 0 || k === frequencies - 1 ? 1 : 2) / n;
        const re = share * work[2 * k]!;
        const im = share * work[2 * k + 1]!;
        const own = transfer[2 * k]!;
        const turned = transfer[2 * k + 1]!;
        // Re(T L conj(v)) = T · conj(L conj(v)) as real vectors.
        work[2 * k] = own * re + turned * im;
        work[2 * k + 1] = own * im - turned * re;
      }
      // In fours, padded with zeros.
      const values = (2 * count + 3) & ~3;
      work.fill(0, 2 * count, values);
      kernels.columnDots(at.templates, complex, values, templates, at.work, at.samples);
      into.set(floats(at.samples, templates));
      grid.component.forEach((own, t) => { if (own !== component) into[t] = -Infinity; });
    },
    keep(list) {
      const bytes = new Uint8Array(kernels.memory.buffer);
      list.forEach((slot, i) => {
        if (slot === i) return;
        bytes.copyWithin(columnAt(i), columnAt(slot), columnAt(slot) + 8 * stride);
        for (const values of [right, solution, lower, upper]) values[i] = values[slot]!;
      });
      const kept = list.map((slot) => list.map((other) => gram[slot * slots + other]!));
      kept.forEach((row, i) => row.forEach((value, j) => { gram[i * slots + j] = value; }));
    },
  };
}

/** What the transform of a spectrum broadened by the Gaussian alone is multiplied by for the derivative by a moment, or by σ² with the moments. */
function hermiteSlope(by: 'variance' | 'h3' | 'h4', ω: number, sigma: number, h3: number, h4: number): readonly [number, number] {
  const y = sigma * ω;
  const H3 = (Math.SQRT2 * y * (2 * y * y - 3)) / Math.sqrt(6);
  const H4 = (4 * y ** 4 - 12 * y * y + 3) / Math.sqrt(24);
  if (by === 'h3') return [0, H3];
  if (by === 'h4') return [H4, 0];
  const byVariance = ω / (2 * Math.max(sigma, 1e-6));
  const [slope3, slope4] = [(Math.SQRT2 * (6 * y * y - 3)) / Math.sqrt(6), (16 * y ** 3 - 24 * y) / Math.sqrt(24)];
  return [(-ω * ω / 2) * (1 + h4 * H4) + h4 * slope4 * byVariance, (-ω * ω / 2) * h3 * H3 + h3 * slope3 * byVariance];
}
