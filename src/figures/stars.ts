import { frame, plotIn } from './axes.js';
import { legend } from './legend.js';
import { extent, finite, robustLimits } from './limits.js';
import { label } from './markup.js';
import { curve } from './marks.js';
import { message } from './message.js';
import { clipped, path, rectangle, type Box, type Item, type Scene } from './scene.js';
import { faint, fontSize, hues, ink, pageWidth } from './theme.js';

/** Some spectra with the stars that were fitted to them: a row for each bin. */
export interface StarsFigureInput {
  readonly title: string;
  /** Whether the wavelengths are in air or in vacuum. */
  readonly medium: 'air' | 'vacuum';
  /** Unit of the flux, in the markup of labels. */
  readonly fluxUnit: string;
  readonly bins: readonly StarsBin[];
}

export interface StarsBin {
  readonly label: string;
  /** One after the other; a gap between them stays open. */
  readonly arms: readonly StarsArm[];
}

/** Arrays of one length, NaN where a pixel has no data. */
export interface StarsArm {
  /** Rest-frame wavelength [Å]. */
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  readonly model: Float64Array;
  /** Whether the fit used the pixel: lines, sky and outliers are masked. */
  readonly used: readonly boolean[];
}

const left = 38;
const right = 6;
const mainHeight = 96;
const stripHeight = 26;
const rowPitch = mainHeight + stripHeight + 20;
const head = 34;

/** Data, stellar model and what was masked over the whole fitted range of some bins; under each the residuals over the model. */
export function starsFigure(input: StarsFigureInput): Scene {
  const rows = Math.max(1, input.bins.length);
  const height = head + rows * rowPitch + 8;
  const items: Item[] = [
    label(11, 12, input.title, { size: 10, bold: true, plain: true }),
    ...legend(pageWidth - 214, 5, [
      { text: 'data', colour: ink, mark: 'line' }, { text: 'stars', colour: hues.red, mark: 'line' }, { text: 'masked', colour: hues.sky, mark: 'line' },
    ], true),
  ];
  if (!input.bins.length) items.push(...message({ x: 0, y: head, width: pageWidth, height: rowPitch }, 'no bin was fitted'));
  input.bins.forEach((bin, row) => {
    const box: Box = { x: left, y: head + row * rowPitch, width: pageWidth - left - right, height: mainHeight };
    items.push(...binItems(bin, box, row === rows - 1), label(left + 5, box.y + 10, bin.label, { size: fontSize.tick, bold: true, halo: '#ffffff' }));
  });
  items.push(
    label((left + pageWidth - right) / 2, height - 5, `rest wavelength in ${input.medium} [Å]`, { anchor: 'middle' }),
    label(9, head + (rows * rowPitch) / 2, `flux [${input.fluxUnit}]`, { anchor: 'middle', rotate: -90 }),
  );
  return { width: pageWidth, height, title: `Spectra and fitted stars of ${input.title}: ${input.bins.map((bin) => bin.label).join('; ')}`, items };
}

function binItems({ arms }: StarsBin, box: Box, last: boolean): Item[] {
  const strip: Box = { x: box.x, y: box.y + box.height + 3, width: box.width, height: stripHeight };
  const range = extent(arms.flatMap(({ wavelength }) => finite(wavelength)), 0.004, [0, 1]);
  // Emission lines stand far above the stars: the stars set the scale.
  const stars = arms.flatMap(({ model }) => finite(model));
  const seen = arms.flatMap(({ flux, used }) => finite(flux.filter((_, i) => used[i]!)));
  const [low, high] = robustLimits([...stars, ...seen], 0.003, [0, 1]);
  const plot = plotIn(box, range, [low - 0.12 * (high - low), high + 0.3 * (high - low)]);
  const relative = arms.map(({ flux, model }) => flux.map((value, i) => (100 * (value - model[i]!)) / model[i]!));
  const spread = robustLimits(relative.flatMap((values, a) => finite(values.filter((_, i) => arms[a]!.used[i]!))), 0.03, [-5, 5]);
  const reach = Math.min(60, Math.max(1, ...spread.map(Math.abs)) * 1.4);
  const residuals = plotIn(strip, range, [-reach, reach]);
  const masked = (within: Box): Item => path(arms.flatMap(({ wavelength, used }) => stretches(wavelength, used)).map(([from, to]) => {
    const [x0, x1] = [plot.x.at(from), plot.x.at(to)];
    return rectangle({ ...within, x: x0, width: x1 - x0 });
  }).join(''), { fill: hues.sky, opacity: 0.25 });
  const around = [...frame(plot, { xNumbers: false, yCount: 4, xCount: 8 }), ...frame(residuals, { yCount: 2, xCount: 8, xNumbers: last, yLabel: '%' })];
  if (!seen.length) return [...message(box, 'no data'), ...around];
  return [
    clipped(box, [
      masked(box),
      ...arms.flatMap(({ wavelength, flux, model }) => [
        curve(plot, wavelength, flux, { stroke: ink, strokeWidth: 0.35 }),
        curve(plot, wavelength, model, { stroke: hues.red, strokeWidth: 0.7 }),
      ]),
    ]),
    clipped(strip, [
      masked(strip), curve(residuals, range, [0, 0], { stroke: faint, strokeWidth: 0.4 }),
      ...arms.map(({ wavelength }, a) => curve(residuals, wavelength, relative[a]!, { stroke: ink, strokeWidth: 0.3 })),
    ]),
    ...around,
  ];
}

/** Stretches of wavelength whose pixels were not used. */
function stretches(wavelength: Float64Array, used: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  const edge = (k: number): number => (wavelength[Math.max(0, k - 1)]! + wavelength[Math.min(wavelength.length - 1, k)]!) / 2;
  let from = -1;
  for (let k = 0; k <= wavelength.length; k++) {
    const out = k < wavelength.length && !used[k];
    if (out && from < 0) from = k;
    else if (!out && from >= 0) {
      found.push([edge(from), edge(k)]);
      from = -1;
    }
  }
  return found;
}
