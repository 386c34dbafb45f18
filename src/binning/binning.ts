import { ZgradError } from '../errors/index.js';

/** Which spaxels share a bin. Bins are numbered from 0; −1 is a spaxel that is not used. */
export interface Binning {
  readonly nx: number;
  readonly ny: number;
  readonly count: number;
  /** Bin of each spaxel, length nx·ny, −1 = unused. */
  readonly bin: Int32Array;
  /** The spaxels of bin b are spaxels[start[b]] … spaxels[start[b+1]−1]. */
  readonly start: Int32Array;
  readonly spaxels: Int32Array;
  /** The number that the user or the survey gave to each bin. */
  readonly labels: Int32Array;
  /**
   * True when every spaxel of a bin holds the same spectrum, the mean per spaxel of the bin (sector-binned
   * cubes): the bin's flux is then npix times that spectrum. False: the bin's flux is the sum over its spaxels.
   */
  readonly repeated: boolean;
}

/** How `makeBinning` reads a map of bin numbers. */
export interface MakeBinningOptions {
  /** Every spaxel of a bin holds the bin's mean spectrum. Default false. */
  readonly repeated?: boolean;
  /**
   * Which numbers mean "no bin": 'negative' (MaNGA, VorBin: −1) or 'nonPositive' (SAMI: 0). NaN is always
   * unused. Default 'nonPositive'.
   */
  readonly unused?: 'negative' | 'nonPositive';
  /** Name of the map for messages. Default 'bin map'. */
  readonly where?: string;
}

/**
 * A binning from a map of bin numbers (length nx·ny, spaxel = y·nx + x). Gaps in the numbers are closed, bins keep
 * the order of their numbers; the numbers themselves are kept as `labels`.
 *
 * @throws ZgradError 'BadArgument' when the map's length is not nx·ny or a number is not an integer.
 */
export function makeBinning(map: ArrayLike<number>, nx: number, ny: number, options: MakeBinningOptions = {}): Binning {
  const { repeated = false, unused = 'nonPositive', where = 'bin map' } = options;
  if (map.length !== nx * ny) {
    throw new ZgradError('BadArgument', {
      where, found: `${map.length} values`, expected: `${nx} × ${ny} = ${nx * ny}, one per spaxel`,
      remedy: 'Give a map of the same size as the cube.',
    });
  }
  const lowest = unused === 'negative' ? 0 : 1;
  const numbers = new Set<number>();
  for (let i = 0; i < map.length; i++) {
    const number = map[i]!;
    if (!(number >= lowest)) continue;
    if (!Number.isInteger(number) || number > 0x7fffffff) {
      throw new ZgradError('BadArgument', { where, found: `the bin number ${number}`, expected: 'integers that fit in 32 bits' });
    }
    numbers.add(number);
  }
  const labels = Int32Array.from(numbers).sort();
  const binOf = new Map(Array.from(labels, (label, b) => [label, b]));
  return fromBins(Int32Array.from({ length: map.length }, (_, i) => binOf.get(map[i]!) ?? -1), nx, ny, labels, repeated);
}

/** Every used spaxel its own bin; the label is the spaxel's number y·nx + x. */
export function spaxelBinning(nx: number, ny: number, use: (spaxel: number) => boolean): Binning {
  const bin = new Int32Array(nx * ny).fill(-1);
  const used: number[] = [];
  for (let i = 0; i < bin.length; i++) if (use(i)) bin[i] = used.push(i) - 1;
  return fromBins(bin, nx, ny, Int32Array.from(used), false);
}

/** The lists of spaxels by counting; `bin` holds −1 or numbers below `labels.length`, each of which occurs. */
function fromBins(bin: Int32Array, nx: number, ny: number, labels: Int32Array, repeated: boolean): Binning {
  const count = labels.length;
  const start = new Int32Array(count + 1);
  for (const b of bin) if (b >= 0) start[b + 1]!++;
  for (let b = 0; b < count; b++) start[b + 1]! += start[b]!;
  const next = start.slice(0, count);
  const spaxels = new Int32Array(start[count]!);
  for (let i = 0; i < bin.length; i++) if (bin[i]! >= 0) spaxels[next[bin[i]!]!++] = i;
  return { nx, ny, count, bin, start, spaxels, labels, repeated };
}
