import { foldAngle, type Ellipse } from './ellipse.js';
import { isUsable, type Image } from './image.js';

/** Centre and shape of the light by its moments; a is twice the root mean square along the major axis, which is R_e·1.46 of an exponential disc seen whole. */
export interface MomentsGeometry extends Ellipse {
  readonly xError: number;
  readonly yError: number;
  readonly ellipticityError: number;
  /** [deg] */
  readonly angleError: number;
}

/** A centre nearer than this to the last one has been found [pixel]. */
const settled = 1e-3;
const mostIterations = 100;

/**
 * Adaptive second moments (Bernstein & Jarvis 2002, AJ 123, 583): the light is weighted with the elliptical Gaussian that has the light's own
 * shape, so that neither noise far out nor a neighbour counts much; for elliptical isophotes the ellipse's shape is that of the isophotes.
 * Errors follow from the scatter `noise` of a pixel.
 *
 * @param start where to look first: centre, and σ of the first weight [pixel]
 * @returns null where no light stands out
 */
export function momentsGeometry(image: Image, { x: startX, y: startY, sigma, noise = 0 }: { x: number; y: number; sigma: number; noise?: number }): MomentsGeometry | null {
  const { nx, ny, data } = image;
  let [x0, y0, xx, yy, xy] = [startX, startY, sigma * sigma, sigma * sigma, 0];
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const determinant = xx * yy - xy * xy;
    if (!(determinant > 0 && xx + yy < (nx * nx + ny * ny) && xx + yy > 0.05)) return null;
    const [pxx, pyy, pxy] = [yy / determinant, xx / determinant, -xy / determinant];
    let [sum, sx, sy, sxx, syy, sxy, squares] = [0, 0, 0, 0, 0, 0, 0];
    const [reachX, reachY] = [4 * Math.sqrt(xx), 4 * Math.sqrt(yy)];
    for (let y = Math.max(0, Math.ceil(y0 - reachY)); y <= Math.min(ny - 1, y0 + reachY); y++) {
      for (let x = Math.max(0, Math.ceil(x0 - reachX)); x <= Math.min(nx - 1, x0 + reachX); x++) {
        const i = y * nx + x;
        if (!isUsable(image, i)) continue;
        const [dx, dy] = [x - x0, y - y0];
        const distance = pxx * dx * dx + 2 * pxy * dx * dy + pyy * dy * dy;
        if (distance > 16) continue;
        const weight = Math.exp(-distance / 2);
        const light = weight * data[i]!;
        sum += light;
        sx += light * dx;
        sy += light * dy;
        sxx += light * dx * dx;
        syy += light * dy * dy;
        sxy += light * dx * dy;
        squares += weight * weight;
      }
    }
    if (!(sum > 3 * noise * Math.sqrt(squares) && sum > 0)) return null;
    const [shiftX, shiftY] = [sx / sum, sy / sum];
    // A Gaussian weighted with itself has half its moments.
    const next = [2 * (sxx / sum - shiftX ** 2), 2 * (syy / sum - shiftY ** 2), 2 * (sxy / sum - shiftX * shiftY)] as const;
    const change = Math.hypot(2 * shiftX, 2 * shiftY) + Math.abs(Math.sqrt(Math.abs(next[0])) - Math.sqrt(xx)) + Math.abs(Math.sqrt(Math.abs(next[1])) - Math.sqrt(yy));
    [x0, y0, xx, yy, xy] = [x0 + 2 * shiftX, y0 + 2 * shiftY, ...next];
    if (!(x0 > -0.5 && y0 > -0.5 && x0 < nx - 0.5 && y0 < ny - 0.5)) return null;
    if (change > settled) continue;
    const [half, spread] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
    const [major, minor] = [Math.sqrt(half + spread), Math.sqrt(Math.max(0, half - spread))];
    const relative = noise * Math.sqrt(squares) / sum;
    const ellipticity = 1 - minor / major;
    const shapeError = relative * 2;
    return {
      x: x0, y: y0, a: 2 * major, ellipticity, angle: foldAngle(Math.atan2(2 * xy, xx - yy) * 90 / Math.PI),
      xError: relative * Math.sqrt(2 * xx), yError: relative * Math.sqrt(2 * yy),
      ellipticityError: shapeError, angleError: shapeError / Math.max(shapeError, ellipticity) * 180 / Math.PI / 2,
    };
  }
  return null;
}
