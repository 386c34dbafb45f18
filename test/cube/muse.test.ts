import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { distinctBinning, extractSpectrum, outlineCube, readCube, spectrumBuffers, whiteLight, type Cube } from '../../src/cube/index.js';
import { bytesSource, openFits, type Fits } from '../../src/fits/index.js';
import { describePython, describeShared, golden, runPython, shared } from '../support/shared.js';
import { fitsOf, museHdus, museUnit, randomValues, skyCards, waveCards, without } from './cubes.js';

const open = (file: string): Promise<Fits> => openFits(bytesSource(readFileSync(file), file));

describeShared("MPDAF's CUBE.fits", () => {
  const file = shared('data', 'ifu_muse', 'CUBE.fits');
  let cube: Cube;
  beforeAll(async () => {
    cube = await readCube([await open(file)]);
  });

  it('is recognised as MUSE, in air although CTYPE3 is LINEAR', () => {
    expect(cube.instrument).toBe('MUSE');
    const [arm] = cube.arms;
    expect(arm!.name).toBe('full');
    expect(arm!.lsf).toEqual({ kind: 'muse' });
    expect(arm!.axis.medium).toBe('air');
    expect([arm!.axis.wavelength[0], arm!.axis.wavelength.length]).toEqual([7300, 1595]);
    expect(cube.warnings).toEqual([]);
    expect(cube.sectors).toBeNull();
    expect(cube.seeing).toBeNull();
  });

  it('applies the power of ten once, although BUNIT and FSCALE both carry it', () => {
    expect(cube.unit).toBe(1e-20);
    const binning = distinctBinning(cube);
    const into = spectrumBuffers(cube);
    extractSpectrum(cube, binning, binning.bin[5 * 20 + 10]!, into);
    // Voxel (800, 5, 10) as numpy has it: 154.31463623046875 and 1140.1974 in units of 1e-20 and its square.
    expect(into[0]!.flux[800]).toBeCloseTo(154.31463623046875 * 1e-3, 12);
    expect(into[0]!.variance[800]! / (1140.1974e-6)).toBeCloseTo(1, 6);
  });

  it('has spaxels of 0.2 arcsec', () => {
    expect(cube.pixelScale).toBeCloseTo(0.2, 10);
  });

  describePython('beside numpy', () => {
    it('has the same image of mean flux', () => {
      const seen = runPython<number[]>(`
import json, sys
import numpy as np
from astropy.io import fits
d = fits.getdata(sys.argv[1], 'DATA'); v = fits.getdata(sys.argv[1], 'STAT')
print(json.dumps((np.where(v > 0, d, np.nan)[100:200].mean(axis=0) * 1e-3).ravel().tolist()))`, file);
      const image = whiteLight(cube, { range: [7425, 7548.75] });
      // The flux of the file is float64, ours float32: 6e-8 of values up to a few hundred, averaged.
      image.forEach((value, s) => expect(value).toBeCloseTo(seen[s]!, 6));
    });
  });
});

describeShared('the golden MUSE cube', () => {
  const answers = golden<{
    white: { image: (number | null)[][] };
    aperture_spectrum: { sum: number[]; var: number[] };
  }>('minicube.json');
  let cube: Cube;
  beforeAll(async () => {
    cube = await readCube([await open(shared('golden', 'minicube.fits'))]);
  });

  it("has the white-light image of the MUSE pipeline's own collapse", () => {
    const image = whiteLight(cube);
    answers.white.image.flat().forEach((value, s) => {
      if (value === null) expect(image[s]).toBeNaN();
      else expect(image[s]! / (value * 1e-3)).toBeCloseTo(1, 9);
    });
  });

  it('has the spectrum of an aperture and its variance as numpy sums them', () => {
    // (x − 11)² + (y − 13)² ≤ 25, the whole aperture one bin of the user's.
    const userBins = Array.from({ length: 24 * 24 }, (_, s) => ((s % 24 - 11) ** 2 + (Math.floor(s / 24) - 13) ** 2 <= 25 ? 1 : 0));
    const into = spectrumBuffers(cube);
    extractSpectrum(cube, distinctBinning(cube, { userBins }), 0, into);
    let full = 0;
    into[0]!.coverage.forEach((coverage, k) => {
      // numpy leaves bad voxels out without scaling to the whole aperture.
      expect(into[0]!.flux[k]! * coverage / (answers.aperture_spectrum.sum[k]! * 1e-3)).toBeCloseTo(1, 9);
      expect(into[0]!.variance[k]! * coverage ** 2 / (answers.aperture_spectrum.var[k]! * 1e-6)).toBeCloseTo(1, 9);
      if (coverage === 1) full++;
    });
    expect(full).toBeGreaterThan(700);
  });
});

describe('a cube in the format of the MUSE pipeline', () => {
  const [nx, ny, n] = [4, 3, 40];
  const flux = randomValues(nx * ny * n, 'flux');
  const variance = randomValues(nx * ny * n, 'variance').map((value) => value + 0.1);
  const read = async (options = {}, cards = [...skyCards, ...waveCards, museUnit]) => readCube([await fitsOf(museHdus(nx, ny, flux, variance, cards))], options);

  it('is transposed to spectra', async () => {
    const cube = await read();
    expect(cube.object).toBe('test galaxy');
    for (const [s, k] of [[0, 0], [7, 13], [11, 39]] as const) {
      expect(cube.arms[0]!.flux[s * n + k]).toBe(flux[k * nx * ny + s]);
      expect(cube.arms[0]!.variance[s * n + k]).toBe(variance[k * nx * ny + s]);
    }
  });

  it("doubts MUSE's line-spread function when another instrument signs the cube", async () => {
    const cards = [...skyCards, ...waveCards, museUnit, { key: 'INSTRUME', value: 'KCWI' }];
    expect((await read({}, cards)).warnings).toEqual([expect.stringMatching(/INSTRUME is KCWI; MUSE's line-spread function was taken/)]);
    expect((await read({ lsf: { kind: 'constant', fwhm: 2 } }, cards)).warnings).toEqual([]);
  });

  it('has NaN where DQ is not zero, and nowhere else', async () => {
    const dq = new Int32Array(flux.length);
    dq[5 * nx * ny + 7] = 1;
    dq[6 * nx * ny + 7] = 256;
    const fits = await fitsOf([...museHdus(nx, ny, flux, variance), { kind: 'image', name: 'DQ', axes: [nx, ny, n], data: dq }]);
    const { arms: [arm] } = await readCube([fits]);
    const bad = Array.from(arm!.flux.keys()).filter((i) => Number.isNaN(arm!.flux[i]));
    expect(bad).toEqual([7 * n + 5, 7 * n + 6]);
    const cropped = await readCube([fits], { range: [5000 + 6 * 1.25, 5030] });
    expect(Number.isNaN(cropped.arms[0]!.flux[7 * cropped.arms[0]!.axis.wavelength.length])).toBe(true);
    expect(cropped.arms[0]!.flux.filter(Number.isNaN).length).toBe(1);
  });

  it('leaves zero, negative and NaN variances as they are: such pixels do not count', async () => {
    const odd = variance.slice();
    odd.set([0, -1, Number.NaN, Number.POSITIVE_INFINITY], 0); // plane 0, spaxels 0 to 3
    const cube = await readCube([await fitsOf(museHdus(nx, ny, flux, odd))]);
    expect([0, 1, 2, 3].map((s) => cube.arms[0]!.variance[s * n])).toEqual([0, -1, Number.NaN, Number.POSITIVE_INFINITY]);
    const binning = distinctBinning(cube);
    const into = spectrumBuffers(cube);
    for (const s of [0, 1, 2, 3, 4]) {
      extractSpectrum(cube, binning, s, into);
      expect(Number.isNaN(into[0]!.flux[0])).toBe(s < 4);
      expect(into[0]!.flux[1]).toBeCloseTo(flux[nx * ny + s]! * 1e-3, 12);
    }
  });

  it('reads an all-NaN cube, in which no spaxel has a bin', async () => {
    const nan = new Float32Array(flux.length).fill(Number.NaN);
    const cube = await readCube([await fitsOf(museHdus(nx, ny, nan, nan))]);
    expect(distinctBinning(cube).count).toBe(0);
    expect(cube.sectors).toBeNull();
    expect(whiteLight(cube).every(Number.isNaN)).toBe(true);
  });

  it('takes the seeing of the best source in the header', async () => {
    const seeing = async (cards: [string, number][]) => (await read({}, [...skyCards, ...waveCards, museUnit, ...cards.map(([key, value]) => ({ key, value }))])).seeing;
    const monitor: [string, number][] = [['ESO TEL AMBI FWHM START', 0.8], ['ESO TEL AMBI FWHM END', 1.0]];
    expect(await seeing(monitor)).toEqual({ fwhm: 0.9, source: 'header, ESO TEL AMBI FWHM START and ESO TEL AMBI FWHM END: seeing monitor of the observatory, at zenith' });
    expect((await seeing([...monitor, ['ESO OCS SGS FWHM MED', 0.7]]))!.fwhm).toBe(0.7);
    expect((await seeing([...monitor, ['ESO OCS SGS FWHM MED', 0]]))!.fwhm).toBe(0.9);
    expect((await seeing([['ESO TEL AMBI FWHM START', 0.8], ['ESO TEL AMBI FWHM END', -1]]))!.fwhm).toBe(0.8);
    // Moffat: α = 1, β = 1 has FWHM 2.
    expect((await seeing([['PSFALPHA', 1], ['PSFBETA', 1]]))!.fwhm).toBe(2);
    expect(await seeing([])).toBeNull();
  });

  it('multiplies by FSCALE only where BUNIT has no number of its own', async () => {
    const unit = async (bunit: string) => outlineCube([await fitsOf(museHdus(nx, ny, flux, variance, [...skyCards, ...waveCards, { key: 'BUNIT', value: bunit }, { key: 'FSCALE', value: 1e-20 }]))]);
    expect((await unit('10**(-20)*erg/s/cm**2/Angstrom')).unit).toBe(1e-20);
    expect((await unit('1e-20 erg/s/cm2/Angstrom')).unit).toBe(1e-20);
    const old = await unit('erg/s/cm2/Angstrom');
    expect(old.unit).toBe(1e-20);
    expect(old.warnings).toEqual([expect.stringMatching(/times FSCALE/)]);
  });

  it('turns the unit of STAT into that of DATA where the two disagree', async () => {
    const hdus = museHdus(nx, ny, flux, variance);
    const other = { ...hdus[2]!, cards: [{ key: 'BUNIT', value: '10**(-36)*(erg/s/cm**2/Angstrom)**2' }] };
    const cube = await readCube([await fitsOf([hdus[0]!, hdus[1]!, other])]);
    expect(cube.arms[0]!.variance[0]! / (variance[0]! * 1e4)).toBeCloseTo(1, 6);
  });

  it('takes the line-spread function, the flux unit and the medium that are given', async () => {
    const cube = await read({ lsf: { kind: 'constant', fwhm: 2 }, fluxUnit: '1e-18 erg/s/cm2/Angstrom', medium: 'vacuum' });
    expect(cube.arms[0]!.lsf).toEqual({ kind: 'constant', fwhm: 2 });
    expect(cube.unit).toBe(1e-18);
    expect(cube.arms[0]!.axis.medium).toBe('vacuum');
  });

  it('says what is missing and which key gives it', async () => {
    const cards = [...skyCards, ...waveCards, museUnit];
    await expect(read({}, without(cards, 'CUNIT3'))).rejects.toThrow(/wavelength axis without a unit \(CUNIT3\).*`cube\.wavelengthUnit`/);
    expect((await read({ wavelengthUnit: 'Angstrom' }, without(cards, 'CUNIT3'))).arms[0]!.axis.wavelength[1]).toBeCloseTo(5001.25, 9);
    await expect(read({}, without(cards, 'BUNIT'))).rejects.toThrow(/no flux unit \(BUNIT\).*`cube\.fluxUnit`/);
    await expect(read({}, without(cards, 'CTYPE1', 'CTYPE2'))).rejects.toThrow(/no celestial coordinates.*`cube\.pixelScale`/);
    expect((await read({ pixelScale: 0.4 }, without(cards, 'CTYPE1', 'CTYPE2'))).pixelScale).toBe(0.4);
    await expect(read({}, [...without(cards, 'CTYPE3'), { key: 'CTYPE3', value: 'FREQ' }])).rejects.toThrow(/a third axis of type 'FREQ'/);
    const [primary, data] = museHdus(nx, ny, flux, variance);
    await expect(readCube([await fitsOf([primary!, data!])])).rejects.toMatchObject({ tag: 'BadCube' });
    await expect(readCube([await fitsOf([primary!, data!])])).rejects.toThrow(/no variance in the HDUs PRIMARY, DATA; .*`cube\.variance`, `cube\.error` or `cube\.ivar`/);
    await expect(readCube([await fitsOf([primary!, data!, { kind: 'image', name: 'STAT', axes: [nx, ny, n - 1], data: variance.subarray(nx * ny) }])]))
      .rejects.toThrow(/the HDU STAT with axes 4 × 3 × 39; expected 4 × 3 × 40 as the flux/);
  });
});
