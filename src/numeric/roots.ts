/**
 * The root of f between a and b (Brent 1973): bisection made fast by secants and inverse quadratic interpolation.
 * @param tolerance relative to the root (absolute below 1e-300)
 * @returns the root, or NaN when f has the same sign at a and b or is not a number on the way
 */
export function brent(f: (x: number) => number, a: number, b: number, tolerance = 1e-14): number {
  let [older, fOlder] = [a, f(a)];
  let [best, fBest] = [b, f(b)];
  let [bracket, fBracket] = [older, fOlder];
  let step = best - older;
  let stepBefore = step;
  if (!(fOlder * fBest <= 0)) return NaN;

  for (;;) {
    if (fBest * fBracket > 0) {
      [bracket, fBracket] = [older, fOlder];
      step = stepBefore = best - older;
    }
    if (Math.abs(fBracket) < Math.abs(fBest)) {
      [older, best, bracket] = [best, bracket, best];
      [fOlder, fBest, fBracket] = [fBest, fBracket, fBest];
    }
    const smallest = 2 * Number.EPSILON * Math.abs(best) + 0.5 * tolerance * Math.abs(best) + 1e-300;
    const half = 0.5 * (bracket - best);
    if (Math.abs(half) <= smallest || fBest === 0) return best;

    if (Math.abs(stepBefore) < smallest || Math.abs(fOlder) <= Math.abs(fBest)) {
      step = stepBefore = half;
    } else {
      const s = fBest / fOlder;
      let p: number, q: number;
      if (older === bracket) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const t = fOlder / fBracket;
        const r = fBest / fBracket;
        p = s * (2 * half * t * (t - r) - (best - older) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      const inside = 2 * p < Math.min(3 * half * q - Math.abs(smallest * q), Math.abs(stepBefore * q));
      stepBefore = inside ? step : half;
      step = inside ? p / q : half;
    }
    [older, fOlder] = [best, fBest];
    best += Math.abs(step) > smallest ? step : Math.sign(half) * smallest;
    fBest = f(best);
    if (Number.isNaN(fBest)) return NaN;
  }
}

/**
 * All roots of f in [a, b] that a change of sign betrays on an even grid, in ascending order: two roots within one
 * grid step, and roots that only touch zero between grid points, stay unseen. Where f is NaN there is no root.
 * @param samples number of grid steps
 */
export function rootsInInterval(f: (x: number) => number, a: number, b: number, samples = 200): number[] {
  const roots: number[] = [];
  let left = a;
  let fLeft = f(a);
  if (fLeft === 0) roots.push(a);
  for (let k = 1; k <= samples; k++) {
    const right = k === samples ? b : a + (b - a) * k / samples;
    const fRight = f(right);
    if (fRight === 0) roots.push(right);
    else if (fLeft * fRight < 0) roots.push(brent(f, left, right));
    [left, fLeft] = [right, fRight];
  }
  return roots;
}
