import type { DensityDoublet, LineName } from '../nebula/index.js';
import type { WindowData } from './windowData.js';
import type { RatioTie } from './lineModel.js';
import type { TiedFit } from './tiedFit.js';

/**
 * The doublets whose fitted ratio no density gives, each tied at the bound where χ² rises least. Two amplitudes under
 * lo ≤ a/b ≤ hi are a convex problem: its solution is the free one, or lies on a bound. Both may be negative, as noise makes
 * them, for else faint doublets would be too bright.
 * @param tolerance standard errors by which a ratio may be beyond its bound without being tied
 */
export function violatedRatios(lines: readonly LineName[], data: readonly WindowData[], tied: TiedFit, doublets: readonly DensityDoublet[], tolerance: number): RatioTie[] {
  const ties: RatioTie[] = [];
  for (const { numerator, denominator, bounds } of doublets) {
    const [over, under] = [lines.indexOf(numerator), lines.indexOf(denominator)];
    for (let w = 0; w < data.length; w++) {
      const profiles = tied.profiles(w);
      const a = profiles.find(({ line }) => line.index === over)?.column;
      const b = profiles.find(({ line }) => line.index === under)?.column;
      if (a === undefined || b === undefined || a === b) continue;
      const { values } = tied.solution(w);
      const quotient = values[a]! / values[b]!;
      if (quotient >= bounds[0] && quotient <= bounds[1]) continue;
      const rise = (ratio: number): number => {
        const variance = tied.linearCovariance(w, a, w, a) - 2 * ratio * tied.linearCovariance(w, a, w, b) + ratio * ratio * tied.linearCovariance(w, b, w, b);
        return (values[a]! - ratio * values[b]!) ** 2 / variance;
      };
      const [low, high] = [rise(bounds[0]), rise(bounds[1])];
      if (Math.min(low, high) > tolerance * tolerance) ties.push({ line: over, with: under, ratio: low < high ? bounds[0] : bounds[1] });
    }
  }
  return ties;
}
