/**
 * The part of a map that is to be binned: the rectangle round the marked spaxels with one row and column of margin, so that
 * a cell's eight neighbours need no check, and so that numbers do not depend on how much empty field lies around.
 */
export interface Field {
  readonly width: number;
  /** Number of cells, margin included. */
  readonly size: number;
  /** 1 where a cell holds a spaxel to bin. */
  readonly use: Uint8Array;
  /** 1 everywhere but in the margin. */
  readonly inside: Uint8Array;
  /** Spaxel of each cell. Meaningless in the margin. */
  readonly spaxel: Int32Array;
  /** Position of cell (0, 0) in the map. */
  readonly left: number;
  readonly bottom: number;
}

/** Null when no spaxel is marked. */
export function cropField(use: Uint8Array, nx: number): Field | null {
  let [left, right, bottom, top] = [Number.POSITIVE_INFINITY, -1, -1, -1];
  for (let i = 0; i < use.length; i++) {
    if (!use[i]) continue;
    const x = i % nx;
    top = (i - x) / nx;
    if (bottom < 0) bottom = top;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  if (bottom < 0) return null;
  const width = right - left + 3;
  const height = top - bottom + 3;
  const size = width * height;
  const field = { width, size, use: new Uint8Array(size), inside: new Uint8Array(size), spaxel: new Int32Array(size), left: left - 1, bottom: bottom - 1 };
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const cell = y * width + x;
      const spaxel = (y + field.bottom) * nx + x + field.left;
      field.inside[cell] = 1;
      field.spaxel[cell] = spaxel;
      field.use[cell] = use[spaxel]!;
    }
  }
  return field;
}
