import { binToMap } from '../binning/index.js';
import type { Disk } from '../disk/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { mad, madToSigma, median } from '../stats/index.js';
import { offsetOf } from './geometry.js';

/** Where the gas shines brightest and how it turns, to be held against the geometry of the light. */
export interface GasGeometry {
  /** The brightest place in Hα, zero-based pixels, and its distance from the centre; null where no Hα is seen. */
  readonly peakX: number | null;
  readonly peakY: number | null;
  readonly peakOffsetArcsec: number | null;
  /** The receding side of the kinematic major axis, north through east [deg], 0 to 360, with its standard error; null where the velocities show no axis. */
  readonly kinematicPA: number | null;
  readonly kinematicPAError: number | null;
  /** Angle between the kinematic major axis and that of the light [deg], 0 to 90. */
  readonly misalignment: number | null;
}

/** S/N of Hα from which a bin counts. */
const leastSignalToNoise = 5;
/** Bins that an axis needs. */
const leastBins = 20;
/** More bins than this add time, not accuracy. */
const mostBins = 5000;
/** Trial angles on either side of the best that its parabola is drawn through [deg]. */
const parabolaReach = 12;
/** What the worst axis must be worse by than the best, in χ² (five standard deviations) and as a share: interpolation smooths noise by some per cent more along some axes than along others. */
const leastContrast = 25;
const leastShare = 0.25;

/** @param seeing FWHM [arcsec]; null = unknown, one spaxel is then taken */
export function gasGeometry(maps: LineMaps, disk: Disk, seeing: number | null): GasGeometry {
  const ha = maps.lines.get('Ha');
  const none = { peakX: null, peakY: null, peakOffsetArcsec: null, kinematicPA: null, kinematicPAError: null, misalignment: null };
  if (!ha) return none;
  const seen = Array.from(ha.flux.keys()).filter((b) => ha.flux[b]! > leastSignalToNoise * ha.fluxError[b]!);
  const fwhm = Math.max(1, (seeing ?? 0) / maps.pixelScale);
  const peak = brightestPlace(maps, ha.flux, seen, fwhm);
  const axis = kinematicAxis(maps, seen, disk.centerX, disk.centerY, fwhm);
  if (!peak) return none;
  const [east, north] = offsetOf(maps, disk, peak[0], peak[1]);
  const found = { ...none, peakX: peak[0], peakY: peak[1], peakOffsetArcsec: Math.hypot(east, north) };
  if (!axis) return found;
  const [axisEast, axisNorth] = offsetOf(maps, disk, disk.centerX + Math.cos(axis.angle), disk.centerY + Math.sin(axis.angle));
  const kinematicPA = ((Math.atan2(axisEast, axisNorth) * 180) / Math.PI + 360) % 360;
  const apart = Math.abs(kinematicPA - disk.positionAngle) % 180;
  return { ...found, kinematicPA, kinematicPAError: axis.error, misalignment: Math.min(apart, 180 - apart) };
}

/** Centre of the light of the bins at least half as bright as the brightest one, within one seeing disc of it: single bins would follow the noise. */
function brightestPlace({ x, y, npix }: LineMaps, flux: Float64Array, seen: readonly number[], fwhm: number): [number, number] | null {
  if (seen.length === 0) return null;
  const brightness = (b: number): number => flux[b]! / npix[b]!;
  const best = seen.reduce((at, b) => (brightness(b) > brightness(at) ? b : at));
  let [sum, sx, sy] = [0, 0, 0];
  for (const b of seen) {
    if (brightness(b) < brightness(best) / 2 || Math.hypot(x[b]! - x[best]!, y[b]! - y[best]!) > fwhm) continue;
    sum += flux[b]!;
    sx += flux[b]! * x[b]!;
    sy += flux[b]! * y[b]!;
  }
  return [sx / sum, sy / sum];
}

/** A map between its pixels, bilinear; NaN where one of the four has no value. */
function between(map: Float64Array, nx: number, ny: number, x: number, y: number): number {
  const [i, j] = [Math.min(nx - 2, Math.floor(x)), Math.min(ny - 2, Math.floor(y))];
  if (!(x >= 0 && y >= 0 && x <= nx - 1 && y <= ny - 1)) return Number.NaN;
  const [u, v, at] = [x - i, y - j, j * nx + i];
  return (1 - v) * ((1 - u) * map[at]! + u * map[at + 1]!) + v * ((1 - u) * map[at + nx]! + u * map[at + nx + 1]!);
}

/**
 * The axis about which a velocity map is most nearly bi-antisymmetric (Krajnović et al. 2006, MNRAS 366, 787, appendix C): V(a, b) = V(a, −b) = −V(−a, b) = −V(−a, −b), a along
 * and b across the axis. Each bin is compared with the mean of itself and its three counterparts, of those that there are. The error is that of the best angle where χ² is scaled to
 * its own least value, with as many independent bins as there are seeing discs: what does not turn regularly is in it. A parabola through χ² gives angle and error; the
 * error is no less than half of what the inner and the outer bins differ.
 *
 * @returns from +x towards +y, of the receding side [rad], error [deg]; null where no axis stands out
 */
function kinematicAxis(maps: LineMaps, seen: readonly number[], x0: number, y0: number, fwhm: number): { angle: number; error: number } | null {
  const { binning: { nx, ny }, velocity, velocityError } = maps;
  const known = seen.filter((b) => velocityError[b]! > 0 && Number.isFinite(velocity[b]!));
  const middle = median(known.map((b) => velocity[b]!));
  const spread = mad(known.map((b) => velocity[b]!), madToSigma);
  const good = new Set(known.filter((b) => Math.abs(velocity[b]! - middle) <= 5 * spread));
  if (good.size < leastBins || nx < 2 || ny < 2) return null;
  const map = binToMap(maps.binning, velocity.map((value, b) => (good.has(b) ? value : Number.NaN)));
  const every = Math.ceil(good.size / mostBins);
  const floor = median([...good].map((b) => velocityError[b]!));
  const used = [...good].filter((_, i) => i % every === 0).map((b) => ({
    dx: maps.x[b]! - x0, dy: maps.y[b]! - y0, v: velocity[b]!, weight: 1 / (velocityError[b]! ** 2 + floor ** 2), area: maps.npix[b]! * every,
  }));
  // The systemic velocity does not depend on the axis: what a place and the one across the centre have in common.
  const systemic = median(used.map(({ dx, dy, v }) => (v + between(map, nx, ny, x0 - dx, y0 - dy)) / 2).filter(Number.isFinite));
  if (!Number.isFinite(systemic)) return null;

  const area = used.reduce((sum, own) => sum + own.area, 0);
  // A Gaussian of this FWHM covers π/(4 ln 2) FWHM².
  const independentShare = Math.min(1, area / (1.133 * fwhm * fwhm) / used.length);
  let compared = 0;
  const misfitOf = (bins: typeof used): Float64Array => Float64Array.from({ length: 180 }, (_, degree) => {
    const [cos, sin] = [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)];
    let [square, weights, free] = [0, 0, 0];
    for (const { dx, dy, v, weight } of bins) {
      const [a, b] = [dx * cos + dy * sin, dy * cos - dx * sin];
      const own = v - systemic;
      let [sum, count] = [own, 1];
      for (const [along, across] of [[1, -1], [-1, 1], [-1, -1]] as const) {
        const other = along * (between(map, nx, ny, x0 + along * a * cos - across * b * sin, y0 + along * a * sin + across * b * cos) - systemic);
        if (!Number.isFinite(other)) continue;
        sum += other;
        count++;
      }
      const freedom = (count - 1) / count;
      square += weight * (own - sum / count) ** 2;
      weights += weight * freedom;
      free += freedom;
    }
    compared = Math.max(compared, free);
    return square / weights;
  });
  const misfit = misfitOf(used);
  if (compared * independentShare < leastBins / 2 || !misfit.every(Number.isFinite)) return null;
  const best = misfit.indexOf(Math.min(...misfit));
  const delta = misfit.map((value) => (compared * independentShare * (value - misfit[best]!)) / misfit[best]!);
  if (!(Math.max(...delta) >= leastContrast && Math.max(...misfit) >= (1 + leastShare) * misfit[best]!)) return null;
  const parabola = vertex((turn) => delta[(best + turn + 180) % 180]!);
  if (!parabola) return null;
  const axis = ((best + parabola.offset) * Math.PI) / 180;
  const half = median(used.map(({ dx, dy }) => Math.hypot(dx, dy)));
  const [inner, outer] = [true, false].map((wanted) => {
    const own = misfitOf(used.filter(({ dx, dy }) => Math.hypot(dx, dy) < half === wanted));
    return vertex((turn) => own[(best + turn + 180) % 180]!)?.offset;
  });
  const drift = inner === undefined || outer === undefined ? Number.NaN : Math.min(90, Math.abs(inner - outer) / 2);
  const recedes = used.reduce((sum, { dx, dy, v, weight }) => sum + weight * (dx * Math.cos(axis) + dy * Math.sin(axis)) * (v - systemic), 0) > 0;
  return { angle: recedes ? axis : axis + Math.PI, error: Math.max(parabola.error, drift || 0) };
}

/** The least-squares parabola c (t − t₀)² + const through whole degrees about 0: t₀ and 1/√c; null where it does not open upwards. */
function vertex(value: (turn: number) => number): { offset: number; error: number } | null {
  const turns = Array.from({ length: 2 * parabolaReach + 1 }, (_, i) => i - parabolaReach);
  const n = turns.length;
  const squares = turns.reduce((sum, t) => sum + t * t, 0);
  const fourths = turns.reduce((sum, t) => sum + t ** 4, 0);
  const [s0, s1, s2] = [0, 1, 2].map((power) => turns.reduce((sum, t) => sum + t ** power * value(t), 0)) as [number, number, number];
  const curvature = (n * s2 - squares * s0) / (n * fourths - squares * squares);
  return curvature > 0 ? { offset: -s1 / squares / (2 * curvature), error: 1 / Math.sqrt(curvature) } : null;
}
