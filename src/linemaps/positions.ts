import { makeBinning, type Binning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { skyOffset, skyToPixel, type Wcs } from '../sky/index.js';

/** Positions of the rows of a table: on the sky [deg], as offsets east and north [arcsec], or in zero-based pixels. */
export interface Positions {
  readonly kind: 'sky' | 'offset' | 'pixel';
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Rows of a table laid on a grid of spaxels. */
export interface PlacedRows {
  readonly binning: Binning;
  readonly wcs: Wcs | null;
  readonly pixelScale: number;
  /** Zero-based pixels, not rounded. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Pixel of offset (0, 0); null for other positions. */
  readonly origin: readonly [number, number] | null;
  /** Rows whose spaxel an earlier row has already taken. */
  readonly hidden: number;
}

/** More spaxels than this are a mistake in the spacing. */
const largestGrid = 2 ** 22;

/**
 * Lays positions on a grid of north-up, east-left spaxels (for sky positions a TAN projection about the first row). Each row is
 * a bin that has the spaxel nearest to it; a spaxel belongs to the first row that takes it. Rows with a position that is not
 * finite have none.
 *
 * @param labels number of each row, for `Binning.labels`.
 * @param pixelScale side of a spaxel [arcsec]; null: the typical distance between neighbouring positions.
 * @throws ZgradError 'BadMaps' when no position is finite, the spacing cannot be told, or the grid would be absurdly large.
 */
export function placeRows(positions: Positions, labels: Int32Array, pixelScale: number | null, where: string): PlacedRows {
  const { kind, first, second } = positions;
  const finite = Array.from(first.keys()).filter((i) => Number.isFinite(first[i]) && Number.isFinite(second[i]));
  const fail = (found: string, expected: string, remedy?: string): never => {
    throw new ZgradError('BadMaps', { where, found, expected, ...(remedy !== undefined && { remedy }) });
  };
  const start = finite[0] ?? fail('no row with a position', 'positions in every row');

  // Offsets east and north of the first row (sky) or of the table's own origin, in arcsec; pixels as they are.
  const flat = kind === 'pixel' ? positions : toOffsets(positions, start);
  const scale = pixelScale ?? (kind === 'pixel' ? fail('positions in pixels', 'the side of a pixel in arcsec', 'Give it as `maps.pixelScale`.') : spacing(flat, finite))
    ?? fail('fewer than two different positions', 'the spacing of the positions', 'Give it as `maps.pixelScale`.');
  const sign = kind === 'pixel' ? 1 : -1 / scale;
  let x = flat.first.map((value) => value * sign);
  let y = flat.second.map((value) => value * Math.abs(sign));
  const least = (values: Float64Array) => finite.reduce((min, i) => Math.min(min, values[i]!), Infinity);
  const most = (values: Float64Array) => finite.reduce((max, i) => Math.max(max, values[i]!), -Infinity);
  const origin: [number, number] = kind === 'pixel' ? [0, 0] : [Math.max(0, -Math.round(least(x))), Math.max(0, -Math.round(least(y)))];
  if (kind === 'pixel' && Math.min(least(x), least(y)) < -0.5) fail(`pixel ${Math.min(least(x), least(y))}`, 'pixels counted from zero');
  x = x.map((value) => value + origin[0]);
  y = y.map((value) => value + origin[1]);
  const [nx, ny] = [Math.round(most(x)) + 1, Math.round(most(y)) + 1];
  if (!(nx * ny <= largestGrid)) {
    fail(`positions that span ${nx} × ${ny} spaxels of ${scale.toPrecision(3)} arcsec`, `at most ${largestGrid} spaxels`, 'Give a coarser spacing as `maps.pixelScale`.');
  }

  const wcs: Wcs | null = kind !== 'sky' ? null : {
    celestial: {
      projection: 'TAN', axes: [0, 1], referencePixel: origin, referenceValue: [first[start]!, second[start]!],
      matrix: [-scale / 3600, 0, 0, scale / 3600], lonPole: 180, latPole: 90, frame: 'ICRS',
    },
    spectral: null,
  };
  if (wcs?.celestial) for (const i of finite) [x[i], y[i]] = skyToPixel(wcs.celestial, first[i]!, second[i]!);

  const map = new Int32Array(nx * ny).fill(-1);
  let hidden = 0;
  for (const i of finite) {
    const spaxel = Math.min(ny - 1, Math.max(0, Math.round(y[i]!))) * nx + Math.min(nx - 1, Math.max(0, Math.round(x[i]!)));
    if (map[spaxel] === -1) map[spaxel] = i;
    else hidden++;
  }
  return { binning: withEveryRow(makeBinning(map, nx, ny, { unused: 'negative' }), labels), wcs, pixelScale: scale, x, y, origin: kind === 'offset' ? origin : null, hidden };
}

function toOffsets({ kind, first, second }: Positions, start: number): { first: Float64Array; second: Float64Array } {
  if (kind === 'offset') return { first, second };
  const pairs = Array.from(first, (ra, i) => skyOffset(ra, second[i]!, first[start]!, second[start]!));
  return { first: Float64Array.from(pairs, ([east]) => east), second: Float64Array.from(pairs, ([, north]) => north) };
}

/** The median, over at most 200 rows, of the distance to the nearest other position [arcsec]; null when all coincide. */
function spacing({ first, second }: { first: Float64Array; second: Float64Array }, rows: readonly number[]): number | null {
  const step = Math.ceil(rows.length / 200);
  const distances = rows.filter((_, n) => n % step === 0).map((i) => {
    let nearest = Infinity;
    for (const j of rows) {
      const distance = Math.hypot(first[i]! - first[j]!, second[i]! - second[j]!);
      if (distance > 1e-6 && distance < nearest) nearest = distance;
    }
    return nearest;
  }).filter(Number.isFinite).sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? null;
}

/** A binning in which rows without a spaxel of their own are bins too, empty ones. */
function withEveryRow(binning: Binning, labels: Int32Array): Binning {
  const count = labels.length;
  const start = new Int32Array(count + 1);
  binning.labels.forEach((row, b) => start[row + 1] = binning.start[b + 1]! - binning.start[b]!);
  for (let row = 0; row < count; row++) start[row + 1]! += start[row]!;
  return { ...binning, count, start, labels, bin: binning.bin.map((b) => (b < 0 ? -1 : binning.labels[b]!)) };
}
