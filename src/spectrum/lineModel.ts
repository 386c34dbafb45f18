import type { Design, DesignLine } from './design.js';

/** One Gaussian of the model. */
export interface Profile {
  readonly line: DesignLine;
  /** The set of kinematics it belongs to. */
  readonly set: number;
  /** The amplitude of its window that it belongs to, and its flux over that amplitude. */
  readonly column: number;
  readonly share: number;
}

/** Where the kinematics of a set start: velocity [km/s] and squared dispersion [km²/s²]. */
export interface KinematicStart {
  readonly velocity: number;
  readonly u: number;
}

/** The Gaussians of every window, how many amplitudes they have there, and the sets of kinematics. */
export interface LineModel {
  readonly windows: readonly { readonly profiles: readonly Profile[]; readonly amplitudes: number }[];
  readonly sets: readonly KinematicStart[];
}

/** A doublet at a bound of its ratio: the line's flux is `ratio` times that of `with`. Both are numbers in the list of lines. */
export interface RatioTie {
  readonly line: number;
  readonly with: number;
  readonly ratio: number;
}

export interface ModelChoice {
  readonly sets: readonly KinematicStart[];
  readonly measurable: readonly boolean[];
  /** Set of each line. */
  readonly setOf: ArrayLike<number>;
  readonly ties: readonly RatioTie[];
  /** Lines that have a Gaussian in the last set besides their own: 1. Default: none. */
  readonly doubled?: Uint8Array;
  /** Lines that have it alone there: 1. Default: none. */
  readonly moved?: Uint8Array;
}

/** The model that a choice of lines, kinematic sets, tied ratios and second components makes. */
export function buildModel(designs: readonly Design[], { sets, measurable, setOf, ties, doubled, moved }: ModelChoice): LineModel {
  const last = sets.length - 1;
  const windows = designs.map(({ lines }) => {
    const profiles: Profile[] = [];
    const keys: number[] = [];
    const columnOf = (key: number): number => {
      const known = keys.indexOf(key);
      return known < 0 ? keys.push(key) - 1 : known;
    };
    const add = (line: DesignLine, set: number, second: number): void => {
      const tie = ties.length > 0 ? ties.find((one) => one.line === line.index) : undefined;
      const partner = tie && lines.find(({ index }) => index === tie.with)!;
      profiles.push({ line, set, column: columnOf(2 * (partner ?? line).column + second), share: tie ? tie.ratio : line.share });
    };
    for (const line of lines) {
      if (!measurable[line.index]) continue;
      const [both, only] = [doubled?.[line.index] === 1, moved?.[line.index] === 1];
      if (!only) add(line, setOf[line.index]!, 0);
      if (both || only) add(line, last, 1);
    }
    return { profiles, amplitudes: keys.length };
  });
  return { windows, sets };
}
