import { describe, expect, it } from 'vitest';
import { distinctBinning, readCube } from '../../src/cube/index.js';
import type { HduSpec } from '../../src/fits/index.js';
import { fitsOf, museUnit, skyCards, waveCards, without } from './cubes.js';

const [nx, ny, n] = [4, 4, 30];
const axes = [nx, ny, n];
/** Four sectors of 2 × 2 spaxels, numbered 3, 5, 8, 9. */
const sectors = Int32Array.from({ length: nx * ny }, (_, s) => [3, 5, 8, 9][(s % nx >> 1) + 2 * (Math.floor(s / nx) >> 1)]!);
/** The file's order: plane by plane. */
const planes = (value: (s: number, k: number) => number) => Float64Array.from({ length: nx * ny * n }, (_, i) => value(i % (nx * ny), Math.floor(i / (nx * ny))));
const spectra = (noisy: boolean) => planes((s, k) => sectors[s]! + Math.sin(k) + (noisy ? Math.sin(s * 7 + k * 3) : 0));
const cards = [
  ...skyCards, ...without(waveCards, 'CD3_3'), { key: 'CDELT3', value: 1.25 }, { key: 'BUNIT', value: '10**(-16) erg /s /cm**2 /angstrom /pixel' },
  { key: 'INSTRUME', value: 'AAOMEGA-SAMI' }, { key: 'SPECTID', value: 'BL' }, { key: 'NAME', value: 'test' },
];
const sami = (noisy: boolean, binMask: Int32Array) => fitsOf([
  { kind: 'image', axes, data: spectra(noisy), cards: cards.filter(({ key }) => !/^CD\d_\d$/.test(key)).concat([{ key: 'CDELT1', value: -0.2 / 3600 }, { key: 'CDELT2', value: 0.2 / 3600 }]) },
  { kind: 'image', name: 'VARIANCE', axes, data: planes(() => 1) },
  { kind: 'image', name: 'BIN_MASK', axes: [nx, ny], data: binMask },
] satisfies HduSpec[]);

describe("the survey's bins of a SAMI cube", () => {
  it('are used where they are the groups of repeating spectra', async () => {
    const cube = await readCube([await sami(false, sectors)]);
    expect(cube.warnings).toEqual([expect.stringMatching(/blue arm alone/)]);
    expect([...cube.sectors!]).toEqual([...sectors]);
    expect([...distinctBinning(cube).labels]).toEqual([3, 5, 8, 9]);
  });

  it('give way to the spectra where the two disagree', async () => {
    const joined = sectors.map((sector) => (sector === 9 ? 8 : sector));
    const cube = await readCube([await sami(false, joined)]);
    expect(cube.warnings).toContainEqual(expect.stringMatching(/BIN_MASK was not used: bin 8 holds more than one spectrum/));
    expect(distinctBinning(cube).count).toBe(4);
    const split = Int32Array.from(sectors, (sector, s) => (s === 0 ? 1 : sector));
    expect((await readCube([await sami(false, split)])).warnings).toContainEqual(expect.stringMatching(/the bins 1 and 3 hold the same spectrum/));
    const unused = Int32Array.from(sectors, (sector, s) => (s === 0 ? 0 : sector));
    expect((await readCube([await sami(false, unused)])).warnings).toContainEqual(expect.stringMatching(/spaxel 0 has a spectrum but no bin/));
  });

  it('are not used where every spaxel has its own spectrum', async () => {
    const cube = await readCube([await sami(true, sectors)]);
    expect(cube.warnings).toContainEqual(expect.stringMatching(/BIN_MASK was not used: the spectra do not repeat/));
    expect(cube.sectors).toBeNull();
    expect(distinctBinning(cube).count).toBe(16);
  });
});

describe('a cube of another instrument whose spectra repeat', () => {
  it('is taken as binned into sectors, with a warning', async () => {
    const cube = await readCube([await fitsOf([
      { kind: 'image', axes: [], data: null },
      { kind: 'image', name: 'DATA', axes, data: spectra(false), cards: [...skyCards, ...waveCards, museUnit] },
      { kind: 'image', name: 'STAT', axes, data: planes(() => 1) },
    ])]);
    expect(cube.warnings).toEqual([expect.stringMatching(/Spectra repeat from spaxel to spaxel/)]);
    const binning = distinctBinning(cube);
    expect(binning.count).toBe(4);
    expect(binning.repeated).toBe(true);
  });
});
