/**
 * The centre of the light of an image of nx columns, in zero-based pixels: the light-weighted mean position over the
 * largest connected patch of the brightest quarter of the pixels.
 *
 * The patch with most pixels, not most light, is taken, so that a foreground star beside the galaxy loses; the weight is the
 * light above the patch's edge and no more than that of the patch's 90th percentile, so that a star or a hot pixel on the galaxy pulls
 * little. NaN pixels are left out. Null when no pixel is positive.
 */
export function lightCentroid(image: ArrayLike<number>, nx: number): { x: number; y: number } | null {
  const bright = Array.from({ length: image.length }, (_, i) => i).filter((i) => image[i]! > 0 && image[i]! < Infinity);
  if (bright.length === 0) return null;
  bright.sort((i, j) => image[j]! - image[i]! || i - j);
  const edge = image[bright[Math.ceil(bright.length / 4) - 1]!]!;
  const patch = largestPatch(image, nx, edge);
  const values = patch.map((i) => image[i]!).sort((a, b) => a - b);
  const ceiling = values[Math.floor(0.9 * (values.length - 1))]!;
  let [sum, x, y] = [0, 0, 0];
  for (const i of patch) {
    // A flat patch has no light above its edge; then every pixel weighs the same.
    const weight = ceiling > edge ? Math.min(image[i]!, ceiling) - edge : 1;
    sum += weight;
    x += weight * (i % nx);
    y += weight * Math.floor(i / nx);
  }
  return { x: x / sum, y: y / sum };
}

/** The pixels of the largest patch (neighbours by side or corner) of finite values of at least `edge`. */
function largestPatch(image: ArrayLike<number>, nx: number, edge: number): number[] {
  const ny = image.length / nx;
  const seen = new Uint8Array(image.length);
  let largest: number[] = [];
  for (let first = 0; first < image.length; first++) {
    if (seen[first] || !(image[first]! >= edge && image[first]! < Infinity)) continue;
    const patch = [first];
    seen[first] = 1;
    for (let next = 0; next < patch.length; next++) {
      const [px, py] = [patch[next]! % nx, Math.floor(patch[next]! / nx)];
      for (let y = Math.max(0, py - 1); y <= Math.min(ny - 1, py + 1); y++) {
        for (let x = Math.max(0, px - 1); x <= Math.min(nx - 1, px + 1); x++) {
          const i = y * nx + x;
          if (seen[i] || !(image[i]! >= edge && image[i]! < Infinity)) continue;
          seen[i] = 1;
          patch.push(i);
        }
      }
    }
    if (patch.length > largest.length) largest = patch;
  }
  return largest;
}
