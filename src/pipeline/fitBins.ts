import { binCentres, type Binning } from '../binning/index.js';
import { dereddenFactors, extractSpectrum, spectrumBuffers, whiteLight, type Cube } from '../cube/index.js';
import type { SpectrumBin } from '../figures/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { lineByName, type LineName } from '../nebula/index.js';
import { createLineFitter, refineRedshift, type LineFit, type LineFitter, type Spectrum } from '../spectrum/index.js';
import type { Config } from './resolve.js';

/** What only the cube chain knows beside the line maps. */
export interface LineFitDetails {
  readonly instrument: Cube['instrument'];
  readonly museLsf: boolean;
  readonly medium: 'air' | 'vacuum';
  /** Fluxes summed over the lines' windows [1e-17 erg/s/cm² per bin], a cross-check. */
  readonly nonParametric: ReadonlyMap<LineName, { readonly flux: Float64Array; readonly fluxError: Float64Array }>;
  /** Dispersion of the instrument at each line [km/s], the same in every bin. */
  readonly instrumentSigma: ReadonlyMap<LineName, Float64Array>;
  readonly reducedChi2: Float64Array;
  /** Systemic redshift from the lines; null where nothing was detected. */
  readonly refinedRedshift: number | null;
  /** The fits of the brightest, the median and the faintest detected bin. */
  readonly examples: readonly SpectrumBin[];
}

export interface FitBinsOptions {
  readonly config: Config;
  /** Sentences for the user are added. */
  readonly warnings: string[];
  readonly progress?: (done: number, count: number) => void;
}

/** The fits of three bins as the report shows them: rest frame, every window that has data. */
function pictures(bins: readonly { b: number; label: string }[], fitter: LineFitter, spectraOf: (b: number) => readonly Spectrum[], redshift: number): SpectrumBin[] {
  return bins.map(({ b, label }) => {
    const spectra = spectraOf(b);
    fitter.fit(spectra);
    return {
      label,
      windows: fitter.windows.flatMap((window, w) => {
        if (!['Hβ', '[O III]', 'Hα', '[S II]'].includes(window.name)) return [];
        const { axis, flux, variance } = spectra[window.arm]!;
        return [{
          wavelength: axis.wavelength.slice(window.from, window.to).map((λ) => λ / (1 + redshift)),
          flux: flux.slice(window.from, window.to), error: variance.slice(window.from, window.to).map(Math.sqrt), ...fitter.picture(w),
        }];
      }),
    };
  });
}

/**
 * Measures every bin of a cube: foreground dust, local continuum, all lines at once. The result is the hub's line maps,
 * velocities relative to the configured redshift.
 */
export function fitBins(cube: Cube, binning: Binning, { config, warnings, progress }: FitBinsOptions): { maps: LineMaps; details: LineFitDetails } {
  const { redshift } = config;
  const factors = config.foreground.ebv > 0 ? dereddenFactors(cube, config.foreground.ebv) : null;
  const buffers = spectrumBuffers(cube);
  const spectra: Spectrum[] = cube.arms.map(({ axis, lsf }, a) => ({ axis, lsf, flux: buffers[a]!.flux, variance: buffers[a]!.variance }));
  const spectraOf = (b: number): readonly Spectrum[] => {
    extractSpectrum(cube, binning, b, buffers, factors);
    return spectra;
  };
  const fitter = createLineFitter(spectra, { redshift, absorption: config.continuum.absorption });
  const covered = fitter.lines.filter((name) => fitter.windows.some((window) => window.lines.includes(name)));
  const { count } = binning;
  const column = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const lines = new Map(covered.map((name) => [name, { flux: column(), fluxError: column(), ew: column(), ewError: column() }]));
  const sums = new Map(covered.map((name) => [name, { flux: column(), fluxError: column() }]));
  const [velocity, velocityError, sigma, sigmaError, reducedChi2] = [column(), column(), column(), column(), column()];
  const status = new Int32Array(count);
  const fits: Pick<LineFit, 'velocity' | 'flux' | 'fluxError'>[] = [];
  for (let b = 0; b < count; b++) {
    const fit = fitter.fit(spectraOf(b));
    fits.push({ velocity: fit.velocity, flux: fit.flux, fluxError: fit.fluxError });
    fitter.lines.forEach((name, i) => {
      const line = lines.get(name);
      const sum = sums.get(name);
      if (!line || !sum) return;
      line.flux[b] = fit.flux[i]!;
      line.fluxError[b] = fit.fluxError[i]!;
      line.ew[b] = fit.ew[i]!;
      line.ewError[b] = fit.ewError[i]!;
      sum.flux[b] = fit.sum[i]!;
      sum.fluxError[b] = fit.sumError[i]!;
      if (needed.includes(name)) status[b]! |= fit.lineStatus[i]! & (1 << maskBits.SKYLINE);
    });
    velocity[b] = fit.velocity;
    velocityError[b] = fit.velocityError;
    sigma[b] = fit.sigma;
    sigmaError[b] = fit.sigmaError;
    reducedChi2[b] = fit.dof > 0 ? fit.chi2 / fit.dof : Number.NaN;
    status[b]! |= fit.status;
    progress?.(b + 1, count);
  }
  if (status.some((bits) => bits & (1 << maskBits.SKYLINE))) {
    const touched = covered.filter((name) => fitter.skyAt(name) !== null).map((name) => `${lineByName(name).label} (${fitter.skyAt(name)})`);
    warnings.push(`at this redshift lines fall on sky features: ${touched.join(', ')}`);
  }
  const ha = lines.get('Ha');
  const { x, y, npix } = binCentres(binning);
  const maps: LineMaps = {
    object: config.object ?? cube.object ?? 'galaxy', binning, wcs: cube.wcs, pixelScale: cube.pixelScale, x, y, npix, redshift,
    lines, velocity, velocityError, sigma, sigmaError, status, image: whiteLight(cube, { redshift }),
    provenance: `${cube.instrument} cube, local continuum with ${config.continuum.absorption} Å of Balmer absorption, Gaussian lines`,
    foregroundCorrected: factors !== null,
  };
  const bySn = Array.from({ length: count }, (_, b) => b).filter((b) => ha && ha.flux[b]! > 3 * ha.fluxError[b]!)
    .sort((a, b) => ha!.flux[b]! / ha!.fluxError[b]! - ha!.flux[a]! / ha!.fluxError[a]!);
  const label = (name: string, b: number): { b: number; label: string } => ({ b, label: `${name}, S/N ${(ha!.flux[b]! / ha!.fluxError[b]!).toFixed(0)}` });
  const shown = bySn.length < 3 ? bySn.map((b) => label('bin', b)) : [label('brightest', bySn[0]!), label('median', bySn[bySn.length >> 1]!), label('faintest', bySn[bySn.length - 1]!)];
  return {
    maps,
    details: {
      instrument: cube.instrument, museLsf: cube.arms.some(({ lsf }) => lsf.kind === 'muse'), medium: cube.arms[0]!.axis.medium,
      nonParametric: sums, reducedChi2, refinedRedshift: refineRedshift(fits, redshift),
      instrumentSigma: new Map(covered.map((name) => [name, new Float64Array(count).fill(fitter.instrumentSigma[fitter.lines.indexOf(name)]!)])),
      examples: pictures(shown, fitter, spectraOf, redshift),
    },
  };
}

/** The lines whose sky features are told per bin: those of the excitation diagram and the leading calibrations. */
const needed: readonly LineName[] = ['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731'];
