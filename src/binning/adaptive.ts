import { ZgradError } from '../errors/index.js';
import { accreteBins } from './accretion.js';
import { makeBinning, type Binning } from './binning.js';
import { createDiagram, type Generators, type Tessellated } from './diagram.js';
import { cropField, type Field } from './field.js';
import { regularise, scatterOf, type Tessellation } from './regularise.js';
import { binSignalToNoise, createMeter, type SignalToNoise } from './signalToNoise.js';

export type BinningMethod = Tessellation | 'accretion';

export interface AdaptiveBinningOptions {
  readonly nx: number;
  readonly ny: number;
  /** S/N that each bin shall have. */
  readonly target: number;
  /** S/N of a set of spaxels, and which spaxels can be binned: `signalToNoise`, `weakestSignalToNoise` or one's own. */
  readonly signalToNoise: SignalToNoise;
  /** Default 'power'. */
  readonly method?: BinningMethod;
  /** Spaxels to bin, of those that can be: 1 = bin, length nx·ny. Default all. */
  readonly use?: ArrayLike<number>;
}

/** Bins of about equal S/N. Arrays have one value per bin. */
export interface AdaptiveBinning {
  /** −1 where a spaxel cannot be binned or was not to be. */
  readonly binning: Binning;
  /** Zero-based pixel positions; the place belongs to the generator of least stretch·d² − square. */
  readonly generators: Generators;
  readonly signalToNoise: Float64Array;
  /** Number of spaxels. */
  readonly areas: Float64Array;
  /** 1 where a spaxel reaches the target alone and was therefore left alone. */
  readonly single: Uint8Array;
  /** Standard deviation of S/N over target, single spaxels left out; NaN where all are single. */
  readonly scatter: number;
  /**
   * 'binned'; 'unbinned': every spaxel reaches the target alone; 'oneBin': no neighbours among those that do not reach it together, and they
   * are one bin, whatever its S/N; 'empty': there is no spaxel to bin.
   */
  readonly status: 'binned' | 'unbinned' | 'oneBin' | 'empty';
}

/**
 * Adaptive binning to a target S/N. Spaxels that reach it alone are bins of their own; the rest is gathered by bin accretion
 * (Cappellari & Copin 2003, MNRAS 342, 345) and, by the default method, evened out as a centroidal power diagram (the idea
 * of Cappellari 2025, MNRAS 544, 1432). Every spaxel to bin gets exactly one bin. Bins of accretion are connected. Those of
 * power diagrams are convex, and connected where the field has no gap (spaxels left alone are gaps); bins of 'wvt' (Diehl &
 * Statler 2006, MNRAS 368, 497) now and then are not. A piece of field that cannot make a bin of its own joins the nearest
 * bin elsewhere. Sky without signal dilutes bins at the rim, which 'wvt' and 'power' then enlarge at the cost of all others:
 * leave it out by `use`. Same input, same bins; S/N enters only in ratio to the target.
 *
 * @throws ZgradError 'BadArgument' when the target is not positive, the method unknown, or a map's length is not nx·ny.
 */
export function binAdaptively(options: AdaptiveBinningOptions): AdaptiveBinning {
  const { nx, ny, target, signalToNoise: source, method = 'power' } = options;
  check(options, method);
  const meter = createMeter(source);
  const bin = new Int32Array(nx * ny).fill(-1);
  const rest = new Uint8Array(nx * ny);
  const alone = new Float64Array(nx * ny);
  const before = { x: 0, y: 0, n: 0 };
  for (let i = 0; i < rest.length; i++) {
    if (!source.use[i] || (options.use && !options.use[i])) continue;
    meter.reset();
    alone[i] = meter.add(i);
    if (alone[i]! >= target) {
      bin[i] = before.n++;
      before.x += i % nx;
      before.y += Math.floor(i / nx);
    } else {
      rest[i] = 1;
    }
  }
  const field = cropField(rest, nx);
  if (!field) return describe(options, bin, before.n, null, before.n ? 'unbinned' : 'empty');

  const brightness = Float64Array.from(field.use, (used, cell) => (used ? alone[field.spaxel[cell]!]! : 0));
  const made = { x: before.x - before.n * field.left, y: before.y - before.n * field.bottom, n: before.n };
  const together = binSignalToNoise(source, Int32Array.from(rest, (used) => used - 1), 1)[0]!;
  let accreted = accreteBins(field, source, target, brightness, made);
  // A strip may be too narrow for round bins.
  if (accreted.count === 0 && together >= target) accreted = accreteBins(field, source, target, brightness, made, Number.POSITIVE_INFINITY);
  // A total below the target says little by itself: sky without signal lowers it, and there may be good bins within.
  if (accreted.count === 0 || (accreted.count === 1 && together < target)) {
    for (let i = 0; i < rest.length; i++) if (rest[i]) bin[i] = before.n;
    return describe(options, bin, before.n, null, 'oneBin');
  }
  const tessellated = method === 'accretion' ? joinLeftovers(field, accreted) : regularise(field, source, target, brightness, accreted, method);
  for (let cell = 0; cell < field.size; cell++) if (field.use[cell]) bin[field.spaxel[cell]!] = before.n + tessellated.label[cell]!;
  return describe(options, bin, before.n, {
    ...tessellated.generators,
    x: tessellated.generators.x.map((x) => x + field.left), y: tessellated.generators.y.map((y) => y + field.bottom),
  }, 'binned');
}

function check({ nx, ny, target, signalToNoise, use }: AdaptiveBinningOptions, method: string): void {
  const wrong = (where: string, found: string, expected: string) => new ZgradError('BadArgument', { where, found, expected });
  if (!(target > 0 && Number.isFinite(target))) throw wrong('target S/N of the bins', `${target}`, 'a positive number');
  if (!['power', 'wvt', 'cvt', 'accretion'].includes(method)) throw wrong('binning method', `'${method}'`, "'power', 'wvt', 'cvt' or 'accretion'");
  for (const map of [signalToNoise.use, use, ...('terms' in signalToNoise ? signalToNoise.terms : [])]) {
    if (map && map.length !== nx * ny) throw wrong('maps to bin', `${map.length} values`, `${nx} × ${ny} = ${nx * ny}, one per spaxel`);
  }
}

/**
 * Cells that accretion left over join the bin that they touch and whose centroid is nearest, from the bins outwards, so that
 * bins stay connected; where a piece of the field has no bin, the bin with the nearest centroid.
 */
function joinLeftovers(field: Field, { bin, count }: { bin: Int32Array; count: number }): Tessellated {
  const { width, size, use } = field;
  const area = new Float64Array(count);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let cell = 0; cell < size; cell++) if (bin[cell]! >= 0) area[bin[cell]!]!++;
  for (let cell = 0; cell < size; cell++) {
    const k = bin[cell]!;
    if (k < 0) continue;
    x[k]! += (cell % width) / area[k]!;
    y[k]! += Math.floor(cell / width) / area[k]!;
  }
  const generators = { x, y, stretch: new Float64Array(count).fill(1), square: new Float64Array(count) };
  const label = bin.slice();
  let left = Array.from(use.keys()).filter((cell) => use[cell] && bin[cell]! < 0);
  for (let joined = -1; joined !== 0;) {
    const choices = left.map((cell) => {
      let choice = -1;
      let nearest = Number.POSITIVE_INFINITY;
      for (const k of [label[cell - width]!, label[cell - 1]!, label[cell + 1]!, label[cell + width]!]) {
        if (k < 0) continue;
        const distance = (cell % width - x[k]!) ** 2 + (Math.floor(cell / width) - y[k]!) ** 2;
        if (distance < nearest || (distance === nearest && k < choice)) [choice, nearest] = [k, distance];
      }
      return choice;
    });
    left.forEach((cell, j) => { label[cell] = choices[j]!; });
    joined = choices.filter((choice) => choice >= 0).length;
    left = left.filter((cell) => label[cell]! < 0);
  }
  if (left.length) {
    const nearest = bin.slice();
    createDiagram(field)(nearest, generators);
    for (const cell of left) label[cell] = nearest[cell]!;
  }
  return { label, generators };
}

/** The answer from the bin of each spaxel, the first `singles` of one spaxel each; numbers that nobody has are closed up. */
function describe(
  { nx, ny, target, signalToNoise: source }: AdaptiveBinningOptions, bin: Int32Array, singles: number, given: Generators | null,
  status: AdaptiveBinning['status'],
): AdaptiveBinning {
  const numbered = makeBinning(bin, nx, ny, { unused: 'negative' });
  const binning = { ...numbered, labels: Int32Array.from(numbered.labels.keys()) };
  const signalToNoise = binSignalToNoise(source, binning.bin, binning.count);
  const areas = Float64Array.from({ length: binning.count }, (_, b) => binning.start[b + 1]! - binning.start[b]!);
  const generators = { x: new Float64Array(binning.count), y: new Float64Array(binning.count), stretch: new Float64Array(binning.count).fill(1), square: new Float64Array(binning.count) };
  for (let b = 0; b < binning.count; b++) {
    const own = numbered.labels[b]! - singles;
    if (given && own >= 0) {
      for (const part of ['x', 'y', 'stretch', 'square'] as const) generators[part][b] = given[part][own]!;
      continue;
    }
    for (let j = binning.start[b]!; j < binning.start[b + 1]!; j++) {
      generators.x[b]! += (binning.spaxels[j]! % nx) / areas[b]!;
      generators.y[b]! += Math.floor(binning.spaxels[j]! / nx) / areas[b]!;
    }
  }
  return {
    binning, generators, signalToNoise, areas, status,
    single: Uint8Array.from({ length: binning.count }, (_, b) => (b < singles ? 1 : 0)),
    scatter: scatterOf(signalToNoise.subarray(singles), target),
  };
}
