import { demarcation, kauffmann03, kewley01 } from '../nebula/index.js';
import { frame, panelLetter, plotIn, type Plot } from './axes.js';
import { legend, type LegendEntry } from './legend.js';
import { extent, finite, type Limits } from './limits.js';
import { curve, markers, type Shape } from './marks.js';
import { label } from './markup.js';
import { rasterItems, windowAround, type MapPlace } from './map.js';
import { mapFrame } from './overlay.js';
import { clipped, type Box, type Item, type Scene } from './scene.js';
import { fixed } from './scale.js';
import { faint, fontSize, hues, ink, noData } from './theme.js';

/** The excitation diagram of Baldwin, Phillips & Terlevich (1981) and the map of its classes. */
export interface BptFigureInput {
  readonly title: string;
  /** Per bin: log [NII]6583/Hα and log [OIII]5007/Hβ; NaN = not measured. */
  readonly logNiiHa: Float64Array;
  readonly logOiiiHb: Float64Array;
  /** Per bin: 0 none, 1 star-forming, 2 composite, 3 AGN. */
  readonly classes: ArrayLike<number>;
  /** The part of the classified bins that are composite, 0 to 1; null when none is classified. */
  readonly compositeShare: number | null;
  /** The classes of the spaxels; null leaves the map out. */
  readonly map: ClassMap | null;
}

export interface ClassMap {
  readonly nx: number;
  readonly ny: number;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  /** The galaxy's centre, zero-based pixels. */
  readonly centerX: number;
  readonly centerY: number;
  /** Per spaxel: −1 masked, 0 low S/N, 1 star-forming, 2 composite, 3 AGN. */
  readonly classes: ArrayLike<number>;
}

const classes: readonly { readonly text: string; readonly colour: string; readonly shape: Shape }[] = [
  { text: 'star-forming', colour: hues.blue, shape: 'circle' },
  { text: 'composite', colour: hues.orange, shape: 'diamond' },
  { text: 'AGN', colour: hues.purple, shape: 'triangle' },
];
const lowSn = '#a6a6a6';

/** Ratios beyond these are noise; a few of them must not squeeze the diagram. */
const possible: { readonly x: Limits; readonly y: Limits } = { x: [-2.6, 1], y: [-2, 1.8] };

const side = 196;
const top = 34;

export function bptFigure(input: BptFigureInput): Scene {
  const diagram: Box = { x: 40, y: top, width: side, height: side };
  const items: Item[] = [label(13, 12, input.title, { size: 10, bold: true, plain: true }), ...diagramItems(input, diagram)];
  const share = input.compositeShare;
  if (share !== null) items.push(label(diagram.x + diagram.width, top - 5, `${fixed(100 * share, 0)} % of the classified bins are composite`, { anchor: 'end' }));
  if (input.map) {
    const box: Box = { x: 282, y: top, width: side, height: side };
    items.push(...mapItems(input.map, box), panelLetter(diagram, 'A'), panelLetter(box, 'B'));
  }
  return { width: input.map ? 494 : 250, height: top + side + (input.map ? 38 : 24), title: `Excitation diagram of ${input.title}`, items };
}

function diagramItems({ logNiiHa, logOiiiHb, classes: of }: BptFigureInput, box: Box): Item[] {
  const inside = (value: number, [low, high]: Limits) => value > low && value < high;
  const span = (values: number[], least: Limits) => extent([...values, ...least], 0.04, least);
  const finiteBins = Array.from(logNiiHa, (x, i) => Number.isFinite(x) && Number.isFinite(logOiiiHb[i]!));
  const measured = finiteBins.map((known, i) => known && inside(logNiiHa[i]!, possible.x) && inside(logOiiiHb[i]!, possible.y));
  const outside = finiteBins.filter(Boolean).length - measured.filter(Boolean).length;
  const plot = plotIn(box, span(finite(logNiiHa.filter((_, i) => measured[i])), [-1.6, 0.5]), span(finite(logOiiiHb.filter((_, i) => measured[i])), [-1.2, 1.3]));
  const pick = (values: Float64Array, k: number) => values.filter((_, i) => of[i] === k);
  const around = frame(plot, { xLabel: 'log([N II]6583 / Hα)', yLabel: 'log([O III]5007 / Hβ)' });
  const many = measured.filter(Boolean).length > 600;
  return [
    clipped(box, [
      ...[0, 1, 2, 3].map((k) => markers(plot, pick(logNiiHa, k), pick(logOiiiHb, k), {
        shape: k ? classes[k - 1]!.shape : 'circle', radius: many ? 1 : 2.1, fill: k ? classes[k - 1]!.colour : lowSn, outline: many ? null : ink,
      })),
      ...borders(plot),
    ]),
    ...legend(box.x + 6, box.y + box.height - 61, [
      ...classes.map(({ text, colour, shape }): LegendEntry => ({ text, colour, mark: shape })),
      { text: 'low S/N', colour: lowSn, mark: 'circle' },
      { text: 'Kauffmann et al. 2003', colour: ink, mark: 'dashed' }, { text: 'Kewley et al. 2001', colour: ink, mark: 'line' },
    ]),
    label(box.x + 6, box.y + 10, !finiteBins.some(Boolean) ? 'no bin has all four lines' : outside ? `bins outside the frame: ${outside}` : '', { size: fontSize.tick, colour: faint, halo: '#ffffff' }),
    ...around,
  ];
}

/** Beyond its pole a border is −∞: nothing to draw. */
const drawn = (border: number): number => (Number.isFinite(border) ? border : NaN);

function borders(plot: Plot): Item[] {
  const [low, high] = plot.x.domain;
  const x = Float64Array.from({ length: 160 }, (_, i) => low + ((high - low) * i) / 159);
  return [
    curve(plot, x, x.map((value) => {
      const border = drawn(demarcation(kauffmann03, value));
      return value < 0 && border > demarcation(kewley01, value) ? NaN : border;
    }), { stroke: ink, strokeWidth: 1, dash: [3, 2] }),
    curve(plot, x, x.map((value) => drawn(demarcation(kewley01, value))), { stroke: ink, strokeWidth: 1 }),
  ];
}

function mapItems({ nx, ny, pixelScale, centerX, centerY, classes: of }: ClassMap, box: Box): Item[] {
  const place: MapPlace = { box, nx, ny, window: windowAround(nx, ny, [centerX, centerY], (x, y) => of[y * nx + x]! > 0) };
  const palette = Uint8Array.from([noData, lowSn, ...classes.map((c) => c.colour)].flatMap((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))));
  return [
    ...rasterItems(place, Uint8Array.from({ length: nx * ny }, (_, i) => of[i]! + 1), palette),
    ...mapFrame(place, pixelScale, centerX, centerY),
    ...legend(box.x - 33, box.y + box.height + 23, [
      ...classes.map(({ text, colour }): LegendEntry => ({ text, colour, mark: 'field' })),
      { text: 'low S/N', colour: lowSn, mark: 'field' }, { text: 'masked', colour: noData, mark: 'field' },
    ], true),
    label(box.x + box.width, box.y - 5, 'classes of the spaxels', { anchor: 'end', size: fontSize.label }),
  ];
}
