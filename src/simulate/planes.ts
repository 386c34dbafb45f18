import { ccm89, lsfSigma } from '../light/index.js';
import { createRandom, type Random } from '../numeric/index.js';
import { featurePainter } from './features.js';
import { paintIntruders } from './intruders.js';
import { makeNoise } from './noise.js';
import { makeConvolver, makePsf } from './psf.js';
import type { Simulation } from './simulation.js';
import { populations } from './starlight.js';

/** One wavelength plane of a simulated cube, y·nx + x, in 1e-20 erg/s/cm²/Å. The arrays are used again for the next plane. */
export interface Plane {
  readonly z: number;
  /** With noise and blemishes. */
  readonly data: Float32Array;
  /** Variance; NaN where the data are. */
  readonly stat: Float32Array;
  /** Without noise and blemishes. */
  readonly model: Float64Array;
}

/** [O I] in the night sky [Å, air]. */
const skyLine = 5577.338;

/**
 * The planes of a simulated cube, one after the other: a cube of any size goes to disk without being held in memory.
 * Each line is painted on the fine grid at every cell's velocity and integrated over the pixel, then the plane is
 * convolved with the PSF and summed to spaxels; the smooth continuum is convolved once.
 */
export function* simulatePlanes(simulation: Simulation): Generator<Plane, void, undefined> {
  const { settings, scene, axis } = simulation;
  const { nx, ny, redshift, psf, pixelScale, dust, blemishes, seed } = settings;
  const spaxels = nx * ny;
  const convolve = makeConvolver(scene.grid, makePsf(psf), pixelScale);
  const stars = populations(settings);
  const smooth = [
    ...(['young', 'old'] as const).map((age) => ({ image: convolve(scene[age]), level: (wavelength: number) => stars[age].continuum(wavelength / (1 + redshift)) })),
    ...paintIntruders(settings, scene.grid),
  ];
  const fine = new Float64Array(scene.young.length);
  const paintFeatures = featurePainter(settings, scene, axis);
  const addNoise = makeNoise(settings);
  const dead = deadSpaxels(simulation);
  const skyRandom = createRandom(seed, 'sky');
  const skySigma = lsfSigma(settings.lsf, skyLine);
  const residual = Float64Array.from({ length: spaxels }, () => blemishes.skyLine * skyRandom.normal());

  const model = new Float64Array(spaxels);
  const data = new Float32Array(spaxels);
  const stat = new Float32Array(spaxels);
  for (let z = 0; z < axis.wavelength.length; z++) {
    const wavelength = axis.wavelength[z]!;
    const width = axis.edges[z + 1]! - axis.edges[z]!;
    fine.fill(0);
    if (paintFeatures(fine)) convolve(fine, model);
    else model.fill(0);
    for (let i = 0; i < spaxels; i++) model[i]! /= width;
    for (const { image, level } of smooth) addScaled(model, image, level(wavelength));
    const transmission = 10 ** (-0.4 * dust.foreground * ccm89(wavelength));
    for (let i = 0; i < spaxels; i++) model[i]! *= transmission;

    addNoise(z, model, data, stat);
    const skyLevel = Math.exp(-(((wavelength - skyLine) / skySigma) ** 2) / 2) / (skySigma * Math.sqrt(2 * Math.PI));
    addScaled(data, residual, skyLevel);
    kill(data, stat, dead, blemishes.deadVoxels, createRandom(seed, 'voxels', z));
    yield { z, data, stat, model };
  }
}

function addScaled(to: Float64Array | Float32Array, image: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * image[i]!;
}

/** NaN in dead spaxels, and in others with the given probability. */
function kill(data: Float32Array, stat: Float32Array, dead: Uint8Array, probability: number, random: Random): void {
  for (let i = 0; i < data.length; i++) {
    if (dead[i] || (probability > 0 && random.uniform() < probability)) data[i] = stat[i] = NaN;
  }
}

/** 1 for the spaxels of the frame and for those drawn to be dead. */
function deadSpaxels({ settings: { nx, ny, blemishes, seed } }: Simulation): Uint8Array {
  const { edge } = blemishes;
  const dead = Uint8Array.from({ length: nx * ny }, (_, i) => {
    const [x, y] = [i % nx, Math.floor(i / nx)];
    return Number(x < edge || y < edge || x >= nx - edge || y >= ny - edge);
  });
  const random = createRandom(seed, 'dead spaxels');
  for (let n = 0; n < blemishes.deadSpaxels; n++) dead[random.integer(nx * ny)] = 1;
  return dead;
}
