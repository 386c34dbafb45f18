import { basename, extname } from 'node:path';
import type { Binning } from '../binning/index.js';
import { distinctBinning, maskFromImage, maskFromRegions, outlineCube, readBinMap, readCube, type Cube } from '../cube/index.js';
import { isFitsFile, openFitsFile, readText } from '../host/index.js';
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

/** The cube of a galaxy and its bins: distinct spectra, or the user's, less what the user masked. */
export async function readGalaxy(files: readonly string[], config: Config): Promise<{ cube: Cube; binning: Binning; mask: Uint8Array | null }> {
  const opened = await Promise.all(files.map(openFitsFile));
  const { lsf, pixelScale, ...options } = config.cube;
  const cubeOptions = { ...options, ...(lsf && { lsf }), ...(pixelScale !== null && { pixelScale }) };
  // From the headers alone: a wrong redshift stops the run before gigabytes are read.
  checkCoverage(outlineCube(opened, cubeOptions).arms, config.redshift);
  const read = await readCube(opened, cubeOptions);
  const cube = { ...read, object: read.object ?? basename(files[0]!).replace(/\.fits?(?:\.gz)?$/i, '') };
  const masks = await Promise.all(config.masks.map((path) => readMask(path, cube)));
  const mask = masks.length ? wholeSectors(Uint8Array.from({ length: cube.nx * cube.ny }, (_, i) => Number(masks.some((one) => one[i]))), cube.sectors) : null;
  const userBins = config.binning && await readBinMap(await openFitsFile(config.binning.map), cube, config.binning.hdu);
  return { cube, mask, binning: distinctBinning(cube, { ...(userBins && { userBins }), ...(mask && { mask }) }) };
}
