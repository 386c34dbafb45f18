import type { ByteSource } from './source.js';

/** Some bytes of a file. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Bytes read at a time: large enough for full speed, small beside any image that needs more. */
const largestRead = 1 << 24;
/** Reads on their way at the same time. */
const reads = 64;

/**
 * Reads ranges of ascending offsets and hands their bytes over in order, a long range in pieces of whole `width`-byte
 * values. Ranges that lie close are fetched in one read: a gap costs less than another read as long as it is not much
 * longer than the ranges beside it.
 */
export async function readRanges(source: ByteSource, width: number, ranges: Iterable<Range>, use: (bytes: Uint8Array) => void): Promise<void> {
  let groups: Range[][] = [];
  let group: Range[] = [];
  let size = 0;
  const fetch = async () => {
    const chunks = await Promise.all(groups.map((group) => source.read(group[0]!.offset, end(group) - group[0]!.offset)));
    chunks.forEach((chunk, i) => {
      const { offset: first } = groups[i]![0]!;
      for (const { offset, length } of groups[i]!) use(chunk.subarray(offset - first, offset - first + length));
    });
    groups = [];
    size = 0;
  };
  for (const piece of pieces(ranges, Math.max(1, Math.floor(largestRead / width)) * width)) {
    const gap = group.length > 0 ? piece.offset - end(group) : 0;
    const apart = gap < 0 || gap > Math.max(256, 16 * piece.length) || piece.offset + piece.length - (group[0]?.offset ?? 0) > largestRead;
    if (group.length === 0 || apart) {
      if (groups.length === reads || size + piece.length > largestRead) await fetch();
      group = [];
      groups.push(group);
    }
    group.push(piece);
    size += piece.length + gap;
  }
  if (groups.length > 0) await fetch();
}

const end = (group: readonly Range[]): number => group.at(-1)!.offset + group.at(-1)!.length;

function* pieces(ranges: Iterable<Range>, most: number): Generator<Range> {
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += most) yield { offset: offset + done, length: Math.min(most, length - done) };
  }
}
