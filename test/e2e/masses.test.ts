import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrationByName, balmerDust, dustFactor, luminosity, starFormationRate, type LineName } from '../../src/nebula/index.js';
import { observedToOH } from '../../src/pipeline/integrated.js';
import { column, parseEcsv } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { binIds, readRun, textOf, type FinishedRun } from './support/run.js';
import { small, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('masses');
withoutPictures();
/** No Balmer absorption, of which a local continuum knows only the mean: what is tested here is the sum. */
const absorption = { fwhm: 10, Ha: 0, Hb: 0, Hg: 0, Hd: 0 };
const stellar = ['--set', 'masses.stellar=8.1 dex', '--set', 'masses.stellarError=0.1'];

describe('a simulated galaxy with stars and gas', () => {
  let files: SimulatedFiles;
  let run: FinishedRun;

  beforeAll(async () => {
    files = await writeSimulated(folder, 'galaxy', { ...small, object: 'NGC 1705', psf: { fwhm: 1.2 }, oxygen: { slope: -0.15 }, stars: { youngAbsorption: absorption, oldAbsorption: absorption } });
    writeFileSync(join(folder, 'other.csv'), 'name,logMHI\nNGC1796,8.33\n');
    // At the place of the simulated galaxy, under a name that is not its own.
    writeFileSync(join(folder, 'hi.csv'), 'name,ra,dec,S_HI,e_S_HI,pair\nESO158-13,150.1003,-2.2002,4.1,0.4,1\n');
    const catalogues = JSON.stringify([join(folder, 'other.csv'), { file: join(folder, 'hi.csv'), columns: { flux: 'S_HI [Jy km/s]' } }]);
    const out = join(folder, 'run');
    const { status, stderr } = zgrad('measure', files.cube, '--out', out, '--config', files.config, '--quiet', '--set', 'continuum.absorption=0', '--set', 'abundance.also=[N2-M13]', ...stellar, '--set', `gas.catalogues=${catalogues}`);
    expect(status, stderr).toBe(0);
    run = await readRun(out);
  });

  it('has the O/H and the star formation rate of the true fluxes of its star-forming bins', async () => {
    const { truth, disk } = files.simulation;
    const { oh, ohInner, ohOuter, logSfr, bins } = run.gradient.integrated;
    // Every spaxel is a bin: those with detected Hα and Hβ, EW and class are the ones summed.
    const summed = new Set(Array.from(column(run.bins, 'bpt').values as Int32Array).flatMap((bpt, b) => (bpt === 1 && Number(column(run.bins, 'ew_Ha').values[b]) >= 5 ? [b] : [])));
    expect(Math.abs(summed.size - bins)).toBeLessThanOrEqual(2);
    const bin = await binIds(run);
    const sum = (name: LineName): number => truth.lines.get(name)!.reduce((total, flux, spaxel) => (summed.has(bin[spaxel]!) ? total + flux : total), 0);
    const fluxes = Object.fromEntries((['Ha', 'Hb', 'OIII5007', 'NII6583', 'SII6716', 'SII6731'] as const).map((name) => [name, sum(name)])) as Partial<Record<LineName, number>>;
    for (const name of ['N2S2Ha', 'N2-M13'] as const) {
      const [value, error] = oh[name]!;
      expect(Math.abs(value - observedToOH(calibrationByName(name)!, fluxes, {}, 2.86)), name).toBeLessThan(Math.max(3 * error!, 0.01));
      expect(error!).toBeLessThan(0.02);
    }
    const { ebv } = balmerDust({ ha: fluxes.Ha!, haError: 0, hb: fluxes.Hb!, hbError: 0 }, { ratio: 2.86 });
    const wanted = Math.log10(starFormationRate(luminosity(fluxes.Ha! * dustFactor('Ha', ebv) * 1e-17, disk.luminosityDistance)));
    expect(Math.abs(logSfr![0] - wanted)).toBeLessThan(Math.max(3 * logSfr![1]!, 0.02));
    // The gradient of −0.15 dex/R_e lies between the two halves.
    expect(ohInner['N2S2Ha']![0] - ohOuter['N2S2Ha']![0]).toBeGreaterThan(0.03);
  });

  it('has masses and a yield by the formulas, and its hydrogen by position from the second catalogue, shared by a pair', () => {
    const { integrated: { logMstar, logMhi, logMh2, logMgas, gasFraction, logMbaryon, logMbaryonAtomic, logYeff, logSfr, oh }, masses } = run.gradient;
    expect(logMstar).toEqual([8.1, expect.closeTo(0.1, 1)]);
    const distance = files.simulation.disk.luminosityDistance;
    const hi = 2.356e5 * distance ** 2 * 4.1;
    const gas = 1.35 * (hi + 10 ** logSfr![0] * 1e9 / 1.4);
    expect(logMhi![0]).toBeCloseTo(Math.log10(hi), 9);
    expect(logMhi![1]).toBeCloseTo(0.1 / Math.LN10, 2);
    expect(logMh2![0]).toBeCloseTo(logSfr![0] + 9 - Math.log10(1.4), 9);
    expect(logMgas![0]).toBeCloseTo(Math.log10(gas), 9);
    expect(gasFraction![0]).toBeCloseTo(gas / (gas + 10 ** 8.1), 9);
    expect(logMbaryon![0]).toBeCloseTo(Math.log10(gas + 10 ** 8.1), 9);
    expect(logMbaryonAtomic![0]).toBeCloseTo(Math.log10(1.35 * hi + 10 ** 8.1), 9);
    expect(logYeff![0]).toBeCloseTo(Math.log10(12 * 10 ** (oh['N2S2Ha']![0] - 12) / Math.log(1 / gasFraction![0])), 9);
    expect(masses.atomicFrom).toMatchObject({ source: 'catalogue', match: { catalogue: 'hi.csv', row: 1, label: 'ESO158-13', by: 'position', shared: true }, tried: ['other.csv: not listed', expect.stringMatching(/^hi\.csv, row 1/)] });
    expect(masses.yields.helium!.value).toBeLessThan(masses.yields.PS11!.value);
    expect(run.run.warnings.join()).toMatch(/hi\.csv, row 1, is shared with another galaxy/);
    expect(Object.keys(run.run.inputs).filter((path) => path.endsWith('.csv')).length).toBe(2);
    expect(textOf(run.out, 'report.html')).toMatch(/Masses and yield[^]*hi\.csv, row 1 \(ESO158-13\), by position/);
    expect(run.run.summary.masses).toMatchObject({ logMstar: [8.1, expect.any(Number)], logYeff: [expect.any(Number), expect.any(Number)], assumption: null });
  });

  it('has the axis and the rotation that were put in, and a relation at fixed radius with its error', () => {
    const { kinematics, localRelation } = run.gradient;
    const { rotation, geometry } = files.simulation.settings;
    expect(kinematics).toMatchObject({ class: 'regular', reason: null });
    expect(Math.abs(kinematics.positionAngle - geometry.positionAngle)).toBeLessThan(Math.max(3 * kinematics.error, 2));
    expect(kinematics.misalignment).toBeLessThan(5);
    expect(kinematics.rotatingFraction).toBeGreaterThan(0.9);
    // The seeing of 0.3 R_e rounds the curve off: the asymptote is known to a tenth.
    expect(kinematics.rotation.vmax[0] / rotation.velocity).toBeGreaterThan(0.8);
    expect(kinematics.rotation.vmax[0] / rotation.velocity).toBeLessThan(1.2);
    expect(kinematics.rotation.curve.length).toBeGreaterThan(1);
    expect(localRelation).toMatchObject({ first: 'O/H', second: 'logSigmaSfr', calibration: 'N2S2Ha', bins: run.gradient.gradients[0]!.bins, reason: null });
    expect(localRelation.error).toBeGreaterThan(0);
    expect(Math.abs(localRelation.correlation)).toBeLessThanOrEqual(1);
    expect(textOf(run.out, 'report.html')).toMatch(/The velocity field of \d+ bins is regular/);
  });

  it('in a table of galaxies: those that were given one row of a catalogue are told, and where none is known the assumption', async () => {
    const table = join(folder, 'galaxies.csv');
    writeFileSync(table, `object,files,gas.missingHi\nNGC4809,${files.cube},missing\nNGC4810,${files.cube},missing\nNGC1796,${files.cube},zero\n`);
    const out = join(folder, 'sample');
    // The first two are found by position, the third by its name in the catalogue, which has no value for it.
    writeFileSync(join(folder, 'sample.csv'), 'name,ra,dec,logMHI\nNGC1796,,,\nother,150.1001,-2.2001,8.2\n');
    const { status, stderr } = zgrad(
      'measure', '--galaxies', table, '--out', out, '--config', files.config, '--set', 'abundance.also=[]', '--set', 'gradient.draws=100', ...stellar, '--set', `gas.catalogues=["${join(folder, 'sample.csv')}"]`,
    );
    expect(status, stderr).toBe(0);
    const galaxies = parseEcsv(textOf(out, 'galaxies.ecsv'), 'galaxies.ecsv');
    expect(column(galaxies, 'hi_shared').values).toEqual(['NGC4810', 'NGC4809', '']);
    expect(stderr).toMatch(/NGC4809: its atomic hydrogen is the same row of sample\.csv as that of NGC4810/);
    expect(column(galaxies, 'assumption').values).toEqual(['', '', expect.stringMatching(/^M_HI = 0/)]);
    expect(Array.from(column(galaxies, 'log_mhi').values as Float64Array)).toEqual([8.2, 8.2, Number.NaN]);
    const { gradient: { integrated, masses }, run: { warnings } } = await readRun(join(out, 'NGC1796'));
    expect(integrated.logYeff![0]).toBeLessThan(0);
    expect(masses.atomicFrom.tried).toEqual(['sample.csv, row 1 (NGC1796), by name: without a value']);
    expect(warnings.join()).toMatch(/M_HI = 0/);
    expect(textOf(join(out, 'NGC1796'), 'report.html')).toContain('M_HI = 0');
  });

  it('with a wrong unit stops within a second with one sentence', () => {
    const began = performance.now();
    const { status, stderr } = zgrad('measure', files.cube, '--out', join(folder, 'wrong'), '--config', files.config, '--set', 'gas.hiFlux=4 K km/s');
    expect(status).toBe(2);
    expect(stderr).toMatch(/gas\.hiFlux: found '4 K km\/s'; expected a number with a unit like 'Jy km\/s'/);
    expect(stderr.split('\n').filter((line) => line.startsWith('zgrad:'))).toHaveLength(1);
    // 0.3 s alone; the machine is shared.
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
