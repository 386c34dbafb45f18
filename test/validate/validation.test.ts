import { beforeAll, describe, expect, inject, it } from 'vitest';
import { measureBinning } from '../../validate/binning.mjs';
import { measureDemo } from '../../validate/demo.mjs';
import { faintPopulation } from '../../validate/galaxies.mjs';
import { measureGeometryPulls, measureSimulated } from '../../validate/geometry.mjs';
import { measureSlopes, slopeStatistics } from '../../validate/gradients.mjs';
import { measureKills } from '../../validate/kills.mjs';
import { measureKinematics } from '../../validate/kinematics.mjs';
import { lineStatistics, measureLinePulls, testedLines } from '../../validate/lines.mjs';
import { measureRecovery, recoverySettings } from '../../validate/recovery.mjs';
import { recoveryFigure } from '../../validate/recoveryFigure.mjs';
import { judge, validationReport } from '../../validate/report.mjs';
import { measureSamples } from '../../validate/sample.mjs';
import { measureSampleStatistics } from '../../validate/sampleStatistics.mjs';
import { seeingCases, seeingRatios, slopeThatRemains } from '../../validate/seeing.mjs';
import { describePulls } from '../../validate/statistics.mjs';
import { measureBootstrap, measureSharperData, measureStellarKinematics, measureStellarPopulations, populationOptions } from '../../validate/stellar.mjs';
import { measureThresholds } from '../../validate/thresholds.mjs';

/** A thin slice of `npm run validate`: the same galaxies and spectra, fewer of them. */
async function measureSlice() {
  const slopeRows = await measureSlopes({ count: 12 });
  const spectra = async (kind: { instrument: 'MUSE' | 'SAMI'; free: boolean; continuum: boolean }) => ({ ...kind, pulls: await measureLinePulls({ ...kind, count: 600 }) });
  return {
    slopeRows,
    faintRows: await measureSlopes({ count: 2, population: faintPopulation }),
    clumpyRows: slopeRows,
    noiselessRows: await measureSlopes({ count: 2, noiseless: true }),
    lineSets: [
      await spectra({ instrument: 'MUSE', free: false, continuum: false }), await spectra({ instrument: 'MUSE', free: true, continuum: false }),
      await spectra({ instrument: 'SAMI', free: true, continuum: true }),
    ],
    lineCount: 600,
    seeing: seeingCases.slice(0, 1).map((galaxy) => ({ name: galaxy.name, remaining: seeingRatios.map((ratio) => slopeThatRemains({ ...galaxy, ratio, seeds: [1] })) })),
    thresholds: await measureThresholds({ each: 1 }),
    demos: [await measureDemo({ name: 'small', options: { nx: 12, ny: 12, wavelength: { start: 4820, count: 1570 } } })],
    // For the report alone: recovery.test.ts and stellar.test.ts look at their numbers.
    recovery: await measureRecovery({ count: 120, signals: [5, 20], settings: recoverySettings.filter(({ name }) => ['Hα alone, kinematics fixed', 'Hα alone, 45 km/s', 'Hβ, absorption wrong by its error'].includes(name)) }),
    stellar: await measureStellarKinematics({ pairs: 2, kinds: [{ library: 'synthetic', known: true }], at: [30], sigmas: [60] }),
    stellarCurve: await measureStellarKinematics({ pairs: 2, kinds: [{ library: 'synthetic', known: false }], at: [10], sigmas: [60] }),
    sharper: await measureSharperData({ pairs: 2 }),
    populations: await measureStellarPopulations({ names: ['synthetic'], kinds: populationOptions.slice(0, 1).map((kind) => ({ ...kind, pairs: 2 })) }),
    bootstraps: await measureBootstrap({ count: 10, draws: 2, names: ['synthetic'] }),
    libraryRuns: null,
    binning: measureBinning({ inclinations: [40], targets: [10], seeds: 1 }),
    geometry: await measureGeometryPulls({ count: 18, first: 5001 }),
    kills: await measureKills({ kills: 1, library: inject('pipelineWithoutPictures') }),
    // For the report alone: kinematics.test.ts, sampleStatistics.test.ts and sample.test.ts look at their numbers.
    fields: await measureKinematics({ count: 12, firstSeed: 2000001 }),
    samples: await measureSampleStatistics({ samples: 3, draws: 40, steps: 20 }),
    relations: await measureSamples({ samples: 3, draws: 40 }),
  };
}

describe('the statistics of npm run validate, a thin slice', () => {
  let slice: Awaited<ReturnType<typeof measureSlice>>;
  // A minute of two free cores.
  beforeAll(async () => { slice = await measureSlice(); }, 500_000);

  it('finds slopes whose pulls, with the block bootstrap, have mean 0 and width 1 within what 12 galaxies tell', () => {
    const { count, mean, width } = slopeStatistics(slice.slopeRows, 'blockBootstrap');
    expect(count).toBe(12);
    // Three times the errors of 12 Gaussian pulls, 0.29 for the mean and 0.2 for the width.
    expect(Math.abs(mean)).toBeLessThan(0.87);
    expect(width).toBeGreaterThan(0.4);
    expect(width).toBeLessThan(1.6);
  });

  it('finds the plain bootstrap too small where the noise is as wide as the seeing', () => {
    const wide = slice.slopeRows.filter((row) => row.correlation === 'the seeing');
    // 3 in the long run; four galaxies tell it to 1.2. The seeds are fixed: the same four in every run.
    expect(slopeStatistics(wide, 'bootstrap').width).toBeGreaterThan(1.5);
  });

  it('finds the truth to a few thousandths of a dex per R_e where the data have no noise', () => {
    for (const { residual } of slice.noiselessRows) expect(Math.abs(residual!)).toBeLessThan(0.005);
  });

  it('gives the same numbers whatever the number of processes', async () => {
    expect(await measureSlopes({ count: 2, workers: 1 })).toEqual(slice.slopeRows.slice(0, 2));
  });

  it('finds line fluxes whose pulls have width 1 and mean 0', () => {
    for (const { free, pulls } of slice.lineSets) {
      for (const name of testedLines) {
        const { count, mean, width } = lineStatistics(pulls, name, [free ? 10 : 3, Infinity]);
        // Four times the chance scatter of the smallest sample, 160 spectra: 0.056 for the width and 0.08 for the mean.
        expect(count, name).toBeGreaterThan(160);
        expect(Math.abs(width - 1), name).toBeLessThan(0.22);
        expect(Math.abs(mean), name).toBeLessThan(0.32);
      }
    }
  });

  it('finds velocities and dispersions whose pulls have width 1', () => {
    for (const { pulls } of slice.lineSets.filter(({ free }) => free)) {
      // Four times the chance scatter of 450 spectra, 0.033.
      expect(Math.abs(describePulls(pulls.velocity).width - 1)).toBeLessThan(0.14);
      expect(Math.abs(describePulls(pulls.sigma).width - 1)).toBeLessThan(0.14);
    }
  });

  it('refuses a gradient of 9 star-forming bins or of 0.49 R_e and gives one of 10 bins and of 0.51 R_e', () => {
    for (const row of slice.thresholds.bins) {
      expect(row.used, 'bins as in the noise-free maps').toBe(row.bins);
      expect(row.refused === null, `${row.bins} bins`).toBe(row.bins >= 10);
    }
    for (const row of slice.thresholds.range) expect(row.refused === null, `${row.range} R_e`).toBe(row.range >= 0.5);
  });

  it('finds that the seeing flattens a gradient, the more the wider it is', () => {
    const remaining = slice.seeing[0]!.remaining.map(({ mean }) => mean);
    expect(remaining[0]).toBeCloseTo(1, 2);
    expect(remaining).toEqual(remaining.toSorted((a, b) => b - a));
    expect(remaining.at(-1)).toBeLessThan(0.85);
  });

  it('finds bins of even S/N', () => {
    // Chance and the number of spaxels in a bin give 0.043 to 0.047 from seed to seed.
    expect(slice.binning.find(({ method }) => method === 'power')!.scatter).toBeLessThan(0.06);
    expect(slice.binning.every(({ broken }) => broken === 0)).toBe(true);
  });

  it('finds geometries that are right within their errors, or flagged', () => {
    const { table, good, rows } = slice.geometry;
    expect(good).toBeGreaterThan(9);
    for (const { parameter, width, mean } of table) {
      // Some 13 galaxies tell a width to 20 % and a mean to 0.28.
      expect(width, parameter).toBeGreaterThan(0.4);
      expect(width, parameter).toBeLessThan(1.9);
      expect(Math.abs(mean), parameter).toBeLessThan(0.9);
    }
    for (const row of rows.filter(({ flagged }) => !flagged)) {
      for (const pull of Object.values(row.pulls!) as number[]) expect(Math.abs(pull), `galaxy ${row.seed}`).toBeLessThan(7);
    }
  });

  it('is not misled by isophotes that agree in a wrong centre or angle by luck', () => {
    for (const seed of [145, 172]) {
      const row = measureSimulated(seed);
      expect(row.flagged).toBe(false);
      // By their own scatter both are wrong by 5.4 errors.
      for (const pull of Object.values('pulls' in row ? row.pulls : {}) as number[]) expect(Math.abs(pull), `galaxy ${seed}`).toBeLessThan(5);
    }
  });

  it('finds that runs killed at random moments and resumed leave the products of an undisturbed run', () => {
    const { kills, runs, different, rows } = slice.kills;
    expect(kills).toBe(1);
    expect(runs).toBeGreaterThan(0);
    expect(rows.reduce((sum, row) => sum + row.kills, 0)).toBe(1);
    expect(different).toEqual([]);
  });

  it('writes a report in which every number is there', () => {
    const report = validationReport(slice);
    expect(report).not.toMatch(/NaN|undefined|null|Infinity/);
    for (const { name } of judge(slice)) expect(report).toContain(name);
    expect(recoveryFigure(slice.recovery)).toContain('<svg');
  });
});

describe('describePulls', () => {
  it('tells mean and width with what chance does to them', () => {
    const found = describePulls([-1, 0, 1, 2]);
    expect(found).toMatchObject({ count: 4, mean: 0.5 });
    expect(found.width).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(found.meanError).toBeCloseTo(Math.sqrt(5 / 12), 12);
    expect(found.widthError).toBeCloseTo(Math.sqrt(5 / 24), 12);
  });
});
