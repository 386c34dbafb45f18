import { panelLetter } from './axes.js';
import type { GalaxyFigureInput } from './galaxyInput.js';
import { gradientPanel } from './galaxyGradient.js';
import { flux, image, metallicity, velocityField, type MapPanel } from './galaxyMaps.js';
import { rotationPanel } from './galaxyRotation.js';
import { windowAround, type MapPlace } from './map.js';
import { label } from './markup.js';
import type { Box, Item, Scene } from './scene.js';
import { fixed } from './scale.js';
import { fontSize, pageWidth } from './theme.js';

const side = 129;
const pitch = 168.5;
const left = 33;
const rows = [44, 241] as const;
const height = 397;

/**
 * The six panels of one galaxy (after figure 2 of Li et al. 2025): A its image with isophotal ellipses every 0.2 R_e
 * (white: 1 R_e), B Hα flux, C Hα velocity, D velocity along both axes, E oxygen abundance, F oxygen abundance against radius.
 * Maps stand as the pixels do, with offsets from the centre; a panel without data says so.
 */
export function galaxyFigure(input: GalaxyFigureInput): Scene {
  const window = fieldOfView(input);
  const boxes = rows.flatMap((y) => [0, 1, 2].map((column): Box => ({ x: left + column * pitch, y, width: side, height: side })));
  const place = (box: Box): MapPlace => ({ box, nx: input.nx, ny: input.ny, window });
  const panels: MapPanel[] = [image, flux, velocityField];
  const items: Item[] = [
    label(left - 27, 12, input.title, { size: 10, bold: true, plain: true }),
    label(pageWidth - 4, 12, geometryText(input), { size: fontSize.label, anchor: 'end' }),
    ...panels.flatMap((panel, i) => panel(input, place(boxes[i]!))),
    ...rotationPanel(input, boxes[3]!),
    ...metallicity(input, place(boxes[4]!)),
    ...gradientPanel(input, boxes[5]!),
    ...boxes.map((box, i) => panelLetter(box, 'ABCDEF'[i]!)),
  ];
  const result = input.line && !input.refused
    ? `metallicity gradient ${fixed(input.line.slope, 3)} ± ${fixed(input.line.slopeError, 3)} dex per effective radius` : 'no trusted metallicity gradient';
  return { width: pageWidth, height, title: `Six panels of ${input.title}: image, Hα flux, velocity field, velocity along the axes, oxygen abundance, abundance against radius; ${result}`, items };
}

/** Where gas was measured, within 4 R_e of the centre; the whole field when nothing was. */
function fieldOfView({ nx, ny, disk, pixelScale, haFlux, velocity, oh }: GalaxyFigureInput) {
  const furthest = (4 * disk.effectiveRadiusArcsec) / pixelScale;
  return windowAround(nx, ny, [disk.centerX, disk.centerY], (x, y) => {
    const i = y * nx + x;
    return (Number.isFinite(haFlux[i]!) || Number.isFinite(velocity[i]!) || Number.isFinite(oh[i]!))
      && !(Math.hypot(x - disk.centerX, y - disk.centerY) > furthest);
  });
}

function geometryText({ disk }: GalaxyFigureInput): string {
  return `*i* = ${fixed(disk.inclination, 0)}°,  PA = ${fixed(disk.positionAngle, 0)}°,  *D*_{L} = ${fixed(disk.luminosityDistance, disk.luminosityDistance < 20 ? 1 : 0)} Mpc,  `
    + `*R*_{e} = ${fixed(disk.effectiveRadiusArcsec, 2)}″ = ${fixed(disk.effectiveRadiusKpc, 2)} kpc`;
}
