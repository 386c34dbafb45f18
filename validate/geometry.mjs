/**
 * Geometry of simulated galaxies: thick discs with a bar, clumps, a bright star beside, seeing and noise that may be correlated. The image is made apart from what the
 * measurement does: light is summed at 3 × 3 points a pixel, seeing is a direct convolution.
 */

import { measureIsophotalGeometry, growthCurve } from '../dist/image/index.js';
import { createRandom, gaussianFilter2d } from '../dist/numeric/index.js';
import { mean, median, standardDeviation } from '../dist/stats/index.js';
import { runAll } from './parallel.mjs';

const thickness = 0.2;
const degree = Math.PI / 180;

/** A galaxy with what is true of it. @param {number} seed */
export function simulateGalaxy(seed) {
  const random = createRandom(seed, 'geometry');
  const between = (low, high) => low + (high - low) * random.uniform();
  const n = 161;
  const cosine = between(Math.cos(80 * degree), Math.cos(20 * degree));
  const q = Math.sqrt(cosine ** 2 * (1 - thickness ** 2) + thickness ** 2);
  const scale = between(9, 15);
  const truth = { x: between(76, 84), y: between(76, 84), angle: between(0, 180), ellipticity: 1 - q, inclination: Math.acos(cosine) / degree };
  const fwhm = between(3, 5);
  const sigma = fwhm / 2.354820045;
  const peak = between(30, 150);
  const barred = random.uniform() < 0.4;
  const bar = barred ? { a: between(0.5, 1) * scale, turn: between(0, 180) * degree, height: between(0.3, 1) * peak } : null;
  const correlated = random.uniform() < 0.5;
  const kind = /** @type {const} */ (['none', 'masked', 'open', 'none'])[seed % 4];
  const [cos, sin] = [Math.cos(truth.angle * degree), Math.sin(truth.angle * degree)];
  const blobs = Array.from({ length: Math.floor(between(0, 25)) }, () => {
    // Along the disc's own profile, each with up to 1 % of the disc's light.
    const r = -scale * Math.log(random.uniform() * random.uniform());
    const phi = between(0, 2 * Math.PI);
    const [u, v] = [r * Math.cos(phi), r * Math.sin(phi) * q];
    return { x: truth.x + u * cos - v * sin, y: truth.y + u * sin + v * cos, flux: between(0.0005, 0.006) * 2 * Math.PI * scale ** 2 * q * peak, width: between(0.8, 1.5) };
  });
  const image = new Float64Array(n * n);
  const light = (dx, dy) => {
    const [u, v] = [dx * cos + dy * sin, dy * cos - dx * sin];
    let value = peak * Math.exp(-Math.hypot(u, v / q) / scale);
    if (bar) {
      // In the plane of the disc, then seen inclined: an ellipse three times as long as broad that ends at a.
      const [s, t] = [u * Math.cos(bar.turn) + v / q * Math.sin(bar.turn), v / q * Math.cos(bar.turn) - u * Math.sin(bar.turn)];
      value += bar.height * Math.exp(-(((s / bar.a) ** 2 + (3 * t / bar.a) ** 2) ** 2) * 2);
    }
    return value;
  };
  const fine = [-1 / 3, 0, 1 / 3];
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) for (const dy of fine) for (const dx of fine) image[y * n + x] += light(x + dx - truth.x, y + dy - truth.y) / 9;
  }
  for (const { x: bx, y: by, flux, width } of blobs) {
    for (let y = Math.max(0, Math.ceil(by - 8)); y < Math.min(n, by + 8); y++) {
      for (let x = Math.max(0, Math.ceil(bx - 8)); x < Math.min(n, bx + 8); x++) image[y * n + x] += flux / (2 * Math.PI * width ** 2) * Math.exp(-((x - bx) ** 2 + (y - by) ** 2) / 2 / width ** 2);
    }
  }
  // Half the light, bar and clumps with it, in ellipses of the true shape before the seeing: pixels in the order of their radius.
  const order = Array.from(image, (value, i) => [Math.hypot(((i % n) - truth.x) * cos + (Math.floor(i / n) - truth.y) * sin, ((Math.floor(i / n) - truth.y) * cos - ((i % n) - truth.x) * sin) / q), value]).sort((a, b) => a[0] - b[0]);
  const disc = 2 * Math.PI * scale ** 2 * q * peak;
  const outside = disc - order.reduce((sum, [r]) => sum + peak * Math.exp(-r / scale), 0);
  const half = (order.reduce((sum, [, value]) => sum + value, 0) + outside) / 2;
  let [sum, effectiveRadius] = [0, 0];
  for (const [r, value] of order) {
    if ((sum += value) >= half) { effectiveRadius = r; break; }
  }
  const seen = gaussianFilter2d(image, n, n, sigma);
  let mask = null;
  if (kind !== 'none') {
    const [r, phi] = [between(1.2, 3) * scale * 1.678, between(0, 2 * Math.PI)];
    const [sx, sy] = [Math.min(n - 8, Math.max(7, truth.x + r * Math.cos(phi))), Math.min(n - 8, Math.max(7, truth.y + r * Math.sin(phi)))];
    const flux = between(0.05, 0.5) * disc;
    if (kind === 'masked') mask = new Uint8Array(n * n);
    for (let i = 0; i < n * n; i++) {
      const square = ((i % n) - sx) ** 2 + (Math.floor(i / n) - sy) ** 2;
      seen[i] += flux / (2 * Math.PI * sigma ** 2) * Math.exp(-square / 2 / sigma ** 2);
      if (mask && square < (2.2 * fwhm) ** 2) mask[i] = 1;
    }
  }
  let noise = Float64Array.from({ length: n * n }, () => random.normal());
  if (correlated) {
    noise = gaussianFilter2d(noise, n, n, 0.8);
    const width = standardDeviation(noise);
    noise = noise.map((value) => value / width);
  }
  return { image: { nx: n, ny: n, data: seen.map((value, i) => value + noise[i]), mask }, truth: { ...truth, effectiveRadius }, fwhm, peak, barred, correlated, star: kind };
}

/** @param {number} seed */
export function measureSimulated(seed) {
  const { image, truth, fwhm, star, barred, correlated } = simulateGalaxy(seed);
  const { geometry, reason } = measureIsophotalGeometry(image, { psfFwhm: fwhm });
  const about = { seed, star, barred, correlated, inclination: truth.inclination };
  if (!geometry) return { ...about, failed: reason, flagged: true };
  const growth = growthCurve(image, geometry, { psfFwhm: fwhm, ellipticityError: geometry.ellipticityError });
  const turn = ((geometry.angle - truth.angle + 270) % 180) - 90;
  return {
    ...about, failed: null, source: geometry.source, flagged: geometry.status.fromMoments || geometry.status.asymmetric || growth.status.lowerLimit || growth.status.contaminated, status: { ...geometry.status, ...growth.status }, asymmetry: geometry.asymmetry,
    pulls: {
      ellipticity: (geometry.ellipticity - truth.ellipticity) / geometry.ellipticityError, angle: turn / geometry.angleError,
      x: (geometry.x - truth.x) / geometry.xError, y: (geometry.y - truth.y) / geometry.yError, effectiveRadius: (growth.effectiveRadius - truth.effectiveRadius) / growth.effectiveRadiusError,
    },
    errors: { ellipticity: geometry.ellipticityError, angle: geometry.angleError, x: geometry.xError, y: geometry.yError, effectiveRadius: growth.effectiveRadiusError / truth.effectiveRadius },
    used: geometry.isophotesUsed,
  };
}

/**
 * Pulls of the geometry over simulated galaxies: those not flagged, the flagged ones counted, and those that are wrong by more than five errors without a flag.
 * @param {{count: number, first?: number, workers?: number, progress?: (done: number, count: number) => void}} wanted
 */
export async function measureGeometryPulls({ count, first = 1, workers, progress }) {
  const rows = await runAll({ module: new URL(import.meta.url), name: 'measureSimulated', items: Array.from({ length: count }, (_, i) => first + i), workers, progress });
  const good = rows.filter(({ flagged }) => !flagged);
  const parameters = /** @type {const} */ (['ellipticity', 'angle', 'x', 'y', 'effectiveRadius']);
  const table = parameters.map((parameter) => {
    const pulls = good.map((row) => row.pulls[parameter]);
    return { parameter, mean: mean(pulls), width: standardDeviation(pulls), median: median(pulls), error: median(good.map((row) => row.errors[parameter])), beyondFive: pulls.filter((pull) => !(Math.abs(pull) <= 5)).length };
  });
  return { count, good: good.length, failed: rows.filter(({ failed }) => failed).length, flagged: rows.filter(({ flagged, failed }) => flagged && !failed).length, table, rows };
}
