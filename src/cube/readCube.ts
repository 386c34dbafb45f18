import { readCubeSpectra, readImage, type Fits, type Hdu } from '../fits/index.js';
import type { Arm, Cube } from './cube.js';
import { readMap } from './map.js';
import { outlineCube, type ArmOutline } from './outline.js';
import { checkSectors, recogniseRepeats } from './repeats.js';
import type { CubeOptions } from './source.js';

/**
 * Reads a reduced integral-field cube: MUSE (DATA, STAT, DQ), SAMI (the blue and the red file, or one), or any cube with
 * a flux and a variance, error or inverse variance. Memory: flux and variance as float32 and a few planes.
 *
 * - Where the mask is not zero the flux becomes NaN.
 * - An error e becomes the variance e·|e|, an inverse variance its reciprocal: what is not a finite positive number stays so,
 *   and its pixel does not count.
 * - Spectra that repeat over sectors are recognised (`Cube.sectors`); SAMI's BIN_MASK is used where it agrees with
 *   the spectra.
 *
 * The variance of a sector-binned SAMI cube is that of the sector's mean spectrum, not of one spaxel: in 41144 the noise
 * three pixels apart is as large as it says for sectors of 7 as of 67 spaxels. (Next to each other, wavelength pixels are
 * correlated by the resampling: their noise differs by only 0.6 of it.)
 *
 * @param files the opened file of a cube, or the blue and red file of a SAMI galaxy.
 * @throws ZgradError 'BadCube' (see `outlineCube`), 'MissingHdu', 'BadFits'.
 */
export async function readCube(files: readonly Fits[], options: CubeOptions = {}): Promise<Cube> {
  const { arms: outlines, sectorSource, bytes: _, ...outline } = outlineCube(files, options);
  const arms: Arm[] = [];
  for (const arm of outlines) arms.push(await readArm(arm));
  const cube = { ...outline, arms };
  const repeats = recogniseRepeats(cube);
  if (!sectorSource) {
    const warnings = repeats ? [...cube.warnings, 'Spectra repeat from spaxel to spaxel: each distinct spectrum was taken as the mean of a sector.'] : cube.warnings;
    return { ...cube, sectors: repeats, warnings };
  }
  const survey = Int32Array.from(await readMap(sectorSource.fits, cube, 'BadCube', sectorSource.hdu));
  const problem = checkSectors(survey, repeats);
  return problem === null
    ? { ...cube, sectors: survey }
    : { ...cube, sectors: repeats, warnings: [...cube.warnings, `${sectorSource.fits.source.name}: ${sectorSource.hdu} was not used: ${problem}`] };
}

async function readArm({ name, axis, lsf, source, z0, z1, fluxFactor, noiseFactor }: ArmOutline): Promise<Arm> {
  const { fits, noise, mask } = source;
  const same = fluxFactor === 1 && noiseFactor === 1;
  const flux = fluxFactor === 1 ? await readCubeSpectra(fits, source.flux, { z0, z1 })
    : await readConverted(fits, source.flux, z0, z1, (value) => value * fluxFactor);
  const square = fluxFactor ** 2;
  const variance = {
    variance: () => (same ? readCubeSpectra(fits, noise.hdu, { z0, z1 }) : readConverted(fits, noise.hdu, z0, z1, (value) => value * noiseFactor * square)),
    error: () => readConverted(fits, noise.hdu, z0, z1, (value) => value * Math.abs(value) * noiseFactor ** 2 * square),
    ivar: () => readConverted(fits, noise.hdu, z0, z1, (value) => square / (value * noiseFactor)),
  }[noise.kind];
  const arm = { name, axis, lsf, flux, variance: await variance() };
  if (mask) await applyMask(fits, mask, flux, z0, z1);
  return arm;
}

/** Planes held at a time: enough that the values of a spaxel are written by the cache line. */
const chunk = 16;

/** Calls `use` with blocks of planes z0 ≤ z < z1 (values plane by plane) and the number of the first. */
async function eachBlock(fits: Fits, hdu: Hdu, z0: number, z1: number, use: (data: ArrayLike<number>, first: number, planes: number) => void): Promise<void> {
  const [nx, ny] = hdu.axes as [number, number];
  for (let z = z0; z < z1; z += chunk) {
    const planes = Math.min(chunk, z1 - z);
    use((await readImage(fits, hdu, { start: [0, 0, z], count: [nx, ny, planes] })).data, z, planes);
  }
}

/** As `readCubeSpectra`, each value converted in double precision before it is stored as float32. */
async function readConverted(fits: Fits, hdu: Hdu, z0: number, z1: number, convert: (value: number) => number): Promise<Float32Array> {
  const spaxels = hdu.axes[0]! * hdu.axes[1]!;
  const n = z1 - z0;
  const out = new Float32Array(spaxels * n);
  await eachBlock(fits, hdu, z0, z1, (data, first, planes) => {
    for (let s = 0; s < spaxels; s++) {
      for (let j = 0; j < planes; j++) out[s * n + first - z0 + j] = convert(data[j * spaxels + s]!);
    }
  });
  return out;
}

/** NaN in the flux wherever the mask (a cube, or an image for all wavelengths) is not zero. */
async function applyMask(fits: Fits, mask: Hdu, flux: Float32Array, z0: number, z1: number): Promise<void> {
  const spaxels = mask.axes[0]! * mask.axes[1]!;
  const n = z1 - z0;
  if (mask.axes.length === 2) {
    const { data } = await readImage(fits, mask);
    data.forEach((value, s) => {
      if (value !== 0) flux.fill(Number.NaN, s * n, (s + 1) * n);
    });
    return;
  }
  await eachBlock(fits, mask, z0, z1, (data, first, planes) => {
    for (let s = 0; s < spaxels; s++) {
      for (let j = 0; j < planes; j++) if (data[j * spaxels + s] !== 0) flux[s * n + first - z0 + j] = Number.NaN;
    }
  });
}
