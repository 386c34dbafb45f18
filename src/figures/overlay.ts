import { frame, plotIn } from './axes.js';
import { label } from './markup.js';
import { onMap, pointsPerPixel, type MapPlace } from './map.js';
import { clipped, coordinate, path, segment, type Item } from './scene.js';
import { fixed, niceStep } from './scale.js';

/** An ellipse in pixels; `direction` points along the major axis, y upwards. */
export interface Ellipse {
  readonly centreX: number;
  readonly centreY: number;
  readonly semiMajor: number;
  readonly axisRatio: number;
  readonly direction: readonly [number, number];
}

/** The path of an ellipse on a map. */
export function ellipsePath(place: MapPlace, { centreX, centreY, semiMajor, axisRatio, direction }: Ellipse): string {
  const norm = semiMajor / Math.hypot(direction[0], direction[1]);
  const [dx, dy] = [direction[0] * norm, direction[1] * norm];
  const [x1, y1] = onMap(place, centreX + dx, centreY + dy);
  const [x2, y2] = onMap(place, centreX - dx, centreY - dy);
  const a = semiMajor * pointsPerPixel(place);
  const arc = `A${coordinate(a)} ${coordinate(a * axisRatio)} ${coordinate((-Math.atan2(dy, dx) * 180) / Math.PI)} 0 1 `;
  return `M${coordinate(x1)} ${coordinate(y1)}${arc}${coordinate(x2)} ${coordinate(y2)}${arc}${coordinate(x1)} ${coordinate(y1)}`;
}

/** Isophotal ellipses every 0.2 R_e out to `furthest` R_e; the one at 1 R_e thick and white. */
export function ellipseItems(place: MapPlace, unit: Ellipse, furthest: number, colour: string): Item[] {
  let others = '';
  for (let k = 1; k <= Math.round(furthest * 5); k++) {
    if (k !== 5) others += ellipsePath(place, { ...unit, semiMajor: 0.2 * k * unit.semiMajor });
  }
  const one = ellipsePath(place, unit);
  return [clipped(place.box, [
    path(others, { stroke: colour, strokeWidth: 0.4, opacity: 0.8 }),
    path(one, { stroke: '#000000', strokeWidth: 2, opacity: 0.7 }), path(one, { stroke: '#ffffff', strokeWidth: 1.1 }),
  ])];
}

/** The frame of a map: offsets [arcsec] from a centre given in pixels. */
export function mapFrame({ box, window }: MapPlace, pixelScale: number, centreX: number, centreY: number): Item[] {
  const range = (start: number, centre: number) => [(start - centre) * pixelScale, (start + window.side - centre) * pixelScale] as const;
  return frame(plotIn(box, range(window.x0, centreX), range(window.y0, centreY)), { xLabel: 'Δ*x* [arcsec]', yLabel: 'Δ*y* [arcsec]' });
}

const rim = '#000000';

/** Arrows to north and east in the lower right corner of a map. */
export function compass(place: MapPlace, north: readonly [number, number], east: readonly [number, number]): Item[] {
  const { box } = place;
  const length = 15;
  // The cross of both arrows and their letters is centred where it cannot leave the box, however the field is turned.
  const reach = length / 2;
  const x0 = box.x + box.width - 20 - ((north[0] + east[0]) * reach) / 2;
  const y0 = box.y + box.height - 20 + ((north[1] + east[1]) * reach) / 2;
  return ([['N', north], ['E', east]] as const).flatMap(([letter, [dx, dy]]) => {
    const n = Math.hypot(dx, dy);
    const [ux, uy] = [dx / n, -dy / n];
    const [x1, y1] = [x0 + length * ux, y0 + length * uy];
    const head = (side: number) => segment(x1, y1, x1 - 3.6 * ux + side * 1.9 * uy, y1 - 3.6 * uy - side * 1.9 * ux);
    const arrow = segment(x0, y0, x1, y1) + head(1) + head(-1);
    return [
      path(arrow, { stroke: rim, strokeWidth: 2.2, opacity: 0.7 }), path(arrow, { stroke: '#ffffff', strokeWidth: 1 }),
      label(x1 + 5.2 * ux, y1 + 5.2 * uy + 2.4, letter, { size: 6.6, colour: '#ffffff', anchor: 'middle', bold: true, halo: rim }),
    ];
  });
}

/** A bar of a round length in kpc (in arcsec when the distance is unknown) in the lower left corner of a map. */
export function scaleBar(place: MapPlace, pixelScale: number, kpcPerArcsec: number): Item[] {
  const { box, window } = place;
  const field = window.side * pixelScale;
  const known = kpcPerArcsec > 0 && Number.isFinite(kpcPerArcsec);
  const length = niceStep(field * (known ? kpcPerArcsec : 1), 5);
  const arcsec = known ? length / kpcPerArcsec : length;
  const width = (arcsec / field) * box.width;
  const text = known ? `${String(Number(length.toPrecision(1)))} kpc = ${fixed(arcsec, 1)}″` : `${String(Number(length.toPrecision(1)))}″`;
  const x = box.x + 6;
  const y = box.y + box.height - 6.5;
  const bar = segment(x, y, x + width, y);
  return [
    path(bar, { stroke: rim, strokeWidth: 3, opacity: 0.7 }), path(bar, { stroke: '#ffffff', strokeWidth: 1.6 }),
    label(x, y - 4, text, { size: 6.2, colour: '#ffffff', halo: rim }),
  ];
}

/** The seeing disc (FWHM) as an open circle in the upper left corner of a map. */
export function seeingDisc(place: MapPlace, fwhmPixels: number): Item[] {
  const radius = (fwhmPixels / 2) * pointsPerPixel(place);
  if (!(radius > 0) || radius > place.box.width / 4) return [];
  const [x, y] = [place.box.x + 6 + radius, place.box.y + 6 + radius];
  const circle = `M${coordinate(x - radius)} ${coordinate(y)}A${coordinate(radius)} ${coordinate(radius)} 0 0 1 ${coordinate(x + radius)} ${coordinate(y)}`
    + `A${coordinate(radius)} ${coordinate(radius)} 0 0 1 ${coordinate(x - radius)} ${coordinate(y)}`;
  return [
    path(circle, { stroke: rim, strokeWidth: 2, opacity: 0.7 }), path(circle, { stroke: '#ffffff', strokeWidth: 1 }),
    label(x + radius + 3.5, y + 2.2, 'seeing', { size: 5.6, colour: '#ffffff', halo: rim }),
  ];
}
