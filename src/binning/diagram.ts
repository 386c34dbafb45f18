import type { Field } from './field.js';

/**
 * Generators of a diagram: a place belongs to the generator for which stretch·d² − square is least, d its distance.
 * stretch 1 and square 0: Voronoi; stretch 1/s²: multiplicatively weighted Voronoi; square r²: power diagram.
 */
export interface Generators {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly stretch: Float64Array;
  readonly square: Float64Array;
}

/** A tessellation: generator of each cell of the field (used or not), and the generators in the field's coordinates. */
export interface Tessellated {
  readonly label: Int32Array;
  readonly generators: Generators;
}

/**
 * Gives every cell inside the field, used or not, to its generator. `label` comes in with the cells of an earlier diagram (−1:
 * none yet) and is corrected from there: a cell is offered the generators of its eight neighbours until no offer is
 * better, so that the work grows with the number of cells and hardly with that of generators. A cell of a power diagram is
 * convex, so the offers reach all of it; pieces of a weighted Voronoi cell that its own body does not touch are left to
 * neighbours, so bins hardly ever fall apart. Equal offers go to the lower generator.
 */
export function createDiagram(field: Field): (label: Int32Array, generators: Generators) => void {
  const { width, size, inside } = field;
  const cost = new Float64Array(size);
  const queue = new Int32Array(size);
  const queued = new Uint8Array(size);
  const around = [1, width, width - 1, width + 1, -1, -width, 1 - width, -width - 1];
  let length = 0;
  let head = 0;

  return (label, { x, y, stretch, square }) => {
    const priceOf = (cell: number, k: number): number => {
      const column = cell % width;
      const dx = column - x[k]!;
      const dy = (cell - column) / width - y[k]!;
      return stretch[k]! * (dx * dx + dy * dy) - square[k]!;
    };
    const offer = (cell: number, k: number): void => {
      const price = priceOf(cell, k);
      if (!(price < cost[cell]! || (price === cost[cell]! && k < label[cell]!))) return;
      cost[cell] = price;
      label[cell] = k;
      if (queued[cell]) return;
      queued[cell] = 1;
      queue[(head + length++) % size] = cell;
    };
    for (let cell = 0; cell < size; cell++) {
      cost[cell] = label[cell]! < 0 || !inside[cell] ? Number.POSITIVE_INFINITY : priceOf(cell, label[cell]!);
      // A generator without spaxels keeps its cells only as long as nobody else offers.
      if (Number.isNaN(cost[cell]!)) cost[cell] = Number.POSITIVE_INFINITY;
    }
    for (let k = 0; k < x.length; k++) {
      const cell = Math.round(y[k]!) * width + Math.round(x[k]!);
      if (inside[cell]) offer(cell, k);
    }
    for (let cell = 0; cell < size; cell++) {
      if (!inside[cell]) continue;
      for (let side = 0; side < 4; side++) {
        const next = cell + around[side]!;
        if (!inside[next] || label[next] === label[cell]) continue;
        if (label[cell]! >= 0) offer(next, label[cell]!);
        if (label[next]! >= 0) offer(cell, label[next]!);
      }
    }
    while (length > 0) {
      const cell = queue[head]!;
      head = (head + 1) % size;
      length--;
      queued[cell] = 0;
      for (const side of around) {
        const next = cell + side;
        if (inside[next] && label[next] !== label[cell]) offer(next, label[cell]!);
      }
    }
  };
}
