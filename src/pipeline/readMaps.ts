import { basename } from 'node:path';
import { readBinMap } from '../cube/index.js';
import { isFitsFile, openFitsFile, readText } from '../host/index.js';
import { ccm89, dereddeningFactor } from '../light/index.js';
import { readFluxTable, readSamiMaps, type LineMaps } from '../linemaps/index.js';
import { lineByName } from '../nebula/index.js';
import { findHdu } from '../fits/index.js';
import { parseTable } from '../table/index.js';
import { ZgradError } from '../errors/index.js';
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
 * Line maps of another pipeline: SAMI DR3's FITS files, or one plain table of fluxes with positions.
 * Throws BadMaps, BadTable, FileNotFound.
 */
export async function readMaps(files: readonly string[], config: Config, warnings: string[]): Promise<LineMaps> {
  const named = config.object === undefined ? {} : { object: config.object };
  const fits = await Promise.all(files.map(isFitsFile));
  let maps: LineMaps;
  if (fits.every(Boolean)) {
    const opened = await Promise.all(files.map(openFitsFile));
    const { binned, components } = config.maps;
    const [nx = 0, ny = 0] = findHdu(opened[0]!, 0).axes;
    const bins = config.maps.bins === undefined ? undefined : await readBinMap(await openFitsFile(config.maps.bins), { nx, ny }, 'BIN_MASK');
    maps = await readSamiMaps(opened, {
      redshift: config.redshift, ...named, ...(binned !== undefined && { binned }), ...(components !== undefined && { components }), ...(bins && { bins }),
    });
  } else if (files.length === 1) {
    const [file] = files as [string];
    const { fluxUnit, pixelScale } = config.maps;
    maps = readFluxTable(parseTable(await readText(file), file), {
      redshift: config.redshift, ...named, where: basename(file), ...(fluxUnit !== undefined && { fluxUnit }), ...(pixelScale !== null && { pixelScale }),
      foregroundCorrected: config.foreground.source === 'none',
    });
  } else {
    throw new ZgradError('BadMaps', { where: files.map((file) => basename(file)).join(', '), found: 'several files that are not all FITS', expected: 'the FITS maps of one galaxy, or one table' });
  }
  warnings.push(...(maps.notes ?? []));
  return config.foreground.ebv > 0 && !maps.foregroundCorrected ? dereddened(maps, config.foreground.ebv) : maps;
}
