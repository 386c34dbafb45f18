import { frame, panelLetter, plotIn } from './axes.js';
import { finite, robustLimits } from './limits.js';
import { rasterItems, windowAround, type MapPlace } from './map.js';
import { markers } from './marks.js';
import { label } from './markup.js';
import { message } from './message.js';
import { mapFrame } from './overlay.js';
import { clipped, path, segment, type Box, type Item, type Scene } from './scene.js';
import { fixed } from './scale.js';
import { faint, fontSize, hues, noData } from './theme.js';

/** The bins of a galaxy: one panel where continuum and lines share them. */
export interface BinsFigureInput {
  readonly title: string;
  readonly nx: number;
  readonly ny: number;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  /** Zero-based pixels. */
  readonly centerX: number;
  readonly centerY: number;
  readonly panels: readonly BinsPanel[];
}

export interface BinsPanel {
  /** 'bins of the continuum'. */
  readonly heading: string;
  /** Bin of each spaxel, −1 = none. */
  readonly bin: Int32Array;
  /** Bins from this number on are tiles of sky. */
  readonly skyFrom: number;
  /** S/N that was aimed at, and what the bins below `skyFrom` have; null where bins were not made by it. */
  readonly target: number | null;
  readonly signalToNoise: ArrayLike<number> | null;
  /** What is written over the plot: how many bins, how even. */
  readonly note: string;
}

/** Neighbours are told apart by hue and by lightness. */
const colours = ['#9ecae1', '#f6c667', '#a9d18e', '#f2a6a0', '#c5b0e6', '#5b8fb9', '#d6cf9a', '#6fb3a2', '#d98cb3'];
const sky = ['#f7f7f7', '#ededed'];
const palette = Uint8Array.from([...colours, ...sky, noData].flatMap((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))));

const side = 205;
const [left, pitch, top, plotTop, plotHeight] = [40, 251, 36, 280, 84];

/** Maps of the bins and, against the distance from the centre, the S/N that each has over that aimed at. */
export function binsFigure(input: BinsFigureInput): Scene {
  const { nx, ny, panels, centerX, centerY, pixelScale, title } = input;
  const window = windowAround(nx, ny, [centerX, centerY], (x, y) => panels.some(({ bin, skyFrom }) => bin[y * nx + x]! >= 0 && bin[y * nx + x]! < skyFrom));
  const items: Item[] = [label(10, 12, title, { size: 10, bold: true, plain: true })];
  panels.forEach((panel, i) => {
    const box: Box = { x: left + i * pitch, y: top, width: side, height: side };
    const place: MapPlace = { box, nx, ny, window };
    items.push(
      ...rasterItems(place, binColours(panel, nx, ny), palette), ...mapFrame(place, pixelScale, centerX, centerY), panelLetter(box, 'AC'[i]!),
      label(box.x + box.width / 2, box.y - 5, panel.heading, { anchor: 'middle' }),
    );
    if (panel.bin.some((bin) => bin >= panel.skyFrom)) items.push(label(box.x + 4, box.y + box.height - 5, 'white: tiles of sky', { size: fontSize.small, colour: faint, halo: '#ffffff' }));
    items.push(...scatterPanel(input, panel, { x: box.x, y: plotTop, width: side, height: plotHeight }), panelLetter({ ...box, y: plotTop }, 'BD'[i]!));
  });
  return { width: left + pitch * Math.max(1, panels.length) - 32, height: plotTop + plotHeight + 26, title: `Bins of ${title}: ${panels.map(({ heading, note }) => `${heading.replace(/[*_{}^]/g, '')}, ${note}`).join('; ')}`, items };
}

/** A colour for each bin, none the same as that of a bin beside it; the first choice jumps about, so that no pattern is seen in it. */
export function binColours({ bin, skyFrom }: BinsPanel, nx: number, ny: number): Uint8Array {
  const members = new Map<number, number[]>();
  bin.forEach((b, s) => {
    if (b < 0 || b >= skyFrom) return;
    const known = members.get(b);
    if (known) known.push(s);
    else members.set(b, [s]);
  });
  const chosen = new Int8Array(skyFrom).fill(-1);
  for (const [b, spaxels] of members) {
    const beside = new Uint16Array(colours.length);
    for (const s of spaxels) {
      for (let v = Math.max(0, Math.floor(s / nx) - 1); v <= Math.min(ny - 1, Math.floor(s / nx) + 1); v++) {
        for (let u = Math.max(0, (s % nx) - 1); u <= Math.min(nx - 1, (s % nx) + 1); u++) {
          const other = bin[v * nx + u]!;
          if (other !== b && other >= 0 && other < skyFrom && chosen[other]! >= 0) beside[chosen[other]!]!++;
        }
      }
    }
    const first = (Math.imul(b + 1, 0x9e3779b1) >>> 16) % colours.length;
    const order = colours.map((_, i) => (first + i) % colours.length);
    chosen[b] = order.reduce((best, own) => (beside[own]! < beside[best]! ? own : best));
  }
  return Uint8Array.from(bin, (b) => (b < 0 ? colours.length + sky.length : b >= skyFrom ? colours.length + (b % sky.length) : chosen[b]!));
}

function scatterPanel({ nx, pixelScale, centerX, centerY }: BinsFigureInput, { bin, skyFrom, target, signalToNoise, note }: BinsPanel, box: Box): Item[] {
  const names = { xLabel: 'distance from the centre [arcsec]', yLabel: 'S/N over target' };
  const text = label(box.x + box.width, box.y - 4, note, { size: fontSize.tick, anchor: 'end' });
  if (target === null || signalToNoise === null || !finite(signalToNoise).length) {
    return [...message(box, 'these bins were not made to a S/N'), text, ...frame(plotIn(box, [0, 1], [0, 1]), { ...names, xNumbers: false, yNumbers: false })];
  }
  const sums = Array.from({ length: signalToNoise.length }, () => ({ x: 0, y: 0, n: 0 }));
  bin.forEach((b, s) => {
    const sum = b >= 0 && b < skyFrom ? sums[b] : undefined;
    if (!sum) return;
    sum.x += s % nx;
    sum.y += Math.floor(s / nx);
    sum.n++;
  });
  const distance = sums.map(({ x, y, n }) => pixelScale * Math.hypot(x / n - centerX, y / n - centerY));
  const ratio = Array.from(signalToNoise, (value) => value / target);
  const of = (keep: (n: number) => boolean) => sums.flatMap(({ n }, b) => (keep(n) ? [b] : []));
  const [gathered, single] = [of((n) => n > 1), of((n) => n === 1)];
  // Single bright spaxels can lie far above the target; those gathered to it set the scale.
  const [, high] = robustLimits(finite((gathered.length ? gathered : single).map((b) => ratio[b]!)), 0.005, [0, 1.5]);
  const plot = plotIn(box, [0, 1.04 * finite(distance).reduce((most, one) => Math.max(most, one), pixelScale)], [0, Math.max(1.5, 1.1 * high)]);
  const above = ratio.filter((value) => value > plot.y.domain[1]).length;
  const many = ratio.length > 400;
  const series = (bins: readonly number[], colour: string, shape: 'circle' | 'triangle') =>
    markers(plot, bins.map((b) => distance[b]!), bins.map((b) => ratio[b]!), { shape, radius: many ? 0.8 : 1.7, fill: colour, outline: many ? null : '#ffffff' });
  return [
    clipped(box, [
      path(segment(box.x, plot.y.at(1), box.x + box.width, plot.y.at(1)), { stroke: hues.red, strokeWidth: 0.7 }), series(single, hues.orange, 'triangle'), series(gathered, hues.blue, 'circle'),
    ]),
    text, ...(above ? [label(box.x + box.width - 4, box.y + 9, `${above} above the frame`, { size: fontSize.small, anchor: 'end', colour: faint, halo: '#ffffff' })] : []),
    ...(single.length ? [label(box.x + 4, box.y + box.height - 5, 'triangles: of one spaxel', { size: fontSize.small, colour: faint, halo: '#ffffff' })] : []),
    ...frame(plot, { ...names, yCount: 4 }),
  ];
}

/** What is said of bins: how many, how many spaxels reach the S/N alone, how even their S/N. */
export function binsNote(bins: number, single: number, scatter: number | null): string {
  return [`${bins} bins`, ...(single > 0 ? [`${single} of a spaxel that reaches it alone`] : []), ...(scatter === null ? [] : [`scatter ${fixed(100 * scatter, 1)} %`])].join(', ');
}
