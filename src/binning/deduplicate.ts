import { ZgradError } from '../errors/index.js';
import { makeBinning, type Binning } from './binning.js';

/**
 * The bins behind maps in which a bin's value is repeated over its spaxels: spaxels that agree in every map (NaN
 * agrees with NaN) are one bin. A spaxel that is NaN in every map is unused. Labels ascend from 1 in the order in which
 * the bins are met. Give all maps that vary from bin to bin, so that two bins that happen to share one rounded number stay
 * apart. `repeated` is true.
 *
 * @param maps maps of length nx·ny.
 * @throws ZgradError 'BadArgument' when there is no map or a map has another length.
 */
export function deduplicate(maps: readonly ArrayLike<number>[], nx: number, ny: number): Binning {
  const wrong = maps.find((map) => map.length !== nx * ny);
  if (maps.length === 0 || wrong) {
    throw new ZgradError('BadArgument', {
      where: 'maps to de-duplicate', found: wrong ? `a map of ${wrong.length} values` : 'no map', expected: `maps of ${nx} × ${ny} values`,
    });
  }
  // Spaxels are split map by map: two share a group when they shared one before and agree in this map.
  let group = new Int32Array(nx * ny);
  const empty = new Uint8Array(nx * ny).fill(1);
  for (const map of maps) {
    const known = new Map<number, Map<number, number>>();
    const finer = new Int32Array(nx * ny);
    let count = 0;
    for (let i = 0; i < finer.length; i++) {
      const value = map[i]!; // Map keys treat NaN as equal to NaN.
      if (!Number.isNaN(value)) empty[i] = 0;
      let values = known.get(group[i]!);
      if (!values) known.set(group[i]!, values = new Map());
      let g = values.get(value);
      if (g === undefined) values.set(value, g = ++count);
      finer[i] = g;
    }
    group = finer;
  }
  return makeBinning(group.map((g, i) => (empty[i] ? 0 : g)), nx, ny, { repeated: true });
}
