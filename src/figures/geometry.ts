import { panelLetter } from './axes.js';
import type { GeometryFigureInput } from './geometryInput.js';
import { majorAxis } from './galaxyMaps.js';
import { legend, type LegendEntry } from './legend.js';
import { lightImage } from './lightImage.js';
import { onMap, windowAround, type MapPlace } from './map.js';
import { label } from './markup.js';
import { markerPath } from './marks.js';
import { maskedItems, sourceColours } from './maskedSource.js';
import { message } from './message.js';
import { compass, ellipsePath, mapFrame, scaleBar, seeingDisc } from './overlay.js';
import { clipped, path, rectangle, segment, type Box, type Item, type Scene } from './scene.js';
import { fixed } from './scale.js';
import { anglePanel, ellipticityPanel, furthestRadius, growthPanel } from './shapePanels.js';
import { fontSize, hues, noData, pageWidth } from './theme.js';

const mapBox: Box = { x: 38, y: 36, width: 262, height: 262 };
const [right, width] = [346, 156];
const height = 374;
const [axisColour, peakColour, outerColour] = ['#2fe0a6', '#ff4fd8', '#ffb000'] as const;

/**
 * How the geometry was measured: the image with masked sources, the adopted ellipses at 1 and 2 R_e, where Hα peaks and along which axis the gas turns; beside it the
 * isophotes' ellipticity and position angle and the growth curve against the semi-major axis.
 */
export function geometryFigure(input: GeometryFigureInput): Scene {
  const { nx, ny, disk, image, title } = input;
  const place: MapPlace = { box: mapBox, nx, ny, window: windowAround(nx, ny, [disk.centerX, disk.centerY], (x, y) => Number.isFinite(image[y * nx + x])) };
  const reach = furthestRadius(input);
  const boxes = [{ y: 36, height: 72 }, { y: 116, height: 72 }, { y: 196, height: 102 }].map((own): Box => ({ ...own, x: right, width }));
  const items: Item[] = [
    label(10, 12, title, { size: 10, bold: true, plain: true }),
    label(pageWidth - 8, 12, `*e* = ${fixed(disk.ellipticity, 3)},  PA = ${fixed(disk.positionAngle, 1)}°,  *i* = ${fixed(disk.inclination, 0)}°,  *R*_{e} = ${fixed(disk.effectiveRadiusArcsec, 2)}″`, { anchor: 'end' }),
    ...mapItems(input, place),
    ...ellipticityPanel(input, boxes[0]!, reach), ...anglePanel(input, boxes[1]!, reach), ...growthPanel(input, boxes[2]!, reach),
    ...[mapBox, ...boxes].map((box, i) => panelLetter(i ? { ...box, x: box.x - 8, y: box.y + 6 } : box, 'ABCD'[i]!)),
    ...legends(input),
  ];
  return { width: pageWidth, height, title: `Geometry of ${title}: image with ellipses at 1 and 2 effective radii, ellipticity and position angle of the isophotes, growth curve; ellipticity ${fixed(disk.ellipticity, 3)}, position angle ${fixed(disk.positionAngle, 1)} degrees`, items };
}

function mapItems(input: GeometryFigureInput, place: MapPlace): Item[] {
  const { disk, pixelScale, north, east, image, imageName, sources, gas } = input;
  const { box } = place;
  const ellipse = (radii: number): string => ellipsePath(place, {
    centreX: disk.centerX, centreY: disk.centerY, semiMajor: (radii * disk.effectiveRadiusArcsec) / pixelScale, axisRatio: 1 - disk.ellipticity, direction: majorAxis(disk.positionAngle, north, east),
  });
  const rimmed = (d: string, stroke: string, strokeWidth: number, dash: readonly number[] | null = null): Item[] => [
    path(d, { stroke: '#000000', strokeWidth: strokeWidth + 0.9, opacity: 0.6 }), path(d, { stroke, strokeWidth, dash }),
  ];
  const [x0, y0] = onMap(place, disk.centerX, disk.centerY);
  const axis = (angle: number, radii: number): string => {
    const [dx, dy] = majorAxis(angle, north, east);
    const reach = (radii * disk.effectiveRadiusArcsec) / pixelScale / Math.hypot(dx, dy);
    return segment(...onMap(place, disk.centerX - dx * reach, disk.centerY - dy * reach), ...onMap(place, disk.centerX + dx * reach, disk.centerY + dy * reach));
  };
  const light = lightImage(place, image);
  return [
    ...(light ?? [path(rectangle(box), { fill: noData }), ...message(box, 'no image')]),
    ...maskedItems(place, sources),
    clipped(box, [
      ...rimmed(ellipse(2), outerColour, 0.8), ...rimmed(ellipse(1), '#ffffff', 1.1),
      ...rimmed(axis(disk.positionAngle, 2), '#ffffff', 0.5),
      ...(gas.kinematicPA === null ? [] : rimmed(axis(gas.kinematicPA, 2.4), axisColour, 1, [4, 2.5])),
      ...rimmed(segment(x0 - 4, y0, x0 + 4, y0) + segment(x0, y0 - 4, x0, y0 + 4), '#ffffff', 1),
      ...(gas.peakX === null || gas.peakY === null ? [] : [path(markerPath('diamond', ...onMap(place, gas.peakX, gas.peakY), 2.9), { fill: peakColour, stroke: '#000000', strokeWidth: 0.6 })]),
    ]),
    ...(north && east ? compass(place, north, east) : []),
    ...scaleBar(place, pixelScale, disk.effectiveRadiusKpc / disk.effectiveRadiusArcsec), ...seeingDisc(place, (input.seeing ?? 0) / pixelScale),
    label(box.x + box.width / 2, box.y - 5, `${imageName} (arcsinh)`, { anchor: 'middle', plain: true }),
    ...mapFrame(place, pixelScale, disk.centerX, disk.centerY),
  ];
}

/** Below the map what its marks are, below the panels what theirs are. */
function legends({ sources, gas, isophotes, disk, growth }: GeometryFigureInput): Item[] {
  const top = mapBox.y + mapBox.height + 25;
  const gasEntries: LegendEntry[] = [
    ...(gas.peakOffsetArcsec === null ? [] : [{ text: `Hα peak, ${fixed(gas.peakOffsetArcsec, 2)}″ from the centre`, colour: peakColour, mark: 'diamond' as const }]),
    ...(gas.kinematicPA === null ? [] : [{
      text: `kinematic axis ${fixed(gas.kinematicPA, 1)} ± ${fixed(gas.kinematicPAError ?? 0, 1)}°, ${fixed(gas.misalignment ?? 0, 1)}° from the major axis`, colour: hues.green, mark: 'dashed' as const,
    }]),
  ];
  const count = (kind: 'star' | 'neighbour'): number => sources.filter((source) => source.kind === kind).length;
  const masked: LegendEntry[] = (['star', 'neighbour'] as const).filter((kind) => count(kind) > 0)
    .map((kind) => ({ text: `${count(kind)} masked ${kind}${count(kind) > 1 ? 's' : ''}`, colour: sourceColours[kind], mark: 'field' as const }));
  const given = growth && Math.abs(disk.effectiveRadiusArcsec / growth.effectiveRadius - 1) > 1e-6;
  return [
    label(mapBox.x, top + 1, 'ellipses: 1 *R*_{e} (white) and 2 *R*_{e} (yellow); cross: centre; thin line: major axis', { size: fontSize.tick }),
    ...legend(mapBox.x, top + 6, gasEntries), ...legend(mapBox.x, top + 6 + 9.2 * gasEntries.length, masked, true),
    ...legend(right - 22, top - 4, [
      { text: 'converged isophotes', colour: hues.blue, mark: 'circle' },
      ...(isophotes.some(({ converged }) => !converged) ? [{ text: 'not converged', colour: '#ffffff', mark: 'diamond' as const }] : []),
      { text: 'adopted; band: its error and radii', colour: hues.red, mark: 'line' as const },
      ...(given ? [{ text: '*R*_{e} in use (given)', colour: hues.green, mark: 'line' as const }] : []),
    ]),
  ];
}
