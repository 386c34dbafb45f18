import { signalToNoise, weakestSignalToNoise, type SummedSignalToNoise } from '../binning/index.js';
import { assembleCube, continuumSignal, readRows, recogniseRepeats, type Arm, type ArmOutline, type CubeOutline } from '../cube/index.js';
import { skyFeatureAt } from '../light/index.js';
import { lineByName } from '../nebula/index.js';
import { createLineFitter, findWindows, lineGroups, type LineGroup } from '../spectrum/index.js';
import { covarianceOf, neededLines } from './adaptiveBins.js';
import type { Config } from './resolve.js';

/** Bytes of the values that are read: little enough for a slow disk. */
const sampleBytes = 1.6e7;
/** Rows that are read at least, spread evenly over the field. */
const fewestRows = 16;
/** Wavelengths on both sides of a group of lines [Å, rest frame]. */
const sideRoom = 30;
/** Pixels that stand for the continuum near 5500 Å. */
const continuumPixels = 16;
/** Neighbouring spaxels whose mean S/N stands for the bins among them. */
const stretch = 5;
/** Spaxels in which lines are looked for. */
const mostFits = 1200;

/** What a few rows of a cube say of the whole. */
export interface Sampled {
  /** Whether spectra repeat over sectors: the bins are then those of the survey. */
  readonly sectors: boolean;
  /** Spaxels with data. */
  readonly spaxels: number;
  /** Bins that are expected, if they are made adaptively: of the continuum, of the lines. Sectors: their number. */
  readonly continuum: number;
  readonly lines: number;
}

/** The arms with the line-spread functions that the file holds. */
export async function resolvedArms(outline: CubeOutline): Promise<readonly ArmOutline[]> {
  if (outline.arms.every(({ source }) => source.lsf !== 'file')) return outline.arms;
  const blank = outline.arms.map(({ name, axis, lsf }): Arm => {
    const empty = new Float32Array(axis.wavelength.length).fill(Number.NaN);
    return { name, axis, lsf, flux: empty, variance: empty };
  });
  const { arms } = await assembleCube({ ...outline, nx: 1, ny: 1, sectorSource: null }, blank);
  return outline.arms.map((arm, a) => ({ ...arm, lsf: arms[a]!.lsf }));
}

/** The pixels from ≤ k < to of an arm, as an arm. */
const pieceOf = (arm: ArmOutline, from: number, to: number): ArmOutline => ({
  ...arm, z0: arm.z0 + from, z1: arm.z0 + to, axis: { ...arm.axis, wavelength: arm.axis.wavelength.subarray(from, to), edges: arm.axis.edges.subarray(from, to + 1) },
});

/** The groups of the needed lines, no wider than it takes to see them. */
const narrowGroups: readonly LineGroup[] = lineGroups.flatMap(({ name, range, lines }) => {
  const places = lines.filter((line) => neededLines.includes(line)).map((line) => lineByName(line).air);
  return places.length === 0 ? [] : [{ name, lines, range: [Math.max(range[0], Math.min(...places) - sideRoom), Math.min(range[1], Math.max(...places) + sideRoom)] as const }];
});

/** A few pixels near 5500 Å, clear of the sky if there are any; the middle of the data where they do not reach it. */
function continuumPiece(arms: readonly ArmOutline[], redshift: number): ArmOutline {
  const choices = [5500, 5475, 5525].flatMap((rest) => arms.flatMap((arm) => {
    const { wavelength } = arm.axis;
    const from = wavelength.findIndex((λ) => λ >= rest * (1 + redshift)) - continuumPixels / 2;
    if (from < 0 || from + continuumPixels > wavelength.length) return [];
    const spoilt = Array.from(wavelength.subarray(from, from + continuumPixels)).filter((λ) => skyFeatureAt(λ) !== null).length;
    return [{ arm, from, spoilt }];
  })).sort((a, b) => a.spoilt - b.spoilt);
  const [best] = choices;
  if (best) return pieceOf(best.arm, best.from, best.from + continuumPixels);
  const [arm] = arms as [ArmOutline];
  const n = arm.axis.wavelength.length;
  const from = Math.max(0, (n - continuumPixels) >> 1);
  return pieceOf(arm, from, Math.min(n, from + continuumPixels));
}

/** Spaxels like the mean of these that together reach the target: by the very S/N that the bins are made with. Infinity: never. */
function spaxelsPerBin({ of }: SummedSignalToNoise, mean: Float64Array, target: number, most: number): number {
  const reaches = (n: number): boolean => of(mean.map((term) => term * n), n) >= target;
  let [few, many] = [0, 1];
  while (!reaches(many)) {
    if (many >= most) return Infinity;
    [few, many] = [many, Math.min(most, 2 * many)];
  }
  while (many - few > 1) {
    const middle = (few + many) >> 1;
    if (reaches(middle)) many = middle;
    else few = middle;
  }
  return many;
}

/** Bins in a stretch of spaxels: one for each that reaches the target alone, and the share that the others have in bins of their like. */
function binsAmong(source: SummedSignalToNoise, spaxels: readonly number[], target: number): number {
  const termsOf = (some: readonly number[]): Float64Array => Float64Array.from(source.terms, (term) => some.reduce((sum, s) => sum + term[s]!, 0) / some.length);
  const usable = spaxels.filter((s) => source.use[s]);
  const rest = usable.filter((s) => !(source.of(termsOf([s]), 1) >= target));
  return usable.length - rest.length + (rest.length === 0 ? 0 : rest.length / spaxelsPerBin(source, termsOf(rest), target, source.use.length));
}

/**
 * Estimates how many bins a cube will have from a few of its rows, read only near 5500 Å and around the lines that bins are judged by. S/N² adds up from spaxel to
 * spaxel, so that their number hardly depends on how the bins are cut; what is not seen between the rows makes it uncertain by about half.
 * @param masked 1 where the user masks a spaxel
 */
export async function sampleCube(outline: CubeOutline, arms: readonly ArmOutline[], masked: Uint8Array | null, config: Config): Promise<Sampled> {
  const { redshift, continuum, lines: { binSN, minEW } } = config;
  const { nx, ny, unit } = outline;
  const pieces = findWindows(arms, { redshift, lines: neededLines, groups: narrowGroups }).map(({ arm, from, to }) => pieceOf(arms[arm]!, from, to));
  const all = [...pieces, continuumPiece(arms, redshift)];
  const perSpaxel = all.reduce((sum, { axis }) => sum + 8 * axis.wavelength.length, 0);
  const count = Math.min(ny, Math.max(fewestRows, Math.floor(sampleBytes / (nx * perSpaxel))));
  const rows = Array.from({ length: count }, (_, r) => Math.floor(((r + 0.5) * ny) / count));

  const read = all.map(({ name, axis, lsf }): Arm => {
    const values = (): Float32Array => new Float32Array(count * nx * axis.wavelength.length);
    return { name, axis, lsf, flux: values(), variance: values() };
  });
  for (const [p, piece] of all.entries()) {
    const values = nx * piece.axis.wavelength.length;
    for (const [r, y] of rows.entries()) {
      const part = (array: Float32Array): Float32Array => array.subarray(r * values, (r + 1) * values);
      await readRows(piece, y, y + 1, { flux: part(read[p]!.flux), variance: part(read[p]!.variance) });
    }
  }
  const grid = { nx, ny: count, unit };
  const scale = ny / count;
  const repeats = recogniseRepeats({ ...grid, arms: read });
  if (repeats) {
    const groups = repeats.reduce((most, group) => Math.max(most, group), 0);
    return { sectors: true, spaxels: Math.round(scale * repeats.filter((group) => group > 0).length), continuum: groups, lines: groups };
  }

  const noiseOfMany = covarianceOf(config);
  const free = (s: number): boolean => !masked?.[rows[Math.floor(s / nx)]! * nx + (s % nx)];
  const light = continuumSignal({ ...grid, arms: read.slice(-1) }, redshift);
  const source = signalToNoise(light, noiseOfMany);
  const inStretch = (first: number): number[] => Array.from({ length: Math.min(stretch, nx - (first % nx)) }, (_, j) => first + j).filter(free);
  const stretches = Array.from({ length: count }, (_, r) => Array.from({ length: Math.ceil(nx / stretch) }, (__, i) => r * nx + i * stretch)).flat();
  const spaxels = Array.from(source.use.keys()).filter((s) => source.use[s] && free(s)).length;
  const ofContinuum = continuum.binSN > 0 ? stretches.reduce((sum, first) => sum + binsAmong(source, inStretch(first), continuum.binSN), 0) : spaxels;

  const fitter = createLineFitter(read.slice(0, -1), { redshift, absorption: continuum.absorption, lines: neededLines, ratioBounds: [], groups: narrowGroups });
  const maps = neededLines.map(() => ({ signal: new Float64Array(count * nx).fill(Number.NaN), noise: new Float64Array(count * nx).fill(Number.NaN) }));
  const ha = neededLines.indexOf('Ha');
  const every = Math.max(1, Math.ceil((stretches.length * stretch) / mostFits));
  const looked = stretches.filter((_, i) => i % every === (Math.floor((i * stretch) / nx) * 7) % every);
  const enough = looked.filter((first) => {
    let [flux, level] = [0, 0];
    for (const s of inStretch(first)) {
      const spectra = read.slice(0, -1).map(({ axis, lsf, flux, variance }) => {
        const n = axis.wavelength.length;
        return { axis, lsf, flux: Float64Array.from(flux.subarray(s * n, (s + 1) * n)), variance: Float64Array.from(variance.subarray(s * n, (s + 1) * n)) };
      });
      const fit = fitter.fit(spectra);
      neededLines.forEach((_, i) => {
        maps[i]!.signal[s] = fit.flux[i]!;
        maps[i]!.noise[s] = fit.fluxError[i]!;
      });
      if (!Number.isFinite(fit.flux[ha]! / fit.ew[ha]!)) continue;
      flux += fit.flux[ha]!;
      level += fit.flux[ha]! / fit.ew[ha]!;
    }
    return flux / level >= minEW;
  });
  const lineSource = weakestSignalToNoise(maps, noiseOfMany);
  const share = stretches.length / Math.max(1, looked.length);
  const ofLines = binSN > 0 ? share * enough.reduce((sum, first) => sum + binsAmong(lineSource, inStretch(first), binSN), 0) : spaxels;
  const whole = (bins: number): number => (spaxels === 0 ? 0 : Math.max(1, Math.round(scale * bins)));
  return { sectors: false, spaxels: Math.round(scale * spaxels), continuum: whole(ofContinuum), lines: enough.length === 0 && binSN > 0 ? 0 : whole(ofLines) };
}
