import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binCentres, spaxelBinning } from '../../src/binning/index.js';
import { makeDisk } from '../../src/disk/index.js';
import { isZgradError } from '../../src/errors/index.js';
import type { LineMap, LineMaps } from '../../src/linemaps/index.js';
import { maskBits } from '../../src/linemaps/index.js';
import { calibrationByName, luminosity, starFormationRate, type LineName } from '../../src/nebula/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { readCatalogues } from '../../src/pipeline/atomicGas.js';
import { createExecutor } from '../../src/pipeline/executor.js';
import { analyseBins, checkConfig, integrate, measureMasses, resolveConfig, type Config, type Integrated, type Masses } from '../../src/pipeline/index.js';
import { starMass } from '../../src/pipeline/starMass.js';
import type { StellarBins } from '../../src/pipeline/stellarBins.js';
import type { StellarDensities } from '../../src/pipeline/stellarMass.js';
import { standardDeviation } from '../../src/stats/index.js';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder('masses');
const side = 21;
const minimal = { object: 'NGC 1705', redshift: 0.00211, distance: '5.1 Mpc', effectiveRadius: '5 arcsec', geometry: { positionAngle: 30, ellipticity: 0.3 }, foreground: 'none' };
const configOf = (more: Record<string, unknown> = {}): Config => resolveConfig(checkConfig({ ...minimal, ...more }, 'galaxy.yaml'), 'galaxy.yaml', []);
const disk = makeDisk({
  centerX: 10, centerY: 10, ra: 73.55625, dec: -53.36106, positionAngle: 30, ellipticity: 0.3, luminosityDistance: 5.1, angularDistance: 5.08, effectiveRadius: { value: 5, unit: 'arcsec' },
});
async function complaint(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isZgradError(error)) return `${error.tag}: ${error.message}`;
    throw error;
  }
  return 'no complaint';
}

/** Reddened line fluxes at the centre of a disc that fades with half its size in scale. */
const lines: Partial<Record<LineName, number>> = { Ha: 400, Hb: 100, OIII5007: 120, OIII4959: 40, NII6583: 60, NII6548: 20, SII6716: 60, SII6731: 45 };

/** A disc of 21 × 21 spaxels of 1″ with lines of that strength, noise of `noise` in every line of every spaxel. */
function gasDisc(noise: number, seed: number): LineMaps {
  const binning = spaxelBinning(side, side, () => true);
  const centres = binCentres(binning);
  const random = createRandom(seed, 'disc');
  const light = Float64Array.from(centres.x, (x, b) => Math.exp(-Math.hypot(x - 10, centres.y[b]! - 10) / 3));
  const own = new Map((Object.entries(lines) as [LineName, number][]).map(([name, flux]): [LineName, LineMap] => [name, {
    flux: light.map((one) => flux * one + noise * random.normal()), fluxError: new Float64Array(binning.count).fill(noise), ew: new Float64Array(binning.count).fill(30), ewError: new Float64Array(binning.count).fill(1),
  }]));
  const column = (value: number): Float64Array => new Float64Array(binning.count).fill(value);
  return {
    object: 'disc', binning, wcs: null, pixelScale: 1, ...centres, redshift: 0.00211, lines: own, velocity: column(0), velocityError: column(1), sigma: column(30), sigmaError: column(1),
    status: new Int32Array(binning.count), image: light, provenance: 'mock', foregroundCorrected: true,
  };
}
async function integrated(maps: LineMaps, config: Config, names: readonly string[] = ['N2S2Ha', 'O3N2-M13']): Promise<Integrated> {
  const leading = calibrationByName('N2S2Ha')!;
  const chosen = names.map((name) => calibrationByName(name)!);
  const bins = await analyseBins(maps, disk, { calibrations: chosen, leading, snLine: config.lines.snLine, minEW: 5, balmer: 2.86, sfr: 'L25', draws: 0, seed: 1, executor: createExecutor(1, () => null) });
  return integrate({ maps, disk, bins, calibrations: chosen, leading, config });
}

describe('integrated values', () => {
  it('are those of the summed fluxes: one abundance, one dust', async () => {
    const { oh, ohInner, ohOuter, logSfr, bins } = await integrated(gasDisc(1e-6, 1), configOf());
    expect(bins).toBe(side * side);
    // 8.77 + log([N II]/[S II]) + 0.264 log([N II]/Hα) with dust of Hα/Hβ = 4: O/H is the same everywhere.
    expect(oh['N2S2Ha']![0]).toBeCloseTo(ohInner['N2S2Ha']![0], 4);
    expect(oh['N2S2Ha']![0]).toBeCloseTo(ohOuter['N2S2Ha']![0], 4);
    const ebv = Math.log10(4 / 2.86) / (0.4 * (3.609 - 2.53));
    const ha = gasDisc(1e-6, 1).lines.get('Ha')!.flux.reduce((a, b) => a + b, 0);
    const truth = Math.log10(starFormationRate(luminosity(ha * 10 ** (0.4 * 2.53 * ebv) * 1e-17, 5.1), 'L25'));
    // k(Hα), k(Hβ) of CCM89 to three digits.
    expect(logSfr![0]).toBeCloseTo(truth, 2);
    expect(logSfr![1]).toBeLessThan(1e-4);
  });

  it('have errors that the scatter over seeds bears out, and no bias where most bins are faint', async () => {
    const truth = await integrated(gasDisc(1e-6, 1), configOf());
    const pulls = { oh: [] as number[], inner: [] as number[], o3n2: [] as number[], sfr: [] as number[] };
    const pull = (value: readonly [number, number | null] | null | undefined, wanted: readonly [number, number | null] | null | undefined): number => (value![0] - wanted![0]) / value![1]!;
    const config = configOf({ gradient: { draws: 200 } });
    for (let seed = 1; seed <= 40; seed++) {
      // S/N of Hβ is 3 at 1.9 R_e: which bins count hangs on the noise, the abundance is the same in all.
      const faint = await integrated(gasDisc(4, seed), config);
      pulls.oh.push(pull(faint.oh['N2S2Ha'], truth.oh['N2S2Ha']));
      pulls.inner.push(pull(faint.ohInner['N2S2Ha'], truth.ohInner['N2S2Ha']));
      pulls.o3n2.push(pull(faint.oh['O3N2-M13'], truth.oh['O3N2-M13']));
      // Here all bins count, so that the sum over them has a truth.
      pulls.sfr.push(pull((await integrated(gasDisc(0.05, seed), config, ['N2S2Ha'])).logSfr, truth.logSfr));
    }
    for (const [name, own] of Object.entries(pulls)) {
      // 40 pulls: the mean to 0.16, the width to 11 %; 3 of those, and 0.3 in the mean for noise that the cut on Hβ keeps in.
      expect(Math.abs(own.reduce((a, b) => a + b, 0) / own.length), name).toBeLessThan(0.78);
      expect(Math.abs(standardDeviation(own) - 1), name).toBeLessThan(0.34);
    }
  });

  it('leave out a bin for the calibrations whose line it lacks, not for others', async () => {
    const maps = gasDisc(0.01, 1);
    maps.lines.get('OIII5007')!.flux[220] = Number.NaN;
    maps.lines.get('SII6716')!.flux[5] = Number.NaN;
    const own = await integrated(maps, configOf());
    const whole = await integrated(gasDisc(0.01, 1), configOf());
    expect(own.oh['N2S2Ha']![0]).toBeCloseTo(whole.oh['N2S2Ha']![0], 4);
    expect(own.oh['O3N2-M13']![0]).toBeCloseTo(whole.oh['O3N2-M13']![0], 3);
    expect(own.oh['O3N2-M13']![0]).not.toBe(whole.oh['O3N2-M13']![0]);
  });

  it('are null where nothing forms stars', async () => {
    const maps = gasDisc(1e5, 1);
    expect(await integrated(maps, configOf())).toMatchObject({ oh: {}, ohInner: {}, ohOuter: {}, logSfr: null, bins: 0, drawn: { oh: null, logSfr: null } });
  });
});

/** Masses of spaxels with M/L = 2 in the unit of the light, errors of 0.1 dex shared by bins of four rows. */
function starsOf(maps: LineMaps, trusted: (b: number) => boolean): { stars: StellarBins; densities: StellarDensities } {
  const value = maps.image!.map((light, b) => (trusted(b) ? Math.log10(2e6 * light) : Number.NaN));
  const error = value.map(() => 0.1);
  return { stars: { continuumBin: Int32Array.from(value, (_, b) => Math.floor(b / side / 4)) } as StellarBins, densities: { logMass: { value, error } } as StellarDensities };
}

/** The image of an exponential disc with R_e = 5″ along the major axis as `disk` has it. */
function starDisc(): LineMaps {
  const maps = gasDisc(1e-6, 1);
  const angle = (120 * Math.PI) / 180;
  const image = Float64Array.from(maps.x, (x, b) => {
    const [dx, dy] = [x - 10, maps.y[b]! - 10];
    const [u, v] = [dx * Math.cos(angle) + dy * Math.sin(angle), (dy * Math.cos(angle) - dx * Math.sin(angle)) / 0.7];
    return Math.exp(-Math.hypot(u, v) / 1.5);
  });
  return { ...maps, image };
}

describe('the stellar mass', () => {
  it('is mass over light of the bins times the light of the galaxy: bins without a trusted fit do not take from it', () => {
    const maps = starDisc();
    const total = Math.log10(2e6 * maps.image!.reduce((a, b) => a + b, 0));
    const some = starsOf(maps, (b) => maps.x[b]! < 12);
    const { mass, inField, lightFactor, source } = starMass(some.stars, some.densities, { maps, disk, field: null, spaxelStatus: null }, configOf());
    expect(source).toBe('fit');
    expect(inField!.value).toBeLessThan(total - 0.05);
    // Pixels of a third of a scale length make the growth curve good to 2 %.
    expect(mass!.value).toBeCloseTo(total, 1.7);
    expect(lightFactor).toMatchObject({ image: 'the light of the field', lowerLimit: false });
    // Five or six fits with 0.1 dex each, shared by their bins: far more than 0.1 dex over the root of 441.
    expect(inField!.error).toBeGreaterThan(0.04);
    expect(inField!.error).toBeLessThan(0.1);
  });

  it('is not moved by a star that is masked', () => {
    const maps = starDisc();
    const total = Math.log10(2e6 * maps.image!.reduce((a, b) => a + b, 0));
    const status = new Int32Array(side * side);
    const image = maps.image!.slice();
    for (const s of [12 * side + 13, 12 * side + 14, 13 * side + 13, 13 * side + 14]) {
      status[s] = 1 << maskBits.FORESTAR;
      image[s] = 50;
    }
    const clean = starsOf(maps, (b) => status[b] === 0);
    const { mass } = starMass(clean.stars, clean.densities, { maps: { ...maps, image, binning: { ...maps.binning, bin: maps.binning.bin.map((b, s) => (status[s] ? -1 : b)) } }, disk, field: null, spaxelStatus: status }, configOf());
    expect(mass!.value).toBeCloseTo(total, 1.5);
  });

  it('is the one given where one is given; without either the reason is told', () => {
    const maps = starDisc();
    const light = { maps, disk, field: null, spaxelStatus: null };
    const { stars, densities } = starsOf(maps, () => true);
    expect(starMass(stars, densities, light, configOf({ masses: { stellar: '8.9 dex', stellarError: 0.1 } }))).toMatchObject({ source: 'given', mass: { value: 8.9, error: 0.1, scale: 'log' } });
    expect(starMass(null, null, light, configOf())).toMatchObject({ mass: null, source: null, reason: 'the stars were not fitted and masses.stellar is not given' });
    expect(starMass(stars, starsOf(maps, () => false).densities, light, configOf()).reason).toBe('no bin has a trusted mass');
  });
});

describe('the configuration of masses', () => {
  const masses = (more: Record<string, unknown>): Config['gas']['hi'] => configOf({ gas: more }).gas.hi;

  it('takes logarithms and masses, with errors on either scale', async () => {
    expect(masses({ hi: '8.33 dex' })).toEqual({ value: 8.33, error: null, scale: 'log' });
    expect(masses({ hi: 8.33, hiError: 0.05 })).toEqual({ value: 8.33, error: 0.05, scale: 'log' });
    expect(masses({ hi: '8.33 dex(Msun)', hiError: '0.05 dex' })).toEqual({ value: 8.33, error: 0.05, scale: 'log' });
    expect(masses({ hi: '2.1e8 Msun', hiError: '2e7 Msun' })).toEqual({ value: 2.1e8, error: 2e7, scale: 'linear' });
    expect(masses({ hi: '1e8 Msun', hiError: '0.1 dex' })).toEqual({ value: 8, error: 0.1, scale: 'log' });
    expect(masses({ hi: '8 dex', hiError: '1e7 Msun' })).toEqual({ value: 1e8, error: 1e7, scale: 'linear' });
    expect(configOf({ gas: { hiFlux: '4100 mJy km/s', hiFluxError: 0.3 } }).gas.hiFlux).toEqual({ value: expect.closeTo(4.1, 12), error: 0.3 });
    expect(configOf().gas).toEqual({ hi: null, hiFlux: null, catalogues: [], radius: 30, missingHi: 'missing', yield: 'L25' });
  });

  it.each([
    [{ masses: { stellar: '9 kpc' } }, /^BadUnit: galaxy\.yaml: masses\.stellar: .*'dex' or 'Msun'/],
    [{ gas: { hi: 2.1e8 } }, /^BadConfig: galaxy\.yaml: gas\.hi: found the logarithm 210000000; .*Write '210000000 Msun'/],
    [{ gas: { hi: '-3 Msun' } }, /^BadConfig: galaxy\.yaml: gas\.hi: .*positive/],
    [{ gas: { hiFlux: '4 K km/s' } }, /^BadUnit: galaxy\.yaml: gas\.hiFlux: found '4 K km\/s'; expected .*'Jy km\/s'/],
    [{ gas: { hiError: '0.1 dex' } }, /^BadConfig: galaxy\.yaml: gas\.hiError: found an error without its mass/],
    [{ gas: { hi: '8 dex', hiFlux: 3 } }, /^BadConfig: galaxy\.yaml: gas\.hi: found a mass and a flux/],
    [{ gas: { yield: 'L26' } }, /^BadConfig: galaxy\.yaml: gas\.yield: .*L25/],
    [{ gas: { catalogues: [{ file: 'a.csv', columns: { mas: 'M' } }] } }, /mas.*Did you mean/],
  ])('refuses %j in one clear error', async (more, says) => { expect(await complaint(() => configOf(more))).toMatch(says); });
});

describe('masses and yield', () => {
  const maps = gasDisc(0.5, 1);
  const leading = calibrationByName('N2S2Ha')!;
  async function massesOf(more: Record<string, unknown>, warnings: string[] = []): Promise<Masses> {
    const config = configOf({ masses: { stellar: '8.1 dex', stellarError: 0.1 }, gradient: { draws: 300 }, ...more });
    return measureMasses({
      maps, disk, stars: null, densities: null, field: null, spaxelStatus: null, integrated: await integrated(maps, config), catalogues: await readCatalogues(config), leading, config,
    }, warnings);
  }

  it('are those of the formulas for the measured abundance and star formation rate', async () => {
    const { oh, logSfr } = await integrated(maps, configOf());
    const own = await massesOf({ gas: { hi: '7.9 dex', hiError: '0.05 dex' } });
    const gas = 1.35 * (10 ** 7.9 + 10 ** logSfr![0] * 1e9 / 1.4);
    expect(10 ** own.gas!.value / gas).toBeCloseTo(1, 9);
    const µ = gas / (gas + 10 ** 8.1);
    expect(own.yields.L25!.value).toBeCloseTo(Math.log10(12 * 10 ** (oh['N2S2Ha']![0] - 12) / Math.log(1 / µ)), 9);
    expect(own.yields.L25!.error).toBeGreaterThan(0.01);
    expect(own).toMatchObject({ assumption: null, missing: [], withoutError: [], calibration: 'N2S2Ha', yieldBy: 'L25', unverified: false });
    expect(await massesOf({ gas: { hi: '7.9 dex', hiError: '0.05 dex' } })).toEqual(own);
  });

  it('say that atomic hydrogen is missing, and what hangs on it', async () => {
    const warnings: string[] = [];
    const own = await massesOf({}, warnings);
    expect(own).toMatchObject({ atomic: null, gas: null, fraction: null, baryons: null, assumption: null, missing: ['Atomic hydrogen: none was given: gas.hi, gas.hiFlux or gas.catalogues.'] });
    expect(own.molecular).not.toBeNull();
    expect(warnings).toEqual([]);
  });

  it('say aloud that none was assumed', async () => {
    const warnings: string[] = [];
    const own = await massesOf({ gas: { missingHi: 'zero' } }, warnings);
    expect(own.assumption).toBe('M_HI = 0, because none is known (gas.missingHi: zero)');
    expect(warnings.join()).toMatch(/M_HI = 0.*yield rest on it/);
    expect(own.atomic).toBeNull();
    expect(own.gas!.value).toBeCloseTo(Math.log10(1.35) + own.molecular!.value, 9);
    // What is known goes before what is assumed.
    expect((await massesOf({ gas: { hi: 7.9, missingHi: 'zero' } })).assumption).toBeNull();
  });

  it('look atomic hydrogen up in the order of the catalogues, and warn of a pair that shares it', async () => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const empty = file('empty.csv', 'name,logMHI\nNGC1,8\n');
    const paired = file('paired.csv', 'Galaxy,S21,pair\nngc1705,16.6,yes\n');
    const warnings: string[] = [];
    const own = await massesOf({ gas: { catalogues: [empty, { file: paired, columns: { flux: 'S21 [Jy km/s]' } }] } }, warnings);
    expect(own.atomicFrom).toMatchObject({ source: 'catalogue', match: { catalogue: 'paired.csv', row: 1, by: 'name', shared: true }, tried: ['empty.csv: not listed', 'paired.csv, row 1 (ngc1705), by name'] });
    expect(10 ** own.atomic!.value / (2.356e5 * 5.1 ** 2 * 16.6)).toBeCloseTo(1, 9);
    expect(own.withoutError).toEqual(['atomic hydrogen']);
    expect(warnings.join()).toMatch(/paired\.csv, row 1, is shared with another galaxy: it is an upper limit/);
    const none = await massesOf({ gas: { catalogues: [empty] } });
    expect(none.missing.join()).toMatch(/no catalogue has it \(empty\.csv: not listed\)/);
    expect(await complaint(() => massesOf({ gas: { catalogues: [join(folder, 'nowhere.csv')] } }))).toMatch(/^FileNotFound: .*nowhere\.csv/);
    expect(await complaint(() => massesOf({ gas: { catalogues: [{ file: empty, columns: { mass: 'logMHI [mag]' } }] } }))).toMatch(/^BadUnit: .*empty\.csv: column 'logMHI'/);
  });
});
