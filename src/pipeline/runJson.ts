import { maskBits, type MaskBitName } from '../linemaps/index.js';

/** How many bins and spaxels there are, how many are used, and how many carry each status bit. */
export interface StatusCounts {
  readonly bins: number;
  readonly usedBins: number;
  readonly spaxels: number;
  readonly usedSpaxels: number;
  /** Spaxels in no bin. */
  readonly unbinned: number;
  /** Spaxels by status bit; a spaxel may carry several. */
  readonly byStatus: Readonly<Partial<Record<MaskBitName, number>>>;
}

/** Counts spaxels and bins by status. A spaxel in no bin counts by what was said of it, or as NOCOV. */
export function countStatus(bin: Int32Array, status: Int32Array, spaxelStatus: Int32Array | null): StatusCounts {
  const names = Object.keys(maskBits) as MaskBitName[];
  const byStatus: Partial<Record<MaskBitName, number>> = {};
  const add = (name: MaskBitName): void => { byStatus[name] = (byStatus[name] ?? 0) + 1; };
  const unused = 1 << maskBits.DONOTUSE;
  let usedSpaxels = 0;
  let unbinned = 0;
  bin.forEach((b, spaxel) => {
    if (b < 0) {
      unbinned++;
      const said = spaxelStatus?.[spaxel] || (1 << maskBits.NOCOV) | (1 << maskBits.DONOTUSE);
      for (const name of names) if (said & (1 << maskBits[name])) add(name);
      return;
    }
    for (const name of names) if (status[b]! & (1 << maskBits[name])) add(name);
    if (!(status[b]! & unused)) usedSpaxels++;
  });
  return {
    bins: status.length, usedBins: status.reduce((sum, bits) => sum + (bits & unused ? 0 : 1), 0), spaxels: bin.length, usedSpaxels, unbinned, byStatus,
  };
}
