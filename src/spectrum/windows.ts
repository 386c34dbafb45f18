import { skyFeatures, vacuumToAir } from '../light/index.js';
import { lineByName, type LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import type { Spectrum } from './spectrum.js';

/** A stretch of spectrum with a group of lines and the continuum on both sides of them: rest wavelengths in air [Å]. */
interface Group {
  readonly name: string;
  readonly range: readonly [number, number];
  readonly lines: readonly LineName[];
}

/**
 * The groups: wide enough that the continuum beside the lines is well known, narrow enough that a straight line follows
 * it; He I stops short of the interstellar Na D.
 */
const groups: readonly Group[] = [
  { name: '[O II]', range: [3690, 3765], lines: ['OII3726', 'OII3729'] },
  { name: 'Hδ', range: [4065, 4140], lines: ['Hd'] },
  { name: 'Hγ', range: [4300, 4415], lines: ['Hg', 'OIII4363'] },
  { name: 'Hβ', range: [4800, 4920], lines: ['Hb'] },
  { name: '[O III]', range: [4925, 5055], lines: ['OIII4959', 'OIII5007'] },
  { name: 'He I', range: [5835, 5885], lines: ['HeI5876'] },
  { name: '[O I]', range: [6255, 6405], lines: ['OI6300', 'OI6364'] },
  { name: 'Hα', range: [6490, 6640], lines: ['NII6548', 'Ha', 'NII6583'] },
  { name: '[S II]', range: [6685, 6785], lines: ['SII6716', 'SII6731'] },
];

/** A group of lines in one arm: the pixels from `from` to before `to`. */
export interface Window {
  readonly name: string;
  readonly arm: number;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly LineName[];
  /** 1 for pixels under an airglow line, which the continuum does not use (telluric bands are too wide to leave out). */
  readonly sky: Uint8Array;
}

/** Wavelength of a line at a redshift, in the medium of an arm [Å]: the redshift acts in vacuum. */
export function wavelengthOf(name: LineName, medium: 'air' | 'vacuum', redshift: number): number {
  const vacuum = lineByName(name).vacuum * (1 + redshift);
  return medium === 'air' ? vacuumToAir(vacuum) : vacuum;
}

/** Half-width about each line that the continuum does not use [km/s]. */
export const lineHalfWidth = 600;
/** Fewest pixels that make a window. */
const fewestPixels = 12;

/**
 * The windows that the arms cover at a redshift, for the wanted lines. Where two arms cover a group, the one that covers
 * more of it is taken. A line whose core lies outside every window is left out.
 */
export function findWindows(arms: readonly Pick<Spectrum, 'axis'>[], redshift: number, wanted: readonly LineName[]): Window[] {
  return groups.flatMap(({ name, range, lines }) => {
    const best = arms.map(({ axis }, arm) => {
      const { wavelength, edges, medium } = axis;
      const [low, high] = range.map((rest) => rest * (1 + redshift)) as [number, number];
      let from = wavelength.findIndex((λ) => λ >= low);
      if (from < 0) from = wavelength.length;
      let to = from;
      while (to < wavelength.length && wavelength[to]! <= high) to++;
      const covered = lines.filter((line) => wanted.includes(line) && [-1, 1].every((side) => {
        const λ = wavelengthOf(line, medium, redshift) * (1 + (side * lineHalfWidth) / 2 / constants.c);
        return to > from && λ > edges[from]! && λ < edges[to]!;
      }));
      return { arm, from, to, covered };
    }).reduce((a, b) => (b.covered.length > a.covered.length || (b.covered.length === a.covered.length && b.to - b.from > a.to - a.from) ? b : a));
    if (best.covered.length === 0 || best.to - best.from < fewestPixels) return [];
    const { wavelength } = arms[best.arm]!.axis;
    const sky = Uint8Array.from({ length: best.to - best.from }, (_, i) => Number(skyFeatures.some((one) => {
      const λ = wavelength[best.from + i]!;
      return one.kind === 'airglow' && λ > one.from && λ < one.to;
    })));
    return [{ name, arm: best.arm, from: best.from, to: best.to, lines: best.covered, sky }];
  });
}
