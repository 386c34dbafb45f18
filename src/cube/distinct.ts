import { makeBinning, spaxelBinning, type Binning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import type { Fits } from '../fits/index.js';
import type { Cube } from './cube.js';
import { readMap } from './map.js';
import { hasData } from './repeats.js';

/** What the bins of a cube are made of. */
export interface DistinctBinningOptions {
  /** The user's bin number per spaxel, length nx·ny. Default: each distinct spectrum is a bin. */
  readonly userBins?: ArrayLike<number>;
  /**
   * Which of the user's numbers mean "no bin": 'negative' (−1) or 'nonPositive' (0 too). Default: 'negative' when the
   * map has a negative number or NaN, else 'nonPositive'.
   */
  readonly unused?: 'negative' | 'nonPositive';
  /** 1 where the user masked a spaxel, length nx·ny. Default: none. */
  readonly mask?: ArrayLike<number>;
}

/**
 * The bins of a cube: the user's, or else the recognised sectors (`repeated`), or else each spaxel alone. Spaxels without any good
 * pixel are in no bin, nor are masked ones. A sector's spectrum is a mean that holds the light of all its spaxels: a
 * sector of which a spaxel is masked is left out as a whole.
 *
 * @throws ZgradError 'BadArgument' when the user's map has another size than the cube.
 */
export function distinctBinning(cube: Cube, options: DistinctBinningOptions = {}): Binning {
  const { userBins, mask } = options;
  const { nx, ny, sectors } = cube;
  const spoilt = new Set<number>();
  if (sectors && mask) sectors.forEach((sector, s) => mask[s] && spoilt.add(sector));
  const use = (s: number) => !mask?.[s] && !(sectors && spoilt.has(sectors[s]!)) && hasData(cube, s);
  if (userBins) {
    if (userBins.length !== nx * ny) {
      throw new ZgradError('BadArgument', {
        where: 'bin map', found: `${userBins.length} values`, expected: `${nx} × ${ny}, one per spaxel of the cube`,
      });
    }
    const numbers = Float64Array.from(userBins);
    const unused = options.unused ?? (numbers.some((number) => !(number >= 0)) ? 'negative' : 'nonPositive');
    return makeBinning(numbers.map((number, s) => (use(s) ? number : -1)), nx, ny, { unused });
  }
  if (sectors) return makeBinning(sectors.map((sector, s) => (use(s) ? sector : 0)), nx, ny, { repeated: true });
  return spaxelBinning(nx, ny, use);
}

/**
 * The user's bin map from a FITS image of the cube's size, for `distinctBinning`.
 *
 * @param hdu default: the first image of the cube's size.
 * @throws ZgradError 'BadMaps' when there is no image of the cube's size.
 */
export function readBinMap(fits: Fits, cube: Pick<Cube, 'nx' | 'ny'>, hdu?: number | string): Promise<ArrayLike<number>> {
  return readMap(fits, cube, 'BadMaps', hdu);
}
