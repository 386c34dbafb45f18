import { binCentres, type Binning } from '../binning/index.js';
import { dereddenFactors, extractSpectrum, spectrumBuffers, whiteLight, type Cube } from '../cube/index.js';
import type { SpectrumBin, StarsBin } from '../figures/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { lineByName } from '../nebula/index.js';
import { createRandom } from '../numeric/index.js';
import { createLineFitter, refineRedshift, type LineFit, type LineFitter, type Spectrum } from '../spectrum/index.js';
import { createBinContinuum, type BinContinuum } from './binContinuum.js';
import type { ContinuumChoice } from './continuumChoice.js';
import { describeContinuum, type ContinuumFacts } from './continuumFacts.js';
import { createLineRecord, type LineRecord } from './lineRecord.js';
import { pictureLines, pictureStars } from './pictures.js';
import type { Config } from './resolve.js';
import type { StellarBins } from './stellarBins.js';

/** What only the cube chain knows beside the line maps. */
export interface LineFitDetails extends Pick<LineRecord, 'extras' | 'components' | 'reducedChi2' | 'noiseFactor'> {
  readonly instrument: Cube['instrument'];
  readonly museLsf: boolean;
  readonly medium: 'air' | 'vacuum';
  /** Whether lines have kinematics of their own. */
  readonly tied: boolean;
  /** Dispersion of the instrument at each line [km/s], the same in every bin. */
  readonly instrumentSigma: ReadonlyMap<string, Float64Array>;
  /** Systemic redshift from the lines; null where nothing was detected. */
  readonly refinedRedshift: number | null;
  readonly continuum: ContinuumFacts;
  /** Null where the continuum is local. */
  readonly stars: StellarBins | null;
  /** Ages of the stars' histories, log10 [yr]. */
  readonly logAges: Float64Array;
  /** The fits of the brightest, the median and the faintest detected bin. */
  readonly examples: readonly SpectrumBin[];
  readonly starExamples: readonly StarsBin[];
}

export interface FitBinsOptions {
  readonly config: Config;
  readonly choice: ContinuumChoice;
  /** Bins for the stars alone. Default: those of the lines. */
  readonly continuumBinning?: Binning | null;
  /** Sentences for the user are added. */
  readonly warnings: string[];
  readonly progress?: (done: number, count: number) => void;
}

/** Spectra of any bin of a cube, foreground dust taken off; each is overwritten by the next. */
function spectraOfBins(cube: Cube, factors: readonly Float64Array[] | null): (binning: Binning, b: number) => readonly Spectrum[] {
  const buffers = spectrumBuffers(cube);
  const spectra: Spectrum[] = cube.arms.map(({ axis, lsf }, a) => ({ axis, lsf, flux: buffers[a]!.flux, variance: buffers[a]!.variance }));
  return (binning, b) => {
    extractSpectrum(cube, binning, b, buffers, factors);
    return spectra;
  };
}

/**
 * Measures every bin of a cube: foreground dust, continuum, all lines at once. The result is the hub's line maps,
 * velocities relative to the configured redshift.
 */
export function fitBins(cube: Cube, binning: Binning, { config, choice, continuumBinning = null, warnings, progress }: FitBinsOptions): { maps: LineMaps; details: LineFitDetails } {
  const { redshift, seed, lines: { tie, components, ratioBounds, monteCarlo } } = config;
  const factors = config.foreground.ebv > 0 ? dereddenFactors(cube, config.foreground.ebv) : null;
  const spectraOf = spectraOfBins(cube, factors);
  const fitter = createLineFitter(cube.arms, { redshift, absorption: config.continuum.absorption, tie, components, ...(!ratioBounds && { ratioBounds: [] }) });
  const stars: BinContinuum | null = choice.method === 'local' ? null
    : createBinContinuum({ cube, binning, continuumBinning, choice, config, fitter, spectraOf: spectraOfBins(cube, factors) });
  const { count } = binning;
  const record = createLineRecord(count, fitter, components === 2);
  const fits: Pick<LineFit, 'velocity' | 'flux' | 'fluxError'>[] = [];
  const order = stars?.order ?? Array.from({ length: count }, (_, b) => b);
  order.forEach((b, done) => {
    const spectra = spectraOf(binning, b);
    const continuum = stars?.of(b, spectra);
    const fit = fitter.fit(spectra, continuum);
    const draws = monteCarlo > 0 ? fitter.monteCarlo(spectra, continuum, monteCarlo, createRandom(seed, 'lines', b)) : null;
    fits[b] = { velocity: fit.velocity, flux: fit.flux, fluxError: fit.fluxError };
    record.add(b, fit, draws);
    progress?.(done + 1, count);
  });
  const { lines, kinematics, status } = record;
  if (status.some((bits) => bits & (1 << maskBits.SKYLINE))) {
    const touched = [...lines.keys()].filter((name) => fitter.skyAt(name) !== null).map((name) => `${lineByName(name).label} (${fitter.skyAt(name)})`);
    warnings.push(`at this redshift lines fall on sky features: ${touched.join(', ')}`);
  }
  const continuum = describeContinuum(choice, config, stars);
  warnings.push(...continuum.notes);
  const { x, y, npix } = binCentres(binning);
  const maps: LineMaps = {
    object: config.object ?? cube.object ?? 'galaxy', binning, wcs: cube.wcs, pixelScale: cube.pixelScale, x, y, npix, redshift,
    lines, ...kinematics, status, image: whiteLight(cube, { redshift }),
    provenance: `${cube.instrument} cube, ${continuum.sentence}, Gaussian lines`, foregroundCorrected: factors !== null,
  };
  const examples = exampleBins(maps);
  const fitAgain = (b: number): readonly Spectrum[] => {
    const spectra = spectraOf(binning, b);
    fitter.fit(spectra, stars?.of(b, spectra));
    return spectra;
  };
  return {
    maps,
    details: {
      instrument: cube.instrument, museLsf: cube.arms.some(({ lsf }) => lsf.kind === 'muse'), medium: cube.arms[0]!.axis.medium, tied: tie === 'all',
      extras: record.extras, components: record.components, reducedChi2: record.reducedChi2, noiseFactor: record.noiseFactor,
      refinedRedshift: refineRedshift(fits, redshift), instrumentSigma: instrumentSigmas(fitter, count),
      continuum, stars: stars?.stars ?? null, logAges: stars?.logAges ?? new Float64Array(0),
      examples: examples.map(({ b, label }) => pictureLines(label, fitter, fitAgain(b), redshift)),
      starExamples: stars ? examples.flatMap(({ b, label }) => {
        const spectra = spectraOf(binning, b);
        const own = stars.of(b, spectra);
        return own ? [pictureStars(label, spectra, own, stars.last(), stars.fitter.covered, redshift)] : [];
      }) : [],
    },
  };
}

function instrumentSigmas({ lines, instrumentSigma }: LineFitter, count: number): Map<string, Float64Array> {
  return new Map(lines.map((name, i) => [name, new Float64Array(count).fill(instrumentSigma[i]!)]));
}

/** The brightest, the median and the faintest bin in which Hα is detected. */
function exampleBins({ lines, binning: { count } }: LineMaps): { b: number; label: string }[] {
  const ha = lines.get('Ha');
  if (!ha) return [];
  const sn = ha.flux.map((flux, b) => flux / ha.fluxError[b]!);
  const bySn = Array.from({ length: count }, (_, b) => b).filter((b) => sn[b]! > 3).sort((a, b) => sn[b]! - sn[a]!);
  const label = (name: string, b: number): { b: number; label: string } => ({ b, label: `${name}, S/N ${sn[b]!.toFixed(0)}` });
  if (bySn.length < 3) return bySn.map((b) => label('bin', b));
  return [label('brightest', bySn[0]!), label('median', bySn[bySn.length >> 1]!), label('faintest', bySn[bySn.length - 1]!)];
}
