import { ZgradError } from '../errors/index.js';

/** A box of pixels, zero-based, fastest axis first. */
export interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** The box asked for, the whole image by default. Throws BadArgument when it reaches out of the image. */
export function boxWithin(where: string, axes: readonly number[], { start, count }: Partial<Box> = {}): Box {
  const from = axes.map((_, i) => start?.[i] ?? 0);
  const box = { start: from, count: axes.map((n, i) => count?.[i] ?? n - from[i]!) };
  const inside = axes.every((n, i) => {
    const [s, c] = [box.start[i]!, box.count[i]!];
    return Number.isInteger(s) && Number.isInteger(c) && s >= 0 && c >= 0 && s + c <= n;
  });
  if (!inside || (start ?? []).length > axes.length || (count ?? []).length > axes.length) {
    throw new ZgradError('BadArgument', {
      where, found: `a box from [${box.start.join(', ')}] of [${box.count.join(', ')}] pixels`, expected: `a box inside the axes [${axes.join(', ')}]`,
    });
  }
  return box;
}

export const volume = (count: readonly number[]): number => (count.length === 0 ? 0 : count.reduce((a, b) => a * b, 1));

/** Neighbouring values of an image: the number of the first one, and how many. */
export interface Run {
  readonly start: number;
  readonly length: number;
}

/** The runs of neighbouring values that make up a box, in the order of the file. */
export function* runsOf(axes: readonly number[], { start, count }: Box): Generator<Run> {
  if (volume(count) === 0) return;
  const strides = axes.map((_, i) => axes.slice(0, i).reduce((a, b) => a * b, 1));
  let outer = 0;
  while (outer < axes.length - 1 && count[outer] === axes[outer]) outer++;
  const length = strides[outer]! * count[outer]!;
  const first = axes.reduce((sum, _, i) => sum + start[i]! * strides[i]!, 0);
  const index = new Array<number>(axes.length).fill(0);
  for (;;) {
    yield { start: first + index.reduce((sum, k, i) => sum + k * strides[i]!, 0), length };
    let axis = outer + 1;
    while (axis < axes.length && ++index[axis]! === count[axis]) index[axis++] = 0;
    if (axis >= axes.length) return;
  }
}
