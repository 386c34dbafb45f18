import type { CubeOutline } from '../cube/index.js';
import type { Config } from './resolve.js';

/**
 * What each unit of work costs, from measured runs on two processor cores of 2.5 GHz: simulated fields of 300 × 300 × 3681 (1013 bins of the continuum, 8660 of the lines, 57 s)
 * and 600 × 600 × 3681 (4173 and 33 715, 236 s), and fits of 40 and 128 templates to 3681 pixels. Other machines differ by a factor of two.
 */
export const costs = {
  /** Seconds. Reading is bound by the disk, the fits by the processors. */
  seconds: {
    /** Per byte of flux and variance. */
    read: 1 / 0.38e9,
    /** For starting the threads of a stage. */
    threads: 1,
    /** Per spaxel: images, isophotes, sources, both binnings. */
    spaxel: 4.8e-5,
    /** Per fit of stars and wavelength; and for each of the templates. */
    starsOfPixel: 4.2e-6,
    templateOfPixel: 2.5e-8,
    /** Per spaxel in which lines are looked for; and for each wavelength where stars are brought to it. */
    detection: 9e-5,
    detectionOfPixel: 3e-8,
    /** Per bin of the lines and fit; with two components twice. */
    lines: 1e-3,
    /** Per bin of the lines, dust, classes, star formation and abundances. */
    nebular: 8e-4,
    /** Per bin of the lines and bootstrap draw. */
    gradientDraw: 1.1e-6,
    /** Velocity field, masses, figures, report and tables: once, and per bin. */
    products: 2,
    productsOfBin: 3.5e-4,
  },
  /** Bytes of memory. */
  memory: {
    program: 1.8e8,
    worker: 6e7,
    /** Per spaxel, maps while they are written. */
    spaxel: 1e3,
    /** Per bin of the lines. */
    bin: 2.2e4,
  },
  /** Bytes on disk. */
  disk: {
    /** Per bin of the continuum and wavelength: model, level, uncertainty, rejected pixels of the stars. */
    starsOfPixel: 27,
    /** Per spaxel, its detections. */
    detection: 144,
    /** Per bin, the fit of its lines, and its row in the table. */
    lines: 4.3e3,
    row: 3.1e3,
    /** Per spaxel, the maps. */
    maps: 2.4e3,
    /** Figures and report. */
    figures: 3e6,
  },
} as const;

/** How much there is to do. */
export interface Work {
  /** Fits of the stars. */
  readonly stars: number;
  /** Spaxels in which lines are looked for. */
  readonly detections: number;
  /** Fits of the lines. */
  readonly lines: number;
}

export interface Predicted {
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[];
  readonly seconds: number;
  readonly peakMemory: number;
  /** Bytes in the run directory: what stays, and the scratch file of a cube that does not fit into memory. */
  readonly disk: { readonly products: number; readonly scratch: number };
}

export interface Conditions {
  /** Null for line maps. */
  readonly outline: Pick<CubeOutline, 'nx' | 'ny' | 'bytes' | 'arms'> | null;
  readonly spaxels: number;
  readonly bins: number;
  /** Templates that are fitted, 0 for a local continuum. */
  readonly templates: number;
  /** Share of the cube that is held in memory, 0 to 1. */
  readonly inMemory: number;
  readonly workers: number;
  /** Processors: threads beyond them gain nothing. */
  readonly processors: number;
}

/** Time, memory and disk that a run will take. */
export function predict({ stars, detections, lines }: Work, { outline, spaxels, bins, templates, inMemory, workers, processors }: Conditions, config: Config): Predicted {
  const { seconds: s, memory: m, disk: d } = costs;
  const share = Math.max(1, Math.min(workers, processors));
  const pixels = outline?.arms.reduce((sum, { axis }) => sum + axis.wavelength.length, 0) ?? 0;
  const starsFit = pixels * (s.starsOfPixel + templates * s.templateOfPixel);
  const detection = s.detection + (templates > 0 ? pixels * s.detectionOfPixel : 0);
  const stage = (name: string, seconds: number): { stage: string; seconds: number } => ({ stage: name, seconds });
  const stages = [
    ...(outline ? [
      // What goes into a scratch file is written, and read again by both fits.
      stage('read cube', s.threads + outline.bytes * s.read * (2 - inMemory)),
      stage('images and bins', spaxels * s.spaxel),
      stage('fit stars', s.threads + (stars * (1 + config.continuum.bootstrap) * starsFit + detections * detection) / share),
      stage('fit lines', s.threads + (lines * (1 + config.lines.monteCarlo) * config.lines.components * s.lines) / share),
    ] : []),
    stage('dust, classes, star formation, abundances', (bins * s.nebular) / share),
    stage('gradients and errors', (bins * config.gradient.draws * s.gradientDraw) / share),
    stage('write products', s.products + bins * s.productsOfBin),
  ];
  return {
    stages, seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0),
    peakMemory: m.program + spaxels * m.spaxel + bins * m.bin + (outline ? workers * m.worker + inMemory * outline.bytes : 0),
    disk: {
      products: d.figures + bins * d.row + spaxels * d.maps + stars * pixels * d.starsOfPixel + detections * d.detection + lines * d.lines,
      scratch: outline ? (1 - inMemory) * outline.bytes : 0,
    },
  };
}
