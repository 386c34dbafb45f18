import { skyFeatures, vacuumToAir } from '../light/index.js';
import { lineByName, lines as knownLines, type LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import type { SpectralArm } from './spectrum.js';

/** A stretch of spectrum with a group of lines and the continuum on both sides of them. */
export interface LineGroup {
  readonly name: string;
  /** Rest wavelengths in air [Å]. */
  readonly range: readonly [number, number];
  readonly lines: readonly LineName[];
}

/**
 * The groups: wide enough that the continuum beside the lines is well known, narrow enough that a straight line follows
 * it; He I stops short of the interstellar Na D.
 */
export const lineGroups: readonly LineGroup[] = [
  { name: '[O II]', range: [3690, 3765], lines: ['OII3726', 'OII3729'] },
  { name: '[Ne III]', range: [3845, 3915], lines: ['NeIII3869', 'H8'] },
  { name: 'Hε', range: [3945, 3995], lines: ['NeIII3968', 'He'] },
  { name: 'Hδ', range: [4065, 4140], lines: ['Hd'] },
  { name: 'Hγ', range: [4300, 4415], lines: ['Hg', 'OIII4363'] },
  { name: 'He II', range: [4640, 4730], lines: ['HeII4686'] },
  { name: 'Hβ', range: [4800, 4920], lines: ['Hb'] },
  { name: '[O III]', range: [4925, 5055], lines: ['OIII4959', 'OIII5007'] },
  { name: 'He I', range: [5835, 5885], lines: ['HeI5876'] },
  { name: '[O I]', range: [6255, 6405], lines: ['OI6300', 'SIII6312', 'OI6364'] },
  { name: 'Hα', range: [6490, 6640], lines: ['NII6548', 'Ha', 'NII6583'] },
  { name: '[S II]', range: [6645, 6785], lines: ['HeI6678', 'SII6716', 'SII6731'] },
  { name: 'He I 7065', range: [7030, 7095], lines: ['HeI7065'] },
  { name: '[Ar III]', range: [7100, 7170], lines: ['ArIII7136'] },
  { name: '[O II] red', range: [7280, 7370], lines: ['OII7320', 'OII7330'] },
  { name: '[S III]', range: [9030, 9110], lines: ['SIII9069'] },
  { name: '[S III] red', range: [9490, 9570], lines: ['SIII9531'] },
];

/** What a pixel of a window is used for. */
export const pixelRole = { none: 0, side: 1, line: 2 } as const;

/** A group of lines in one arm: the pixels from `from` to before `to`. */
export interface LineWindow {
  readonly name: string;
  readonly arm: number;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly LineName[];
  /**
   * Per pixel: 2 near a line of the window; 1 continuum, clear of every known line, stellar Na D and airglow; 0 not used.
   * Telluric bands are too wide to leave out.
   */
  readonly role: Uint8Array;
}

/** Half-width about each line that the continuum does not use [km/s]. */
export const lineHalfWidth = 600;
const knownNames = knownLines.map(({ name }) => name);
/** Fewest pixels that make a window. */
const fewestPixels = 12;
/** Stellar and interstellar sodium, rest wavelengths in air [Å]. */
const sodium = [5883, 5903] as const;

/** Wavelength of a line at a redshift, in the medium of an arm [Å]: the redshift acts in vacuum, but on a replaced one as it stands. */
export function wavelengthOf(name: LineName, medium: 'air' | 'vacuum', redshift: number, replaced: Wavelengths = {}): number {
  const given = replaced[name];
  if (given !== undefined) return given * (1 + redshift);
  const vacuum = lineByName(name).vacuum * (1 + redshift);
  return medium === 'air' ? vacuumToAir(vacuum) : vacuum;
}

export interface WindowOptions {
  readonly redshift: number;
  readonly lines: readonly LineName[];
  /** Default `lineGroups`. */
  readonly groups?: readonly LineGroup[];
  /** Lines that are not fitted but that the continuum keeps clear of. Default: all known ones. */
  readonly avoid?: readonly LineName[];
  /** Rest wavelengths [Å] that replace those of the line list, in the arms' medium. */
  readonly wavelengths?: Wavelengths;
}

/** Rest wavelengths [Å] of some lines. */
export type Wavelengths = Partial<Readonly<Record<LineName, number>>>;

/**
 * The windows that the arms cover at a redshift, for the wanted lines. Where two arms cover a group, the one that covers
 * more of it is taken. A line with its core outside every arm is left out.
 */
export function findWindows(arms: readonly SpectralArm[], { redshift, lines: wanted, groups = lineGroups, avoid = knownNames, wavelengths = {} }: WindowOptions): LineWindow[] {
  return groups.flatMap(({ name, range, lines }) => {
    const candidates = arms.map(({ axis }, arm) => {
      const { wavelength, edges, medium } = axis;
      const [low, high] = range.map((rest) => rest * (1 + redshift)) as [number, number];
      let from = wavelength.findIndex((λ) => λ >= low);
      if (from < 0) from = wavelength.length;
      let to = from;
      while (to < wavelength.length && wavelength[to]! <= high) to++;
      const covered = lines.filter((line) => wanted.includes(line) && [-1, 1].every((side) => {
        const λ = wavelengthOf(line, medium, redshift, wavelengths) * (1 + (side * lineHalfWidth) / 2 / constants.c);
        return to > from && λ > edges[from]! && λ < edges[to]!;
      }));
      return { arm, from, to, covered };
    });
    const best = candidates.reduce((a, b) => (b.covered.length > a.covered.length || (b.covered.length === a.covered.length && b.to - b.from > a.to - a.from) ? b : a));
    if (best.covered.length === 0 || best.to - best.from < fewestPixels) return [];
    const role = pixelRoles(arms[best.arm]!, best.from, best.to, redshift, best.covered, avoid, wavelengths);
    return [{ name, arm: best.arm, from: best.from, to: best.to, lines: best.covered, role }];
  });
}

function pixelRoles({ axis: { wavelength, medium } }: SpectralArm, from: number, to: number, redshift: number, own: readonly LineName[], avoid: readonly LineName[], wavelengths: Wavelengths): Uint8Array {
  const places = (names: readonly LineName[]): number[] => names.map((name) => wavelengthOf(name, medium, redshift, wavelengths));
  const [ownPlaces, otherPlaces] = [places(own), places(avoid)];
  return Uint8Array.from({ length: to - from }, (_, i) => {
    const λ = wavelength[from + i]!;
    const near = (place: number): boolean => Math.abs(λ / place - 1) < lineHalfWidth / constants.c;
    if (ownPlaces.some(near)) return pixelRole.line;
    const rest = λ / (1 + redshift);
    const spoilt = otherPlaces.some(near) || (rest > sodium[0] && rest < sodium[1])
      || skyFeatures.some((one) => one.kind !== 'telluric' && λ > one.from && λ < one.to);
    return spoilt ? pixelRole.none : pixelRole.side;
  });
}
