import { expect, it } from 'vitest';
import { outlineCube, readCube } from '../../src/cube/index.js';
import type { Card, Fits, HduSpec } from '../../src/fits/index.js';
import { lsfFwhm } from '../../src/light/index.js';
import { pixelToSky } from '../../src/sky/index.js';
import { constants } from '../../src/units/index.js';
import { fitsOf, skyCards } from './cubes.js';

const [nx, ny, n] = [3, 2, 200];
/** The survey's logarithmic step, 10⁻⁴ in log₁₀ λ, from 6500 Å. */
const start = 6500;
const wavelength = Float64Array.from({ length: n }, (_, k) => start * 10 ** (1e-4 * k));
const primary: readonly Card[] = [
  { key: 'PLATEIFU', value: '8080-12701' }, { key: 'INSTRUME', value: 'MaNGA' }, { key: 'EBVGAL', value: 0.0913764 }, { key: 'RFWHM', value: 2.60916 },
];
const fluxCards: readonly Card[] = [
  ...skyCards, { key: 'CTYPE3', value: 'WAVE-LOG' }, { key: 'CUNIT3', value: 'Angstrom' }, { key: 'CRPIX3', value: 1 }, { key: 'CRVAL3', value: start },
  { key: 'CD3_3', value: start * 1e-4 * Math.LN10 }, { key: 'BUNIT', value: '1E-17 erg/s/cm^2/Ang/spaxel' },
];
const size = nx * ny * n;
const plane = nx * ny;
const spread = Float32Array.from({ length: n }, (_, k) => 1 + k / n);
const covered = (i: number): boolean => i % plane !== 5;

/** A file in the layout of the reduction pipeline; spaxel 5 has no data. */
function mangaFile(more: readonly HduSpec[], cards = fluxCards): Promise<Fits> {
  const cube = (name: string, data: Float32Array | Int32Array, extra: readonly Card[] = []): HduSpec => ({ kind: 'image', name, axes: [nx, ny, n], data, cards: extra });
  const mask = Int32Array.from({ length: size }, (_, i) => (!covered(i) ? 1027 : i === 3 * plane + 1 ? 8 : 0));
  return fitsOf([
    { kind: 'image', axes: [], data: null, cards: primary },
    cube('FLUX', Float32Array.from({ length: size }, (_, i) => 100 * (i % plane) + Math.floor(i / plane)), cards),
    cube('IVAR', Float32Array.from({ length: size }, (_, i) => (covered(i) ? 4 : 0))),
    cube('MASK', mask),
    { kind: 'image', name: 'WAVE', axes: [n], data: wavelength },
    ...more,
  ], 'manga-8080-12701-LOGCUBE.fits.gz');
}

const vector = (name: string, data: Float32Array): HduSpec => ({ kind: 'image', name, axes: [n], data });
const sigmaCube = (name: string): HduSpec => ({
  kind: 'image', name, axes: [nx, ny, n], data: Float32Array.from({ length: size }, (_, i) => (covered(i) ? spread[Math.floor(i / plane)]! * (1 + 0.1 * (i % plane - 2)) : 0)),
});

it('recognises a LOGCUBE: vacuum wavelengths in logarithmic steps, flux in 1e-17 per spaxel, inverse variance, masked pixels NaN', async () => {
  const cube = await readCube([await mangaFile([])]);
  expect(cube.instrument).toBe('MaNGA');
  expect(cube.object).toBe('8080-12701');
  expect(cube.unit).toBeCloseTo(1e-17, 25);
  const [arm] = cube.arms as [(typeof cube.arms)[0]];
  expect(arm.axis.medium).toBe('vacuum');
  // The header's step is exact to rounding.
  for (const k of [0, 77, n - 1]) expect(arm.axis.wavelength[k]! / wavelength[k]!).toBeCloseTo(1, 12);
  expect(arm.flux[4 * n + 10]).toBe(410);
  expect(arm.variance[4 * n + 10]).toBe(0.25);
  expect(arm.flux[1 * n + 3]).toBeNaN();
  expect(arm.flux.subarray(5 * n).every(Number.isNaN)).toBe(true);
  expect(pixelToSky(cube.wcs!.celestial!, 0, 0)[1]).toBeCloseTo(2, 10);
});

it('takes the seeing from the header and says how much Galactic dust there is', async () => {
  const cube = await readCube([await mangaFile([])]);
  expect(cube.seeing).toMatchObject({ fwhm: 2.60916 });
  expect(cube.warnings.join()).toMatch(/E\(B−V\) = 0\.0913764 of Galactic dust/);
});

it('takes the line-spread function before the pixel from PRESPECRES, whatever else the file holds', async () => {
  const resolution = Float32Array.from(wavelength, (λ, k) => λ / (spread[k]! * constants.fwhmPerSigma));
  const file = await mangaFile([sigmaCube('LSFPOST'), vector('SPECRES', resolution.map((r) => r / 2)), vector('PRESPECRES', resolution)]);
  const { arms: [arm], warnings } = await readCube([file]);
  // Linear between nodes of a linear run, float32 in the file.
  for (const k of [0, 77, 150]) expect(lsfFwhm(arm!.lsf, wavelength[k]!)).toBeCloseTo(spread[k]! * constants.fwhmPerSigma, 4);
  expect(warnings.join()).not.toMatch(/line-spread/);
});

it.each(['LSFPRE', 'PREDISP'])('takes the median over the covered spaxels of %s', async (name) => {
  const { arms: [arm] } = await readCube([await mangaFile([sigmaCube(name)])]);
  // Spaxels 0–4 hold 0.8, 0.9, 1, 1.1, 1.2 of it.
  for (const k of [0, 77, 150]) expect(lsfFwhm(arm!.lsf, wavelength[k]!)).toBeCloseTo(spread[k]! * constants.fwhmPerSigma, 4);
});

it.each(['LSFPOST', 'DISP'])('takes the width of the pixel off %s', async (name) => {
  const { arms: [arm] } = await readCube([await mangaFile([sigmaCube(name)])]);
  const k = 75;
  const step = wavelength[k]! * 1e-4 * Math.LN10;
  // The step at the node is that of its edges, to second order.
  expect(lsfFwhm(arm!.lsf, wavelength[k]!)).toBeCloseTo(Math.sqrt(spread[k]! ** 2 - step ** 2 / 12) * constants.fwhmPerSigma, 4);
});

it('cuts the line-spread function with the wavelengths, and prefers the user\'s', async () => {
  const resolution = Float32Array.from(wavelength, (λ, k) => λ / (spread[k]! * constants.fwhmPerSigma));
  const file = await mangaFile([vector('PRESPECRES', resolution)]);
  const { arms: [arm] } = await readCube([file], { range: [6600, 6700] });
  expect(arm!.axis.wavelength[0]).toBeGreaterThanOrEqual(6600);
  const k = wavelength.findIndex((λ) => λ > 6650);
  expect(lsfFwhm(arm!.lsf, wavelength[k]!)).toBeCloseTo(spread[k]! * constants.fwhmPerSigma, 4);
  const { arms: [given] } = await readCube([file], { lsf: { kind: 'constant', fwhm: 3 } });
  expect(given!.lsf).toEqual({ kind: 'constant', fwhm: 3 });
});

it('says so where the file holds no line-spread function, and stands without unit cards by the format', async () => {
  const bare = await mangaFile([], fluxCards.filter(({ key }) => key !== 'BUNIT' && key !== 'CUNIT3'));
  const outline = outlineCube([bare]);
  expect(outline.unit).toBeCloseTo(1e-17, 25);
  expect(outline.warnings.join()).toMatch(/line-spread function unknown; a FWHM of two pixels/);
});

it('leaves the cube of models of the analysis pipeline to the generic reader', async () => {
  const model = await mangaFile([{ kind: 'image', name: 'MODEL', axes: [nx, ny, n], data: new Float32Array(size) }]);
  expect(outlineCube([model]).instrument).toBe('generic');
});
