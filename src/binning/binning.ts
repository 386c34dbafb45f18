/** Which spaxels share a bin. Bins are numbered from 0; −1 is a spaxel that is not used. */
export interface Binning {
  readonly nx: number;
  readonly ny: number;
  readonly count: number;
  /** Bin of each spaxel, length nx·ny, −1 = unused. */
  readonly bin: Int32Array;
  /** The spaxels of bin b are spaxels[start[b]] … spaxels[start[b+1]−1]. */
  readonly start: Int32Array;
  readonly spaxels: Int32Array;
  /** The number that the user or the survey gave to each bin. */
  readonly labels: Int32Array;
  /**
   * True when every spaxel of a bin holds the same spectrum, the mean per spaxel of the bin (sector-binned
   * cubes): the bin's flux is then npix times that spectrum. False: the bin's flux is the sum over its spaxels.
   */
  readonly repeated: boolean;
}
