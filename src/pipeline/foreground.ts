import { join } from 'node:path';
import type { Cube } from '../cube/index.js';
import { ZgradError } from '../errors/index.js';
import { openFitsFiles } from '../host/index.js';
import { dustMapFiles, galacticReddening, pixelToSky } from '../sky/index.js';
import type { Config } from './resolve.js';

/** The files of the dust map that is asked for; none without one. */
export const dustMapPaths = ({ foreground: { map } }: Config): string[] => (map ? [dustMapFiles.north, dustMapFiles.south].map((name) => join(map.folder, name)) : []);

/** Galactic reddening as given, or from the dust map at the middle of the field. Throws BadConfig without coordinates, FileNotFound. */
export async function readForeground(config: Config, outline: Pick<Cube, 'nx' | 'ny' | 'wcs'>, warnings: string[]): Promise<Config['foreground']> {
  const { foreground } = config;
  const { map } = foreground;
  if (!map) return foreground;
  const celestial = outline.wcs?.celestial;
  if (!celestial) throw new ZgradError('BadConfig', { where: 'foreground.dustMap', found: 'data without celestial coordinates', expected: 'a place on the sky', remedy: 'Give foreground.ebv instead.' });
  const [ra, dec] = pixelToSky(celestial, (outline.nx - 1) / 2, (outline.ny - 1) / 2);
  const [north, south] = await openFitsFiles(dustMapPaths(config));
  const { ebv, l, b } = await galacticReddening({ north: north!, south: south! }, ra, dec, { scale: map.scale });
  if (!Number.isFinite(ebv)) throw new ZgradError('BadConfig', { where: 'foreground.dustMap', found: `no value at l = ${l.toFixed(3)}, b = ${b.toFixed(3)}`, expected: 'a reddening', remedy: 'Give foreground.ebv instead.' });
  warnings.push(`foreground E(B−V) ${ebv.toFixed(4)} mag from the dust map at l = ${l.toFixed(3)}°, b = ${b.toFixed(3)}°${map.scale === 'SF11' ? ' (× 0.86)' : ''}`);
  return { ...foreground, ebv };
}
