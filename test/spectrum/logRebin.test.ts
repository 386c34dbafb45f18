import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { linearAxis, makeAxis, type SpectralAxis } from '../../src/light/index.js';
import { logRebin, type LogRebinOptions } from '../../src/spectrum/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Case {
  readonly kwargs?: { readonly velscale?: number; readonly flux?: boolean; readonly oversample?: number };
  readonly spec: number[];
  readonly ln_lam: number[];
  readonly velscale: number;
}
interface Golden {
  readonly log_rebin: {
    readonly lam0: number; readonly dlam: number; readonly n: number; readonly spec: number[]; readonly cases: Readonly<Record<string, Case>>;
    readonly nonuniform: Case & { readonly lam: number[] };
  };
}

describeShared('logarithmic rebinning, against the reference tool', () => {
  const { lam0, dlam, n, spec, cases, nonuniform } = golden<Golden>('ppxf_util.json').log_rebin;
  const regular = linearAxis(lam0, dlam, n, 'air');
  const asked: Readonly<Record<string, LogRebinOptions>> = {
    default: {}, vs50: { velocityScale: 50 }, vs70_flux: { velocityScale: 70, quantity: 'flux' }, oversample2: { oversampling: 2 },
  };
  // Relative 1e-10: the peer forms differences of a running sum, which costs it the last digits.
  it.each<[string, SpectralAxis, LogRebinOptions, Case]>([
    ...Object.entries(cases).map(([name, one]): [string, SpectralAxis, LogRebinOptions, Case] => [name, regular, asked[name]!, one]),
    ['irregular pixels', makeAxis(nonuniform.lam, 'air'), { velocityScale: 60 }, nonuniform],
  ])('%s', (_, axis, options, wanted) => {
    // Its input is always a density; `flux` asks for the pixels' flux.
    const got = logRebin(axis, options.quantity === 'flux' ? spec.map((value) => value * dlam) : spec, null, options);
    expect(Math.abs(got.velocityScale - wanted.velscale)).toBeLessThan(1e-10 * wanted.velscale);
    expect(got.flux.length).toBe(wanted.spec.length);
    got.flux.forEach((value, k) => expect(Math.abs(value - wanted.spec[k]!)).toBeLessThan(1e-10 * Math.abs(wanted.spec[k]!)));
    got.axis.wavelength.forEach((λ, k) => expect(Math.abs(Math.log(λ) - wanted.ln_lam[k]!)).toBeLessThan(1e-13));
  });
});

const spectra = fc.array(fc.tuple(fc.double({ min: 0.3, max: 4, noNaN: true }), fc.double({ min: -50, max: 100, noNaN: true })), { minLength: 12, maxLength: 60 })
  .map((pixels) => {
    let λ = 4000;
    return { axis: makeAxis(pixels.map(([step]) => (λ += step)), 'vacuum'), flux: pixels.map(([, value]) => value) };
  });
const scales = fc.constantFrom<LogRebinOptions>({}, { oversampling: 3 }, { oversampling: 0.7 }, { velocityScale: 31 }, { velocityScale: 90 });

it('conserves the flux of the range that it covers, for irregular pixels and any scale', () => {
  fc.assert(fc.property(spectra, scales, ({ axis, flux }, options) => {
    const { axis: { edges }, flux: density } = logRebin(axis, flux, null, options);
    const total = density.reduce((sum, value, k) => sum + value * (edges[k + 1]! - edges[k]!), 0);
    const end = edges[edges.length - 1]!;
    const wanted = flux.reduce((sum, value, i) => sum + value * Math.max(0, Math.min(end, axis.edges[i + 1]!) - axis.edges[i]!), 0);
    // Up to 100 · 240 Å; edges are known to 1e-12 Å.
    expect(Math.abs(total - wanted)).toBeLessThan(1e-7);
    expect(Math.abs(end - axis.edges[axis.edges.length - 1]!) < 1e-9 || options.velocityScale !== undefined).toBe(true);
    const widths = flux.map((value, i) => value * (axis.edges[i + 1]! - axis.edges[i]!));
    expect(Math.abs(logRebin(axis, widths, null, { ...options, quantity: 'flux' }).flux.reduce((a, b) => a + b, 0) - wanted)).toBeLessThan(1e-7);
  }));
});

it('keeps a constant density', () => {
  fc.assert(fc.property(spectra, scales, ({ axis }, options) => {
    logRebin(axis, new Float64Array(axis.wavelength.length).fill(7), null, options).flux.forEach((value) => expect(Math.abs(value - 7)).toBeLessThan(1e-5));
  }));
});

it('a bad pixel spoils exactly the pixels that touch it', () => {
  fc.assert(fc.property(spectra, scales, fc.nat(59), fc.constantFrom('flux', 'mask', 'variance'), ({ axis, flux }, options, at, how) => {
    const i = at % flux.length;
    const variance = flux.map(() => 1);
    const whole = logRebin(axis, flux, variance, options);
    const spoilt = logRebin(
      axis, flux.map((value, k) => (how === 'flux' && k === i ? NaN : value)), variance.map((value, k) => (how === 'variance' && k === i ? -1 : value)),
      { ...options, ...(how === 'mask' ? { bad: flux.map((_, k) => Number(k === i)) } : {}) });
    spoilt.flux.forEach((value, k) => {
      const [left, right] = [spoilt.axis.edges[k]!, spoilt.axis.edges[k + 1]!];
      const overlap = Math.min(right, axis.edges[i + 1]!) - Math.max(left, axis.edges[i]!);
      if (Math.abs(overlap) < 1e-7) return; // whether these touch is a matter of rounding
      expect(value).toBe(overlap > 0 ? NaN : whole.flux[k]);
      expect(spoilt.variance[k]).toBe(overlap > 0 ? NaN : whole.variance[k]);
    });
  }));
});

it('the variance of a new pixel is that of the weighted sum of the old ones', () => {
  // Two pixels of one density each and a new one that takes 3/4 and 1/4 of its width from them.
  const axis = makeAxis([1000, 1001, 1002, 1003], 'vacuum');
  const { axis: { edges }, variance } = logRebin(axis, [1, 1, 1, 1], [4, 16, 4, 4], { velocityScale: 400 });
  const [first, width] = [1000.5 - edges[0]!, edges[1]! - edges[0]!];
  expect(edges[1]).toBeGreaterThan(1000.5);
  expect(variance[0]).toBeCloseTo(4 * (first / width) ** 2 + 16 * (1 - first / width) ** 2, 10);
  expect(Array.from(logRebin(axis, [1, 1, 1, 1], null).variance).every(Number.isNaN)).toBe(true);
});

it('a MUSE axis gets 55.172 km/s, and rebinned again to that scale, printed with eight decimals, keeps its pixels', () => {
  const { axis, velocityScale } = logRebin(linearAxis(4750, 1.25, 3681, 'air'), new Float64Array(3681), null);
  expect(velocityScale).toBeCloseTo(55.17208678, 7);
  expect(logRebin(axis, new Float64Array(3681), null, { velocityScale: Number(velocityScale.toFixed(8)) }).flux).toHaveLength(3681);
});

it.each<[string, number[], LogRebinOptions]>([
  ['arrays of another length', [1, 2], {}], ['no velocity scale', [1, 2, 3], { velocityScale: 0 }], ['one wider than the spectrum', [1, 2, 3], { velocityScale: 1e5 }],
])('refuses %s', (_, flux, options) => {
  expect(() => logRebin(makeAxis([4000, 4001, 4002], 'air'), flux, null, options)).toThrow(expect.toSatisfy((error) => isZgradError(error, 'BadArgument')));
});
