import { frame, plotIn } from './axes.js';
import { legend } from './legend.js';
import { extent, finite } from './limits.js';
import { label, parseMarkup, textWidth } from './markup.js';
import { band, curve, steps } from './marks.js';
import { message } from './message.js';
import { clipped, path, segment, type Box, type Item, type Scene } from './scene.js';
import { linearScale } from './scale.js';
import { faint, fontSize, hues, ink, pageWidth } from './theme.js';

/** Some spectra with the fitted model: a row for each bin, a column for each group of lines. */
export interface SpectrumFigureInput {
  readonly title: string;
  /** Whether the wavelengths are in air or in vacuum. */
  readonly medium: 'air' | 'vacuum';
  /** Unit of the flux, in the markup of labels: '10^{−17} erg s^{−1} cm^{−2} Å^{−1}'. */
  readonly fluxUnit: string;
  /** Brightest, median and faintest bin, for instance. */
  readonly bins: readonly SpectrumBin[];
  /** Lines to name: label and rest wavelength [Å] in the same medium. */
  readonly lines: readonly { readonly label: string; readonly wavelength: number }[];
}

export interface SpectrumBin {
  /** What the bin is: 'brightest: bin 0, S/N(Hα) = 85'. */
  readonly label: string;
  readonly windows: readonly SpectrumWindow[];
}

/** One group of lines; arrays of one length, NaN where a pixel was not used. */
export interface SpectrumWindow {
  /** Rest-frame wavelength [Å]. */
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  readonly error: Float64Array;
  /** Continuum with lines. */
  readonly model: Float64Array;
  /** The continuum under the lines. */
  readonly continuum: Float64Array;
}

const left = 38;
const right = 6;
const gap = 26;
const mainHeight = 84;
const stripHeight = 22;
const rowPitch = mainHeight + stripHeight + 18;
const head = 44;

/** Data, continuum and model around the line groups of some bins, and under each the residuals in units of the error. */
export function spectrumFigure(input: SpectrumFigureInput): Scene {
  const columns = Math.max(1, ...input.bins.map((bin) => bin.windows.length));
  const rows = Math.max(1, input.bins.length);
  const width = (pageWidth - left - right - (columns - 1) * gap) / columns;
  const height = head + rows * rowPitch + 8;
  const items: Item[] = [
    label(11, 12, input.title, { size: 10, bold: true, plain: true }),
    ...legend(pageWidth - 214, 5, [
      { text: 'data ± 1σ', colour: ink, mark: 'line' }, { text: 'continuum', colour: hues.blue, mark: 'dashed' }, { text: 'model', colour: hues.red, mark: 'line' },
    ], true),
  ];
  if (!input.bins.length) items.push(...message({ x: 0, y: head, width: pageWidth, height: rowPitch }, 'no bin was fitted'));
  input.bins.forEach((bin, row) => {
    const y = head + row * rowPitch;
    bin.windows.forEach((window, column) => {
      const box: Box = { x: left + column * (width + gap), y, width, height: mainHeight };
      items.push(...windowItems(input, window, box, { names: row === 0, last: row === rows - 1, first: column === 0 }));
    });
    items.push(label(left + 5, y + 10, bin.label, { size: fontSize.tick, bold: true, halo: '#ffffff' }));
  });
  items.push(
    label((left + pageWidth - right) / 2, height - 5, `rest wavelength in ${input.medium} [Å]`, { anchor: 'middle' }),
    label(9, head + (rows * rowPitch) / 2, `flux [${input.fluxUnit}]`, { anchor: 'middle', rotate: -90 }),
  );
  return { width: pageWidth, height, title: `Spectra and fitted lines of ${input.title}: ${input.bins.map((bin) => bin.label).join('; ')}`, items };
}

function windowItems({ lines }: SpectrumFigureInput, window: SpectrumWindow, box: Box, where: { names: boolean; last: boolean; first: boolean }): Item[] {
  const { wavelength, flux, error, model, continuum } = window;
  const strip: Box = { x: box.x, y: box.y + box.height + 3, width: box.width, height: stripHeight };
  const range = extent(finite(wavelength), 0.002, [0, 1]);
  const [low, high] = extent(finite([...flux, ...model]), 0.05, [0, 1]);
  const plot = plotIn(box, range, [low, high + 0.14 * (high - low)]);
  const residuals = plotIn(strip, range, [-7, 7]);
  const residual = flux.map((value, i) => (value - model[i]!) / error[i]!);
  const around = [...frame(plot, { xNumbers: false, yCount: 4, xCount: 3 }), ...frame(residuals, { yCount: 2, xCount: 3, xNumbers: where.last, ...(where.first ? { yLabel: 'Δ/σ' } : {}) })];
  if (!finite(flux).length) return [...message(box, 'no data'), ...around];
  const inside = lines.filter((line) => line.wavelength > range[0] && line.wavelength < range[1]);
  const marked = inside.map((line) => segment(plot.x.at(line.wavelength), box.y, plot.x.at(line.wavelength), strip.y + strip.height)).join('');
  return [
    clipped(box, [
      path(marked, { stroke: faint, strokeWidth: 0.4, dash: [1.5, 1.5] }),
      band(plot, wavelength, flux.map((value, i) => value - error[i]!), flux.map((value, i) => value + error[i]!), hues.grey, 0.3),
      steps(plot, wavelength, flux, { stroke: ink, strokeWidth: 0.6 }),
      curve(plot, wavelength, model, { stroke: hues.red, strokeWidth: 0.9 }),
      curve(plot, wavelength, continuum, { stroke: hues.blue, strokeWidth: 0.9, dash: [3, 2] }),
    ]),
    clipped(strip, [
      band(residuals, range, [-1, -1], [1, 1], hues.grey, 0.3),
      steps(residuals, wavelength, residual, { stroke: ink, strokeWidth: 0.5 }),
    ]),
    ...around,
    ...(where.names ? lineNames(inside, range, box) : []),
  ];
}

/** Names over the lines; a name that would run into its neighbour is lifted. */
function lineNames(lines: SpectrumFigureInput['lines'], range: readonly [number, number], box: Box): Item[] {
  const scale = linearScale(range, [box.x, box.x + box.width]);
  const ends: number[] = [];
  return lines.toSorted((a, b) => a.wavelength - b.wavelength).map(({ label: text, wavelength }) => {
    const half = textWidth(parseMarkup(text), fontSize.small) / 2;
    const x = Math.min(Math.max(scale.at(wavelength), box.x + half), box.x + box.width - half);
    let level = 0;
    while ((ends[level] ?? -Infinity) > x - half - 2) level++;
    ends[level] = x + half;
    return label(x, box.y - 3 - level * 7.5, text, { size: fontSize.small, anchor: 'middle', colour: faint });
  });
}
