import { frame, plotIn } from './axes.js';
import type { GalaxyFigureInput } from './galaxyInput.js';
import { majorAxis } from './galaxyMaps.js';
import { legend } from './legend.js';
import { extent, finite } from './limits.js';
import { label } from './markup.js';
import { errorBars, markers } from './marks.js';
import { message } from './message.js';
import { clipped, path, segment, type Box, type Item } from './scene.js';
import { fixed } from './scale.js';
import { faint, fontSize, hues } from './theme.js';

/** More points than this are drawn small and without rims. */
const crowded = 60;
const enough = 12;

/** Bins along one axis of the disc: offset on the sky [arcsec], velocity and error [km/s]. */
interface Cut {
  readonly offset: number[];
  readonly velocity: number[];
  readonly error: number[];
}

/**
 * Panel D: velocity against distance from the centre, for the bins within a slit along the major axis (red circles) and along the
 * minor axis (blue squares). The slit is as narrow as leaves enough bins in it: two spaxels, else 0.3 R_e, else 0.6 R_e wide.
 */
export function rotationPanel(input: GalaxyFigureInput, box: Box): Item[] {
  const { pixelScale, disk } = input;
  const widths = [0, 0.15, 0.3].map((part) => Math.max(pixelScale, part * disk.effectiveRadiusArcsec));
  const halfWidth = widths.find((width) => alongAxis(input, disk.positionAngle, width).offset.length >= enough) ?? widths[2]!;
  const major = alongAxis(input, disk.positionAngle, halfWidth);
  const minor = alongAxis(input, disk.positionAngle + 90, halfWidth);
  // A bin with a large error is drawn, but does not set the scale.
  const speeds = [major, minor].flatMap(({ velocity, error }) =>
    velocity.flatMap((value, i) => (error[i]! < 30 ? [value - error[i]!, value + error[i]!] : [value])));
  const reach = extent(finite([...major.offset, ...minor.offset]), 0.06, [-1, 1]);
  const half = Math.max(-reach[0], reach[1]);
  const [low, high] = extent(speeds, 0.06, [-1, 1]);
  // Room for the legend over the points.
  const plot = plotIn(box, [-half, half], [low, high + 0.17 * (high - low)]);
  const names = { xLabel: 'distance along the axis [arcsec]', yLabel: '*v*(Hα) [km s^{−1}]' };
  if (!speeds.length) return [...message(box, 'no velocity along the axes'), ...frame(plot, { ...names, xNumbers: false, yNumbers: false })];
  return [
    clipped(box, [
      path(segment(box.x, plot.y.at(0), box.x + box.width, plot.y.at(0)) + segment(plot.x.at(0), box.y, plot.x.at(0), box.y + box.height), { stroke: faint, strokeWidth: 0.4, dash: [2, 2] }),
      ...points(minor, hues.blue, 'square'), ...points(major, hues.red, 'circle'),
    ]),
    ...legend(box.x + 6, box.y + 4.5, [
      { text: 'major axis', colour: hues.red, mark: 'circle' }, { text: 'minor axis', colour: hues.blue, mark: 'square' },
    ], true),
    label(box.x + box.width - 5, box.y + box.height - 6, `slit ${fixed(2 * halfWidth, 1)}″`, { size: fontSize.small, anchor: 'end', colour: faint, halo: '#ffffff' }),
    ...frame(plot, names),
  ];

  function points(cut: Cut, colour: string, shape: 'circle' | 'square'): Item[] {
    const few = cut.offset.length <= crowded;
    return [
      errorBars(plot, cut.offset, cut.velocity, cut.error, colour, few ? 0.5 : 0.25),
      markers(plot, cut.offset, cut.velocity, { shape, radius: few ? 1.9 : 1.1, fill: colour, outline: few ? '#ffffff' : null }),
    ];
  }
}

/** The bins nearer than halfWidth [arcsec] to the line through the centre at a position angle. */
function alongAxis({ bins, disk, north, east, pixelScale }: GalaxyFigureInput, positionAngle: number, halfWidth: number): Cut {
  const [ux, uy] = majorAxis(positionAngle, north, east);
  const [wx, wy] = majorAxis(positionAngle + 90, north, east);
  const cut: Cut = { offset: [], velocity: [], error: [] };
  for (let i = 0; i < bins.x.length; i++) {
    if (!Number.isFinite(bins.velocity[i]!)) continue;
    const [dx, dy] = [(bins.x[i]! - disk.centerX) * pixelScale, (bins.y[i]! - disk.centerY) * pixelScale];
    if (Math.abs(dx * wx + dy * wy) > halfWidth) continue;
    cut.offset.push(dx * ux + dy * uy);
    cut.velocity.push(bins.velocity[i]!);
    cut.error.push(bins.velocityError[i]!);
  }
  return cut;
}
