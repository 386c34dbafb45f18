import { buildModel, type KinematicStart, type LineModel, type ModelChoice } from './lineModel.js';
import type { Design } from './design.js';
import type { TiedFit } from './tiedFit.js';
import type { WindowData } from './windowData.js';

/** A line takes part when its flux is this many errors. */
const strong = 10;
/** The Bayesian information criterion must fall by this much: 'very strong' evidence (Kass & Raftery 1995). */
const evidence = 10;
/** Lines dropped from a component and fits repeated at most so often. */
const drops = 3;

/** χ² + k ln N (Schwarz 1978) of the last fit. */
function information(data: readonly WindowData[], tied: TiedFit): number {
  let parameters = tied.kinematicParameters;
  let pixels = 0;
  for (let w = 0; w < data.length; w++) {
    if (tied.profiles(w).length === 0) continue;
    parameters += tied.solution(w).linear;
    pixels += tied.pixels(w);
  }
  return tied.chi2 + parameters * Math.log(pixels);
}

/**
 * Tries a second component in the lines that are bright enough, beside the fit at hand, and leaves the better of the two
 * fitted: two only where the information criterion falls by more than 10. Amplitudes of both components are non-negative in these
 * lines: a line that wants a negative one keeps the other alone. Ratios of doublets are not bounded here. Answers the model with two components, null when there is one.
 * @param main the set of kinematics of the brightest lines
 */
export function trySecondComponent(designs: readonly Design[], data: readonly WindowData[], tied: TiedFit, choice: ModelChoice, main: number): LineModel | null {
  const doubled = new Uint8Array(choice.measurable.length);
  for (let w = 0; w < data.length; w++) {
    const { values } = tied.solution(w);
    for (const { line, column } of tied.profiles(w)) {
      if (line.share === 1 && values[column]! > strong * Math.sqrt(tied.linearCovariance(w, column, w, column))) markColumn(designs[w]!, line.column, doubled);
    }
  }
  if (!doubled.includes(1)) return null;
  const single: KinematicStart[] = choice.sets.map((_, k) => ({ velocity: tied.velocity[k]!, u: tied.u[k]! }));
  const before = information(data, tied);
  const { velocity, u } = single[main]!;
  const width = Math.sqrt(Math.max(u, 0)) + 20;
  const starts: readonly (readonly [KinematicStart, KinematicStart])[] = [
    [{ velocity, u: (0.6 * width) ** 2 }, { velocity, u: (2 * width) ** 2 }],
    [{ velocity: velocity - 0.8 * width, u: (0.5 * width) ** 2 }, { velocity: velocity + 0.8 * width, u: (0.5 * width) ** 2 }],
    [{ velocity, u: (0.7 * width) ** 2 }, { velocity: velocity - 1.5 * width, u: (1.2 * width) ** 2 }],
    [{ velocity, u: (0.7 * width) ** 2 }, { velocity: velocity + 1.5 * width, u: (1.2 * width) ** 2 }],
  ];
  let best = Infinity;
  let found: KinematicStart[] = [];
  const restart = (from: readonly KinematicStart[]): ModelChoice => ({ ...choice, ties: [], sets: from, doubled });
  for (const [one, other] of starts) {
    if (!tied.fit(buildModel(designs, restart([...single.map((set, k) => (k === main ? one : set)), other])), true) || !(tied.chi2 < best)) continue;
    best = tied.chi2;
    found = [...single, other].map((_, k) => ({ velocity: tied.velocity[k]!, u: tied.u[k]! }));
  }
  if (best < Infinity) {
    const moved = new Uint8Array(doubled.length);
    let model = buildModel(designs, restart(found));
    let converged = tied.fit(model, true);
    for (let turn = 0; turn < drops && dropNegative(designs, tied, found.length - 1, doubled, moved); turn++) {
      model = buildModel(designs, { ...restart(found), moved });
      converged = tied.fit(model, true);
    }
    if (converged && (doubled.includes(1) || moved.includes(1)) && information(data, tied) < before - evidence) return model;
  }
  tied.fit(buildModel(designs, { ...choice, sets: single }), true);
  return null;
}

/** Marks every line of a design's column: the lines of a doublet go together. */
function markColumn({ lines }: Design, column: number, mark: Uint8Array, value = 1): void {
  for (const line of lines) if (line.column === column) mark[line.index] = value;
}

/** Takes the negative component away from lines that have two; answers whether there were any. */
function dropNegative(designs: readonly Design[], tied: TiedFit, last: number, doubled: Uint8Array, moved: Uint8Array): boolean {
  let any = false;
  designs.forEach((design, w) => {
    const { values } = tied.solution(w);
    for (const { line, set, column } of tied.profiles(w)) {
      if (doubled[line.index] === 0 || !(values[column]! < 0)) continue;
      any = true;
      markColumn(design, line.column, doubled, 0);
      if (set !== last) markColumn(design, line.column, moved);
    }
  });
  return any;
}
