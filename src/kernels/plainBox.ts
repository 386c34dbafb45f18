/** Cholesky's solution of the equations of the listed variables, scaled to unit diagonal; the place in the list of the first that depends on those before. */
function solveListed(gram: Float64Array, lead: number, list: readonly number[], size: Float64Array, right: Float64Array): Float64Array | number {
  const rows: Float64Array[] = [];
  const y = new Float64Array(list.length);
  for (const [k, i] of list.entries()) {
    const row = new Float64Array(k + 1);
    let pivot = 1;
    let value = right[i]! * size[i]!;
    for (let l = 0; l < k; l++) {
      let term = gram[i * lead + list[l]!]! * size[i]! * size[list[l]!]!;
      for (let m = 0; m < l; m++) term -= row[m]! * rows[l]![m]!;
      row[l] = term / rows[l]![l]!;
      pivot -= row[l]! ** 2;
      value -= row[l]! * y[l]!;
    }
    if (!(pivot > 1e-13)) return k;
    row[k] = Math.sqrt(pivot);
    y[k] = value / row[k]!;
    rows.push(row);
  }
  for (let k = list.length - 1; k >= 0; k--) {
    y[k]! /= rows[k]![k]!;
    for (let l = 0; l < k; l++) y[l]! -= rows[k]![l]! * y[k]!;
  }
  return y.map((value, k) => value * size[list[k]!]!);
}

/** The plain twin of `boxLeastSquares`: the same active sets, factorised anew each time. */
export function boxLeastSquaresPlain(
  gram: Float64Array, lead: number, right: Float64Array, lower: Float64Array, upper: Float64Array, x: Float64Array, warm: boolean,
): number {
  const n = right.length;
  const size = Float64Array.from({ length: n }, (_, i) => {
    const diagonal = gram[i * lead + i]!;
    return diagonal > 0 && diagonal < Infinity ? 1 / Math.sqrt(diagonal) : 0;
  });
  const bound = (i: number): number => (lower[i]! > -Infinity ? lower[i]! : upper[i]! < Infinity ? upper[i]! : 0);
  const inside = (i: number): boolean => x[i]! > lower[i]! && x[i]! < upper[i]!;
  let free: number[] = [];
  const blocked = new Set<number>();
  for (let i = 0; i < n; i++) {
    x[i] = warm ? Math.min(upper[i]!, Math.max(lower[i]!, x[i]!)) : bound(i);
    const open = warm ? inside(i) : lower[i] === -Infinity && upper[i] === Infinity;
    if (open && size[i]! > 0 && typeof solveListed(gram, lead, [...free, i], size, right) !== 'number') {
      free.push(i);
    } else if (open) {
      x[i] = bound(i);
      blocked.add(i);
    } else if (size[i] === 0) {
      blocked.add(i);
    }
  }
  const largest = right.reduce((most, value, i) => Math.max(most, Math.abs(value) * size[i]!), 0);
  if (!(largest < Infinity)) return -1;
  const slopes = (): Float64Array => Float64Array.from(right, (value, i) => {
    for (let j = 0; j < n; j++) value -= gram[i * lead + j]! * x[j]!;
    return value;
  });
  let newest = -1;
  for (let round = 0; round < 10 * n + 50; round++) {
    while (free.length > 0) {
      const step = solveListed(gram, lead, free, size, slopes());
      if (typeof step === 'number') {
        // Only the one that came last can depend on the others.
        const [gone] = free.splice(step, 1);
        blocked.add(gone!);
        continue;
      }
      let [share, stop] = [1, -1];
      free.forEach((i, k) => {
        const target = x[i]! + step[k]!;
        if (target >= lower[i]! && target <= upper[i]!) return;
        const part = ((step[k]! < 0 ? lower[i]! : upper[i]!) - x[i]!) / step[k]!;
        if (part < share || stop < 0) [share, stop] = [part, k];
      });
      free.forEach((i, k) => { x[i] = Math.min(upper[i]!, Math.max(lower[i]!, x[i]! + share * step[k]!)); });
      if (stop < 0) break;
      const stopped = free[stop]!;
      x[stopped] = step[stop]! < 0 ? lower[stopped]! : upper[stopped]!;
      if (stopped === newest && share === 0) blocked.add(stopped);
      free = free.filter((i) => i !== stopped && (i === newest || inside(i)));
      if (share > 0 && round < 5 * n) for (let i = 0; i < n; i++) if (size[i]! > 0) blocked.delete(i);
    }
    const slope = slopes();
    let best = -1;
    let steepest = 1e-14 * x.reduce((sum, value, i) => sum + (size[i]! > 0 ? Math.abs(value) / size[i]! : 0), largest);
    for (let i = 0; i < n; i++) {
      if (free.includes(i) || blocked.has(i) || lower[i] === upper[i]) continue;
      const pull = slope[i]! * size[i]!;
      const inwards = x[i]! <= lower[i]! ? pull : x[i]! >= upper[i]! ? -pull : Math.abs(pull);
      if (inwards > steepest) [steepest, best] = [inwards, i];
    }
    if (best < 0) return round;
    free.push(best);
    newest = best;
  }
  return -1;
}
