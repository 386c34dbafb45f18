import { expect, it } from 'vitest';
import type { Card, Fits, HduSpec } from '../../src/fits/index.js';
import { offeredByMaps, readPhangsMaps } from '../../src/linemaps/index.js';
import { constants } from '../../src/units/index.js';
import { fitsOf, primaryOf, skyCards } from './support.js';

const [nx, ny] = [4, 3];
const unit: Card = { key: 'BUNIT', value: '1e-20 erg/s/cm2/spaxel' };
const image = (name: string, value: (i: number) => number, ...cards: Card[]): HduSpec => (
  { kind: 'image', name, axes: [nx, ny], data: Float32Array.from({ length: nx * ny }, (_, i) => value(i)), cards: [...skyCards(0.2), ...cards] });
/** A masked spaxel is NaN. */
const masked = (value: (i: number) => number) => (i: number) => (i === 5 ? Number.NaN : value(i));
const line = (name: string, strength: number, ...cards: Card[]): HduSpec[] => [
  image(`${name}_FLUX`, masked((i) => strength * (i + 1)), ...cards), image(`${name}_FLUX_ERR`, masked((i) => 0.01 * strength * (i + 1)), ...cards),
  image(`${name}_VEL`, masked((i) => i - 6)), image(`${name}_VEL_ERR`, masked(() => 1)), image(`${name}_SIGMA`, masked(() => 50)), image(`${name}_SIGMA_ERR`, masked(() => 2)), image(`${name}_SIGMA_CORR`, masked(() => 40)),
];

function phangs(cards: readonly Card[], unitCard = unit, extra: readonly HduSpec[] = []): Promise<Fits> {
  return fitsOf([
    primaryOf(...cards), image('ID', (i) => i), image('FLUX', (i) => 10 * i), image('BIN_ID', () => 0), image('V_STARS', () => 1),
    ...['HB4861', 'OIII4958', 'OIII5006', 'NII6548', 'HA6562', 'NII6583', 'SII6716', 'SII6730'].flatMap((name, i) => line(name, 1000 * (i + 1), unitCard)), ...extra,
  ], 'NGC0628_MAPS.fits');
}
const redshift: Card = { key: 'REDSHIFT', value: 0.002192 };

it('reads the lines by their names of ion and truncated air wavelength, in 1e-17 erg/s/cm² per spaxel', async () => {
  const maps = await readPhangsMaps(await phangs([redshift]), { redshift: 0.002192 });
  expect([...maps.lines.keys()]).toEqual(['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731']);
  expect(maps.object).toBe('NGC0628');
  expect(maps.binning.count).toBe(11);
  expect(maps.binning.bin[5]).toBe(-1);
  // float32 values times 1e-20/1e-17.
  expect(maps.lines.get('Ha')!.flux[0]).toBeCloseTo(5, 9);
  expect(maps.lines.get('SII6731')!.fluxError[0]).toBeCloseTo(0.08, 8);
  expect(maps.image![3]).toBe(30);
  expect(maps.foregroundCorrected).toBe(true);
});

it('takes the instrument off the dispersion, and skips the cut in equivalent width aloud', async () => {
  const maps = await readPhangsMaps(await phangs([redshift]), { redshift: 0.002192 });
  expect(maps.sigma[0]).toBe(30);
  expect(maps.sigmaError[0]).toBeCloseTo(2 * 50 / 30, 12);
  expect(maps.lines.get('Ha')!.ew).toBeNull();
  expect(maps.notes!.slice(1)).toEqual(['The maps have no equivalent widths: no cut in EW(Hα) can be applied.']);
  expect(maps.notes![0]).toMatch(/taken as corrected for Galactic dust/);
  const widths = await readPhangsMaps(await phangs([redshift], unit, [image('HA6562_EW', () => -20)]), { redshift: 0.002192 });
  expect(widths.lines.get('Ha')!.ew![0]).toBe(20);
});

it('refers the velocities to REDSHIFT, written as a redshift or in km/s, and offers it', async () => {
  const [z, cz] = [await phangs([redshift]), await phangs([{ key: 'REDSHIFT', value: 0.002192 * constants.c }])];
  for (const file of [z, cz]) {
    const maps = await readPhangsMaps(file, { redshift: 0.0022 });
    expect(maps.velocity[0]).toBeCloseTo((constants.c * (1.002192 * (1 - 6 / constants.c) - 1.0022)) / 1.0022, 8);
    expect(offeredByMaps([file])['redshift']).toBeCloseTo(0.002192, 12);
  }
  const none = await readPhangsMaps(await phangs([]), { redshift: 0.0022 });
  expect(none.velocity[0]).toBeCloseTo(-6, 9);
  expect(none.notes!.join(' ')).toMatch(/no REDSHIFT/);
});

it('says which unit it takes where the header\'s cannot be read', async () => {
  const maps = await readPhangsMaps(await phangs([redshift], { key: 'BUNIT', value: 'counts of photons' }), { redshift: 0.002192 });
  expect(maps.lines.get('Ha')!.flux[0]).toBeCloseTo(5, 9);
  expect(maps.notes!.join(' ')).toMatch(/'counts of photons' cannot be read: fluxes were taken in 1e-20/);
});

it('refuses values that repeat over bins', async () => {
  const binned = await fitsOf([primaryOf(), image('HA6562_FLUX', (i) => (i < 6 ? 1 : 2)), image('HA6562_FLUX_ERR', () => 0.1)], 'X_gas_BIN_maps.fits');
  await expect(readPhangsMaps(binned, { redshift: 0 })).rejects.toThrow(/2 different values of HA6562_FLUX in 12 spaxels; expected lines that were fitted spaxel by spaxel.*_gas_BIN\.fits/);
});
