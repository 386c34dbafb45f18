import { ZgradError } from '../errors/index.js';
import type { Lsf } from '../light/index.js';

/** Balmer absorption of one stellar population: rest-frame equivalent widths [Å] and the profile's FWHM [Å, rest frame, as observed]. */
export interface BalmerAbsorption {
  readonly fwhm: number;
  readonly Ha: number;
  readonly Hb: number;
  readonly Hg: number;
  readonly Hd: number;
}

/** A star of our own Galaxy in front of the field. */
export interface ForegroundStar {
  /** Position, zero-based pixels. */
  readonly x: number;
  readonly y: number;
  /** AB magnitude at 5500 Å. */
  readonly magnitude: number;
}

/** A passive galaxy behind the field, with absorption lines at its own redshift and none at that of the simulated galaxy. */
export interface BackgroundGalaxy {
  /** Position, zero-based pixels. */
  readonly x: number;
  readonly y: number;
  /** AB magnitude of all its light at observed 5500 Å. */
  readonly magnitude: number;
  /** Effective radius along the major axis [arcsec]. */
  readonly effectiveRadius: number;
  /** b/a. */
  readonly axisRatio: number;
  /** Major axis, north through east [deg]. */
  readonly positionAngle: number;
  readonly redshift: number;
}

/** Everything that defines a simulated galaxy and its observation. `simulationDefaults` holds the defaults. */
export interface SimulationSettings {
  readonly object: string;
  /** Same settings and same seed give the same cube, bit for bit. */
  readonly seed: number;
  /** Size of the field [spaxels] and side of a spaxel [arcsec]. */
  readonly nx: number;
  readonly ny: number;
  readonly pixelScale: number;
  /** Centre of the first wavelength pixel [Å, air], step [Å], number of pixels. MUSE: 4750, 1.25, 3681. */
  readonly wavelength: { readonly start: number; readonly step: number; readonly count: number };
  /** Right ascension and declination of the galaxy's centre [deg]. */
  readonly position: readonly [number, number];
  /** Centre of the galaxy in zero-based pixels; null = middle of the field. */
  readonly center: readonly [number, number] | null;
  readonly redshift: number;
  /** Luminosity distance [Mpc]; null = from the redshift (flat ΛCDM, H0 = 70, Ωm = 0.3). */
  readonly distance: number | null;
  readonly geometry: {
    /** Effective radius along the major axis [arcsec]; the scale length is R_e/1.67835. */
    readonly effectiveRadius: number;
    /** [deg], 0 = face-on. */
    readonly inclination: number;
    /** Major axis, north through east [deg]; this side of the disc recedes. */
    readonly positionAngle: number;
    /** Intrinsic thickness q0 of the stars; the gas is thin. */
    readonly thickness: number;
  };
  /** Rotation (2/π) velocity arctan(R/turnover): asymptotic velocity in the disc plane [km/s], turnover [R_e]. */
  readonly rotation: { readonly velocity: number; readonly turnover: number };
  /** Velocity dispersion of the gas [km/s]. */
  readonly dispersion: number;
  readonly stars: {
    /** Surface brightness at the centre, as seen, before the PSF, at rest-frame 5500 Å [AB mag/arcsec²]. */
    readonly surfaceBrightness: number;
    /** Share of the light at 5500 Å that young stars give: at the centre, and its change per R_e (clipped to 0…1). */
    readonly youngShare: number;
    readonly youngShareGradient: number;
    /**
     * A bar of old stars in the plane of the disc, (1 − m²)^1.5 in elliptical radius m: its light over the disc's, half its length
     * [R_e], its axis ratio, and its angle in the plane from the receding side of the major axis [deg].
     */
    readonly bar: { readonly share: number; readonly length: number; readonly axisRatio: number; readonly angle: number };
    readonly youngAbsorption: BalmerAbsorption;
    readonly oldAbsorption: BalmerAbsorption;
    /** Strength of the metal lines of the stars, which move as the gas does: 1 about as in an old galaxy, 0 none. Young stars have a third. */
    readonly metals: number;
  };
  readonly gas: {
    /** Rest-frame equivalent width of Hα averaged over the part of the field that has gas [Å], behind the galaxy's own dust. */
    readonly equivalentWidth: number;
    /** Share of Hα that HII regions give; the rest is a smooth floor that follows the continuum. */
    readonly clumpiness: number;
    /** Number of HII regions in the disc. */
    readonly regions: number;
    /** FWHM of an HII region [arcsec]. */
    readonly regionSize: number;
    /** α of the luminosity function dN/dL ∝ L^−α, over two decades. */
    readonly luminosityIndex: number;
    /** No ionised gas beyond this radius [R_e]; null = no limit. */
    readonly radius: number | null;
    /** He I and [O I] lines too. */
    readonly weakLines: boolean;
  };
  /** 12+log(O/H) at the centre, its slope [dex/R_e], and the scatter from HII region to HII region [dex]. */
  readonly oxygen: { readonly central: number; readonly slope: number; readonly scatter: number };
  /** An unresolved active nucleus whose Hα is this share of the disc's. */
  readonly nucleus: { readonly share: number };
  readonly dust: {
    /** Internal E(B−V) = central·exp(−R/scale), scale in R_e; a CCM89 screen on the lines. */
    readonly central: number;
    readonly scale: number;
    /** Galactic E(B−V): a CCM89 screen on all light, at observed wavelengths. */
    readonly foreground: number;
  };
  /** FWHM [arcsec]; beta null = Gaussian, otherwise a Moffat profile of this index. */
  readonly psf: { readonly fwhm: number; readonly beta: number | null };
  readonly lsf: Lsf;
  readonly noise: {
    /** Standard deviation of the sky noise in a voxel [1e-20 erg/s/cm²/Å]. */
    readonly sky: number;
    /** Variance added per unit of flux [1e-20 erg/s/cm²/Å]. */
    readonly poisson: number;
    /** FWHM of the kernel that correlates neighbouring spaxels [spaxels]; the variance of a voxel stays what STAT says. */
    readonly correlation: number;
    /** False: STAT as with noise, but none in the data. */
    readonly add: boolean;
  };
  readonly blemishes: {
    /** Width of the frame of NaN spaxels. */
    readonly edge: number;
    /** Number of further spaxels that are NaN at all wavelengths. */
    readonly deadSpaxels: number;
    /** Probability that a voxel is NaN. */
    readonly deadVoxels: number;
    /** Standard deviation over the spaxels of the flux left by the sky line at 5577 Å [1e-20 erg/s/cm²]; not in STAT. */
    readonly skyLine: number;
  };
  readonly star: ForegroundStar | readonly ForegroundStar[] | null;
  readonly background: BackgroundGalaxy | null;
  /** The sky is computed on cells of pixelScale/oversample. */
  readonly oversample: number;
}

type Partially<T> = T extends readonly unknown[] | string | number | boolean | null ? T : { readonly [K in keyof T]?: Partially<T[K]> };

/** Any part of the settings; what is left out takes its default. */
export type SimulationOptions = Partially<Omit<SimulationSettings, Whole>> & { readonly [K in Whole]?: SimulationSettings[K] };

/** Settings that hold alternatives, not parts: taken whole. */
const wholes = ['lsf', 'star', 'background'] as const;
type Whole = (typeof wholes)[number];

export const simulationDefaults: SimulationSettings = {
  object: 'simulated',
  seed: 1,
  nx: 48,
  ny: 48,
  pixelScale: 0.4,
  wavelength: { start: 4750, step: 1.25, count: 1760 },
  position: [150.1, -2.2],
  center: null,
  redshift: 0.005,
  distance: null,
  geometry: { effectiveRadius: 5, inclination: 45, positionAngle: 30, thickness: 0.2 },
  rotation: { velocity: 100, turnover: 0.4 },
  dispersion: 25,
  stars: {
    surfaceBrightness: 20.5,
    youngShare: 0.2,
    youngShareGradient: 0.2,
    bar: { share: 0, length: 0.6, axisRatio: 0.3, angle: 40 },
    youngAbsorption: { fwhm: 10, Ha: 1.8, Hb: 2.0, Hg: 2.2, Hd: 2.2 },
    oldAbsorption: { fwhm: 8, Ha: 1.3, Hb: 1.4, Hg: 1.4, Hd: 1.2 },
    metals: 0,
  },
  gas: { equivalentWidth: 40, clumpiness: 0.6, regions: 80, regionSize: 0.8, luminosityIndex: 1.8, radius: null, weakLines: true },
  oxygen: { central: 8.6, slope: -0.12, scatter: 0 },
  nucleus: { share: 0 },
  dust: { central: 0.25, scale: 2, foreground: 0 },
  psf: { fwhm: 0.8, beta: null },
  lsf: { kind: 'muse' },
  noise: { sky: 5, poisson: 0.5, correlation: 0, add: true },
  blemishes: { edge: 1, deadSpaxels: 4, deadVoxels: 1e-4, skyLine: 0 },
  star: null,
  background: null,
  oversample: 2,
};

/**
 * The settings that the options imply: defaults filled in, nonsense refused.
 *
 * @throws ZgradError 'BadArgument' for an unknown key, a value of another kind than the default, a number that is not finite, a size or a scale that is not positive.
 */
export function simulationSettings(options: SimulationOptions = {}): SimulationSettings {
  const settings = merge(simulationDefaults, options, 'simulation') as unknown as SimulationSettings;
  const { nx, ny, oversample, pixelScale, wavelength, geometry, rotation, dust, psf, stars, background } = settings;
  const demand = (path: string, value: number | null, expected: string, good: boolean) => {
    if (!good) throw misfit(`simulation.${path}`, value, expected);
  };
  for (const [path, value] of Object.entries({ nx, ny, oversample, 'wavelength.count': wavelength.count })) {
    demand(path, value, 'a whole number above zero', Number.isInteger(value) && value > 0);
  }
  for (const [path, value] of Object.entries({
    pixelScale, 'wavelength.start': wavelength.start, 'wavelength.step': wavelength.step,
    'geometry.effectiveRadius': geometry.effectiveRadius, 'rotation.turnover': rotation.turnover, 'dust.scale': dust.scale,
  })) demand(path, value, 'a number above zero', value > 0);
  demand('psf.fwhm', psf.fwhm, 'a number not below zero', psf.fwhm >= 0);
  demand('psf.beta', psf.beta, 'null or a Moffat index above 1 (finite flux)', psf.beta === null || psf.beta > 1);
  demand('geometry.inclination', geometry.inclination, 'an inclination from 0 to below 90 degrees', geometry.inclination >= 0 && geometry.inclination < 90);
  demand('stars.bar.length', stars.bar.length, 'a number above zero', stars.bar.length > 0);
  demand('stars.bar.axisRatio', stars.bar.axisRatio, 'a number above zero', stars.bar.axisRatio > 0);
  const demandNumbers = (path: string, given: object, keys: readonly string[]) => {
    for (const key of [...keys, ...Object.keys(given)]) {
      const value: unknown = (given as Tree)[key];
      if (!Number.isFinite(value) || !keys.includes(key)) throw misfit(`simulation.${path}.${key}`, value, `finite numbers for ${keys.join(', ')}, and no more`);
    }
  };
  starsOf(settings).forEach((star) => demandNumbers('star', star, ['x', 'y', 'magnitude']));
  if (background) {
    demandNumbers('background', background, ['x', 'y', 'magnitude', 'effectiveRadius', 'axisRatio', 'positionAngle', 'redshift']);
    demand('background.effectiveRadius', background.effectiveRadius, 'a number above zero', background.effectiveRadius > 0);
    demand('background.axisRatio', background.axisRatio, 'a number above zero', background.axisRatio > 0);
  }
  return settings;
}

/** The foreground stars as a list. */
export function starsOf({ star }: Pick<SimulationSettings, 'star'>): readonly ForegroundStar[] {
  if (star === null) return [];
  return Array.isArray(star) ? (star as readonly ForegroundStar[]) : [star as ForegroundStar];
}

type Tree = Readonly<Record<string, unknown>>;

function merge(defaults: Tree | SimulationSettings, given: Tree | SimulationOptions, where: string): Tree {
  const result: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    const path = `${where}.${key}`;
    if (!(key in result)) {
      throw new ZgradError('BadArgument', { where: path, found: 'an unknown key', expected: `one of ${Object.keys(result).join(', ')}` });
    }
    if (value === undefined) continue;
    const known = result[key];
    if (typeof value === 'number' && !Number.isFinite(value)) throw misfit(path, value, 'a finite number');
    // A setting without a default value is a number, a position or a star, or nothing.
    const fits = known === null ? !['string', 'boolean'].includes(kindOf(value)) : kindOf(value) === kindOf(known);
    if (!fits) throw misfit(path, value, known === null ? 'a number, numbers, or null' : `a value like ${JSON.stringify(known)}`);
    const isTree = kindOf(known) === 'object' && !wholes.some((whole) => whole === key);
    result[key] = isTree ? merge(known as Tree, value as Tree, path) : value;
  }
  return result;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function misfit(where: string, value: unknown, expected: string): ZgradError {
  return new ZgradError('BadArgument', { where, found: typeof value === 'object' ? JSON.stringify(value) : String(value), expected });
}
