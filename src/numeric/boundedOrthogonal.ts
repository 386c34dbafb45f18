import { norm, reflect, reflectionOf } from './householder.js';

/** A unit column whose part clear of the free ones is shorter than this depends on them. */
const dependent = 1e-13;
/** A gradient below this share of the terms that it is summed from is rounding. */
const rounding = 1e-14;

/**
 * The z within lower ≤ z ≤ upper that minimises |A z − b| by orthogonal transformations alone (Lawson & Hanson 1974, chapter 23; for bounds Stark & Parker
 * 1995), so that errors grow with the condition number and not with its square. A is first brought to triangular form, which leaves as many rows as columns.
 * @param columns of A, each of unit length or zero
 */
export function boundedByRotations(columns: readonly Float64Array[], data: Float64Array, lower: Float64Array, upper: Float64Array): { z: Float64Array; converged: boolean } {
  const n = columns.length;
  const w = columns.map((column) => column.slice());
  const left = data.slice();
  const rows = Math.min(n, left.length);
  for (let k = 0; k < rows && left.length > n; k++) {
    const reflection = reflectionOf(w[k]!, k);
    for (let j = k; j < n; j++) reflect(reflection, w[j]!, k);
    reflect(reflection, left, k);
  }
  // Columns w and what is left of the data, both turned so that the free columns are triangular in the order of `free`.
  const free: number[] = [];
  const isFree = new Uint8Array(n);
  const blocked = new Uint8Array(n);
  const z = Float64Array.from({ length: n }, (_, i) => (lower[i]! > -Infinity ? lower[i]! : upper[i]! < Infinity ? upper[i]! : 0));
  w.forEach((column, j) => { if (z[j] !== 0) for (let i = 0; i < rows; i++) left[i]! -= z[j]! * column[i]!; });
  const size = norm(left, 0, rows);

  function enter(j: number): boolean {
    const p = free.length;
    if (!(norm(w[j]!, p, rows) > dependent)) return false;
    const reflection = reflectionOf(w[j]!.subarray(0, rows), p);
    for (let k = 0; k < n; k++) if (isFree[k] === 0) reflect(reflection, w[k]!, p);
    reflect(reflection, left, p);
    w[j]!.fill(0, p + 1);
    free.push(j);
    isFree[j] = 1;
    return true;
  }

  function leave(place: number): void {
    const [gone] = free.splice(place, 1);
    isFree[gone!] = 0;
    for (let c = place; c < free.length; c++) {
      const own = w[free[c]!]!;
      const long = Math.hypot(own[c]!, own[c + 1]!);
      const [cosine, sine] = [own[c]! / long, own[c + 1]! / long];
      for (const column of [...w, left]) {
        const [t, u] = [column[c]!, column[c + 1]!];
        column[c] = cosine * t + sine * u;
        column[c + 1] = cosine * u - sine * t;
      }
      own[c + 1] = 0;
    }
  }

  for (let i = 0; i < n; i++) if (lower[i] === -Infinity && upper[i] === Infinity && !enter(i)) blocked[i] = 1;
  let newest = -1;
  for (let round = 0; round < 10 * n + 50; round++) {
    while (free.length > 0) {
      const step = new Float64Array(free.length);
      for (let k = free.length - 1; k >= 0; k--) {
        let sum = left[k]!;
        for (let l = k + 1; l < free.length; l++) sum -= w[free[l]!]![k]! * step[l]!;
        step[k] = sum / w[free[k]!]![k]!;
      }
      let [share, stop] = [1, -1];
      free.forEach((i, k) => {
        const target = z[i]! + step[k]!;
        if (target >= lower[i]! && target <= upper[i]!) return;
        const part = ((step[k]! < 0 ? lower[i]! : upper[i]!) - z[i]!) / step[k]!;
        if (part < share || stop < 0) [share, stop] = [part, k];
      });
      free.forEach((i, k) => { z[i] = Math.min(upper[i]!, Math.max(lower[i]!, z[i]! + share * step[k]!)); });
      for (let k = 0; k < free.length; k++) left[k]! *= 1 - share;
      if (stop < 0) break;
      const stopped = free[stop]!;
      z[stopped] = step[stop]! < 0 ? lower[stopped]! : upper[stopped]!;
      // Freed because of its gradient, and yet it would leave the box: rounding.
      if (stopped === newest && share === 0) blocked[stopped] = 1;
      for (let k = free.length - 1; k >= 0; k--) {
        const i = free[k]!;
        if (i === stopped || (i !== newest && (z[i]! <= lower[i]! || z[i]! >= upper[i]!))) leave(k);
      }
      if (share > 0 && round < 5 * n) blocked.fill(0);
    }
    const least = rounding * (size + z.reduce((sum, value) => sum + Math.abs(value), 0));
    for (newest = -1; ;) {
      let steepest = least;
      for (let i = 0; i < n; i++) {
        if (isFree[i] === 1 || blocked[i] === 1 || lower[i] === upper[i]) continue;
        let slope = 0;
        for (let k = free.length; k < rows; k++) slope += w[i]![k]! * left[k]!;
        const inwards = z[i]! <= lower[i]! ? slope : z[i]! >= upper[i]! ? -slope : Math.abs(slope);
        if (inwards > steepest) [steepest, newest] = [inwards, i];
      }
      if (newest < 0) return { z, converged: true };
      if (enter(newest)) break;
      blocked[newest] = 1;
      newest = -1;
    }
  }
  return { z, converged: false };
}
