import { BadCard, cardLength, joinContinued, parseCard } from './card.js';
import { blockLength, padded } from './block.js';
import { Header } from './header.js';
import type { Card } from './header.js';
import { badFits } from './problem.js';
import type { ByteSource } from './source.js';

/** A header with the places of its cards in the file. */
export interface PlacedHeader {
  readonly header: Header;
  /** First byte of the data unit. */
  readonly dataOffset: number;
  /** Byte at which the card of a key stands (the header's first byte when there is none). */
  byteOf(key: string): number;
}

/** A header without END is given up after this many bytes: the largest real ones (drizzled mosaics) have a few megabytes. */
const longestHeader = 1 << 25;
const step = 4 * blockLength;

/**
 * Reads the header that begins at `offset`, a few blocks at a time until END.
 * Throws BadFits for a header without END, a card with control characters or with a value that is none.
 */
export async function readHeader(source: ByteSource, offset: number, hdu: number): Promise<PlacedHeader> {
  const cards: Card[] = [];
  const bytes = new Map<string, number>();
  const decoder = new TextDecoder('latin1');
  const limit = Math.min(source.size, offset + longestHeader);
  for (let at = offset; at + cardLength <= limit;) {
    const whole = Math.floor((Math.min(step, limit - at)) / cardLength) * cardLength;
    const chunk = await source.read(at, whole);
    for (let i = 0; i < whole; i += cardLength, at += cardLength) {
      const place = { source, hdu, byte: at };
      const raw = chunk.subarray(i, i + cardLength);
      const control = raw.findIndex((byte) => (byte < 32 && byte !== 9) || byte === 127);
      if (control >= 0) throw badFits({ ...place, byte: at + control }, `a byte ${raw[control]} in a header card`, 'printable characters up to the END card');
      const text = decoder.decode(raw);
      if (text.trimEnd() === 'END') {
        return { header: new Header(cards), dataOffset: offset + padded(at + cardLength - offset), byteOf: (key) => bytes.get(key) ?? offset };
      }
      const card = parseCard(text);
      if (card instanceof BadCard) throw badFits(place, card.found, card.expected);
      const joined = joinContinued(cards.at(-1), card);
      if (joined) cards[cards.length - 1] = joined;
      else {
        if (!bytes.has(card.key)) bytes.set(card.key, at);
        cards.push(card);
      }
    }
  }
  throw badFits({ source, hdu, byte: limit }, `${cards.length} header cards and no END`, 'an END card before the end of the file');
}
