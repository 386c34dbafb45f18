import type { Fits } from '../fits/index.js';
import { readDapMaps } from './dap.js';
import { mapsKind } from './kinds.js';
import type { LineMaps } from './linemaps.js';
import { readNgistTables } from './ngist.js';
import { readPhangsMaps } from './phangs.js';
import { readPipe3dCube } from './pipe3d.js';
import { readSamiMaps, type SamiMapsOptions } from './sami.js';

/** Options of `readLineMaps`; each reader takes those that it has a use for. */
export interface LineMapsOptions extends SamiMapsOptions {
  /** Unit of the fluxes where the files do not tell. */
  readonly fluxUnit?: string;
  /** Whether the fluxes are corrected for Galactic dust, where the files do not tell. Default false. */
  readonly foregroundCorrected?: boolean;
}

/**
 * Reads another pipeline's FITS products into line maps, whatever they are (see `mapsKind`).
 *
 * @throws ZgradError 'BadMaps' for files of no supported kind, or for what their reader misses.
 */
export async function readLineMaps(files: readonly Fits[], options: LineMapsOptions): Promise<LineMaps> {
  const kind = mapsKind(files);
  const [first] = files as readonly [Fits];
  switch (kind) {
    case 'dap': return readDapMaps(first, options);
    case 'phangs': return readPhangsMaps(first, options);
    case 'pipe3d': return readPipe3dCube(first, options);
    case 'ngist': return readNgistTables(files, options);
    case 'sami': return readSamiMaps(files, options);
  }
}
