import type { Image } from '../image/index.js';
import { colourImage } from './colourImage.js';
import { rasterItems, windowAround, type MapPlace } from './map.js';
import { label } from './markup.js';
import { compass, mapFrame, scaleBar } from './overlay.js';
import { columnWidth, fontSize } from './theme.js';
import type { Box, Scene } from './scene.js';

/** A galaxy in three bands. */
export interface ColourFigureInput {
  readonly title: string;
  /** Red, green, blue, of one size. */
  readonly images: readonly [Image, Image, Image];
  /** Names of the bands: 'i, r, g'. */
  readonly bands: string;
  /** Side of a pixel [arcsec]. */
  readonly pixelScale: number;
  /** Zero-based pixels. */
  readonly centerX: number;
  readonly centerY: number;
  readonly kpcPerArcsec: number;
  readonly north: readonly [number, number] | null;
  readonly east: readonly [number, number] | null;
}

const box: Box = { x: 40, y: 34, width: 206, height: 206 };

/** The field as the three bands show it, arcsinh-stretched (Lupton et al. 2004). */
export function colourFigure({ title, images, bands, pixelScale, centerX, centerY, kpcPerArcsec, north, east }: ColourFigureInput): Scene {
  const { nx, ny } = images[0];
  const { rgb } = colourImage(images);
  // From the top row first to the lowest first, as maps are.
  const upwards = new Uint8Array(rgb.length);
  for (let y = 0; y < ny; y++) upwards.set(rgb.subarray((ny - 1 - y) * nx * 3, (ny - y) * nx * 3), y * nx * 3);
  const place: MapPlace = { box, nx, ny, window: windowAround(nx, ny, [centerX, centerY], (x, y) => images.every(({ data }) => Number.isFinite(data[y * nx + x]))) };
  return {
    width: columnWidth, height: 270, title: `${title} in the bands ${bands}`,
    items: [
      label(10, 12, title, { size: 9, bold: true, plain: true }), label(box.x + box.width, box.y - 5, `red, green, blue: ${bands}`, { size: fontSize.tick, anchor: 'end' }),
      ...rasterItems(place, upwards, null), ...(north && east ? compass(place, north, east) : []), ...scaleBar(place, pixelScale, kpcPerArcsec), ...mapFrame(place, pixelScale, centerX, centerY),
    ],
  };
}
