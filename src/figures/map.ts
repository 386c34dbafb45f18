import { levelOf, levels, type ColourMap } from './colourMap.js';
import { encodePng } from './png.js';
import { clipped, path, rectangle, type Box, type Item } from './scene.js';
import { noData } from './theme.js';

/** The square of a spaxel grid that a map panel shows, in zero-based pixels (a pixel reaches from i − ½ to i + ½). */
export interface MapWindow {
  readonly x0: number;
  readonly y0: number;
  readonly side: number;
}

/** A map panel's geometry: which part of which grid is drawn in which box; y upwards, as the pixels are numbered. */
export interface MapPlace {
  readonly box: Box;
  readonly nx: number;
  readonly ny: number;
  readonly window: MapWindow;
}

/** Points of the scene per pixel of the grid. */
export const pointsPerPixel = ({ box, window }: MapPlace): number => box.width / window.side;

/** Where a position in pixels lies in the scene. */
export const onMap = (place: MapPlace, x: number, y: number): [number, number] => [
  place.box.x + (x - place.window.x0) * pointsPerPixel(place),
  place.box.y + place.box.height - (y - place.window.y0) * pointsPerPixel(place),
];

/** The colour of each spaxel as a palette index; 255 is 'no value'. */
export function mapLevels(values: ArrayLike<number>, low: number, high: number): Uint8Array {
  const index = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) index[i] = Number.isFinite(values[i]!) ? levelOf(values[i]!, low, high) : levels;
  return index;
}

/** A palette: the colours of a map, then the grey of 'no value'. */
export const paletteOf = (map: ColourMap): Uint8Array =>
  Uint8Array.of(...map.rgb, ...[1, 3, 5].map((i) => parseInt(noData.slice(i, i + 2), 16)));

/**
 * The picture of a grid in a panel, on the grey of 'no value'. Samples are one palette index or three colours per spaxel, first
 * spaxel at the lower left. Every spaxel becomes a block of equal pixels, so that no viewer smooths one into another.
 */
export function rasterItems(place: MapPlace, samples: Uint8Array, palette: Uint8Array | null): Item[] {
  const { box, nx, ny, window } = place;
  const first = (low: number, n: number) => Math.min(n, Math.max(0, Math.floor(low + 0.5)));
  const last = (low: number, n: number) => Math.max(0, Math.min(n, Math.ceil(low + window.side + 0.5)));
  const [i0, i1, j0, j1] = [first(window.x0, nx), last(window.x0, nx), first(window.y0, ny), last(window.y0, ny)];
  const background = path(rectangle(box), { fill: noData });
  if (i1 <= i0 || j1 <= j0) return [background];
  const depth = palette ? 1 : 3;
  const block = Math.max(1, Math.ceil(480 / window.side));
  const width = (i1 - i0) * block;
  const height = (j1 - j0) * block;
  const pixels = new Uint8Array(width * height * depth);
  for (let j = j0; j < j1; j++) {
    const top = (j1 - 1 - j) * block * width * depth;
    for (let i = i0; i < i1; i++) {
      const [from, to] = [(j * nx + i) * depth, top + (i - i0) * block * depth];
      for (let k = 0; k < block * depth; k++) pixels[to + k] = samples[from + (k % depth)]!;
    }
    for (let k = 1; k < block; k++) pixels.copyWithin(top + k * width * depth, top, top + width * depth);
  }
  const [left, low] = onMap(place, i0 - 0.5, j0 - 0.5);
  const [right, high] = onMap(place, i1 - 0.5, j1 - 0.5);
  return [background, clipped(box, [{
    kind: 'image', box: { x: left, y: high, width: right - left, height: low - high }, png: encodePng(pixels, width, height, palette),
  }])];
}

/** The window around the spaxels that `inside` accepts and a centre, with a margin; the whole grid when it accepts none. */
export function windowAround(nx: number, ny: number, centre: readonly [number, number], inside: (x: number, y: number) => boolean): MapWindow {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      if (!inside(x, y)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (left > right) [left, right, low, high] = [0, nx - 1, 0, ny - 1];
  else {
    left = Math.min(left, centre[0]);
    right = Math.max(right, centre[0]);
    low = Math.min(low, centre[1]);
    high = Math.max(high, centre[1]);
  }
  const side = (Math.max(right - left, high - low) + 1) * 1.06;
  return { x0: (left + right - side) / 2, y0: (low + high - side) / 2, side };
}
