import { panelLetter } from './axes.js';
import { colourBar } from './colourBar.js';
import { diverging, magma, plasma, viridis, type ColourMap } from './colourMap.js';
import { finite, robustLimits, symmetricLimits } from './limits.js';
import { mapLevels, paletteOf, rasterItems, windowAround, type MapPlace } from './map.js';
import { label } from './markup.js';
import { message } from './message.js';
import { mapFrame } from './overlay.js';
import { path, rectangle, type Box, type Item, type Scene } from './scene.js';
import { noData, pageWidth } from './theme.js';

/** Maps of the stars; each has nx·ny values, x fastest, first spaxel lower left; NaN = no value. */
export interface StellarMapsInput {
  readonly title: string;
  readonly nx: number;
  readonly ny: number;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  /** Zero-based pixels. */
  readonly centerX: number;
  readonly centerY: number;
  /** [km/s] */
  readonly velocity: Float64Array;
  readonly sigma: Float64Array;
  /** Light-weighted mean of log10 age [yr] and of [M/H]; null where the library has no ages. */
  readonly logAge: Float64Array | null;
  readonly metallicity: Float64Array | null;
  /** log10 M☉/kpc²; null where masses are not known. */
  readonly logSigmaStar: Float64Array | null;
  /** rms of residual/model. */
  readonly rms: Float64Array;
}

const side = 129;
const pitch = 168.5;
const left = 33;
const rowTops = [50, 250] as const;

/** Velocity, dispersion, age, metallicity and surface density of the stars, and how well they were fitted. */
export function stellarMapsFigure(input: StellarMapsInput): Scene {
  const { nx, ny, centerX, centerY, pixelScale } = input;
  const window = windowAround(nx, ny, [centerX, centerY], (x, y) => Number.isFinite(input.velocity[y * nx + x]!));
  const panels: (readonly [string, Float64Array, ColourMap, (values: number[]) => readonly [number, number]])[] = [
    ['*v*(stars) [km s^{−1}]', about(input.velocity), diverging, (values) => symmetricLimits(values, 0.01, [-1, 1])],
    ['*σ*(stars) [km s^{−1}]', input.sigma, magma, (values) => robustLimits(values, 0.01, [0, 1])],
    ['rms of residual/model [%]', input.rms.map((value) => 100 * value), viridis, (values) => robustLimits(values, 0.01, [0, 1])],
    ...(input.logAge ? [['log age [yr], by light', input.logAge, plasma, (values: number[]) => robustLimits(values, 0.01, [6, 10])] as const] : []),
    ...(input.metallicity ? [['[M/H], by light', input.metallicity, viridis, (values: number[]) => robustLimits(values, 0.01, [-1, 1])] as const] : []),
    ...(input.logSigmaStar ? [['log Σ(*M*∗) [M☉ kpc^{−2}]', input.logSigmaStar, magma, (values: number[]) => robustLimits(values, 0.01, [6, 9])] as const] : []),
  ];
  const items: Item[] = [label(left - 27, 12, input.title, { size: 10, bold: true, plain: true })];
  panels.forEach(([text, values, colours, limitsOf], i) => {
    const box: Box = { x: left + (i % 3) * pitch, y: rowTops[Math.floor(i / 3)]!, width: side, height: side };
    const place: MapPlace = { box, nx, ny, window };
    const known = finite(values);
    if (known.length) {
      const limits = limitsOf(known);
      items.push(...rasterItems(place, mapLevels(values, ...limits), paletteOf(colours)), ...colourBar(box, colours, limits, text));
    } else items.push(path(rectangle(box), { fill: noData }), ...message(box, 'no value'));
    items.push(...mapFrame(place, pixelScale, centerX, centerY), panelLetter(box, 'ABCDEF'[i]!));
  });
  return { width: pageWidth, height: panels.length > 3 ? 406 : 206, title: `Stars of ${input.title}: velocity, dispersion, quality of the fit${input.logAge ? ', age, metallicity' : ''}${input.logSigmaStar ? ', surface density' : ''}`, items };
}

/** Velocities about their median: that of the galaxy need not be the given redshift's. */
function about(velocity: Float64Array): Float64Array {
  const sorted = finite(velocity).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  return velocity.map((value) => value - middle);
}
