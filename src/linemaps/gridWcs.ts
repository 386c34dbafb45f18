import type { Wcs } from '../sky/index.js';

const degree = Math.PI / 180;

/**
 * The gnomonic coordinates (TAN) that best fit positions on a grid: for tables that give every row's pixel and its position on the
 * sky but no header. The fit averages the rounding of the positions. Rows without a finite position are left out.
 *
 * @param x zero-based pixels. @param ra and `dec` [deg], frame ICRS.
 * @returns null when the pixels do not span two dimensions.
 */
export function fitGrid(x: Float64Array, y: Float64Array, ra: Float64Array, dec: Float64Array): { celestial: NonNullable<Wcs['celestial']>; pixelScale: number } | null {
  const rows = Array.from(ra.keys()).filter((i) => Number.isFinite(x[i]! + y[i]! + ra[i]! + dec[i]!));
  if (rows.length < 3) return null;
  const mean = (values: (i: number) => number) => rows.reduce((sum, i) => sum + values(i), 0) / rows.length;
  const [x0, y0] = [mean((i) => x[i]!), mean((i) => y[i]!)];
  // The row nearest to the middle is the tangent point; the fit then moves the reference pixel to it.
  const distance = (i: number) => Math.hypot(x[i]! - x0, y[i]! - y0);
  const middle = rows.reduce((best, i) => (distance(i) < distance(best) ? i : best));
  const [ra0, dec0] = [ra[middle]!, dec[middle]!];
  const [sin0, cos0] = [Math.sin(dec0 * degree), Math.cos(dec0 * degree)];
  const plane = rows.map((i): [number, number] => {
    const [sin, cos, along] = [Math.sin(dec[i]! * degree), Math.cos(dec[i]! * degree), (ra[i]! - ra0) * degree];
    const towards = sin0 * sin + cos0 * cos * Math.cos(along);
    return [cos * Math.sin(along) / towards / degree, (cos0 * sin - sin0 * cos * Math.cos(along)) / towards / degree];
  });
  const sum = (values: (i: number, n: number) => number) => rows.reduce((total, i, n) => total + values(i, n), 0);
  const [dx, dy] = [(i: number) => x[i]! - x0, (i: number) => y[i]! - y0];
  const [xx, xy, yy] = [sum((i) => dx(i) ** 2), sum((i) => dx(i) * dy(i)), sum((i) => dy(i) ** 2)];
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-9 * xx * yy)) return null;
  const slopes = (axis: 0 | 1): [number, number] => {
    const [x1, y1] = [sum((i, n) => dx(i) * plane[n]![axis]), sum((i, n) => dy(i) * plane[n]![axis])];
    return [(x1 * yy - y1 * xy) / determinant, (y1 * xx - x1 * xy) / determinant];
  };
  const matrix = [...slopes(0), ...slopes(1)] as [number, number, number, number];
  const [a, b, c, d] = matrix;
  const [ξ, η] = [sum((_, n) => plane[n]![0]) / rows.length, sum((_, n) => plane[n]![1]) / rows.length];
  const scale = a * d - b * c;
  return {
    // Where the plane's coordinates vanish lies the tangent point.
    celestial: {
      projection: 'TAN', axes: [0, 1], referencePixel: [x0 - (d * ξ - b * η) / scale, y0 - (a * η - c * ξ) / scale], referenceValue: [ra0, dec0],
      matrix, lonPole: 180, latPole: 90, frame: 'ICRS',
    },
    pixelScale: 3600 * Math.sqrt(Math.abs(scale)),
  };
}
