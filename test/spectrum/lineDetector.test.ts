import { describe, expect, it } from 'vitest';
import { linearAxis } from '../../src/light/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';
import { createLineDetector, createLineFitter, type Continuum, type Spectrum } from '../../src/spectrum/index.js';

const lsf = { kind: 'muse' } as const;
const axis = linearAxis(4750, 1.25, 1700, 'air');
const redshift = 0.01;
const lines: readonly LineName[] = ['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731'];
const truth = new Map<LineName, number>([['Hb', 10], ['OIII4959', 4], ['OIII5007', 12], ['NII6548', 4], ['Ha', 30], ['NII6583', 12], ['SII6716', 6], ['SII6731', 5]]);
const gas = { velocity: 60, sigma: 55 };
const n = axis.wavelength.length;
const continuum: Continuum = {
  model: [axis.wavelength.map((λ) => 2 + λ / 6000)], level: [axis.wavelength.map((λ) => 2.1 + λ / 6000)], uncertainty: [new Float64Array(n)], rejected: [new Uint8Array(n)], degree: 1,
};
/** Lines of this strength over that continuum, whose level is a little off. */
function spectrum(strength: number, noise: number, seed: number): Spectrum {
  const own = simulateSpectrum({ axis, lsf, redshift, lines: new Map([...truth].map(([name, flux]) => [name, strength * flux])), ...gas, continuum: 0, noise, seed });
  return { axis, lsf, ...own, flux: own.flux.map((value, k) => value + 1.05 * continuum.model[0]![k]!) };
}
const detector = createLineDetector([{ axis, lsf }], { redshift, lines });
const fitter = createLineFitter([{ axis, lsf }], { redshift, lines, ratioBounds: [] });

/** The detector's result is that of the fitter at the same kinematics: to rounding, for both solve the same linear equations. */
function agree(data: Spectrum, at: typeof gas): void {
  detector.setKinematics(at);
  const found = detector.detect([data], continuum)!;
  const whole = fitter.fit([data], continuum, at);
  for (let i = 0; i < lines.length; i++) {
    expect(Number.isNaN(found.flux[i]!)).toBe(Number.isNaN(whole.flux[i]!));
    if (Number.isNaN(whole.flux[i]!)) continue;
    expect(Math.abs(found.flux[i]! - whole.flux[i]!) / whole.fluxError[i]!).toBeLessThan(1e-6);
    expect(found.fluxError[i]! / whole.fluxError[i]!).toBeCloseTo(1, 6);
    expect(Math.abs(found.ew[i]! - whole.ew[i]!)).toBeLessThan(1e-6);
  }
}

describe('the detector of lines at known kinematics', () => {
  it('gives the fluxes, errors and equivalent widths of the line fit, for faint lines and bright ones', () => {
    for (const [strength, seed] of [[0, 1], [0.3, 2], [1, 3], [10, 4]] as const) agree(spectrum(strength, 1, seed), gas);
  });

  it('treats cosmic rays, outliers, gaps and noise beyond the errors as the line fit does', () => {
    const data = spectrum(2, 1, 5);
    const at = (λ: number): number => axis.wavelength.findIndex((own) => own > λ * (1 + redshift));
    data.flux[at(6563)]! += 500;
    for (let k = 0; k < 4; k++) data.flux[at(4861) + 30 + k]! += 40;
    data.variance.fill(Number.NaN, at(6712), at(6721));
    data.flux.fill(Number.NaN, at(4925), at(5055));
    agree({ ...data, variance: data.variance.map((v) => v / 4) }, gas);
  });

  it('looks with a narrow line at the redshift where the kinematics are not known, and leaves bright lines to the line fit', () => {
    detector.setKinematics(null);
    const faint = spectrum(0.1, 1, 6);
    const found = detector.detect([faint], continuum)!;
    const whole = fitter.fit([faint], continuum);
    expect(whole.velocity).toBeNaN();
    for (let i = 0; i < lines.length; i++) expect(found.flux[i]).toBeCloseTo(whole.flux[i]!, 6);
    expect(detector.detect([spectrum(3, 1, 7)], continuum)).toBeNull();
  });

  it('answers nothing where there is no continuum', () => {
    detector.setKinematics(gas);
    const none = { ...continuum, model: [new Float64Array(n).fill(Number.NaN)] };
    expect(detector.detect([spectrum(1, 1, 8)], none)!.flux.every(Number.isNaN)).toBe(true);
  });
});
