import { createRandom, type Random } from '../numeric/index.js';
import { constants } from '../units/index.js';
import type { SimulationSettings } from './settings.js';

/**
 * A function that fills `stat` with the variance of a plane (sky + Poisson) and `data` with the model plus noise of that variance.
 * With a correlation, white noise on a wider plane is smoothed by a Gaussian of unit norm, as drizzling does: the
 * variance of a voxel is right, the covariance of neighbours is not in STAT.
 */
export function makeNoise(settings: SimulationSettings): (z: number, model: Float64Array, data: Float32Array, stat: Float32Array) => void {
  const { nx, ny, noise, seed } = settings;
  const sigma = noise.correlation / constants.fwhmPerSigma;
  const radius = Math.ceil(4 * sigma);
  const gaussian = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => (radius === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma))));
  const norm = Math.hypot(...gaussian);
  const kernel = gaussian.map((value) => value / norm);
  const [width, height] = [nx + 2 * radius, ny + 2 * radius];
  const white = new Float64Array(width * height);
  const rows = new Float64Array(nx * height);
  const deviate = new Float64Array(nx * ny);

  const correlated = (random: Random): void => {
    for (let i = 0; i < white.length; i++) white[i] = random.normal();
    for (let row = 0; row < height; row++) {
      for (let x = 0; x < nx; x++) {
        let sum = 0;
        for (let t = 0; t < kernel.length; t++) sum += kernel[t]! * white[row * width + x + t]!;
        rows[row * nx + x] = sum;
      }
    }
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let sum = 0;
        for (let t = 0; t < kernel.length; t++) sum += kernel[t]! * rows[(y + t) * nx + x]!;
        deviate[y * nx + x] = sum;
      }
    }
  };

  const skyVariance = noise.sky ** 2;
  return (z, model, data, stat) => {
    if (noise.add) {
      const random = createRandom(seed, 'noise', z);
      if (radius > 0) correlated(random);
      else for (let i = 0; i < deviate.length; i++) deviate[i] = random.normal();
    }
    for (let i = 0; i < model.length; i++) {
      const variance = skyVariance + noise.poisson * Math.max(0, model[i]!);
      stat[i] = variance;
      data[i] = model[i]! + Math.sqrt(variance) * deviate[i]!;
    }
  };
}
