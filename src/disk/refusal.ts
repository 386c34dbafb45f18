/** What a gradient is judged by before it is trusted. */
export interface GradientSample {
  /** Number of star-forming bins with a value. */
  readonly bins: number;
  /** Smallest and largest of their radii [R_e]. */
  readonly range: readonly [number, number];
}

export interface RefusalRules {
  /** Fewer bins give no gradient; 10 when not given (Li et al. 2025). */
  readonly minBins?: number;
  /** A smaller radial range [R_e] gives none; 0.5 when not given. */
  readonly minRange?: number;
}

/** Why a gradient cannot be trusted, in a sentence; null when it can. */
export function refuseGradient({ bins, range: [from, to] }: GradientSample, { minBins = 10, minRange = 0.5 }: RefusalRules = {}): string | null {
  if (!(bins >= minBins)) {
    const found = bins === 0 ? 'No star-forming bin has' : `Only ${bins} star-forming ${bins === 1 ? 'bin has' : 'bins have'}`;
    return `${found} a value; a gradient needs at least ${minBins}.`;
  }
  if (!(to - from >= minRange)) {
    return `The star-forming bins span only ${(to - from).toFixed(2)} R_e (${from.toFixed(2)} to ${to.toFixed(2)}); a gradient needs at least ${minRange} R_e.`;
  }
  return null;
}
