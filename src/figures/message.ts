import { label, wrapText } from './markup.js';
import type { Box, Item } from './scene.js';
import { faint, fontSize } from './theme.js';

/** A sentence in the middle of a box: what is said where there is nothing to draw. */
export function message(box: Box, text: string): Item[] {
  const size = fontSize.label;
  const lines = wrapText(text, size, box.width - 16);
  const first = box.y + box.height / 2 - (lines.length - 1) * 0.65 * size + 0.35 * size;
  return lines.map((line, i) =>
    label(box.x + box.width / 2, first + i * 1.3 * size, line, { size, colour: faint, anchor: 'middle', plain: true }));
}
