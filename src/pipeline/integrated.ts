import type { Disk } from '../disk/index.js';
import type { DrawnInput } from '../evolution/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { abundanceThroughDust, balmerDust, deredden, dustFactor, evaluateOH, luminosity, starFormationRate, type Calibration, type LineFluxes, type LineName } from '../nebula/index.js';
import { createRandom } from '../numeric/index.js';
import { standardDeviation } from '../stats/index.js';
import { binRadii } from './gradients.js';
import { unusedBits, type NebularBins } from './nebular.js';
import type { Config } from './resolve.js';

/** A value and its 1σ; null where the error is not known. */
export type ValueError = readonly [number, number | null];

/** Abundances by calibration. */
export type Abundances = Readonly<Record<string, ValueError>>;

/** What the summed light of the star-forming bins says: one spectrum, one dust, one abundance. */
export interface Integrated {
  /** 12 + log(O/H) by every calibration: of all, within half an effective radius, and beyond it. */
  readonly oh: Abundances;
  readonly ohInner: Abundances;
  readonly ohOuter: Abundances;
  /** log star formation rate [M☉/yr]. */
  readonly logSfr: ValueError | null;
  /** Star-forming bins that were summed. */
  readonly bins: number;
  /** The draws behind the errors, of the leading calibration and the star formation rate, from the same fluxes; NaN where a draw has no value. */
  readonly drawn: { readonly oh: DrawnInput | null; readonly logSfr: DrawnInput | null };
}

export interface IntegratedInput {
  readonly maps: LineMaps;
  readonly disk: Disk;
  readonly bins: NebularBins;
  readonly calibrations: readonly Calibration[];
  readonly leading: Calibration;
  readonly config: Config;
}

/** Radius that parts inner from outer abundance [R_e] (Li et al. 2025, Fig. 4). */
const innerRadius = 0.5;
/** Draws for the errors of what is not drawn further: known to 4 %. */
const errorDraws = 300;

interface Sum { readonly fluxes: LineFluxes; readonly errors: LineFluxes }

/** Lines summed over the bins in which all of them are measured. */
function sumLines(maps: LineMaps, rows: readonly number[], names: readonly LineName[]): Sum | null {
  const lines = names.map((name) => maps.lines.get(name));
  if (lines.some((line) => !line)) return null;
  const whole = rows.filter((b) => lines.every((line) => Number.isFinite(line!.flux[b]!) && Number.isFinite(line!.fluxError[b]!)));
  if (!whole.length) return null;
  const each = (of: (line: (typeof lines)[number]) => number): LineFluxes => Object.fromEntries(names.map((name, i) => [name, of(lines[i])]));
  return {
    fluxes: each((line) => whole.reduce((sum, b) => sum + line!.flux[b]!, 0)),
    errors: each((line) => Math.sqrt(whole.reduce((sum, b) => sum + line!.fluxError[b]! ** 2, 0))),
  };
}

/**
 * The star-forming bins, by Hα, Hβ, equivalent width and class, not by the S/N of the weak lines: a cut on those would keep where noise has raised them, and leave out the light
 * of metal-poor bins.
 */
export function starFormingBins(maps: LineMaps, bins: NebularBins, { lines: { snLine, minEW } }: Config): number[] {
  return Array.from({ length: maps.binning.count }, (_, b) => b).filter((b) => unusedBits(bins, maps.status[b]!, b, { snLine, minEW, composite: false, byHb: true }, []) === 0);
}

/**
 * Abundances and star formation rate of the sum over the star-forming bins. Errors by drawing the sums within theirs and deriving all anew;
 * every calibration and the star formation rate see the same draw of a line.
 */
export function integrate(input: IntegratedInput): Integrated {
  const { maps, disk, bins, calibrations, leading, config } = input;
  const rows = starFormingBins(maps, bins, config);
  const radii = binRadii(maps, disk);
  const inside = (b: number): boolean => radii[b]! < innerRadius * disk.effectiveRadiusArcsec;
  const many = config.gradient.draws;

  const deviates = new Map<string, Float64Array>();
  const deviatesOf = (name: LineName, part: string): Float64Array => {
    const key = `${part} ${name}`;
    const known = deviates.get(key);
    if (known) return known;
    const random = createRandom(config.seed, 'integrated', part, name);
    const own = Float64Array.from({ length: many }, () => random.normal());
    deviates.set(key, own);
    return own;
  };
  const draw = ({ fluxes, errors }: Sum, part: string, draws: number, of: (drawn: LineFluxes) => number): Float64Array => {
    const names = Object.keys(fluxes) as LineName[];
    const own = names.map((name) => deviatesOf(name, part));
    return Float64Array.from({ length: draws }, (_, d) => of(Object.fromEntries(names.map((name, i) => [name, fluxes[name]! + own[i]![d]! * errors[name]!]))));
  };
  const ohOf = (calibration: Calibration, part: string, of: readonly number[], draws: number): DrawnInput | null => {
    const sum = sumLines(maps, of, [...new Set<LineName>([...calibration.lines, 'Ha', 'Hb'])]);
    if (!sum) return null;
    const { oh, flags } = abundanceThroughDust(calibration, sum.fluxes, sum.errors, { ratio: config.dust.balmer });
    // At a calibration's maximum the value is a bound.
    if (!Number.isFinite(oh) || flags.saturated || flags.ambiguous) return null;
    return { value: oh, draws: draw(sum, part, draws, (drawn) => observedToOH(calibration, drawn, sum.errors, config.dust.balmer)) };
  };
  const abundancesOf = (part: string, of: readonly number[]): Abundances => Object.fromEntries(calibrations.flatMap((calibration) => {
    const found = ohOf(calibration, part, of, Math.min(errorDraws, many));
    return found ? [[calibration.name, withScatter(found)]] : [];
  }));

  const balmer = sumLines(maps, rows, ['Ha', 'Hb']);
  const rate = (drawn: LineFluxes): number => {
    const dust = balmerDust({ ha: drawn.Ha!, haError: 0, hb: drawn.Hb!, hbError: 0 }, { ratio: config.dust.balmer });
    return Math.log10(starFormationRate(luminosity(drawn.Ha! * dustFactor('Ha', dust.ebv) * 1e-17, disk.luminosityDistance), config.starFormation.calibration));
  };
  const sfr = balmer && rate(balmer.fluxes);
  const logSfr = balmer && sfr !== null && Number.isFinite(sfr) ? { value: sfr, draws: draw(balmer, 'all', many, rate) } : null;
  return {
    oh: abundancesOf('all', rows), ohInner: abundancesOf('inner', rows.filter(inside)), ohOuter: abundancesOf('outer', rows.filter((b) => !inside(b))),
    logSfr: logSfr && withScatter(logSfr), bins: rows.length, drawn: { oh: ohOf(leading, 'all', rows, many), logSfr },
  };
}

/** O/H from fluxes still behind the dust that their own Hα/Hβ tells of. */
export function observedToOH(calibration: Calibration, observed: LineFluxes, errors: LineFluxes, balmer: number): number {
  const { ebvRaw } = balmerDust({ ha: observed.Ha ?? Number.NaN, haError: 0, hb: observed.Hb ?? Number.NaN, hbError: 0 }, { ratio: balmer });
  // Only a joint calibration weighs its ratios by the errors.
  return evaluateOH(calibration, deredden(observed, ebvRaw), calibration.relation.kind === 'joint' ? deredden(errors, ebvRaw) : null);
}

/** A value with the standard deviation of its draws. */
function withScatter({ value, draws }: DrawnInput): ValueError {
  const error = standardDeviation(draws.filter(Number.isFinite));
  return [value, Number.isFinite(error) ? error : null];
}
