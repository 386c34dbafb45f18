/**
 * The class of a velocity field, regular or irregular, of simulated ones: bins scattered as adaptive binning leaves them, with errors
 * that grow outwards. What is irregular here is irregular by construction; real galaxies lie between.
 */

import { alongAcross, regularity, regularityFeatures, rotationVelocity } from '../dist/disk/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { mean } from '../dist/stats/index.js';
import { runAll } from './parallel.mjs';

/** @typedef {'rotator' | 'outflow' | 'merger' | 'decoupled' | 'turbulent' | 'noise'} FieldKind */

/** Rotators are as many as all others together. */
export const fieldKinds = /** @type {const} */ (['rotator', 'outflow', 'merger', 'decoupled', 'turbulent', 'noise']);

const degree = Math.PI / 180;

/** A smooth random field of variance 1: waves of `scale` and longer. */
function smoothField(random, scale) {
  const waves = Array.from({ length: 16 }, () => {
    const [direction, phase] = [2 * Math.PI * random.uniform(), 2 * Math.PI * random.uniform()];
    const k = (2 * Math.PI) / (scale * (1 + random.uniform()));
    return [k * Math.cos(direction), k * Math.sin(direction), phase];
  });
  return (x, y) => Math.sqrt(2 / waves.length) * waves.reduce((sum, [kx, ky, phase]) => sum + Math.cos(kx * x + ky * y + phase), 0);
}

/**
 * A velocity field with what it was made from. Lengths are in R_e, velocities in km/s.
 * @param {{seed: number, kind: FieldKind, bins?: number, signal?: number}} wanted `signal` is the rotation on the sight over the median error
 */
export function simulateField({ seed, kind, bins, signal }) {
  const random = createRandom(seed, 'velocity field', kind);
  const between = (low, high) => low + (high - low) * random.uniform();
  const logBetween = (low, high) => Math.exp(between(Math.log(low), Math.log(high)));
  const count = bins ?? Math.round(logBetween(50, 2000));
  const inclination = between(25, 75);
  const positionAngle = between(0, 360);
  const outer = between(1.2, 2.5);
  const maximum = logBetween(50, 250);
  const model = random.uniform() < 0.5 ? 'arctan' : 'exponential';
  const scale = model === 'arctan' ? between(0.1, 0.6) : between(0.4, 0.9);
  const systemic = between(-30, 30);
  const sinI = Math.sin(inclination * degree);
  const cosI = Math.cos(inclination * degree);
  const amplitude = maximum * sinI;
  const ratio = signal ?? logBetween(2.5, 40);
  const turn = kind === 'decoupled' ? between(45, 90) * (random.uniform() < 0.5 ? -1 : 1) : 6 * random.normal();

  const streaming = smoothField(random, between(0.5, 1.5));
  const streamingRms = { rotator: between(0, 0.07), outflow: 0.05, decoupled: 0.05, merger: between(0.1, 0.35), turbulent: 1, noise: 0 }[kind] * amplitude;
  const warp = kind === 'rotator' ? 8 * random.normal() : 0;
  const wind = { speed: between(0.6, 1.6) * amplitude, opening: between(30, 55), from: between(0, 0.4), sides: random.uniform() < 0.5 ? [1, -1] : [1, 1] };
  const companion = {
    angle: between(0, 2 * Math.PI), distance: between(0.5, 1) * outer * 0.7, size: between(0.35, 0.7), offset: between(0.6, 1.8) * amplitude * (random.uniform() < 0.5 ? -1 : 1),
    spin: between(0.3, 1) * amplitude, axis: between(0, 360),
  };
  const rotation = (east, north) => {
    const bent = (r) => positionAngle + turn + warp * Math.max(0, r / outer - 0.6) / 0.4;
    const [a0, b0] = alongAcross(east, north, { positionAngle: positionAngle + turn });
    const [a, b] = alongAcross(east, north, { positionAngle: bent(Math.hypot(a0, b0 / cosI)) });
    const radius = Math.hypot(a, b / cosI) || 1e-9;
    return (rotationVelocity(model, radius, amplitude, scale) * a) / radius;
  };
  const outflow = (east, north) => {
    const [a, b] = alongAcross(east, north, { positionAngle: positionAngle + turn });
    const radius = Math.hypot(a, b);
    const inCone = 1 / (1 + Math.exp((Math.abs(Math.atan2(a, Math.abs(b))) / degree - wind.opening) / 4));
    const started = 1 / (1 + Math.exp((wind.from - radius) / 0.1));
    return inCone * started * wind.speed * wind.sides[b > 0 ? 0 : 1];
  };
  const collision = (east, north) => {
    const [x, y] = [east - companion.distance * Math.sin(companion.angle), north - companion.distance * Math.cos(companion.angle)];
    const near = Math.exp(-(((x * x + y * y) / (2 * companion.size ** 2)) ** 2));
    const [a] = alongAcross(x, y, { positionAngle: companion.axis });
    return [near, companion.offset + companion.spin * Math.tanh(a / 0.3)];
  };
  const truth = (east, north) => {
    if (kind === 'noise') return systemic;
    const stirred = systemic + streamingRms * streaming(east, north);
    if (kind === 'turbulent') return stirred + 0.2 * rotation(east, north);
    const disc = stirred + rotation(east, north);
    if (kind === 'outflow') return disc + outflow(east, north);
    if (kind !== 'merger') return disc;
    const [near, other] = collision(east, north);
    return (1 - near) * disc + near * (systemic + other);
  };

  // Places apart from each other, as bins are: the candidate farthest from those there are (Mitchell 1991), in the plane of the disc.
  const field = { east: [], north: [], velocity: [], velocityError: [], light: [] };
  const places = [];
  for (let i = 0; i < count; i++) {
    let best = null;
    for (let candidate = 0; candidate < (count > 400 ? 2 : 5); candidate++) {
      const [r, angle] = [outer * random.uniform() ** 0.6, 2 * Math.PI * random.uniform()];
      const place = [r * Math.cos(angle), r * Math.sin(angle) * cosI, r];
      const nearest = places.slice(-200).reduce((least, [x, y]) => Math.min(least, (x - place[0]) ** 2 + (y - place[1]) ** 2), Infinity);
      if (!best || nearest > best.nearest) best = { place, nearest };
    }
    places.push(best.place);
    const [along, across, r] = best.place;
    const [sin, cos] = [Math.sin(positionAngle * degree), Math.cos(positionAngle * degree)];
    const [east, north] = [along * sin + across * cos, along * cos - across * sin];
    const error = (amplitude / ratio) * (0.6 + 0.8 * (r / outer) ** 2) * between(0.8, 1.25);
    field.east.push(east);
    field.north.push(north);
    field.velocity.push(truth(east, north) + error * random.normal());
    field.velocityError.push(error);
    field.light.push(Math.exp((-1.678 * r) * 0.5));
  }
  return {
    field, kind, regular: kind === 'rotator', count, inclination, positionAngle: (((positionAngle + turn) % 360) + 360) % 360, photometric: positionAngle + 3 * random.normal(), systemic,
    measuredInclination: Math.min(85, Math.max(10, inclination + 4 * random.normal())), amplitude, scale, model, ratio,
  };
}

/**
 * The class of one simulated field.
 * @param {{seed: number, kind: FieldKind, bins?: number, signal?: number}} wanted
 */
export function measureField({ seed, kind, bins, signal }) {
  const { field, regular, count, ratio, photometric, measuredInclination, positionAngle } = simulateField({ seed, kind, bins, signal });
  const found = regularity(field, { inclination: measuredInclination, photometricPositionAngle: photometric });
  const pull = ((found.positionAngle.positionAngle - positionAngle + 540) % 360) - 180;
  return {
    seed, kind, regular, bins: count, signal: ratio, class: found.class, probability: found.probability, met: Object.fromEntries(found.criteria.map(({ name, met }) => [name, met])),
    features: regularityFeatures(found), positionAnglePull: pull / found.positionAngle.error, positionAngleError: found.positionAngle.error,
  };
}

/**
 * Classes of simulated fields, half of them regular.
 * @param {{count: number, firstSeed?: number, workers?: number, progress?: (done: number, count: number) => void}} wanted
 */
export async function measureKinematics({ count, firstSeed = 1, workers, progress }) {
  const others = fieldKinds.slice(1);
  const items = Array.from({ length: count }, (_, i) => ({ seed: firstSeed + i, kind: i % 2 ? others[(i >> 1) % others.length] : 'rotator' }));
  return runAll({ module: new URL(import.meta.url), name: 'measureField', items, workers, progress });
}

/** How many fields of each kind are called regular, irregular and neither, with the mean probability. */
export function confusionTable(rows) {
  return fieldKinds.map((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    const of = (name) => own.filter((row) => row.class === name).length;
    return { kind, count: own.length, regular: of('regular'), irregular: of('irregular'), none: of(null), meanProbability: mean(own.map((row) => row.probability)) };
  });
}

/** Whether probabilities are what they say: of the fields in each fifth of probability, the share that is regular. */
export function reliability(rows) {
  return [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
    const own = rows.filter(({ probability }) => probability >= from && (probability < from + 0.2 || from === 0.8));
    return { from, to: from + 0.2, count: own.length, meanProbability: mean(own.map(({ probability }) => probability)), regular: mean(own.map(({ regular }) => Number(regular))) };
  });
}

/**
 * The logistic regression by which `regularity` knows its probability, from rows of `measureKinematics`; Newton's method with a weak
 * ridge. The numbers in src/disk/regularity.ts are those of 4000 fields from seed 1000001.
 * @returns {Record<string, number>} coefficient of each feature, and `constant`
 */
export function calibrateProbability(rows, ridge = 0.01) {
  const names = Object.keys(rows[0].features);
  const width = names.length + 1;
  let w = new Array(width).fill(0);
  const x = rows.map(({ features }) => [1, ...names.map((name) => features[name])]);
  for (let round = 0; round < 30; round++) {
    const a = Array.from({ length: width }, (_, j) => Array.from({ length: width + 1 }, (__, k) => (k === j && j > 0 ? ridge : 0)));
    for (let j = 1; j < width; j++) a[j][width] = -ridge * w[j];
    rows.forEach(({ regular }, i) => {
      const p = 1 / (1 + Math.exp(-x[i].reduce((sum, value, j) => sum + value * w[j], 0)));
      for (let j = 0; j < width; j++) {
        a[j][width] += x[i][j] * (Number(regular) - p);
        for (let k = 0; k < width; k++) a[j][k] += p * (1 - p) * x[i][j] * x[i][k];
      }
    });
    for (let j = 0; j < width; j++) {
      for (let k = 0; k < width; k++) {
        if (k === j) continue;
        const factor = a[k][j] / a[j][j];
        for (let l = j; l <= width; l++) a[k][l] -= factor * a[j][l];
      }
    }
    w = w.map((value, j) => value + a[j][width] / a[j][j]);
  }
  return { constant: w[0], ...Object.fromEntries(names.map((name, j) => [name, w[j + 1]])) };
}
