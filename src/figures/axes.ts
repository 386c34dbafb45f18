import { label, parseMarkup, textWidth } from './markup.js';
import { path, rectangle, segment, type Box, type Item } from './scene.js';
import { linearScale, ticksOf, type Scale, type Ticks } from './scale.js';
import { fontSize, ink, lineWidth } from './theme.js';

/** The two scales of a plot in its box. */
export interface Plot {
  readonly box: Box;
  readonly x: Scale;
  readonly y: Scale;
}

export const plotIn = (box: Box, x: readonly [number, number], y: readonly [number, number]): Plot => ({
  box, x: linearScale(x, [box.x, box.x + box.width]), y: linearScale(y, [box.y + box.height, box.y]),
});

/** What is written around a plot. */
export interface FrameOptions {
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Numbers along the lower edge; true unless given. */
  readonly xNumbers?: boolean;
  /** Numbers along the left edge; true unless given. */
  readonly yNumbers?: boolean;
  /** A second scale along the upper edge; without it the ticks of the lower edge are repeated there. */
  readonly top?: { readonly domain: readonly [number, number]; readonly label: string };
  /** About how many numbers on an axis: 5 unless given. */
  readonly xCount?: number;
  readonly yCount?: number;
  /** Ticks of x; false where x is a list of things, not a scale. */
  readonly xTicks?: boolean;
  /** Ticks of y; false where y is a list of things, not a scale. */
  readonly yTicks?: boolean;
}

const major = 3.2;
const minor = 1.7;

/** The frame of a plot: four edges, ticks inwards on all of them, numbers and labels outside. */
export function frame({ box, x, y }: Plot, options: FrameOptions): Item[] {
  const left = box.x;
  const right = box.x + box.width;
  const top = box.y;
  const bottom = box.y + box.height;
  const items: Item[] = [];
  let marks = '';
  if (options.xTicks ?? true) {
    const ticks = ticksOf(x.domain, options.xCount ?? 5);
    marks += alongX(ticks, x, bottom, -1);
    if (!options.top) marks += alongX(ticks, x, top, 1);
    if (options.xNumbers ?? true) {
      ticks.major.forEach((value, i) => items.push(number(x.at(value), bottom + 8.4, ticks.labels[i]!, 'middle')));
    }
  }
  if (options.top) {
    const scale = linearScale(options.top.domain, [left, right]);
    const ticks = ticksOf(options.top.domain, options.xCount ?? 5);
    marks += alongX(ticks, scale, top, 1);
    ticks.major.forEach((value, i) => items.push(number(scale.at(value), top - 3.4, ticks.labels[i]!, 'middle')));
    items.push(label((left + right) / 2, top - 11.4, options.top.label, { anchor: 'middle' }));
  }
  let widest = 0;
  if (options.yTicks ?? true) {
    const ticks = ticksOf(y.domain, options.yCount ?? 5);
    marks += alongY(ticks, y, left, 1) + alongY(ticks, y, right, -1);
    if (options.yNumbers ?? true) {
      ticks.major.forEach((value, i) => {
        items.push(number(left - 2.6, y.at(value) + 0.36 * fontSize.tick, ticks.labels[i]!, 'end'));
        widest = Math.max(widest, textWidth(parseMarkup(ticks.labels[i]!), fontSize.tick));
      });
    }
  }
  if (options.xLabel) items.push(label((left + right) / 2, bottom + 17.6, options.xLabel, { anchor: 'middle' }));
  if (options.yLabel) {
    items.push(label(left - widest - 6, (top + bottom) / 2, options.yLabel, { anchor: 'middle', rotate: -90 }));
  }
  return [
    path(rectangle(box) + marks, { stroke: ink, strokeWidth: lineWidth.axis }),
    ...items,
  ];
}

const number = (x: number, y: number, text: string, anchor: 'middle' | 'end') =>
  label(x, y, text, { size: fontSize.tick, anchor, plain: true });

const alongX = (ticks: Ticks, scale: Scale, y: number, inward: 1 | -1) =>
  marksOf(ticks, (value, length) => segment(scale.at(value), y, scale.at(value), y + inward * length));

const alongY = (ticks: Ticks, scale: Scale, x: number, inward: 1 | -1) =>
  marksOf(ticks, (value, length) => segment(x, scale.at(value), x + inward * length, scale.at(value)));

const marksOf = (ticks: Ticks, mark: (value: number, length: number) => string) =>
  ticks.major.map((value) => mark(value, major)).join('') + ticks.minor.map((value) => mark(value, minor)).join('');

/** The letter of a panel, left above its box. */
export const panelLetter = (box: Box, letter: string): Item =>
  label(box.x - 27, box.y - 5, letter, { size: 9.4, bold: true });
