import { frame, plotIn, type Plot } from './axes.js';
import type { GeometryFigureInput, IsophoteRow } from './geometryInput.js';
import { extent, finite, type Limits } from './limits.js';
import { band, curve, errorBars, markers } from './marks.js';
import { label, wrapText } from './markup.js';
import { message } from './message.js';
import { clipped, path, segment, type Box, type Item } from './scene.js';
import { fixed } from './scale.js';
import { faint, fontSize, hues, ink } from './theme.js';

/** Errors beyond these do not set the scale of a panel. */
const [widestEllipticity, widestAngle] = [0.15, 25];

/** Where the radii of all panels end [arcsec]. */
export function furthestRadius({ isophotes, growth, disk }: GeometryFigureInput): number {
  return 1.04 * Math.max(disk.effectiveRadiusArcsec, ...isophotes.map(({ radius }) => radius), ...finite(growth?.radius ?? []));
}

/** Ellipticity along the radius: converged isophotes filled, others open and grey; the adopted value with its error as a band. */
export function ellipticityPanel(input: GeometryFigureInput, box: Box, reach: number): Item[] {
  const { disk, ellipticityError } = input;
  return shapePanel(input, box, reach, {
    value: (row) => row.ellipticity, error: (row) => Math.min(row.ellipticityError, widestEllipticity), adopted: disk.ellipticity, adoptedError: ellipticityError, least: 0.1, yLabel: 'ellipticity 1 − *b*/*a*',
  });
}

/** The same for the position angle, about the adopted one. */
export function anglePanel(input: GeometryFigureInput, box: Box, reach: number): Item[] {
  const { disk: { positionAngle: adopted }, positionAngleError } = input;
  const near = (angle: number): number => adopted + ((((angle - adopted + 90) % 180) + 180) % 180) - 90;
  return shapePanel(input, box, reach, {
    value: (row) => near(row.positionAngle), error: (row) => Math.min(row.positionAngleError, widestAngle), adopted, adoptedError: positionAngleError, least: 8, yLabel: 'PA [deg]',
  });
}

interface ShapeQuantity {
  readonly value: (row: IsophoteRow) => number;
  readonly error: (row: IsophoteRow) => number;
  readonly adopted: number;
  readonly adoptedError: number;
  /** Least height of the panel. */
  readonly least: number;
  readonly yLabel: string;
}

function shapePanel({ isophotes, used, disk }: GeometryFigureInput, box: Box, reach: number, { value, error, adopted, adoptedError, least, yLabel }: ShapeQuantity): Item[] {
  const [converged, others] = [true, false].map((wanted) => isophotes.filter((row) => row.converged === wanted)) as [IsophoteRow[], IsophoteRow[]];
  const beyondSeeing = converged.filter(({ radius }) => !used || radius >= used[0] / 2);
  const framed = beyondSeeing.length ? beyondSeeing : isophotes;
  const limits = extent(finite([adopted - adoptedError, adopted + adoptedError, ...framed.flatMap((row) => [value(row) - (error(row) || 0), value(row) + (error(row) || 0)])]), 0.08, [adopted, adopted]);
  const plot = plotIn(box, [0, reach], atLeast(limits, least));
  const series = (rows: readonly IsophoteRow[], colour: string, filled: boolean): Item[] => {
    const [x, y] = [rows.map(({ radius }) => radius), rows.map(value)];
    return [errorBars(plot, x, y, rows.map(error), colour, 0.5), markers(plot, x, y, filled ? { shape: 'circle', radius: 1.8, fill: colour, outline: '#ffffff' } : { shape: 'diamond', radius: 1.5, fill: '#ffffff', outline: colour })];
  };
  const [from, to] = used ?? [0, reach];
  return [
    clipped(box, [
      radiusLine(plot, disk.effectiveRadiusArcsec),
      ...(adoptedError > 0 ? [band(plot, [from, to], [adopted - adoptedError, adopted - adoptedError], [adopted + adoptedError, adopted + adoptedError], hues.red, 0.25)] : []),
      curve(plot, [0, reach], [adopted, adopted], { stroke: hues.red, strokeWidth: 0.5, dash: [2, 2] }), curve(plot, [from, to], [adopted, adopted], { stroke: hues.red, strokeWidth: 1.1 }),
      ...series(others, hues.grey, false), ...series(converged, hues.blue, true),
    ]),
    ...frame(plot, { yLabel, xNumbers: false, yCount: 4 }),
  ];
}

function atLeast([low, high]: Limits, least: number): Limits {
  const half = Math.max(high - low, least) / 2;
  return [(low + high) / 2 - half, (low + high) / 2 + half];
}

const radiusLine = (plot: Plot, radius: number): Item =>
  path(segment(plot.x.at(radius), plot.box.y, plot.x.at(radius), plot.box.y + plot.box.height), { stroke: faint, strokeWidth: 0.5, dash: [2.5, 2] });

/** The light inside growing ellipses as a share of the total, with the effective radius; a curve without asymptote is said to have none. */
export function growthPanel({ growth, disk }: GeometryFigureInput, box: Box, reach: number): Item[] {
  const names = { xLabel: 'semi-major axis [arcsec]', yLabel: 'light inside / total' };
  const plot = plotIn(box, [0, reach], [0, 1.18]);
  if (!growth || !(growth.total > 0)) return [...message(box, 'no growth curve'), ...frame(plot, { ...names, yNumbers: false })];
  const { radius, flux, fluxError, total, effectiveRadius, effectiveRadiusError, lowerLimit, image } = growth;
  const share = Array.from(flux, (value) => value / total);
  const error = Array.from(fluxError, (value) => (Number.isFinite(value) ? value / total : 0));
  const words = [
    ...(effectiveRadius > 0 ? [`*R*_{e} ${lowerLimit ? '≥' : '='} ${fixed(effectiveRadius, 2)}${effectiveRadiusError > 0 ? ` ± ${fixed(effectiveRadiusError, 2)}` : ''}″`] : []),
    ...(lowerLimit ? wrapText('the light goes on beyond the image: no asymptote, a lower limit', fontSize.small, box.width * 0.68) : []),
    ...(image ? wrapText(`on ${image}`, fontSize.small, box.width * 0.6) : []),
  ];
  const given = Math.abs(disk.effectiveRadiusArcsec / effectiveRadius - 1) > 1e-6;
  return [
    clipped(box, [
      curve(plot, [0, reach], [1, 1], { stroke: hues.red, strokeWidth: 0.7, ...(lowerLimit ? { dash: [2, 2] } : {}) }),
      curve(plot, [0, effectiveRadius], [0.5, 0.5], { stroke: faint, strokeWidth: 0.4 }),
      ...(effectiveRadiusError > 0 ? [band(plot, [effectiveRadius - effectiveRadiusError, effectiveRadius + effectiveRadiusError], [0, 0], [1.18, 1.18], hues.red, 0.18)] : []),
      radiusLine(plot, effectiveRadius),
      ...(given ? [path(segment(plot.x.at(disk.effectiveRadiusArcsec), box.y, plot.x.at(disk.effectiveRadiusArcsec), box.y + box.height), { stroke: hues.green, strokeWidth: 0.8 })] : []),
      band(plot, radius, share.map((value, i) => value - error[i]!), share.map((value, i) => value + error[i]!), hues.blue, 0.25),
      curve(plot, radius, share, { stroke: hues.blue, strokeWidth: 1.1 }),
    ]),
    label(box.x + 5, plot.y.at(1) - 3, lowerLimit ? 'the last full ellipse' : 'asymptote', { size: fontSize.small, colour: hues.red }),
    ...words.map((text, i) => label(box.x + box.width - 5, box.y + box.height - 6 - (words.length - 1 - i) * 8.4, text, { size: i === 0 ? fontSize.tick : fontSize.small, anchor: 'end', colour: ink, halo: '#ffffff' })),
    ...frame(plot, names),
  ];
}
