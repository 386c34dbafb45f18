import { describe, expect, it } from 'vitest';
import { linearAxis, type Lsf } from '../../src/light/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';
import { createLineFitter } from '../../src/spectrum/index.js';
import { leastBeside, rejectSpikes } from '../../src/spectrum/outliers.js';
import { lineDensity } from '../../src/spectrum/profile.js';

const gaussian = (centre: number, sigma: number, n = 21): Float64Array => Float64Array.from({ length: n }, (_, k) => lineDensity(k - 0.5, k + 0.5, centre, sigma, 'integrated'));

describe('the spike filter', () => {
  it('leaves every line that is as wide as the instrument makes it, however bright and wherever it falls', () => {
    for (const lsf of [0.6, 0.85, 1.1, 1.5, 2.5]) {
      for (let centre = 10; centre <= 11; centre += 0.05) {
        for (const width of [0.85, 1, 2]) {
          const weight = new Float64Array(21).fill(1e12);
          rejectSpikes(gaussian(centre, lsf * width), weight, leastBeside(lsf));
          expect(weight.every((w) => w > 0), `${lsf} ${centre} ${width}`).toBe(true);
        }
      }
    }
  });

  it('takes out one bright pixel and two, also on a line', () => {
    for (const base of [0, 30]) {
      for (const hit of [[4], [10], [11], [4, 5], [10, 11]]) {
        const residual = gaussian(10.3, 1.1).map((value) => base * value);
        for (const k of hit) residual[k]! += 300;
        const weight = new Float64Array(21).fill(1);
        rejectSpikes(residual, weight, leastBeside(1.1));
        for (const k of hit) expect(weight[k], `${base} ${hit.join()}`).toBe(0);
      }
    }
  });
});

describe('cosmic rays', () => {
  const lsf: Lsf = { kind: 'muse' };
  const axis = linearAxis(4750, 1.25, 1760, 'air');
  const lines = new Map<LineName, number>([['Hb', 35], ['OIII5007', 60], ['OIII4959', 60 / 2.98], ['Ha', 100], ['NII6583', 30], ['NII6548', 30 / 2.94], ['SII6716', 20], ['SII6731', 14]]);

  it('on or beside a line leave the velocity and the other lines alone', () => {
    const fitter = createLineFitter([{ axis, lsf }], { redshift: 0.005, absorption: 0 });
    const random = createRandom(5, 'hits');
    const { flux, variance } = simulateSpectrum({ axis, lsf, redshift: 0.005, lines, velocity: -80, sigma: 35, noise: 0.5, continuum: 5, seed: 1 });
    const clean = fitter.fit([{ axis, lsf, flux, variance }]);
    const struck = ['Hb', 'OIII5007', 'Ha', 'SII6716'] as const;
    const draws = 200;
    let dragged = 0;
    for (let draw = 0; draw < draws; draw++) {
      const name = struck[random.integer(4)]!;
      const window = fitter.windows.find((one) => one.lines.includes(name))!;
      const hit = Float64Array.from(flux);
      const k = window.from + 3 + random.integer(window.to - window.from - 6);
      const brightness = 10 ** (1 + 3 * random.uniform());
      hit[k]! += brightness;
      if (draw % 2) hit[k + 1]! += brightness * (0.3 + 0.7 * random.uniform());
      const fit = fitter.fit([{ axis, lsf, flux: hit, variance }]);
      if (Math.abs(fit.velocity - clean.velocity) > 5 * clean.velocityError) {
        dragged++;
        continue;
      }
      fit.lines.forEach((other, i) => {
        if (window.lines.includes(other) || !(clean.flux[i]! > 10 * clean.fluxError[i]!)) return;
        expect(Math.abs(fit.flux[i]! - clean.flux[i]!), `${name} → ${other}`).toBeLessThan(2 * clean.fluxError[i]!);
      });
    }
    // A hit as bright as a line and on its flank passes for a part of it: 3 in 1000.
    expect(dragged).toBeLessThanOrEqual(3);
  });
});
