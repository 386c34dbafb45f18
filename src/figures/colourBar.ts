import { levels, type ColourMap } from './colourMap.js';
import { label } from './markup.js';
import { encodePng } from './png.js';
import { path, rectangle, segment, type Box, type Item } from './scene.js';
import { linearScale, ticksOf } from './scale.js';
import { fontSize, ink, lineWidth } from './theme.js';

const thickness = 4.6;

/** A colour bar over the upper edge of a box (`gap` points away), its numbers and its label above it. */
export function colourBar(box: Box, map: ColourMap, limits: readonly [number, number], text: string, gap = 2.6): Item[] {
  const bar: Box = { x: box.x, y: box.y - gap - thickness, width: box.width, height: thickness };
  const scale = linearScale(limits, [bar.x, bar.x + bar.width]);
  const ticks = ticksOf(limits, 4);
  const rows = 8;
  const samples = new Uint8Array(levels * rows).map((_, i) => i % levels);
  return [
    { kind: 'image', box: bar, png: encodePng(samples, levels, rows, map.rgb) },
    path(rectangle(bar) + ticks.major.map((value) => segment(scale.at(value), bar.y, scale.at(value), bar.y - 1.8)).join(''),
      { stroke: ink, strokeWidth: lineWidth.axis }),
    ...ticks.major.map((value, i) =>
      label(scale.at(value), bar.y - 3.2, ticks.labels[i]!, { size: fontSize.tick, anchor: 'middle', plain: true })),
    label(bar.x + bar.width / 2, bar.y - 11.2, text, { anchor: 'middle' }),
  ];
}
