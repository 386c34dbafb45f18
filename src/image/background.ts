import { mean, median, standardDeviation } from '../stats/index.js';
import { isUsable, type Image } from './image.js';

export interface BackgroundOptions {
  /** Side of a cell of the mesh [pixels]. What is wider than a cell counts as background. Default 32. */
  readonly cell?: number;
  /** Values this many standard deviations from the cell's median are sources or defects. Default 3. */
  readonly clip?: number;
  /** Pixels that are certainly not background. Default none. */
  readonly exclude?: Uint8Array;
}

/** The light under the sources, in the units of the image, for every pixel (also the masked ones). */
export interface Background {
  readonly level: Float64Array;
  /** Standard deviation of a pixel of background. */
  readonly noise: Float64Array;
}

/**
 * Level and noise of the background: in each cell of a mesh the mode of the clipped values, 2.5 median − 1.5 mean, or the median where the two differ by more
 * than 0.3 σ (a crowded cell); a 3 × 3 median over the mesh; bilinear between the centres of the cells (Bertin & Arnouts 1996, §4). A cell with
 * less than 30 % of usable pixels takes the median of the nearest good cells. All NaN for an image without a good cell.
 */
export function estimateBackground(image: Image, { cell = 32, clip = 3, exclude }: BackgroundOptions = {}): Background {
  const { nx, ny, data } = image;
  const [columns, rows] = [Math.max(1, Math.round(nx / cell)), Math.max(1, Math.round(ny / cell))];
  const level = new Float64Array(columns * rows).fill(Number.NaN);
  const noise = level.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x0, x1] = [Math.floor((column * nx) / columns), Math.floor(((column + 1) * nx) / columns)];
      const [y0, y1] = [Math.floor((row * ny) / rows), Math.floor(((row + 1) * ny) / rows)];
      const values: number[] = [];
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) if (isUsable(image, y * nx + x) && !exclude?.[y * nx + x]) values.push(data[y * nx + x]!);
      }
      if (values.length < Math.max(2, 0.3 * (x1 - x0) * (y1 - y0))) continue;
      const { mode, sigma } = clippedMode(values, clip);
      level[row * columns + column] = mode;
      noise[row * columns + column] = sigma;
    }
  }
  const mesh = { columns, rows, nx, ny };
  return { level: spread(smoothMesh(level, mesh), mesh), noise: spread(smoothMesh(noise, mesh), mesh) };
}

/** The mode of values about their median, without the outliers, and their standard deviation. */
export function clippedMode(values: readonly number[], clip: number): { readonly mode: number; readonly sigma: number } {
  let kept = Float64Array.from(values).sort();
  for (;;) {
    const centre = median(kept);
    const sigma = standardDeviation(kept, 0);
    const inside = kept.filter((value) => Math.abs(value - centre) <= clip * sigma);
    if (inside.length === kept.length || inside.length < 2) {
      const average = mean(kept);
      return { mode: Math.abs(average - centre) <= 0.3 * sigma ? 2.5 * centre - 1.5 * average : centre, sigma };
    }
    kept = inside;
  }
}

interface Mesh {
  readonly columns: number;
  readonly rows: number;
  readonly nx: number;
  readonly ny: number;
}

/** Medians of 3 × 3 cells, at the rim of fewer, so that they stay centred; where those have no value, of the nearest cells that have one. */
function smoothMesh(values: Float64Array, { columns, rows }: Mesh): Float64Array {
  const medianAbout = (column: number, row: number, across: number, along: number): number => {
    const near: number[] = [];
    for (let v = Math.max(0, row - along); v <= Math.min(rows - 1, row + along); v++) {
      for (let u = Math.max(0, column - across); u <= Math.min(columns - 1, column + across); u++) {
        const value = values[v * columns + u]!;
        if (!Number.isNaN(value)) near.push(value);
      }
    }
    return median(near);
  };
  return values.map((_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    let level = medianAbout(column, row, Math.min(1, column, columns - 1 - column), Math.min(1, row, rows - 1 - row));
    for (let reach = 1; Number.isNaN(level) && reach < Math.max(columns, rows); reach++) level = medianAbout(column, row, reach, reach);
    return level;
  });
}

/** Bilinear between the centres of the cells, their value held beyond the outermost. */
function spread(values: Float64Array, { columns, rows, nx, ny }: Mesh): Float64Array {
  const place = (pixel: number, cells: number, pixels: number): [number, number] => {
    const at = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) * cells) / pixels - 0.5));
    const low = Math.min(Math.floor(at), Math.max(0, cells - 2));
    return [low, at - low];
  };
  const across = Array.from({ length: nx }, (_, x) => place(x, columns, nx));
  const out = new Float64Array(nx * ny);
  for (let y = 0; y < ny; y++) {
    const [row, v] = place(y, rows, ny);
    const above = Math.min(row + 1, rows - 1);
    for (let x = 0; x < nx; x++) {
      const [column, u] = across[x]!;
      const right = Math.min(column + 1, columns - 1);
      out[y * nx + x] = (1 - v) * ((1 - u) * values[row * columns + column]! + u * values[row * columns + right]!)
        + v * ((1 - u) * values[above * columns + column]! + u * values[above * columns + right]!);
    }
  }
  return out;
}
