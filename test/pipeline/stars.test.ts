import { beforeAll, describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { makeBinning, spaxelBinning } from '../../src/binning/index.js';
import { linearAxis } from '../../src/light/index.js';
import { maskBits } from '../../src/linemaps/index.js';
import { createExecutor } from '../../src/pipeline/executor.js';
import { analyseMaps, checkConfig, checkContinuum, chooseContinuum, fitBins, resolveConfig, type Config, type ContinuumChoice } from '../../src/pipeline/index.js';
import { median } from '../../src/stats/index.js';
import { syntheticLibrary } from '../../src/templates/index.js';
import { temporaryFolder } from '../support/cli.js';
import { distance, fluxes, formed, redshift, side, starryCube, stars } from './support/starryCube.js';

const folder = temporaryFolder('stars');
beforeAll(() => { process.env['ZGRAD_DATA'] = folder; });

const minimal = { redshift, distance: `${distance} Mpc`, effectiveRadius: '5 arcsec', geometry: { positionAngle: 30, ellipticity: 0.3 }, foreground: 'none' };
function configOf(continuum: Record<string, unknown>, more: Record<string, unknown> = {}): Config {
  return resolveConfig(checkConfig({ ...minimal, ...more, continuum }, 'galaxy.yaml'), 'galaxy.yaml', []);
}
async function complaint(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isZgradError(error)) return `${error.tag}: ${error.message}`;
    throw error;
  }
  return 'no complaint';
}
const synthetic = { method: 'ssp', templates: 'synthetic', range: [4750, 7200] };
const choose = async (config: Config): Promise<Extract<ContinuumChoice, { method: 'ssp' }>> => {
  const choice = await chooseContinuum(config, 'galaxy.yaml', []);
  if (choice.method !== 'ssp') throw new Error('expected stellar populations');
  return choice;
};

describe('the choice of a continuum', () => {
  it('auto is the library when it is installed, else straight lines with a sentence for the user', async () => {
    const warnings: string[] = [];
    expect(await chooseContinuum(configOf({}), 'c', warnings)).toEqual({ method: 'local' });
    expect(warnings.join()).toMatch(/no library of stellar populations named emiles is installed \(zgrad templates import DIR --name emiles\): straight lines/);
    expect((await chooseContinuum(configOf({ templates: 'synthetic' }), 'c', [])).method).toBe('ssp');
    expect(await chooseContinuum(configOf({ method: 'local', templates: 'synthetic' }), 'c', [])).toEqual({ method: 'local' });
  });

  it('ssp without the library is one configuration error with the nearest name and how to import', async () => {
    const said = await complaint(() => chooseContinuum(configOf({ method: 'ssp', templates: 'sintetic' }), 'galaxy.yaml', []));
    expect(said).toMatch(/^BadConfig: galaxy\.yaml: continuum\.templates: found no library sintetic.*Did you mean synthetic\?.*zgrad templates import DIR --name sintetic/);
  });

  it('a range that leaves under 100 pixels, or none of the library, is a configuration error', async () => {
    const arms = [{ axis: linearAxis(4750, 1.25, 2050, 'air') }];
    const check = async (range: [number, number], at = arms): Promise<string> => {
      const config = configOf({ ...synthetic, range });
      return complaint(async () => checkContinuum(await choose(config), at, config, 'galaxy.yaml'));
    };
    expect(await check([4750, 7200])).toBe('no complaint');
    expect(await check([5100, 5150])).toMatch(/^BadConfig: galaxy\.yaml: continuum\.range: found \d\d pixels in 5100–5150 Å .*4703–7239 Å in the rest frame.*expected at least 100/);
    expect(await check([3600, 7200], [{ axis: linearAxis(9700, 1.25, 2050, 'air') }])).toMatch(/^BadConfig: .*found 0 pixels/);
  });

  it('names a range the wrong way round', async () => {
    expect(await complaint(() => configOf({ range: [7200, 3600] }))).toMatch(/continuum\.range: found 7200–3600; expected .*ascending/);
  });
});

describe('stars and lines of a simulated cube', () => {
  const bias = (values: Float64Array, errors: Float64Array, truth: number): { relative: number; inErrors: number } => {
    const offsets = values.map((value) => value - truth);
    return { relative: median(offsets) / truth, inErrors: median(offsets.map((offset, b) => offset / errors[b]!)) };
  };

  it('every spaxel\'s own stars: kinematics within their errors, masses that went in', async () => {
    const { cube, blocks } = starryCube(0.2);
    const config = configOf({ ...synthetic, multiplicative: 0 });
    const { details, maps } = await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] });
    const own = details.stars!;
    // 16 bins: the mean pull to 0.25, the width to 0.18; 2.5 of those.
    for (const [name, truth] of [['velocity', stars.velocity], ['sigma', stars.sigma]] as const) {
      const pulls = own[name].value.map((value, b) => (value - truth) / own[name].error[b]!);
      const mean = pulls.reduce((a, b) => a + b, 0) / pulls.length;
      expect(Math.abs(mean), name).toBeLessThan(0.65);
      expect(Math.sqrt(pulls.reduce((sum, p) => sum + (p - mean) ** 2, 0) / pulls.length), name).toBeLessThan(1.5);
    }
    // 36 spaxels a bin; what is left of the mass formed is 0.6 to 0.9 by the library's own table, 0.05 dex the noise.
    const total = Math.log10(36 * (formed[0] + formed[1]));
    own.mass.value.forEach((mass) => {
      expect(Math.log10(mass)).toBeGreaterThan(total + Math.log10(0.55) - 0.1);
      expect(Math.log10(mass)).toBeLessThan(total + 0.05);
    });
    expect(own.status.every((bits) => bits === 0)).toBe(true);
    expect(own.errorFactor.every((factor) => Math.abs(factor - 1) < 0.1)).toBe(true);
    for (const history of own.lightHistory) expect(history!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    expect(details.logAges.length).toBe(10);
    for (const [name, flux] of Object.entries(fluxes)) {
      const line = maps.lines.get(name as 'Ha')!;
      const { relative, inErrors } = bias(line.flux, line.fluxError, 36 * flux);
      expect(Math.abs(relative) < 0.01 || Math.abs(inErrors) < 0.5, `${name} ${relative} ${inErrors}`).toBe(true);
    }
  });

  it('stars of larger bins scaled to the spaxels leave the fluxes unbiased: median within 1 % or 0.1 of the error', async () => {
    // Noise of a tenth: the median of 576 spaxels is known to 0.2 % for Hβ, the continuum of a block adds as much.
    const { cube, blocks } = starryCube(0.1, 2);
    const config = configOf(synthetic);
    const { details, maps } = await fitBins(cube, spaxelBinning(side, side, () => true), { config, choice: await choose(config), continuumBinning: blocks, warnings: [] });
    expect(new Set(details.stars!.continuumBin).size).toBe(16);
    for (const [name, flux] of Object.entries(fluxes)) {
      const line = maps.lines.get(name as 'Ha')!;
      const { relative, inErrors } = bias(line.flux, line.fluxError, flux);
      expect(Math.abs(relative) < 0.01 || Math.abs(inErrors) < 0.1, `${name} ${relative} ${inErrors}`).toBe(true);
    }
    // The masses of the spaxels of a block add up to the block's.
    const whole = (await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] })).details.stars!;
    const sum = details.stars!.mass.value.reduce((total, mass, s) => total + (blocks.bin[s] === 0 ? mass : 0), 0);
    expect(sum / whole.mass.value[0]!).toBeCloseTo(1, 1);
  });

  it('the bootstrap gives the same errors for the same seed, near the formal ones', async () => {
    const { cube } = starryCube(0.2);
    const blocks = makeBinning(Int32Array.from({ length: side * side }, (_, s) => 1 + Math.floor((s % side) / 12) + 2 * Math.floor(s / side / 12)), side, side);
    const config = configOf({ ...synthetic, bootstrap: 20 });
    const first = async (): Promise<typeof formal> => (await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] })).details.stars!;
    const formal = (await fitBins(cube, blocks, { config: configOf(synthetic), choice: await choose(config), warnings: [] })).details.stars!;
    const [drawn, again] = [await first(), await first()];
    expect(drawn.velocity.error).toEqual(again.velocity.error);
    expect(drawn.velocity.value).toEqual(formal.velocity.value);
    // 20 draws tell an error to 16 %, the median of four bins to 10 %.
    expect(Math.abs(median(drawn.velocity.error.map((error, b) => error / formal.velocity.error[b]!)) - 1)).toBeLessThan(0.3);
    expect(drawn.logAgeLight.error.every((error) => error > 0)).toBe(true);
    // Masses, ages and [M/H] too, which depend on what templates are in use: within a factor of 2 in the median of four bins.
    for (const name of ['mass', 'massToLight', 'logAgeLight', 'metallicityLight'] as const) {
      expect(drawn[name].value).toEqual(formal[name].value);
      expect(Math.abs(Math.log2(median(drawn[name].error.map((error, b) => error / formal[name].error[b]!)))), name).toBeLessThan(1);
    }
  });

  it('of the galaxy weigh what went in: living stars and remnants by the library, within the scatter of its ages', async () => {
    const { cube, blocks } = starryCube(0.1, 3);
    const config = configOf({ ...synthetic, multiplicative: 0 });
    const { details, maps } = await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] });
    const { masses } = await analyseMaps({
      maps, stars: details.stars, field: null, spaxelStatus: null, catalogues: [], config, seeing: null, warnings: [], executor: createExecutor(1, () => null), stage: async (_, work) => work(() => {}),
    });
    const library = syntheticLibrary();
    const left = (age: number): number => library.remaining[Array.from(library.age.keys()).find((t) => library.age[t] === age && library.metallicity[t] === -0.2)!]!;
    const truth = Math.log10(side * side * (formed[0] * left(5.2) + formed[1] * left(0.13)));
    const { value, error } = masses.stars!;
    // The mass of old stars under young ones hangs on their age: 0.1 dex from 16 spectra of S/N 60.
    expect(Math.abs(value - truth)).toBeLessThan(0.1);
    expect(error!).toBeGreaterThan(0);
    expect(error!).toBeLessThan(0.1);
    expect(masses.starsFrom).toMatchObject({ source: 'fit', reason: null });
    expect(masses.starsFrom.inField!.value).toBeCloseTo(value, 1);
  });

  it('lines beyond the library keep the local continuum of the same fit', async () => {
    const { cube, blocks } = starryCube(0.2);
    const config = configOf({ ...synthetic, range: [4750, 6400] });
    const { maps, details } = await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] });
    const { flux, fluxError } = maps.lines.get('SII6716')!;
    expect(Math.abs(bias(flux, fluxError, 36 * 28).relative)).toBeLessThan(0.03);
    expect(details.continuum.method).toBe('ssp');
  });

  it('a spectrum without data has no stars and says so, and changes no other bin', async () => {
    const { cube, blocks } = starryCube(0.2);
    const config = configOf(synthetic);
    const before = await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] });
    const n = cube.arms[0]!.axis.wavelength.length;
    blocks.bin.forEach((b, s) => { if (b === 3) cube.arms[0]!.variance.fill(0, s * n, (s + 1) * n); });
    const after = await fitBins(cube, blocks, { config, choice: await choose(config), warnings: [] });
    expect(after.details.stars!.status[3]! & (1 << maskBits.NOVALUE)).not.toBe(0);
    expect(after.details.stars!.mass.value[3]).toBeNaN();
    for (const b of [0, 4, 15]) {
      expect(after.details.stars!.velocity.value[b]).toBe(before.details.stars!.velocity.value[b]);
      expect(after.maps.lines.get('Ha')!.flux[b]).toBe(before.maps.lines.get('Ha')!.flux[b]);
    }
  });
});
