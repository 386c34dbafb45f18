import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { bandMagnitude, broadbandImages, musePipelineImage, readCube, streamBroadband, streamFlux, type BandImage } from '../../src/cube/index.js';
import { bytesSource, findHdu, openFits, readImage, readTable, type Fits } from '../../src/fits/index.js';
import { boxCurve, builtInCurve, linearAxis, type FilterCurve } from '../../src/light/index.js';
import { column } from '../../src/table/index.js';
import { describeShared, golden, shared } from '../support/shared.js';
import { cubeOf, fitsOf, museHdus, randomValues, skyCards, waveCards } from './cubes.js';

describe('broadband images', () => {
  const box = boxCurve(5000, 5100);

  it('of a flat spectrum are its level, and the variance is that of a weighted mean', () => {
    const [image] = broadbandImages(cubeOf(2, 1, 81, (s) => s + 1, () => 4), [box]) as [BandImage];
    expect(Array.from(image.data)).toEqual([1, 2].map((value) => expect.closeTo(value, 12)));
    const weights = Array.from({ length: 81 }, (_, k) => 5000 + 1.25 * k);
    const norm = weights.reduce((sum, w) => sum + w, 0);
    expect(image.variance[0]).toBeCloseTo((4 * weights.reduce((sum, w) => sum + w * w, 0)) / norm ** 2, 12);
    expect(image.extent).toBe('whole');
    expect(image.spaxelCoverage[0]).toBeCloseTo(1, 2);
  });

  it('leave out bad voxels of their own spaxel only, and have no value where too little is left', () => {
    const bad = (s: number, k: number) => (s === 1 && k < 20) || (s === 2 && k < 60) || s === 3;
    const cube = cubeOf(5, 1, 81, (s, k) => (bad(s, k) ? Number.NaN : 3), (s, k) => (s === 4 && k > 70 ? 0 : 1));
    const [image] = broadbandImages(cube, [box]) as [BandImage];
    expect(Array.from(image.data)).toEqual([3, 3, Number.NaN, Number.NaN, 3].map((v) => (v === 3 ? expect.closeTo(3, 12) : v)));
    expect(image.spaxelCoverage[1]).toBeCloseTo(61 / 81, 2);
    expect(image.spaxelCoverage[3]).toBe(0);
    expect(image.spaxelCoverage[4]).toBeCloseTo(71 / 81, 2);
    expect(broadbandImages(cube, [box], { minCoverage: 0.1 })[0]!.data[2]).toBeCloseTo(3, 12);
  });

  it('say how much of the filter the cube covers, and have no value below the limit', () => {
    const cube = cubeOf(1, 1, 81, () => 1, () => 1);
    const images = broadbandImages(cube, [boxCurve(5050, 5130), boxCurve(5090, 5200), boxCurve(6000, 6100)]);
    expect(images.map(({ extent }) => extent)).toEqual(['partial', 'outside', 'outside']);
    expect(images[0]!.coverage).toBeCloseTo(50 / 80, 1);
    expect(images.map(({ data }) => Number.isNaN(data[0]))).toEqual([false, true, true]);
    expect(images[2]!.pivot).toBeNaN();
  });

  it('are the same streamed from the file: masks, bad voxels and all filters at once', async () => {
    const [nx, ny, n] = [5, 3, 81];
    const flux = randomValues(nx * ny * n, 'flux').map((value) => (value < 0.05 ? Number.NaN : value));
    const variance = randomValues(nx * ny * n, 'variance').map((value) => (value < 0.05 ? 0 : value));
    const hdus = museHdus(nx, ny, flux, variance);
    const quality = Int32Array.from(randomValues(nx * ny * n, 'dq'), (value) => (value < 0.05 ? 1 : 0));
    const fits = await fitsOf([...hdus, { kind: 'image', name: 'DQ', axes: [nx, ny, n], data: quality }]);
    const curves = [box, boxCurve(5011, 5037), builtInCurve('white')!];
    const inMemory = broadbandImages(await readCube([fits]), curves);
    const streamed = await streamBroadband([fits], curves);
    const ranged = await streamBroadband([fits], curves, { range: [5010, 5060] });
    const rangedInMemory = broadbandImages(await readCube([fits], { range: [5010, 5060] }), curves);
    const close = (values: ArrayLike<number>) => Array.from(values, (value) => (Number.isNaN(value) ? value : expect.closeTo(value, 12)));
    for (const [ours, theirs] of [[streamed, inMemory], [ranged, rangedInMemory]] as const) {
      ours.forEach((image, band) => {
        // The order of the sums differs.
        expect(Array.from(image.data)).toEqual(close(theirs[band]!.data));
        expect(Array.from(image.variance)).toEqual(close(theirs[band]!.variance));
        expect([image.pivot, image.coverage, image.extent]).toEqual([theirs[band]!.pivot, theirs[band]!.coverage, theirs[band]!.extent]);
      });
    }
  });

  it('are the same from errors and inverse variances in scaled integers or float64', async () => {
    const [nx, ny, n] = [3, 2, 40];
    const flux = Float64Array.from(randomValues(nx * ny * n, 'f'));
    const sigma = Float64Array.from(randomValues(nx * ny * n, 's'), (value) => 0.5 + value);
    const axes = [nx, ny, n];
    const cards = [...skyCards, ...waveCards, { key: 'BUNIT', value: '1e-17 erg/s/cm2/Angstrom' }];
    const make = (name: string, data: Float64Array) => fitsOf([
      { kind: 'image', name: 'FLUX', axes, data: flux, cards }, { kind: 'image', name, axes, data },
    ]);
    const [errors, inverse] = [await make('ERROR', sigma), await make('IVAR', sigma.map((value) => 1 / (value * value)))];
    const images = await Promise.all([errors, inverse].map((fits) => streamBroadband([fits], [boxCurve(5000, 5048)])));
    const expected = broadbandImages(await readCube([errors]), [boxCurve(5000, 5048)])[0]!;
    for (const [image] of images) {
      // readCube rounds to float32.
      image!.variance.forEach((value, s) => expect(value / expected.variance[s]!).toBeCloseTo(1, 6));
      image!.data.forEach((value, s) => expect(value / expected.data[s]!).toBeCloseTo(1, 6));
    }
  });

  it('of one HDU need no variance and no unit', async () => {
    const flux = randomValues(2 * 2 * 9, 'x');
    const fits = await fitsOf([{ kind: 'image', axes: [2, 2, 9], data: flux }]);
    const [image] = await streamFlux(fits, 0, linearAxis(5000, 10, 9, 'air'), [builtInCurve('white')!], { rule: 'mean' }) as [BandImage];
    for (let s = 0; s < 4; s++) expect(image.data[s]).toBeCloseTo(Array.from({ length: 9 }, (_, k) => flux[4 * k + s]!).reduce((a, b) => a + b) / 9, 12);
    expect(image.variance[0]).toBeNaN();
    await expect(streamFlux(fits, 0, linearAxis(5000, 10, 8, 'air'), [box])).rejects.toThrow('a cube of 8 planes');
  });

  it('have the AB magnitude of a flat f_ν', () => {
    // 3631 Jy at 5500 Å: f_λ = f_ν c/λ² (Oke & Gunn 1983: the zero point is −48.6, that of 3631 Jy within 0.0001 mag).
    expect(bandMagnitude((3631e-23 * 2.99792458e18 * 1e17) / 5500 ** 2, 5500)).toBeCloseTo(0, 3);
    expect(bandMagnitude(-1, 5500)).toBeNaN();
  });
});

interface GoldenBand {
  readonly image: (number | null)[][];
  readonly variance: (number | null)[][];
  readonly photon_weighted_center: number;
  readonly pivot_A: number;
  readonly abmag_center: number;
}

describeShared('the small MUSE cube', () => {
  const names = ['trapez', 'gauss', 'narrow', 'white'] as const;
  const reference = golden<Record<string, GoldenBand>>('minicube.json');
  const open = (file: string): Promise<Fits> => openFits(bytesSource(readFileSync(shared('golden', file)), file));
  let photon: BandImage[];
  let mean: BandImage[];
  let fractions: number[];

  beforeAll(async () => {
    const file = await open('minicube_filters.fits');
    const curves = await Promise.all(names.slice(0, 3).map(async (name): Promise<FilterCurve> => {
      const table = await readTable(file, findHdu(file, name));
      return { name, wavelength: column(table, 'lambda').values as Float64Array, response: column(table, 'throughput').values as Float64Array };
    }));
    const all = [...curves, builtInCurve('white')!];
    const cube = await open('minicube.fits');
    photon = await streamBroadband([cube], all);
    mean = await streamBroadband([cube], all, { rule: 'mean', minCoverage: 0 });
    fractions = await Promise.all(names.slice(0, 3).map(async (name) =>
      (await open(`minicube_musepipe_${name}.fits`)).hdus[0]!.header.number('ESO DRS MUSE FILTER FRACTION')!));
  });

  it.each(names)('through %s: the mean rule gives numpy\'s image and variance to 1e-9', (name) => {
    const image = mean[names.indexOf(name)]!;
    // Units of 1e-20 there, 1e-17 here.
    const worst = (ours: Float64Array, theirs: (number | null)[][], unit: number) => Math.max(...theirs.flat().map((value, s) =>
      (value === null ? (Number.isNaN(ours[s]!) ? 0 : 1) : Math.abs(ours[s]! / unit / value - 1))));
    expect(worst(image.data, reference[name]!.image, 1e-3)).toBeLessThan(1e-9);
    expect(worst(image.variance, reference[name]!.variance, 1e-6)).toBeLessThan(1e-9);
  });

  it.each(names)('through %s: the mean rule gives the MUSE pipeline\'s image to its float32, and its DQ', async (name) => {
    const file = await open(`minicube_musepipe_${name}.fits`);
    const [theirs, dq] = await Promise.all(['DATA', 'DQ'].map(async (hdu) => (await readImage(file, findHdu(file, hdu))).data));
    const { data, quality } = musePipelineImage(mean[names.indexOf(name)]!);
    // 2e-7: float32, to which the pipeline rounds its sums.
    data.forEach((value, s) => expect(Math.abs(value * 1e3 - theirs![s]!)).toBeLessThanOrEqual(2e-7 * Math.abs(theirs![s]!)));
    expect(Array.from(quality)).toEqual(Array.from(dq!));
  });

  it.each(names)('through %s: photon-weighted flux, pivot and AB magnitude of a spaxel are numpy\'s to 1e-9', (name) => {
    const { data, pivot } = photon[names.indexOf(name)]!;
    const expected = reference[name]!;
    const flux = data[12 * 24 + 12]!;
    expect(Math.abs((flux * 1e3) / expected.photon_weighted_center - 1)).toBeLessThan(1e-9);
    expect(Math.abs(pivot / expected.pivot_A - 1)).toBeLessThan(1e-9);
    expect(Math.abs(bandMagnitude(flux, pivot) - expected.abmag_center)).toBeLessThan(1e-9);
  });

  it('covers as much of the filters as the pipeline says, to 0.005 %: pixels here reach half a pixel further', () => {
    fractions.forEach((fraction, band) => expect(Math.abs(100 * mean[band]!.coverage - fraction)).toBeLessThan(0.005));
  });
});
