import { readCubeSpectra, readImage, type CubePart, type Fits, type Hdu } from '../fits/index.js';
import type { Arm, Cube } from './cube.js';
import { mangaLsf } from './manga.js';
import { readMap } from './map.js';
import { outlineCube, type ArmOutline, type CubeOutline } from './outline.js';
import { checkSectors, recogniseRepeats } from './repeats.js';
import type { CubeOptions } from './source.js';

/**
 * Reads a reduced integral-field cube: MUSE (DATA, STAT, DQ), SAMI (the blue and the red file, or one), MaNGA (LOGCUBE), or any cube with
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
  const outline = outlineCube(files, options);
  const arms: Arm[] = [];
  for (const arm of outline.arms) arms.push({ name: arm.name, axis: arm.axis, lsf: arm.lsf, ...await readRows(arm, 0, outline.ny) });
  return assembleCube(outline, arms);
}

/** A cube from what its headers tell and its arms, wherever their values are held: repeating spectra are recognised, as `readCube` says, and a line-spread function that the file holds is read. */
export async function assembleCube(outline: CubeOutline, arms: readonly Arm[]): Promise<Cube> {
  const { arms: _, sectorSource, bytes: __, ...rest } = outline;
  const resolved = await Promise.all(arms.map(async (arm, i) => {
    const { source, z0 } = outline.arms[i]!;
    return source.lsf === 'file' ? { ...arm, lsf: await mangaLsf(source.fits, arm.axis, z0) } : arm;
  }));
  const cube = { ...rest, arms: resolved };
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

/** The spectra of the rows y0 ≤ y < y1 of an arm, in the units of the cube, as `readCube` says; into the given memory, or new. */
export async function readRows(arm: ArmOutline, y0: number, y1: number, into?: Pick<Arm, 'flux' | 'variance'>): Promise<Pick<Arm, 'flux' | 'variance'>> {
  const { source: { fits, flux: fluxHdu, noise, mask }, z0, z1, fluxFactor, noiseFactor } = arm;
  const part = { z0, z1, y0, y1 };
  const same = fluxFactor === 1 && noiseFactor === 1;
  const flux = fluxFactor === 1 ? await readCubeSpectra(fits, fluxHdu, { ...part, ...(into && { into: into.flux }) })
    : await readConverted(fits, fluxHdu, part, (value) => value * fluxFactor, into?.flux);
  const square = fluxFactor ** 2;
  const variance = await {
    variance: () => (same ? readCubeSpectra(fits, noise.hdu, { ...part, ...(into && { into: into.variance }) })
      : readConverted(fits, noise.hdu, part, (value) => value * noiseFactor * square, into?.variance)),
    error: () => readConverted(fits, noise.hdu, part, (value) => value * Math.abs(value) * noiseFactor ** 2 * square, into?.variance),
    ivar: () => readConverted(fits, noise.hdu, part, (value) => square / (value * noiseFactor), into?.variance),
  }[noise.kind]();
  if (mask) await applyMask(fits, mask, flux, part);
  return { flux, variance };
}

/** Planes z0 ≤ z < z1 and rows y0 ≤ y < y1. */
type Part = Required<Omit<CubePart, 'into'>>;

/** Planes held at a time: enough that the values of a spaxel are written by the cache line. */
const chunk = 16;

/** Calls `use` with blocks of planes (values plane by plane) and the number of the first, counted from z0. */
async function eachBlock(fits: Fits, hdu: Hdu, { z0, z1, y0, y1 }: Part, use: (data: ArrayLike<number>, first: number, planes: number) => void): Promise<void> {
  const [nx] = hdu.axes as [number, number];
  for (let z = z0; z < z1; z += chunk) {
    const planes = Math.min(chunk, z1 - z);
    use((await readImage(fits, hdu, { start: [0, y0, z], count: [nx, y1 - y0, planes] })).data, z - z0, planes);
  }
}

/** As `readCubeSpectra`, each value converted in double precision before it is stored as float32. */
async function readConverted(fits: Fits, hdu: Hdu, part: Part, convert: (value: number) => number, into?: Float32Array): Promise<Float32Array> {
  const spaxels = hdu.axes[0]! * (part.y1 - part.y0);
  const n = part.z1 - part.z0;
  const out = into ?? new Float32Array(spaxels * n);
  await eachBlock(fits, hdu, part, (data, first, planes) => {
    for (let s = 0; s < spaxels; s++) {
      for (let j = 0; j < planes; j++) out[s * n + first + j] = convert(data[j * spaxels + s]!);
    }
  });
  return out;
}

/** NaN in the flux wherever the mask (a cube, or an image for all wavelengths) is not zero. */
async function applyMask(fits: Fits, mask: Hdu, flux: Float32Array, part: Part): Promise<void> {
  const nx = mask.axes[0]!;
  const spaxels = nx * (part.y1 - part.y0);
  const n = part.z1 - part.z0;
  if (mask.axes.length === 2) {
    const { data } = await readImage(fits, mask, { start: [0, part.y0], count: [nx, part.y1 - part.y0] });
    for (let s = 0; s < spaxels; s++) if (data[s] !== 0) flux.fill(Number.NaN, s * n, (s + 1) * n);
    return;
  }
  await eachBlock(fits, mask, part, (data, first, planes) => {
    for (let s = 0; s < spaxels; s++) {
      for (let j = 0; j < planes; j++) if (data[j * spaxels + s] !== 0) flux[s * n + first + j] = Number.NaN;
    }
  });
}
