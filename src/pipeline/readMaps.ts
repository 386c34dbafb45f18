import { basename } from 'node:path';
import { readBinMap } from '../cube/index.js';
import { isFitsFile, isHdf5File, openFitsFile, openFitsFiles, readHdf5Tables, readText } from '../host/index.js';
import { ccm89, dereddeningFactor } from '../light/index.js';
import { offeredByMaps, readFluxTable, readLineMaps, readPipe3dTables, supportedMaps, type LineMaps } from '../linemaps/index.js';
import { lineByName } from '../nebula/index.js';
import { findHdu } from '../fits/index.js';
import { parseTable } from '../table/index.js';
import { ZgradError } from '../errors/index.js';
import { setPath, type ConfigTree } from './config.js';
import { readForeground } from './foreground.js';
import type { Config } from './resolve.js';

/** The maps with foreground dust taken off every line at its observed wavelength. */
function dereddened(maps: LineMaps, ebv: number): LineMaps {
  const lines = new Map([...maps.lines].map(([name, line]) => {
    const factor = dereddeningFactor(ebv, ccm89(lineByName(name).vacuum * (1 + maps.redshift)));
    return [name, { ...line, flux: line.flux.map((v) => v * factor), fluxError: line.fluxError.map((v) => v * factor) }];
  }));
  return { ...maps, lines, foregroundCorrected: true };
}

/**
 * Line maps of another pipeline: MaNGA DAP, SAMI DR3, Pipe3D, PHANGS-MUSE, (n)GIST, or one plain table of fluxes with positions.
 * Galactic dust is taken off unless the maps are free of it; `foreground` tells how much, from the dust map where that is asked for.
 * Throws BadMaps, BadTable, BadConfig, FileNotFound.
 */
export async function readMaps(files: readonly string[], config: Config, warnings: string[]): Promise<{ readonly maps: LineMaps; readonly foreground: Config['foreground'] }> {
  const { redshift } = config;
  const { binned, components, fluxUnit, pixelScale } = config.maps;
  const options = {
    redshift, ...(config.object !== undefined && { object: config.object }), ...(fluxUnit !== undefined && { fluxUnit }), foregroundCorrected: config.foreground.source === 'none',
  };
  const [file] = files as [string];
  let maps: LineMaps;
  if ((await Promise.all(files.map(isFitsFile))).every(Boolean)) {
    const opened = await openFitsFiles(files);
    const [nx = 0, ny = 0] = findHdu(opened[0]!, 0).axes;
    const bins = config.maps.bins === undefined ? undefined : await readBinMap(await openFitsFile(config.maps.bins), { nx, ny }, 'BIN_MASK');
    maps = await readLineMaps(opened, { ...options, ...(binned !== undefined && { binned }), ...(components !== undefined && { components }), ...(bins && { bins }) });
  } else if (files.length > 1) {
    throw new ZgradError('BadMaps', { where: files.map((file) => basename(file)).join(', '), found: 'several files that are not all FITS', expected: `the files of one galaxy: ${supportedMaps}` });
  } else if (await isHdf5File(file)) {
    maps = readPipe3dTables(await readHdf5Tables(file), basename(file), options);
  } else {
    maps = readFluxTable(parseTable(await readText(file), file), { ...options, where: basename(file), ...(pixelScale !== null && { pixelScale }) });
  }
  if (!maps.lines.has('Ha')) {
    throw new ZgradError('BadMaps', { where: files.map((file) => basename(file)).join(', '), found: `the lines ${[...maps.lines.keys()].join(', ')}`, expected: 'Hα among them' });
  }
  warnings.push(...(maps.notes ?? []));
  if (maps.foregroundCorrected) {
    if (config.foreground.map || config.foreground.ebv > 0) warnings.push('foreground was not applied: the maps are already corrected for Galactic dust');
    return { maps, foreground: { ...config.foreground, ebv: 0 } };
  }
  const { nx, ny } = maps.binning;
  const foreground = await readForeground(config, { nx, ny, wcs: maps.wcs }, warnings);
  return { maps: foreground.ebv > 0 ? dereddened(maps, foreground.ebv) : maps, foreground };
}

/**
 * The configuration with what the headers of the maps say of the galaxy under what the user gives (see `offeredByMaps`); says what was taken.
 * Throws FileNotFound, BadFits.
 */
export async function withOffered(files: readonly string[], tree: ConfigTree, warnings: string[]): Promise<ConfigTree> {
  if (!(await Promise.all(files.map(isFitsFile))).every(Boolean)) return tree;
  const { object, redshift, positionAngle, ellipticity, effectiveRadius, seeing, foregroundCorrected } = offeredByMaps(await openFitsFiles(files));
  const offers = Object.entries({
    object, redshift, effectiveRadius: effectiveRadius && `${effectiveRadius} arcsec`, seeing: seeing && `${seeing} arcsec`,
    foreground: foregroundCorrected ? 'none' : undefined, 'geometry.positionAngle': positionAngle, 'geometry.ellipticity': ellipticity,
  }).filter(([path, value]) => value !== undefined && path.split('.').reduce<unknown>((at, key) => (at as ConfigTree | undefined)?.[key], tree) === undefined);
  if (offers.length > 0) warnings.push(`taken from the header of the maps: ${offers.map(([path, value]) => `${path} ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`).join(', ')}`);
  return offers.reduce((at, [path, value]) => setPath(at, path, value), tree);
}
