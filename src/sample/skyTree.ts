const degree = Math.PI / 180;
const leafSize = 8;

/** Points on the sphere as unit vectors in a balanced k-d tree (Bentley 1975), its nodes in place in one array. */
export interface SkyTree {
  /** x, y, z of every point, in the order of the tree. */
  readonly vectors: Float64Array;
  /** The place of each in the arrays that the tree was made of. */
  readonly index: Uint32Array;
}

const vectorOf = (ra: number, dec: number): [number, number, number] => {
  const across = Math.cos(dec * degree);
  return [across * Math.cos(ra * degree), across * Math.sin(ra * degree), Math.sin(dec * degree)];
};

/** A tree of the positions [deg] that are finite. */
export function makeSkyTree(ra: ArrayLike<number>, dec: ArrayLike<number>): SkyTree {
  const index = Uint32Array.from(Array.from(ra as ArrayLike<number>).keys()).filter((i) => Number.isFinite(ra[i]!) && Number.isFinite(dec[i]!));
  const vectors = new Float64Array(3 * index.length);
  index.forEach((i, k) => vectors.set(vectorOf(ra[i]!, dec[i]!), 3 * k));
  const tree = { vectors, index };
  sortPart(tree, 0, index.length - 1, 0);
  return tree;
}

function sortPart(tree: SkyTree, left: number, right: number, axis: number): void {
  if (right - left <= leafSize) return;
  const middle = (left + right) >> 1;
  selectMiddle(tree, middle, left, right, axis);
  sortPart(tree, left, middle - 1, (axis + 1) % 3);
  sortPart(tree, middle + 1, right, (axis + 1) % 3);
}

/** Quickselect (Hoare 1961): what lies before the middle is not above it on this axis, what lies after it not below. */
function selectMiddle(tree: SkyTree, middle: number, from: number, to: number, axis: number): void {
  const { vectors } = tree;
  let [left, right] = [from, to];
  while (left < right) {
    const pivot = vectors[3 * ((left + right) >> 1) + axis]!;
    let [i, j] = [left, right];
    while (i <= j) {
      while (vectors[3 * i + axis]! < pivot) i++;
      while (vectors[3 * j + axis]! > pivot) j--;
      if (i <= j) swap(tree, i++, j--);
    }
    if (middle <= j) right = j;
    else if (middle >= i) left = i;
    else return;
  }
}

function swap({ vectors, index }: SkyTree, i: number, j: number): void {
  for (let axis = 0; axis < 3; axis++) [vectors[3 * i + axis], vectors[3 * j + axis]] = [vectors[3 * j + axis]!, vectors[3 * i + axis]!];
  [index[i], index[j]] = [index[j]!, index[i]!];
}

/** Square of the chord of an angle [deg], which grows with it: |a − b|² = 4 sin²(θ/2). */
const squareOf = (angle: number): number => 4 * Math.sin((Math.min(angle, 180) / 2) * degree) ** 2 * (1 + 1e-12);
const angleOf = (square: number): number => (2 * Math.asin(Math.min(1, Math.sqrt(square) / 2))) / degree;

/** Visits the points whose squared chord is within a limit that the visits may narrow: `visit` answers with the limit that holds from then on. */
function search({ vectors, index }: SkyTree, ra: number, dec: number, reach: number, visit: (index: number, square: number) => number): void {
  const at = vectorOf(ra, dec);
  let limit = squareOf(reach);
  const see = (i: number): void => {
    const square = (vectors[3 * i]! - at[0]) ** 2 + (vectors[3 * i + 1]! - at[1]) ** 2 + (vectors[3 * i + 2]! - at[2]) ** 2;
    if (square <= limit) limit = visit(index[i]!, square);
  };
  const descend = (left: number, right: number, axis: number): void => {
    if (right - left <= leafSize) {
      for (let i = left; i <= right; i++) see(i);
      return;
    }
    const middle = (left + right) >> 1;
    const across = at[axis]! - vectors[3 * middle + axis]!;
    const next = (axis + 1) % 3;
    see(middle);
    if (across <= 0) descend(left, middle - 1, next);
    else descend(middle + 1, right, next);
    if (across * across > limit) return;
    if (across <= 0) descend(middle + 1, right, next);
    else descend(left, middle - 1, next);
  };
  descend(0, index.length - 1, 0);
}

/**
 * The k nearest points that `accept` lets through, by angle: their places in the arrays that the tree was made of, and the angles [deg], nearest first; fewer when there are fewer.
 */
export function nearestOnSky(tree: SkyTree, ra: number, dec: number, k: number, accept: (index: number) => boolean = () => true): { readonly index: number; readonly angle: number }[] {
  const found: { index: number; square: number }[] = [];
  if (k <= 0) return [];
  search(tree, ra, dec, 180, (index, square) => {
    if (accept(index)) {
      let place = found.length;
      while (place > 0 && found[place - 1]!.square > square) place--;
      found.splice(place, 0, { index, square });
      if (found.length > k) found.pop();
    }
    return found.length === k ? found[k - 1]!.square : Infinity;
  });
  return found.map(({ index, square }) => ({ index, angle: angleOf(square) }));
}

/** Every point within an angle [deg], in no order. */
export function withinOnSky(tree: SkyTree, ra: number, dec: number, reach: number): { readonly index: number; readonly angle: number }[] {
  const found: { index: number; angle: number }[] = [];
  const limit = squareOf(reach);
  search(tree, ra, dec, reach, (index, square) => {
    found.push({ index, angle: angleOf(square) });
    return limit;
  });
  return found;
}

/** Pairs of positions [deg] that lie within an angle [deg] of each other, each pair once, in order. */
export function closePairs(ra: ArrayLike<number>, dec: ArrayLike<number>, reach: number): [number, number][] {
  const tree = makeSkyTree(ra, dec);
  return Array.from(tree.index).sort((i, j) => i - j)
    .flatMap((i) => withinOnSky(tree, ra[i]!, dec[i]!, reach).map(({ index }) => index).filter((j) => j > i).sort((a, b) => a - b).map((j): [number, number] => [i, j]));
}
