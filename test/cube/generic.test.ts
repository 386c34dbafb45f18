import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { distinctBinning, extractSpectrum, outlineCube, readCube, spectrumBuffers } from '../../src/cube/index.js';
import { bytesSource, memorySink, openFits, writeFits, type HduSpec } from '../../src/fits/index.js';
import { describeShared, shared } from '../support/shared.js';
import { fitsOf, randomValues, skyCards, waveCards } from './cubes.js';

const [nx, ny, n] = [3, 2, 20];
const axes = [nx, ny, n];
const flux = randomValues(nx * ny * n, 'flux');
const variance = randomValues(nx * ny * n, 'variance').map((value) => value + 0.5);
const cards = [...skyCards, ...waveCards, { key: 'BUNIT', value: '1e-16 erg/s/cm2/A' }];
const fluxHdu: HduSpec = { kind: 'image', name: 'SPEC', axes, data: flux, cards };
const noise = (name: string, value: (variance: number) => number): HduSpec => ({ kind: 'image', name, axes, data: variance.map(value) });
const empty: HduSpec = { kind: 'image', axes: [], data: null };

describe('a generic cube', () => {
  it('gives the same variance from a variance, an error and an inverse variance', async () => {
    const fits = await fitsOf([empty, fluxHdu, noise('A', (v) => v), noise('B', Math.sqrt), noise('C', (v) => 1 / v)]);
    const cubes = [await readCube([fits], { variance: 'A' }), await readCube([fits], { error: 'B' }), await readCube([fits], { ivar: 'C' })];
    for (const cube of cubes) {
      expect(cube.instrument).toBe('generic');
      expect(cube.unit).toBeCloseTo(1e-16, 30);
      cube.arms[0]!.variance.forEach((v, i) => {
        // Two roundings to float32 at most.
        expect(v / cubes[0]!.arms[0]!.variance[i]!).toBeCloseTo(1, 6);
      });
    }
    expect(cubes[0]!.arms[0]!.variance[2 * n + 7]).toBe(variance[7 * nx * ny + 2]);
  });

  it('finds flux and noise by their usual names, and says so', async () => {
    const { warnings, arms } = outlineCube([await fitsOf([empty, fluxHdu, noise('ERR', Math.sqrt), { kind: 'image', name: 'MASK', axes: [nx, ny], data: new Uint8Array(nx * ny) }])]);
    expect(arms[0]!.source.noise.kind).toBe('error');
    expect(warnings).toContainEqual(expect.stringMatching(/ERR was taken as the standard deviation/));
    expect(warnings).toContainEqual(expect.stringMatching(/MASK was not used.*`cube\.mask`/));
    expect(warnings).toContainEqual(expect.stringMatching(/line-spread function unknown; a FWHM of two pixels \(2\.50 Å\)/));
  });

  it('keeps zero and negative errors and inverse variances out', async () => {
    const odd = [0, -1, Number.NaN];
    const bad = (name: string): HduSpec => ({ kind: 'image', name, axes, data: variance.map((v, i) => (i < 3 ? odd[i]! : v)) });
    const fits = await fitsOf([empty, fluxHdu, bad('X')]);
    for (const options of [{ error: 'X' }, { ivar: 'X' }, { variance: 'X' }]) {
      const cube = await readCube([fits], options);
      const binning = distinctBinning(cube);
      const into = spectrumBuffers(cube);
      for (let s = 0; s < 4; s++) {
        extractSpectrum(cube, binning, s, into);
        expect(Number.isNaN(into[0]!.flux[0])).toBe(s < 3);
      }
    }
  });

  it('masks by a cube or by an image', async () => {
    const image: HduSpec = { kind: 'image', name: 'BAD', axes: [nx, ny], data: Uint8Array.from([0, 1, 0, 0, 0, 0]) };
    const cube = await readCube([await fitsOf([empty, fluxHdu, noise('VAR', (v) => v), image])], { mask: 'BAD' });
    expect(cube.arms[0]!.flux.every((value, i) => Number.isNaN(value) === (Math.floor(i / n) === 1))).toBe(true);
  });

  it('counts fluxes written without a power of ten in 1e-17, so that their variance fits a float32', async () => {
    const tiny = (values: Float32Array, scale: number) => Float64Array.from(values, (value) => value * scale);
    const bunit = { key: 'BUNIT', value: 'erg/s/cm2/Angstrom' };
    const hdus: HduSpec[] = [
      { kind: 'image', name: 'FLUX', axes, data: tiny(flux, 1e-19), cards: [...skyCards, ...waveCards, bunit] },
      { kind: 'image', name: 'VARIANCE', axes, data: tiny(variance, 1e-46) },
    ];
    const cube = await readCube([await fitsOf([empty, ...hdus])]);
    expect(cube.unit).toBe(1e-17);
    expect(cube.arms[0]!.flux[0]! / (flux[0]! * 1e-2)).toBeCloseTo(1, 6);
    expect(cube.arms[0]!.variance[0]! / (variance[0]! * 1e-12)).toBeCloseTo(1, 6);
  });

  it('turns a surface brightness into a flux per spaxel', async () => {
    const cube = outlineCube([await fitsOf([empty, { ...fluxHdu, cards: [...skyCards, ...waveCards, { key: 'BUNIT', value: '1e-16 erg/s/cm2/A/arcsec2' }] } as HduSpec, noise('VAR', (v) => v)])]);
    expect(cube.unit / (1e-16 * 0.04)).toBeCloseTo(1, 12);
    expect(cube.warnings).toContainEqual(expect.stringMatching(/surface brightness/));
  });

  it('reads a gzipped file with scaled integers', async () => {
    const sink = memorySink();
    const counts = Int16Array.from(flux, (value) => Math.round(value * 1000));
    await writeFits(sink, [
      { kind: 'image', axes, data: counts, cards: [...cards, { key: 'BSCALE', value: 0.001 }, { key: 'BZERO', value: 5 }] }, noise('VAR', (v) => v),
    ]);
    const cube = await readCube([await openFits(bytesSource(gzipSync(sink.bytes()), 'cube.fits.gz'))]);
    expect(cube.arms[0]!.flux[2 * n + 7]).toBeCloseTo(counts[7 * nx * ny + 2]! * 0.001 + 5, 6);
  });

  it('assumes air where CTYPE3 does not tell, and says so', async () => {
    const unknown = [...cards.filter(({ key }) => key !== 'CTYPE3'), { key: 'CTYPE3', value: 'LAMBDA' }];
    const { arms, warnings } = outlineCube([await fitsOf([empty, { ...fluxHdu, cards: unknown } as HduSpec, noise('VAR', (v) => v)])]);
    expect(arms[0]!.axis.medium).toBe('air');
    expect(warnings).toContainEqual(expect.stringMatching(/CTYPE3 = 'LAMBDA'\); air was assumed/));
  });

  it('refuses what is no single cube', async () => {
    const one = await fitsOf([empty, fluxHdu, noise('VAR', (v) => v)], 'a.fits');
    expect(() => outlineCube([one, one])).toThrow(/a\.fits, a\.fits: found 2 files that are not the arms of a SAMI cube/);
    expect(() => outlineCube([])).toThrow(/found no file/);
    expect(() => outlineCube([one], { variance: 'VAR', ivar: 'VAR' })).toThrow(/`cube\.variance` and `cube\.ivar`; expected one of/);
    expect(() => outlineCube([one], { flux: 'NONE', variance: 'VAR' })).toThrow(/expected an HDU named NONE/);
    const flat = await fitsOf([{ kind: 'image', axes: [nx, ny], data: new Float32Array(nx * ny) }]);
    expect(() => outlineCube([flat])).toThrow(/no image with three axes in the HDUs PRIMARY; expected a cube/);
  });
});

describeShared('real cubes of other instruments', () => {
  const open = (name: string) => openFits(bytesSource(readFileSync(shared('data', 'ifu_other', name)), name));

  it('reads the PMAS cube of Mrk 1239 (error, bad pixels, no flux unit)', async () => {
    const fits = await open('HE0949-0122.final.fits.gz');
    expect(() => outlineCube([fits])).toThrow(/no flux unit/);
    const cube = await readCube([fits], { error: 'ERROR', mask: 'BADPIX', fluxUnit: '1e-16 erg/s/cm2/Angstrom' });
    expect([cube.nx, cube.ny, cube.arms[0]!.axis.wavelength.length]).toEqual([16, 16, 1414]);
    expect(cube.object).toBe('MRK1239');
    expect(cube.arms[0]!.axis.wavelength[0]).toBeCloseTo(4900, 6);
    expect(cube.pixelScale).toBeCloseTo(1, 6);
  });

  it('reads the GMOS cube of NGC 3081 (surface brightness, no sky coordinates, no wavelength unit)', async () => {
    const fits = await open('ngc3081_cube.fits');
    expect(() => outlineCube([fits])).toThrow(/wavelength axis without a unit/);
    expect(() => outlineCube([fits], { wavelengthUnit: 'Angstrom' })).toThrow(/`cube\.pixelScale`/);
    const cube = await readCube([fits], { wavelengthUnit: 'Angstrom', pixelScale: 1.02, mask: 'MASK' });
    expect(cube.arms[0]!.axis.wavelength[0]).toBeCloseTo(5627.89, 6);
    expect(cube.object).toBe('NGC 3081');
    expect(cube.wcs!.celestial).toBeNull();
    expect(cube.unit).toBeGreaterThan(0);
  });
});
