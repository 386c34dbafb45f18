import type { Image } from '../image/index.js';
import { quantile } from '../stats/index.js';
import { encodePng } from './png.js';

export interface ColourImageOptions {
  /** Factors of the red, green and blue image. Default: those that give the three the same mean over the field. */
  readonly weights?: readonly [number, number, number];
  /** Mean of the three that is black. Default 0. */
  readonly black?: number;
  /** Intensity above black that a linear picture shows as full brightness. Default twice the 90 % quantile of the intensities. */
  readonly stretch?: number;
  /** Q of Lupton et al. (2004): large values show faint and bright parts at once, 0 is linear. Default 8. */
  readonly softening?: number;
}

/** Red, green, blue per pixel, the top row (largest y) first. */
export interface ColourPixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * Three images as one of colour (Lupton et al. 2004): the mean intensity I of the three is stretched by F(I) = 0.1 asinh(Q I/stretch)/asinh(0.1 Q),
 * which is 0.1 at a tenth of the stretch whatever Q; each colour is its share of F(I), so that hue does not depend on brightness; a pixel too bright for
 * one colour is dimmed in all three. Black where an image has no value.
 *
 * @param images red, green, blue, of one size.
 */
export function colourImage(images: readonly [Image, Image, Image], { weights, black = 0, stretch, softening = 8 }: ColourImageOptions = {}): ColourPixels {
  const { nx: width, ny: height } = images[0];
  const good = Array.from(images[0].data.keys()).filter((i) => images.every(({ data }) => Number.isFinite(data[i])));
  const factors = weights ?? images.map(({ data }) => good.length / good.reduce((sum, i) => sum + data[i]!, 0));
  const intensity = (i: number) => images.reduce((sum, { data }, k) => sum + factors[k]! * data[i]!, 0) / 3 - black;
  const knee = stretch ?? 2 * quantile(good.map(intensity), 0.9);
  const rgb = new Uint8Array(3 * width * height);
  for (const i of good) {
    const light = intensity(i);
    if (!(light > 0)) continue;
    const scale = (softening > 0 ? (0.1 * Math.asinh((softening * light) / knee)) / Math.asinh(0.1 * softening) : light / knee) / light;
    const colour = images.map(({ data }, k) => Math.max(0, (factors[k]! * data[i]! - black) * scale));
    const dim = Math.max(1, ...colour);
    const at = 3 * ((height - 1 - Math.floor(i / width)) * width + (i % width));
    colour.forEach((value, k) => { rgb[at + k] = Math.floor((255 * value) / dim); });
  }
  return { width, height, rgb };
}

/** The same as a PNG. */
export function colourPng(images: readonly [Image, Image, Image], options: ColourImageOptions = {}): Uint8Array {
  const { width, height, rgb } = colourImage(images, options);
  return encodePng(rgb, width, height);
}
