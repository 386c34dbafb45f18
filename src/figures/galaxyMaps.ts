import { colourBar } from './colourBar.js';
import { diverging, magma, viridis, type ColourMap } from './colourMap.js';
import { calibrationText } from './calibrationText.js';
import type { GalaxyFigureInput } from './galaxyInput.js';
import { extent, finite, robustLimits, symmetricLimits, type Limits } from './limits.js';
import { lightImage } from './lightImage.js';
import { mapLevels, paletteOf, rasterItems, type MapPlace } from './map.js';
import { label } from './markup.js';
import { message } from './message.js';
import { compass, ellipseItems, mapFrame, scaleBar, seeingDisc, type Ellipse } from './overlay.js';
import { path, rectangle, type Item } from './scene.js';
import { noData } from './theme.js';

export type MapPanel = (input: GalaxyFigureInput, place: MapPlace) => Item[];

/** Panel A: the image with isophotes, compass, scale and seeing. */
export const image: MapPanel = (input, place) => {
  const { box } = place;
  const marks = [
    ...isophotes(input, place, '#ffb000'),
    ...(input.north && input.east ? compass(place, input.north, input.east) : []),
    ...scaleBar(place, input.pixelScale, input.disk.effectiveRadiusKpc / input.disk.effectiveRadiusArcsec),
    ...seeingDisc(place, (input.seeing ?? 0) / input.pixelScale),
    ...offsets(input, place),
  ];
  const heading = (text: string) => label(box.x + box.width / 2, box.y - 5, text, { anchor: 'middle' });
  if (input.rgb) return [...rasterItems(place, input.rgb, null), ...marks, heading('three-colour image')];
  const light = input.image && lightImage(place, input.image);
  if (!light) return [path(rectangle(box), { fill: noData }), ...message(box, 'no image'), ...offsets(input, place)];
  return [...light, ...marks, heading('white light (arcsinh)')];
};

/** Panel B: Hα flux on a logarithmic scale. */
export const flux: MapPanel = (input, place) => {
  const log = input.haFlux.map((value) => (value > 0 ? Math.log10(value) : NaN));
  return mapItems(input, place, log, robustLimits(finite(log), 0.01, [0, 1]), magma, 'log *F*(Hα) [10^{−17} erg s^{−1} cm^{−2}]', 'no Hα flux was measured');
};

/** Panel C: velocity field, zero in the middle of the colours. */
export const velocityField: MapPanel = (input, place) =>
  mapItems(input, place, input.velocity, symmetricLimits(finite(input.velocity), 0.01, [-1, 1]), diverging, '*v*(Hα) [km s^{−1}]', 'no velocity was measured');

/** Panel E: oxygen abundance with isophotes. */
export const metallicity: MapPanel = (input, place) => {
  return mapItems(input, place, input.oh, robustLimits(finite(input.oh), 0.02, [8, 9]), viridis,
    `12 + log(O/H), ${calibrationText(input.calibration)}`, 'no spaxel has a trusted abundance', isophotes(input, place, '#000000'));
};

function mapItems(input: GalaxyFigureInput, place: MapPlace, values: Float64Array, limits: Limits, colours: ColourMap, text: string, nothing: string,
  over: readonly Item[] = []): Item[] {
  const { box } = place;
  if (!finite(values).length) return [path(rectangle(box), { fill: noData }), ...message(box, nothing), ...offsets(input, place)];
  return [
    ...rasterItems(place, mapLevels(values, ...limits), paletteOf(colours)), ...over, ...offsets(input, place), ...colourBar(box, colours, limits, text),
  ];
}

const offsets = ({ disk, pixelScale }: GalaxyFigureInput, place: MapPlace): Item[] => mapFrame(place, pixelScale, disk.centerX, disk.centerY);

function isophotes({ disk, pixelScale, north, east, bins }: GalaxyFigureInput, place: MapPlace, colour: string): Item[] {
  const unit = galaxyEllipse(disk, pixelScale, north, east);
  if (!(unit.semiMajor > 0)) return [];
  const radii = finite(bins.radiusRe.filter((_, i) => bins.used[i]));
  const furthest = Math.min(3, Math.max(1, extent(radii, 0, [0, 1.6])[1]));
  return ellipseItems(place, unit, furthest, colour);
}

/** The isophote of 1 R_e in pixels. */
function galaxyEllipse(disk: GalaxyFigureInput['disk'], pixelScale: number, north: GalaxyFigureInput['north'], east: GalaxyFigureInput['east']): Ellipse {
  return {
    centreX: disk.centerX, centreY: disk.centerY, semiMajor: disk.effectiveRadiusArcsec / pixelScale,
    axisRatio: 1 - disk.ellipticity, direction: majorAxis(disk.positionAngle, north, east),
  };
}

/** The direction of the major axis in pixels: so many degrees from north through east. */
export function majorAxis(positionAngle: number, north: readonly [number, number] | null, east: readonly [number, number] | null): [number, number] {
  const [n, e] = [north ?? [0, 1], east ?? [-1, 0]];
  const angle = (positionAngle * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * n[0]! + s * e[0]!, c * n[1]! + s * e[1]!];
}
