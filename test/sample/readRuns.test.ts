import { describe, expect, it } from 'vitest';
import { deriveProperties, objectsOf, readRuns, valuesOf, wordsOf } from '../../src/sample/index.js';

const gradient = (more: Record<string, unknown> = {}) => ({
  object: 'NGC1705', redshift: { given: 0.002, refined: 0.0021 },
  geometry: { ra: 73.5, dec: -53.3, positionAngle: 48, ellipticity: 0.3, inclination: 46, effectiveRadiusKpc: 0.43, distanceMpc: 5.1 },
  gradients: [
    { quantity: 'O/H', calibration: 'N2S2Ha', unit: 'dex/Re', slope: -0.007, slopeError: 0.001, bins: 120, range: [0.1, 1.6], refused: null },
    { quantity: 'O/H', calibration: 'N2S2Ha', unit: 'dex/kpc', slope: -0.016, slopeError: 0.002, bins: 120, range: [0.04, 0.7], refused: null },
    { quantity: 'O/H', calibration: 'O3N2-M13', unit: 'dex/Re', slope: -0.5, slopeError: 0.1, bins: 100, range: [0.1, 1.6], refused: null },
    { quantity: 'logSigmaSfr', calibration: null, unit: 'dex/Re', slope: -1.2, slopeError: 0.05, bins: 120, range: [0.1, 1.6], refused: null },
    { quantity: 'logSigmaSfr', calibration: null, unit: 'dex/kpc', slope: -2.8, slopeError: 0.1, bins: 120, range: [0.1, 1.6], refused: null },
    { quantity: 'logSsfr', calibration: null, unit: 'dex/Re', slope: null, slopeError: null, bins: 3, range: null, refused: '3 bins are too few' },
  ],
  integrated: { oh: { 'N2S2Ha': [7.9, 0.02], 'O3N2-M13': [8.1, 0.03] }, ohInner: { N2S2Ha: [7.95, 0.02] }, logSfr: [-1.5, 0.01], logMstar: [8.2, null], logMhi: [8.02, 0.05], bins: 4 },
  ...more,
});

describe('runs as a sample', () => {
  it('have geometry, gradients of the run’s own calibration, and what was integrated', () => {
    const sample = readRuns([{ where: 'run/a', gradient: gradient(), run: { warnings: [] } }]);
    expect(objectsOf(sample)).toEqual(['NGC1705']);
    const first = (name: string) => valuesOf(sample, name)![0]!;
    for (const [name, value] of [
      ['redshift', 0.0021], ['ra', 73.5], ['distance', 5.1], ['effectiveRadius', 0.43], ['gradient', -0.007], ['gradientError', 0.001], ['gradientKpc', -0.016], ['sfrGradient', -1.2], ['oh', 7.9], ['ohError', 0.02],
      ['ohInner', 7.95], ['logSfr', -1.5], ['logMstar', 8.2], ['logMhi', 8.02], ['logMhiError', 0.05], ['starFormingBins', 120], ['radialRange', 1.5],
    ] as const) expect(first(name), name).toBeCloseTo(value, 12);
    expect(valuesOf(sample, 'ssfrGradient')).toBeNull();
    expect(sample.notes.map(({ message }) => message)).toEqual(['run/a: no ssfrGradient: 3 bins are too few']);
    expect(Number.isFinite(valuesOf(deriveProperties(sample), 'logYeff')![0]!)).toBe(true);
  });

  it('follow another calibration when asked to', () => {
    const sample = readRuns([{ where: 'run/a', gradient: gradient(), run: {} }], { calibration: 'O3N2-M13' });
    expect(valuesOf(sample, 'gradient')![0]).toBe(-0.5);
    expect(valuesOf(sample, 'oh')![0]).toBe(8.1);
    expect(valuesOf(sample, 'gradientKpc')).toBeNull();
    expect(readRuns([{ where: 'run/a', gradient: gradient(), run: {} }], { calibration: 'R23' }).notes.map(({ message }) => message)).toContain('run/a: no gradient of O/H by R23.');
  });

  it('of one galaxy count once; a file that is no run leaves a galaxy without numbers', () => {
    const sample = readRuns([{ where: 'a', gradient: gradient(), run: {} }, { where: 'b', gradient: gradient({ object: 'ngc 1705' }), run: {} }, { where: 'c', gradient: null, run: [] }]);
    expect(objectsOf(sample)).toEqual(['NGC1705', 'c']);
    expect(Number.isNaN(valuesOf(sample, 'oh')![1]!)).toBe(true);
    expect(sample.notes.map(({ kind }) => kind)).toEqual(['missing', 'missing', 'duplicate', 'missing']);
  });

  it('that assumed their hydrogen leave gas and yield to the sample, and say when it is shared', () => {
    const integrated = { ...gradient().integrated, logMhi: null, logMgas: [7, 0.1], logMbaryon: [8.3, 0.1], logYeff: [-3, 0.1] };
    const sample = readRuns([{ where: 'a', gradient: gradient({ integrated, masses: { assumption: 'M_HI = 0', atomicFrom: { match: { shared: true } } } }), run: {} }]);
    expect(['logMgas', 'logMbaryon', 'logYeff'].map((name) => valuesOf(sample, name))).toEqual([null, null, null]);
    expect(sample.notes.filter(({ kind }) => kind === 'assumption').map(({ message }) => message)).toEqual([
      'a: gas mass, baryonic mass and yield of the run rest on an assumption (M_HI = 0) and are left out.', 'a: its atomic hydrogen is shared with another galaxy and is an upper limit.',
    ]);
    expect(valuesOf(deriveProperties(sample, { assumption: 'hiZero' }), 'logYeff')![0]).toBeLessThan(0);
    expect(valuesOf(readRuns([{ where: 'a', gradient: gradient({ integrated }), run: {} }]), 'logYeff')![0]).toBe(-3);
  });

  it('bring what samples are selected by where the run knows it', () => {
    const sample = readRuns([{ where: 'a', gradient: gradient({ extent: { coverage: 1.4, starFormingRegions: 3, exposure: 2400, absoluteMagnitude: null } }), run: {} }]);
    expect(['coverage', 'starFormingRegions', 'exposure'].map((name) => valuesOf(sample, name)![0])).toEqual([1.4, 3, 2400]);
    expect(valuesOf(sample, 'absoluteMagnitude')).toBeNull();
  });

  it('bring the class of the velocity field where it was found', () => {
    expect(wordsOf(readRuns([{ where: 'a', gradient: gradient({ kinematics: { class: 'irregular' } }), run: {} }]), 'velocityClass')).toEqual(['irregular']);
  });
});
