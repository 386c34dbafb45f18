import { onMap, type MapPlace } from './map.js';
import { ellipsePath } from './overlay.js';
import { clipped, path, segment, type Item } from './scene.js';

/** A foreground star or background galaxy that was masked: an ellipse in zero-based pixels. */
export interface MaskedSource {
  readonly x: number;
  readonly y: number;
  /** Semi-axes [pixel] along and across `angle` [deg], from +x towards +y. */
  readonly a: number;
  readonly b: number;
  readonly angle: number;
  readonly kind: 'star' | 'neighbour';
}

export const sourceColours = { star: '#ff6a3d', neighbour: '#56b4e9' } as const;

/** Points of the scene between the lines of a hatching. */
const hatchSpacing = 3.4;

/** The outlines of masked sources, hatched: rising lines for stars, falling ones for neighbours. */
export function maskedItems(place: MapPlace, sources: readonly MaskedSource[]): Item[] {
  const spacing = (hatchSpacing * place.window.side) / place.box.width;
  return sources.flatMap((source) => {
    const { x, y, a, b, angle, kind } = source;
    const turn = (angle * Math.PI) / 180;
    const outline = ellipsePath(place, { centreX: x, centreY: y, semiMajor: a, axisRatio: b / a, direction: [Math.cos(turn), Math.sin(turn)] });
    const stroke = sourceColours[kind];
    return [clipped(place.box, [
      path(hatching(place, source, spacing), { stroke, strokeWidth: 0.5 }),
      path(outline, { stroke: '#000000', strokeWidth: 1.7, opacity: 0.6 }), path(outline, { stroke, strokeWidth: 0.9 }),
    ])];
  });
}

/** Chords of the ellipse: in the coordinates in which it is the unit circle a straight line stays one. */
function hatching(place: MapPlace, { x, y, a, b, angle, kind }: MaskedSource, spacing: number): string {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const [nx, ny] = kind === 'star' ? [-Math.SQRT1_2, Math.SQRT1_2] : [Math.SQRT1_2, Math.SQRT1_2];
  const [mx, my] = [a * (nx * cos + ny * sin), b * (ny * cos - nx * sin)];
  const reach = Math.hypot(mx, my);
  const at = (u: number, v: number): [number, number] => onMap(place, x + a * u * cos - b * v * sin, y + a * u * sin + b * v * cos);
  let d = '';
  for (let line = -Math.floor(reach / spacing); line <= reach / spacing; line++) {
    const far = (line * spacing) / reach;
    const half = Math.sqrt(1 - far * far);
    const [ux, uy] = [mx / reach, my / reach];
    d += segment(...at(far * ux - half * uy, far * uy + half * ux), ...at(far * ux + half * uy, far * uy - half * ux));
  }
  return d;
}
