import { describe, expect, it } from 'vitest';
import { cubeFromSimulation, simulateCube, simulateGalaxy, simulatePlanes } from '../../src/simulate/index.js';
import type { SimulationOptions } from '../../src/simulate/index.js';

const small = {
  nx: 24, ny: 22, pixelScale: 0.4, wavelength: { start: 4800, step: 1.25, count: 1640 },
  geometry: { effectiveRadius: 3 }, gas: { regions: 30 },
} as const satisfies SimulationOptions;
const noAbsorption = { fwhm: 8, Ha: 0, Hb: 0, Hg: 0, Hd: 0 };
const clean = { edge: 0, deadSpaxels: 0, deadVoxels: 0 };

/** Noise-free flux [1e-17 erg/s/cm²] per spaxel in ranges of wavelength. */
function integrate(options: SimulationOptions, ranges: readonly (readonly [number, number])[]): Float64Array[] {
  const simulation = simulateGalaxy(options);
  const fluxes = ranges.map(() => new Float64Array(simulation.settings.nx * simulation.settings.ny));
  for (const { z, model } of simulatePlanes(simulation)) {
    const wavelength = simulation.axis.wavelength[z]!;
    ranges.forEach(([from, to], r) => {
      if (wavelength > from && wavelength < to) model.forEach((value, i) => { fluxes[r]![i]! += value * 1.25 * 1e-3; });
    });
  }
  return fluxes;
}

describe('a simulated cube', () => {
  it('integrates over each line, continuum subtracted, to the true flux within 1e-4', () => {
    const withLines = { ...small, stars: { youngAbsorption: noAbsorption, oldAbsorption: noAbsorption } };
    const withoutLines = { ...withLines, gas: { ...small.gas, equivalentWidth: 0 } };
    const { lines } = simulateGalaxy(withLines).truth;
    const groups = [['Hb'], ['OIII5007'], ['NII6548', 'Ha', 'NII6583'], ['SII6716', 'SII6731']] as const;
    const ranges = [[4860, 4910], [5005, 5060], [6540, 6660], [6730, 6810]] as const;
    const [all, continuum] = [integrate(withLines, ranges), integrate(withoutLines, ranges)];
    groups.forEach((names, g) => {
      const errors = all[g]!.map((value, i) => {
        const truth = names.reduce((sum, name) => sum + lines.get(name)![i]!, 0);
        return Math.abs((value - continuum[g]![i]!) / truth - 1);
      });
      expect(Math.max(...errors)).toBeLessThan(1e-4);
    });
  });

  it('takes the stated equivalent width of stellar absorption out of the continuum', () => {
    const noLines = { ...small, gas: { equivalentWidth: 0 } };
    const { truth } = simulateGalaxy(noLines);
    const [absorbed] = integrate(noLines, [[6500, 6700]]);
    const [full] = integrate({ ...noLines, stars: { youngAbsorption: noAbsorption, oldAbsorption: noAbsorption } }, [[6500, 6700]]);
    // 1e-4 of the width: the wings beyond 5.5σ; the rest is the slope of the continuum between vacuum and air, below 1e-3.
    absorbed!.forEach((value, i) => {
      expect((full![i]! - value) / (truth.continuum[i]! * 1e-3) / 1.005 / truth.absorption.get('Ha')![i]!).toBeCloseTo(1, 3);
    });
    // Young stars, with the stronger lines, prevail outside.
    expect(truth.absorption.get('Ha')![0]!).toBeGreaterThan(truth.absorption.get('Ha')![11 * 24 + 12]!);
  });

  it('takes metal lines out of the stars when asked to, moving as the gas does', () => {
    const noLines = { ...small, gas: { equivalentWidth: 0 }, stars: { youngShare: 0, youngShareGradient: 0 }, rotation: { velocity: 0 }, wavelength: { start: 8500, step: 1.25, count: 120 } };
    const range = [[8560, 8610]] as const;
    const [full] = integrate(noLines, range);
    const [absorbed] = integrate({ ...noLines, stars: { ...noLines.stars, metals: 1 } }, range);
    // Ca II 8542 has 3 Å at rest, 3.015 Å at z = 0.005; 39 pixels of 1.25 Å lie in the range.
    full!.forEach((value, i) => expect(((1 - absorbed![i]! / value) * 39 * 1.25) / 3.015).toBeCloseTo(1, 2));
  });

  it('scatters noise of the variance in STAT: mean 0 and standard deviation 1', () => {
    const simulation = simulateGalaxy({ ...small, blemishes: clean });
    let [n, sum, square, brightSquare, bright] = [0, 0, 0, 0, 0];
    for (const { model, data, stat } of simulatePlanes(simulation)) {
      data.forEach((value, i) => {
        const pull = (value - model[i]!) / Math.sqrt(stat[i]!);
        n++;
        sum += pull;
        square += pull * pull;
        if (model[i]! > 100) { bright++; brightSquare += pull * pull; }
      });
    }
    // Four standard errors of the mean, 1/√n, and of the variance, √(2/n).
    expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(square / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    // Also where Poisson noise dominates.
    expect(bright).toBeGreaterThan(1e4);
    expect(Math.abs(brightSquare / bright - 1)).toBeLessThan(4 * Math.sqrt(2 / bright));
  });

  it('correlates neighbours when asked to, and keeps the variance', () => {
    const fwhm = 2;
    const simulation = simulateGalaxy({ ...small, noise: { correlation: fwhm }, blemishes: clean, wavelength: { start: 4800, step: 1.25, count: 400 } });
    const { nx } = simulation.settings;
    let [n, square, product, lines] = [0, 0, 0, 0];
    for (const { model, data, stat } of simulatePlanes(simulation)) {
      const pulls = data.map((value, i) => (value - model[i]!) / Math.sqrt(stat[i]!));
      pulls.forEach((pull, i) => {
        n++;
        square += pull * pull;
        if (i % nx > 0) { lines++; product += pull * pulls[i - 1]!; }
      });
    }
    // Each voxel shares its noise with about 9 others: 1/10 as many independent ones; four standard errors.
    const tolerance = 4 * Math.sqrt(2 / (n / 10));
    expect(Math.abs(square / n - 1)).toBeLessThan(tolerance);
    // Autocorrelation of a Gaussian kernel of σ at one spaxel: exp(−1/(4σ²)).
    const sigma = fwhm / 2.354820045;
    expect(Math.abs(product / lines - Math.exp(-1 / (4 * sigma * sigma)))).toBeLessThan(tolerance);
  });

  it('is the same for the same seed and another for another', () => {
    const tiny = { ...small, nx: 8, ny: 8, wavelength: { start: 6500, step: 1.25, count: 300 } };
    const [first, again, other] = [simulateCube(tiny), simulateCube(tiny), simulateCube({ ...tiny, seed: 2 })];
    expect(again.data).toEqual(first.data);
    expect(again.stat).toEqual(first.stat);
    expect(again.truth.lines).toEqual(first.truth.lines);
    expect(other.data).not.toEqual(first.data);
  });

  it('has a NaN frame, dead spaxels and dead voxels, in DATA and STAT alike', () => {
    const { data, stat, settings } = simulateCube({ ...small, blemishes: { edge: 2, deadSpaxels: 3, deadVoxels: 1e-3 }, wavelength: { start: 6500, step: 1.25, count: 300 } });
    const spaxels = settings.nx * settings.ny;
    expect(data.every((value, i) => Number.isNaN(value) === Number.isNaN(stat[i]!))).toBe(true);
    const bad = Array.from({ length: spaxels }, (_, i) => Array.from({ length: 300 }, (_, z) => data[z * spaxels + i]!).filter(Number.isNaN).length);
    const dead = bad.filter((count) => count === 300).length;
    const frame = spaxels - (settings.nx - 4) * (settings.ny - 4);
    expect(dead).toBeGreaterThan(frame);
    expect(dead).toBeLessThanOrEqual(frame + 3);
    expect(bad.some((count) => count > 0 && count < 300)).toBe(true);
    expect(bad[0]).toBe(300);
  });

  it('dims all light by Galactic dust but not the truth, which is in front of it', () => {
    const [bright, dim] = [simulateGalaxy(small), simulateGalaxy({ ...small, dust: { foreground: 0.3 } })];
    expect(dim.truth.lines).toEqual(bright.truth.lines);
    const [light, dimmed] = [simulatePlanes(bright).next().value!.model, simulatePlanes(dim).next().value!.model];
    // A(4800 Å) = 3.67 E(B−V) by Cardelli et al. (1989).
    light.forEach((value, i) => expect(-2.5 * Math.log10(dimmed[i]! / value) / 0.3).toBeCloseTo(3.667, 2));
  });

  it('shows a foreground star at rest, where it is put', () => {
    const star = { x: 17, y: 5, magnitude: 19 };
    const wavelength = { start: 6500, step: 1.25, count: 120 };
    const [without, with_] = [simulateGalaxy({ ...small, wavelength }), simulateGalaxy({ ...small, wavelength, star })];
    const [planes, starred] = [simulatePlanes(without), simulatePlanes(with_)];
    const spectrum: number[] = [];
    let [flux, x, y] = [0, 0, 0];
    for (const { model } of starred) {
      const plain = planes.next().value!.model;
      model.forEach((value, i) => {
        const added = value - plain[i]!;
        flux += added;
        x += added * (i % 24);
        y += added * Math.floor(i / 24);
      });
      spectrum.push(model[5 * 24 + 17]! - plain[5 * 24 + 17]!);
    }
    expect(x / flux).toBeCloseTo(17, 2);
    expect(y / flux).toBeCloseTo(5, 2);
    const deepest = 6500 + 1.25 * spectrum.indexOf(Math.min(...spectrum));
    expect(Math.abs(deepest - 6562.8)).toBeLessThan(1.25);
  });

  it('leaves a sky line at 5577 Å when asked to', () => {
    const wavelength = { start: 5540, step: 1.25, count: 60 };
    const cube = simulateCube({ ...small, wavelength, noise: { add: false }, blemishes: { ...clean, skyLine: 200 } });
    const spaxels = 24 * 22;
    const scatter = (z: number) => {
      let square = 0;
      for (let i = 0; i < spaxels; i++) square += (cube.data[z * spaxels + i]! - cube.data[i]!) ** 2;
      return Math.sqrt(square / spaxels);
    };
    expect(scatter(30)).toBeGreaterThan(20 * scatter(55));
  });

  it('becomes the Cube of the reader: spectrum-major, in 1e-20 erg/s/cm²/Å', () => {
    const simulated = simulateCube({ ...small, wavelength: { start: 6500, step: 1.25, count: 100 } });
    const cube = cubeFromSimulation(simulated);
    const [x, y, z] = [13, 7, 55];
    expect(cube.arms[0]!.flux[(y * 24 + x) * 100 + z]).toBe(simulated.data[(z * 22 + y) * 24 + x]);
    expect(cube.arms[0]!.variance[(y * 24 + x) * 100 + z]).toBe(simulated.stat[(z * 22 + y) * 24 + x]);
    expect(cube).toMatchObject({ instrument: 'MUSE', nx: 24, ny: 22, unit: 1e-20, pixelScale: 0.4, seeing: { fwhm: 0.8 } });
    expect(cube.arms[0]!.axis.wavelength[55]).toBe(6500 + 55 * 1.25);
  });
});
