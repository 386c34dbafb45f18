import { greyscale } from './colourMap.js';
import { finite, robustLimits } from './limits.js';
import { mapLevels, paletteOf, rasterItems, type MapPlace } from './map.js';
import type { Item } from './scene.js';

/** An image of starlight in grey, arcsinh-stretched from the sky's level on; null when it holds no value. */
export function lightImage(place: MapPlace, image: Float64Array): Item[] | null {
  const light = finite(image);
  if (!light.length) return null;
  const [sky, peak] = robustLimits(light, 0.004, [0, 1]);
  const soft = (peak - sky) / 15;
  return rasterItems(place, mapLevels(image.map((value) => Math.asinh((value - sky) / soft)), 0, Math.asinh((peak - sky) / soft)), paletteOf(greyscale));
}
