import { erf } from '../numeric/index.js';
import { constants } from '../units/index.js';

/** The sky in cells of 1/oversample of a spaxel, with a margin from which the PSF scatters light into the field. */
export interface FineGrid {
  readonly nx: number;
  readonly ny: number;
  readonly oversample: number;
  /** Margin on each side [spaxels]. */
  readonly margin: number;
  /** Size in cells, margin included. */
  readonly width: number;
  readonly height: number;
}

/** The fine grid under nx × ny spaxels, with a margin that holds 5σ of a Gaussian PSF or 4 FWHM of a Moffat's wings. */
export function makeFineGrid(
  { nx, ny, pixelScale, oversample, psf }:
  { nx: number; ny: number; pixelScale: number; oversample: number; psf: { fwhm: number; beta: number | null } },
): FineGrid {
  const reach = psf.beta === null ? (5 * psf.fwhm) / constants.fwhmPerSigma : 4 * psf.fwhm;
  const margin = Math.ceil(reach / pixelScale);
  return { nx, ny, oversample, margin, width: (nx + 2 * margin) * oversample, height: (ny + 2 * margin) * oversample };
}

/** Gives each cell its share of a round Gaussian of σ `sigma` [pixels] at pixel (x, y); σ = 0 shares a point among the four nearest cells. */
export function spread(grid: FineGrid, x: number, y: number, sigma: number, add: (cell: number, fraction: number) => void): void {
  const { width, height, oversample, margin } = grid;
  const inX = cellShares((x + 0.5 + margin) * oversample, sigma * oversample);
  const inY = cellShares((y + 0.5 + margin) * oversample, sigma * oversample);
  for (const [row, shareY] of inY) {
    for (const [column, shareX] of inX) {
      if (row >= 0 && row < height && column >= 0 && column < width) add(row * width + column, shareX * shareY);
    }
  }
}

/** The cells along one axis that a Gaussian reaches within 5σ, with the share of each; a point keeps its centroid. */
function cellShares(center: number, sigma: number): [cell: number, share: number][] {
  if (sigma === 0) {
    const first = Math.floor(center - 0.5);
    return [[first, first + 1.5 - center], [first + 1, center - first - 0.5]];
  }
  const cumulative = (edge: number) => 0.5 * (1 + erf((edge - center) / (Math.SQRT2 * sigma)));
  const shares: [number, number][] = [];
  for (let cell = Math.floor(center - 5 * sigma); cell <= center + 5 * sigma; cell++) shares.push([cell, cumulative(cell + 1) - cumulative(cell)]);
  return shares;
}
