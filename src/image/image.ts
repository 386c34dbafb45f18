/** A broadband image on the spaxel grid of a cube, or a reference image on its own. Pixel (x, y), counted from zero, is index y·nx + x. */
export interface Image {
  readonly nx: number;
  readonly ny: number;
  /** NaN where there is no value. */
  readonly data: Float64Array;
  /** 1 = not to be used (a star, a neighbour, the user's mask); null when nothing is masked. NaN needs no mask. */
  readonly mask: Uint8Array | null;
}

/** Whether a pixel may be used: finite and not masked. */
export function isUsable({ data, mask }: Image, index: number): boolean {
  const value = data[index]!;
  return value - value === 0 && !mask?.[index];
}
