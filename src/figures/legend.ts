import { label, parseMarkup, textWidth } from './markup.js';
import { markerPath, type Shape } from './marks.js';
import { path, rectangle, segment, type Item } from './scene.js';
import { fontSize, ink } from './theme.js';

/** One row of a legend: a marker, a line, or a coloured field. */
export interface LegendEntry {
  readonly text: string;
  readonly colour: string;
  /** True: a marker's outline in the colour, white inside. */
  readonly hollow?: boolean;
  /** A marker's shape, 'line', 'dashed', 'dotted', or 'field' (a coloured square with a rim). */
  readonly mark: Shape | 'line' | 'dashed' | 'dotted' | 'field';
}

const row = 9.2;

/** A legend with its first row at the left top point (x, y); entries one below the other, or side by side. */
export function legend(x: number, y: number, entries: readonly LegendEntry[], sideBySide = false): Item[] {
  const size = fontSize.tick;
  let left = x;
  return entries.flatMap((entry, i) => {
    const middle = y + 4.5 + (sideBySide ? 0 : i * row);
    const items = [symbol(entry, left, middle), label(left + 13, middle + 0.36 * size, entry.text, { size })];
    if (sideBySide) left += 21 + textWidth(parseMarkup(entry.text), size);
    return items;
  });
}

function symbol({ colour, mark, hollow = false }: LegendEntry, x: number, y: number): Item {
  if (mark === 'line' || mark === 'dashed' || mark === 'dotted') {
    return path(segment(x, y, x + 10, y), { stroke: colour, strokeWidth: 1.1, dash: { line: null, dashed: [3, 2], dotted: [1.5, 1.5] }[mark] });
  }
  if (mark === 'field') return path(rectangle({ x: x + 1.5, y: y - 3.2, width: 7, height: 6.4 }), { fill: colour, stroke: ink, strokeWidth: 0.4 });
  return path(markerPath(mark, x + 5, y, 2.4), { fill: hollow ? '#ffffff' : colour, stroke: hollow ? colour : ink, strokeWidth: hollow ? 0.8 : 0.4 });
}
