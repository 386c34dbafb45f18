import { basename, extname } from 'node:path';
import { makeBinning } from '../binning/index.js';
import { maskFromImage, maskFromRegions, outlineCube, readBinMap, type Cube, type CubeOptions, type CubeOutline } from '../cube/index.js';
import type { Fits } from '../fits/index.js';
import { isFitsFile, openFitsFile, openFitsFiles, readText } from '../host/index.js';
import { ZgradError } from '../errors/index.js';
import type { SpectralAxis } from '../light/index.js';
import { lineByName } from '../nebula/index.js';
import type { Config } from './resolve.js';

/** A user's mask: a DS9 region file, or a FITS image (plain or gzipped, told by its first bytes). */
async function readMask(path: string, cube: Cube): Promise<Uint8Array> {
  if (extname(path) !== '.reg' && await isFitsFile(path)) return maskFromImage(await openFitsFile(path), cube);
  return maskFromRegions(await readText(path), cube, path);
}

/** A sector's one spectrum holds the light of all its spaxels: masking one of them masks the sector, and every spaxel of it says so. */
function wholeSectors(mask: Uint8Array, sectors: Cube['sectors']): Uint8Array {
  if (!sectors) return mask;
  const masked = new Set(sectors.filter((sector, i) => sector > 0 && mask[i]));
  return mask.map((value, i) => (value || masked.has(sectors[i]!) ? 1 : 0));
}

/** Throws BadConfig when the redshift puts Hα outside every arm. */
function checkCoverage(arms: readonly { readonly axis: SpectralAxis }[], redshift: number): void {
  const { air, vacuum } = lineByName('Ha');
  const inside = arms.some(({ axis: { edges, medium } }) => {
    const λ = (medium === 'air' ? air : vacuum) * (1 + redshift);
    return λ > edges[0]! && λ < edges[edges.length - 1]!;
  });
  if (inside) return;
  const ranges = arms.map(({ axis: { wavelength } }) => `${wavelength[0]!.toFixed(0)}–${wavelength[wavelength.length - 1]!.toFixed(0)} Å`);
  throw new ZgradError('BadConfig', {
    where: 'redshift', found: `${redshift}, which puts Hα at ${(air * (1 + redshift)).toFixed(0)} Å`, expected: `Hα inside ${ranges.join(' or ')}`, remedy: 'Check the redshift, and cube.range.',
  });
}

/** The files of a galaxy, of which only the headers have been read. */
export interface OpenedGalaxy {
  readonly opened: readonly Fits[];
  readonly options: CubeOptions;
  readonly arms: readonly { readonly axis: SpectralAxis }[];
  readonly outline: CubeOutline;
}

/** Opens a galaxy: a wrong redshift stops the run before gigabytes are read. Throws BadConfig, BadCube. */
export async function openGalaxy(files: readonly string[], config: Config): Promise<OpenedGalaxy> {
  const opened = await openFitsFiles(files);
  const { lsf, pixelScale, ...given } = config.cube;
  const options = { ...given, ...(lsf && { lsf }), ...(pixelScale !== null && { pixelScale }) };
  const outline = outlineCube(opened, options);
  checkCoverage(outline.arms, config.redshift);
  return { opened, options, arms: outline.arms, outline };
}

/** What the user masked: 1 per spaxel; null for nothing. Throws BadMask, FileNotFound. */
export async function readMasks(paths: readonly string[], cube: Cube): Promise<Uint8Array | null> {
  if (paths.length === 0) return null;
  const masks: Uint8Array[] = [];
  for (const path of paths) masks.push(await readMask(path, cube));
  return wholeSectors(Uint8Array.from({ length: cube.nx * cube.ny }, (_, i) => Number(masks.some((one) => one[i]))), cube.sectors);
}

/** The user's bins of the lines and of the stars, a number per spaxel; null for none. */
export interface UserBins {
  readonly lines: ArrayLike<number> | null;
  readonly stars: ArrayLike<number> | null;
}

/** Reads the user's bins. Throws BadMaps, FileNotFound, BadArgument for numbers that are no integers. */
export async function readUserBins({ binning, continuum }: Config, cube: Pick<Cube, 'nx' | 'ny'>): Promise<UserBins> {
  const read = async (key: string, path: string | undefined, hdu?: number | string): Promise<ArrayLike<number> | null> => {
    if (path === undefined) return null;
    const map = await readBinMap(await openFitsFile(path), cube, hdu);
    // What are no bin numbers is told now, not when the bins are made.
    makeBinning(map, cube.nx, cube.ny, { where: `${key}: ${basename(path)}` });
    return map;
  };
  return { lines: await read('binning.map', binning.map, binning.hdu), stars: await read('continuum.bins', continuum.bins) };
}

/** The name of a galaxy whose files do not tell one. */
export const nameOfFile = (path: string): string => basename(path).replace(/\.fits?(?:\.gz)?$/i, '');
