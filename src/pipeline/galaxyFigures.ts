import { binToMap } from '../binning/index.js';
import { binsFigure, bptFigure, budgetFigure, calibrationFigure, colourFigure, cutsFigure, galaxyFigure, geometryFigure, spectrumFigure, starsFigure, stellarMapsFigure, type CutPoint, type Scene } from '../figures/index.js';
import { maskBits } from '../linemaps/index.js';
import { lineByName } from '../nebula/index.js';
import { binsInput, colourInput, directionsOf, geometryInput } from './fieldFigures.js';
import { binRadii, type CutEntry } from './gradients.js';
import type { Products } from './productTypes.js';

/** The figures of one galaxy by file name. */
export interface GalaxyFigures {
  readonly galaxy: Scene;
  readonly calibrations: Scene;
  readonly budget: Scene;
  readonly cuts: Scene;
  readonly excitation: Scene;
  readonly spectra?: Scene;
  readonly stars?: Scene;
  readonly stellarMaps?: Scene;
  readonly colour?: Scene;
  readonly geometry?: Scene;
  readonly bins?: Scene;
}

/** The figures of one galaxy; those that have nothing to show are left out. */
export function galaxyFigures(products: Products): GalaxyFigures {
  const { maps, nebular, disk, details, gradients, densities, leading, seeing } = products;
  const stars = details?.stars ?? null;
  const untrusted = (1 << maskBits.NOVALUE) | (1 << maskBits.FITFAILED) | (1 << maskBits.LOWSNR);
  const ofStars = (values: Float64Array): Float64Array => binToMap(maps.binning, values.map((value, b) => (stars!.status[b]! & untrusted ? Number.NaN : value)));
  const { binning } = maps;
  const title = maps.object;
  const entry = gradients.gradients[0]!;
  const perSpaxel = (values: ArrayLike<number>): Float64Array => binToMap(binning, Float64Array.from(values, (v, b) => v / maps.npix[b]!));
  const used = Array.from(nebular.status, (status) => !(status & (1 << maskBits.DONOTUSE)));
  const own = nebular.abundances.get(leading.name)!;
  const ha = maps.lines.get('Ha');
  const nothing = new Float64Array(binning.count).fill(Number.NaN);
  // A velocity means something only where there is a line to measure it by.
  const detected = (values: Float64Array): Float64Array => values.map((v, b) => ((nebular.sn.get('Ha')?.[b] ?? 0) >= 3 ? v : Number.NaN));
  const log = (a: Float64Array | undefined, b: Float64Array | undefined): Float64Array =>
    nothing.map((_, i) => (a && b && a[i]! > 0 && b[i]! > 0 ? Math.log10(a[i]! / b[i]!) : Number.NaN));
  const flux = (name: Parameters<typeof lineByName>[0]): Float64Array | undefined => maps.lines.get(name)?.flux;

  const galaxy = galaxyFigure({
    title, nx: binning.nx, ny: binning.ny, pixelScale: maps.pixelScale, disk,
    ...directionsOf(maps),
    image: maps.image, rgb: null, haFlux: perSpaxel(ha?.flux ?? nothing), velocity: binToMap(binning, detected(maps.velocity)),
    oh: binToMap(binning, own.oh.map((oh, b) => (used[b] ? oh : Number.NaN))), calibration: leading.name,
    bins: {
      x: maps.x, y: maps.y, radiusRe: binRadii(maps, disk).map((r) => r / disk.effectiveRadiusArcsec), oh: own.oh, ohError: own.error,
      logSigmaSfr: nebular.logSigmaSfr, velocity: detected(maps.velocity), velocityError: maps.velocityError, used,
    },
    profile: entry.profile,
    line: entry.slope === null ? null : {
      slope: entry.slope, slopeError: entry.slopeError!, blockError: entry.errorBudget.blockBootstrap, intercept: entry.intercept!, interceptError: entry.interceptError!,
    },
    refused: entry.refused, seeing: seeing?.fwhm ?? null,
  });
  const point = (text: string, cut: CutEntry, chosen: boolean): CutPoint => ({ text, slope: cut.slope, slopeError: cut.slopeError, bins: cut.bins, chosen });
  const configured = gradients.cuts[0]!;
  const along = (of: (cut: CutEntry) => number): CutPoint[] => gradients.cuts
    .filter((cut) => !cut.composite && !cut.byHb && (cut === configured || of(cut) !== of(configured)))
    .sort((a, b) => of(a) - of(b)).map((cut) => point(String(of(cut)), cut, cut === configured));
  const [colours, shape, bins] = [colourInput(products), geometryInput(products), binsInput(products)];
  const spaxelClasses = Int32Array.from(binning.bin, (b) => (b < 0 ? -1 : nebular.bpt[b]!));
  return {
    galaxy,
    calibrations: calibrationFigure({
      title, kpcPerRe: disk.effectiveRadiusKpc,
      rows: gradients.gradients.filter((one) => one.quantity === 'O/H' && one.unit === 'dex/Re').map((one) => ({
        calibration: one.calibration!, slope: one.slope, slopeError: one.slopeError, blockError: one.errorBudget.blockBootstrap, chosen: one.calibration === leading.name,
      })),
    }),
    budget: budgetFigure({ title, ...entry.errorBudget, draws: null }),
    cuts: cutsFigure({
      title, snLine: [...along((cut) => cut.snLine), ...gradients.cuts.filter((cut) => cut.byHb).map((cut) => point(`Hβ ${cut.snLine}`, cut, false))], minEW: along((cut) => cut.minEW),
      composite: gradients.cuts.filter((cut) => cut === configured || cut.composite).map((cut) => point(cut.composite ? 'with' : 'without', cut, cut === configured)),
    }),
    excitation: bptFigure({
      title, logNiiHa: log(flux('NII6583'), flux('Ha')), logOiiiHb: log(flux('OIII5007'), flux('Hb')), classes: nebular.bpt, compositeShare: entry.composite,
      map: { nx: binning.nx, ny: binning.ny, pixelScale: maps.pixelScale, centerX: disk.centerX, centerY: disk.centerY, classes: spaxelClasses },
    }),
    ...(details && details.examples.length > 0 && {
      spectra: spectrumFigure({
        title, medium: details.medium, fluxUnit, bins: details.examples,
        lines: [...maps.lines.keys()].map(lineByName).map((line) => ({ label: line.label, wavelength: details.medium === 'air' ? line.air : line.vacuum })),
      }),
    }),
    ...(details && details.starExamples.length > 0 && { stars: starsFigure({ title, medium: details.medium, fluxUnit, bins: details.starExamples }) }),
    ...(stars && {
      stellarMaps: stellarMapsFigure({
        title, nx: binning.nx, ny: binning.ny, pixelScale: maps.pixelScale, centerX: disk.centerX, centerY: disk.centerY,
        velocity: ofStars(stars.velocity.value), sigma: ofStars(stars.sigma.value), rms: ofStars(stars.rms),
        logAge: some(ofStars(stars.logAgeLight.value)), metallicity: some(ofStars(stars.metallicityLight.value)),
        logSigmaStar: densities && some(ofStars(densities.logSigmaStar.value)),
      }),
    }),
    ...(colours && { colour: colourFigure(colours) }),
    ...(shape && { geometry: geometryFigure(shape) }),
    ...(bins && { bins: binsFigure(bins) }),
  };
}

const fluxUnit = '10^{−17} erg s^{−1} cm^{−2} Å^{−1}';

/** A map that has a value somewhere, else null. */
const some = (map: Float64Array): Float64Array | null => (map.some(Number.isFinite) ? map : null);
