import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bytesSource, findHdu, openFits, readImage, type Fits } from '../../../src/fits/index.js';
import type { Abundances, ContinuumFacts, CutEntry, GradientEntry, Kinematics, LocalRelationOfBins, Masses, MeasureSummary, ValueError } from '../../../src/pipeline/index.js';
import { numbers, parseEcsv, type Table } from '../../../src/table/index.js';

/** gradient.json as a reader finds it. */
export interface GradientFile {
  readonly object: string;
  readonly geometry: Readonly<Record<string, number | string | null>>;
  readonly gradients: readonly GradientEntry[];
  readonly cuts: readonly CutEntry[];
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
  readonly integrated: Readonly<Record<'oh' | 'ohInner' | 'ohOuter', Abundances> & { readonly bins: number }
    & Record<'logSfr' | 'logMstar' | 'logMhi' | 'logMh2' | 'logMgas' | 'gasFraction' | 'logMbaryon' | 'logMbaryonAtomic' | 'logYeff', ValueError | null>>;
  readonly masses: Masses;
  readonly kinematics: Kinematics;
  readonly localRelation: LocalRelationOfBins;
}

/** run.json as a reader finds it. */
export interface RunFile {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly arithmetic: 'strict' | 'fused';
  readonly inputs: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly continuum: ContinuumFacts;
  readonly counts: MeasureSummary['counts'];
  readonly warnings: readonly string[];
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[];
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly literature: readonly { readonly citation: string; readonly usedFor: string }[];
  readonly exitStatus: number;
  readonly summary: MeasureSummary;
}

/** A finished run, read with zgrad's own readers. */
export interface FinishedRun {
  readonly out: string;
  readonly gradient: GradientFile;
  readonly run: RunFile;
  readonly bins: Table;
  readonly maps: Fits;
}

export const figureNames = ['galaxy', 'calibrations', 'budget', 'cuts', 'excitation'] as const;

/** The files that every run leaves; the figure of the spectra only where the cube chain found a line. */
export const products = [
  'maps.fits', 'bins.ecsv', 'gradient.json', 'run.json', 'report.html', 'dictionary.md',
  ...figureNames.flatMap((name) => ['svg', 'png', 'pdf'].map((kind) => `figures/${name}.${kind}`)),
] as const;

export const textOf = (out: string, name: string): string => readFileSync(join(out, name), 'utf8');

export async function readRun(out: string): Promise<FinishedRun> {
  return {
    out, gradient: JSON.parse(textOf(out, 'gradient.json')) as GradientFile, run: JSON.parse(textOf(out, 'run.json')) as RunFile,
    bins: parseEcsv(textOf(out, 'bins.ecsv'), 'bins.ecsv'), maps: await openFits(bytesSource(readFileSync(join(out, 'maps.fits')), 'maps.fits')),
  };
}

/** The gradient of a calibration in dex/Re. */
export function gradientOf({ gradient }: FinishedRun, calibration: string): GradientEntry {
  const found = gradient.gradients.find((one) => one.calibration === calibration && one.unit === 'dex/Re');
  expect(found, calibration).toBeDefined();
  return found!;
}

/** An image of maps.fits, or one of its channels by name. */
export async function mapOf({ maps }: FinishedRun, name: string, channel?: string): Promise<Float64Array> {
  const hdu = findHdu(maps, name);
  const { data } = await readImage(maps, hdu);
  if (channel === undefined) return Float64Array.from(data);
  const size = hdu.axes[0]! * hdu.axes[1]!;
  const plane = Array.from({ length: hdu.axes[2] ?? 1 }, (_, i) => hdu.header.string(`C${String(i + 1).padStart(2, '0')}`)).indexOf(channel);
  expect(plane, `${channel} in ${name}`).toBeGreaterThanOrEqual(0);
  return Float64Array.from(data.subarray(plane * size, (plane + 1) * size));
}

/** Bin of every spaxel. */
export async function binIds(run: FinishedRun): Promise<Float64Array> {
  return mapOf(run, 'BINID', 'Binned spectra');
}

/** S/N of a line in every bin. */
export function signalToNoise({ bins }: FinishedRun, line: string): Float64Array {
  const error = numbers(bins, `flux_${line}_err`);
  return numbers(bins, `flux_${line}`).map((flux, b) => flux / error[b]!);
}

export const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** The orderly end without a trusted gradient: every product written, no slope anywhere, the reason of the leading one as expected. */
export function expectUntrusted(out: string, ...says: readonly RegExp[]): void {
  for (const name of products) expect(existsSync(join(out, name)), name).toBe(true);
  const { gradients } = JSON.parse(textOf(out, 'gradient.json')) as GradientFile;
  expect(gradients.length).toBeGreaterThan(0);
  for (const { slope, slopeError, refused } of gradients) {
    expect(slope).toBeNull();
    expect(slopeError).toBeNull();
    expect(refused).toMatch(/a gradient needs at least/);
  }
  for (const text of says) expect(gradients[0]!.refused).toMatch(text);
  expect(textOf(out, 'report.html')).toContain('no trusted gradient');
}
