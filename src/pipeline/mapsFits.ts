import { binToMap } from '../binning/index.js';
import { deproject, type Disk } from '../disk/index.js';
import type { Card, HduSpec } from '../fits/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { lineByName, type LineName } from '../nebula/index.js';
import { celestialCards } from '../sky/index.js';
import type { Channel } from './channel.js';
import { offsetOf } from './geometry.js';
import type { LineFitDetails } from './measureBins.js';
import type { KinematicColumns } from './lineRecord.js';
import type { NebularBins } from './nebular.js';
import { kpcPerArcsec } from './resolve.js';
import { stellarMaps } from './stellarMaps.js';
import type { StellarDensities } from './stellarMass.js';
import { version } from './version.js';

export interface MapsInput {
  readonly maps: LineMaps;
  readonly nebular: NebularBins;
  readonly disk: Disk;
  /** What only the cube chain knows (instrumental dispersion, χ², non-parametric fluxes); null at the hub. */
  readonly details: LineFitDetails | null;
  /** Null where the stars were not fitted. */
  readonly densities: StellarDensities | null;
  /** Why spaxels are in no bin; null when nothing is known. */
  readonly spaxelStatus: Int32Array | null;
}

const inverseVariance = (error: number): number => (error > 0 && Number.isFinite(error) ? 1 / (error * error) : 0);

/**
 * The extensions of maps.fits in the style of the MaNGA DAP's MAPS files (Westfall et al. 2019): channels named in
 * C01…, units in U01…, HDUCLAS keywords that tie a quantity to its inverse variance and its mask, DAPPIXMASK bits.
 * Every spaxel of a bin carries the bin's value; fluxes are per spaxel in 1e-17 erg/s/cm². Made channel by channel as they are
 * asked for: all together they can be as large as the cube.
 */
export function* mapsHdus({ maps, nebular, disk, details, densities, spaxelStatus }: MapsInput): Generator<HduSpec, void, undefined> {
  const { binning } = maps;
  const { nx, ny } = binning;
  const size = nx * ny;
  const celestial = maps.wcs?.celestial ? celestialCards(maps.wcs.celestial) : [];

  const primary: Card[] = [
    { key: 'OBJECT', value: maps.object }, { key: 'ORIGIN', value: 'zgrad' }, { key: 'VERSZGRD', value: version, comment: 'version of zgrad' },
    { key: 'DAPFRMT', value: 'MAPS', comment: 'layout of the extensions' },
    { key: 'SCINPVEL', value: maps.redshift * 299792.458, comment: '[km/s] cz that velocities refer to' },
    { key: 'ECOOPA', value: disk.positionAngle, comment: '[deg] position angle, north through east' },
    { key: 'ECOOELL', value: disk.ellipticity, comment: 'ellipticity 1-b/a' },
    { key: 'ECOOQ0', value: disk.thickness, comment: 'intrinsic thickness of the disc' },
    { key: 'REFF', value: disk.effectiveRadiusArcsec, comment: '[arcsec] effective radius' },
    ...(disk.ra === null || disk.dec === null ? [] : [
      { key: 'OBJRA', value: disk.ra, comment: '[deg] centre' }, { key: 'OBJDEC', value: disk.dec, comment: '[deg] centre' }]),
  ];
  yield { kind: 'image', axes: [], data: null, cards: primary };

  const axesOf = (channels: readonly Channel[]): number[] => (channels.length > 1 ? [nx, ny, channels.length] : [nx, ny]);

  const cards = (channels: readonly Channel[], kind: 'DATA' | 'ERROR' | 'QUALITY', name: string, withError: boolean, withMask: boolean): Card[] => {
    const out: Card[] = [...celestial, { key: 'HDUCLASS', value: 'SDSS', comment: 'SDSS format class' },
      { key: 'HDUCLAS1', value: channels.length > 1 ? 'CUBE' : 'IMAGE' }, { key: 'HDUCLAS2', value: kind }];
    if (kind === 'ERROR') out.push({ key: 'HDUCLAS3', value: 'INVMSE', comment: 'inverse variance' });
    if (kind === 'QUALITY') out.push({ key: 'HDUCLAS3', value: 'FLAG32BIT', comment: 'DAPPIXMASK bits and zgrad\'s own, see dictionary.md' });
    if (kind !== 'DATA') out.push({ key: 'SCIDATA', value: name });
    if (kind !== 'ERROR' && withError) out.push({ key: 'ERRDATA', value: `${name}_IVAR` });
    if (kind !== 'QUALITY' && withMask) out.push({ key: 'QUALDATA', value: `${name}_MASK` });
    const unit = (one: Channel): string => (kind === 'ERROR' && one.unit ? `(${one.unit})^-2` : one.unit);
    if (channels.length === 1) {
      if (kind !== 'QUALITY' && channels[0]!.unit) out.push({ key: 'BUNIT', value: unit(channels[0]!) });
      return out;
    }
    channels.forEach((channel, i) => {
      const number = String(i + 1).padStart(2, '0');
      out.push({ key: `C${number}`, value: channel.name, comment: `data in channel ${i + 1}` });
      if (kind !== 'QUALITY' && channel.unit) out.push({ key: `U${number}`, value: unit(channel) });
    });
    const units = new Set(channels.map(unit));
    if (kind !== 'QUALITY' && units.size === 1 && channels[0]!.unit) out.push({ key: 'BUNIT', value: unit(channels[0]!) });
    return out;
  };

  /** Channel after channel, each `into` the same memory: what `of` says of each bin, in all of its spaxels. */
  function* spread<A extends Float64Array | Int32Array>(channels: readonly Channel[], into: A, fill: number, of: (channel: Channel, ofBins: A) => void): Generator<A, void, undefined> {
    const ofBins = into.slice(0, binning.count) as A;
    const { bin } = binning;
    for (const channel of channels) {
      of(channel, ofBins);
      for (let s = 0; s < size; s++) into[s] = bin[s]! < 0 ? fill : ofBins[bin[s]!]!;
      yield into;
    }
  }
  const [numbers, bits] = [new Float64Array(size), new Int32Array(size)];

  /** A quantity with its inverse variance (where there are errors) and its mask. */
  function* add(name: string, channels: readonly Channel[], statusOfBins: Int32Array = maps.status): Generator<HduSpec, void, undefined> {
    const withError = channels.every((channel) => channel.errors);
    const axes = axesOf(channels);
    yield {
      kind: 'pieces', name, axes, bitpix: -64, cards: cards(channels, 'DATA', name, withError, true),
      pieces: () => spread(channels, numbers, Number.NaN, ({ values }, ofBins) => ofBins.set(values)),
    };
    if (withError) {
      yield {
        kind: 'pieces', name: `${name}_IVAR`, axes, bitpix: -64, cards: cards(channels, 'ERROR', name, withError, true),
        pieces: () => spread(channels, numbers, 0, ({ errors }, ofBins) => { for (let b = 0; b < ofBins.length; b++) ofBins[b] = inverseVariance(errors![b]!); }),
      };
    }
    yield {
      kind: 'pieces', name: `${name}_MASK`, axes, bitpix: 32, cards: cards(channels, 'QUALITY', name, withError, true),
      pieces: () => spread(channels, bits, (1 << maskBits.NOCOV) | (1 << maskBits.DONOTUSE), ({ values, mask }, ofBins) => {
        for (let b = 0; b < ofBins.length; b++) ofBins[b] = statusOfBins[b]! | (mask?.[b] ?? 0) | (Number.isFinite(values[b]!) ? 0 : (1 << maskBits.NOVALUE) | (1 << maskBits.DONOTUSE));
      }),
    };
  }

  /** A map that is given per spaxel. */
  const ofSpaxels = (name: string, channels: readonly { name: string; unit: string; map: Float64Array }[]): HduSpec => {
    const likeBins = channels.map((one) => ({ name: one.name, unit: one.unit, values: [] }));
    return { kind: 'pieces', name, axes: axesOf(likeBins), bitpix: -64, pieces: () => channels.map(({ map }) => map), cards: cards(likeBins, 'DATA', name, false, false) };
  };

  // Sky offsets are positive to the east; the DAP's own convention for SPX_SKYCOO.
  const dE = new Float64Array(size);
  const dN = new Float64Array(size);
  const radius = new Float64Array(size);
  const azimuth = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const x = i % nx;
    const y = Math.floor(i / nx);
    [dE[i], dN[i]] = offsetOf(maps, disk, x, y);
    const plane = deproject(disk, dE[i]!, dN[i]!);
    radius[i] = plane.radius;
    azimuth[i] = plane.azimuth;
  }
  const kpc = kpcPerArcsec(disk.angularDistance);
  yield ofSpaxels('SPX_SKYCOO', [{ name: 'On-sky X', unit: 'arcsec', map: dE }, { name: 'On-sky Y', unit: 'arcsec', map: dN }]);
  yield ofSpaxels('SPX_ELLCOO', [
    { name: 'Elliptical radius', unit: 'arcsec', map: radius },
    { name: 'R/Re', unit: '', map: radius.map((r) => r / disk.effectiveRadiusArcsec) },
    { name: 'R kpc', unit: 'kpc', map: radius.map((r) => r * kpc) },
    { name: 'Elliptical azimuth', unit: 'deg', map: azimuth },
  ]);
  if (maps.image) yield ofSpaxels('SPX_MFLUX', [{ name: 'mean flux', unit: details ? '1E-17 erg/s/cm^2/Angstrom/spaxel' : '', map: maps.image }]);

  const { stars } = details ?? {};
  const starBins = stars ? binning.bin.map((b) => (b < 0 ? -1 : stars.continuumBin[b]!)) : binning.bin;
  yield {
    kind: 'pieces', name: 'BINID', axes: [nx, ny, 5], bitpix: 32, pieces: () => [binning.bin, starBins, binning.bin, binning.bin, binning.bin],
    cards: [...celestial, { key: 'HDUCLASS', value: 'SDSS' }, { key: 'HDUCLAS1', value: 'CUBE' }, { key: 'HDUCLAS2', value: 'DATA' },
      ...['Binned spectra', 'Stellar continua', 'Em. line moments', 'Em. line models', 'Spectral indices']
        .map((name, i) => ({ key: `C0${i + 1}`, value: name }))],
  };

  const names = [...maps.lines.keys()];
  const perSpaxel = (values: Float64Array): Float64Array => values.map((v, b) => v / maps.npix[b]!);
  const perLine = (of: (name: LineName) => Omit<Channel, 'name'>): Channel[] =>
    names.map((name) => ({ name: lineByName(name).dapName, mask: nebular.lineStatus.get(name)!, ...of(name) }));
  const fluxUnit = '1E-17 erg/s/cm^2/spaxel';
  yield* add('EMLINE_GFLUX', perLine((name) => {
    const line = maps.lines.get(name)!;
    return { unit: fluxUnit, values: perSpaxel(line.flux), errors: perSpaxel(line.fluxError) };
  }));
  if (details) {
    yield* add('EMLINE_SFLUX', perLine((name) => {
      const { sum, sumError } = details.extras.get(name)!;
      return { unit: fluxUnit, values: perSpaxel(sum), errors: perSpaxel(sumError) };
    }));
    yield* add('EMLINE_GANR', perLine((name) => ({ unit: '', values: details.extras.get(name)!.amplitudeOverNoise })));
    yield* add('EMLINE_LIMIT', perLine((name) => ({ unit: fluxUnit, values: perSpaxel(details.extras.get(name)!.upperLimit) })));
  }
  if ([...maps.lines.values()].every((line) => line.ew)) {
    yield* add('EMLINE_GEW', perLine((name) => {
      const line = maps.lines.get(name)!;
      return { unit: 'Angstrom', values: line.ew!, errors: line.ewError };
    }));
  }
  // Tied lines share one velocity and one dispersion; the dispersion here is the gas's own, as EMLINE_GSIGMA² − EMLINE_INSTSIGMA² of the DAP.
  const kinematicsOf = (name: LineName): KinematicColumns => (details && !details.tied ? details.extras.get(name)!.kinematics : maps);
  yield* add('EMLINE_GVEL', perLine((name) => ({ unit: 'km/s', values: kinematicsOf(name).velocity, errors: kinematicsOf(name).velocityError })));
  yield* add('EMLINE_GSIGMA', perLine((name) => (details
    ? { unit: 'km/s', ...observedSigma(kinematicsOf(name), details.instrumentSigma.get(name)!) }
    : { unit: 'km/s', values: maps.sigma, errors: maps.sigmaError })));
  if (details) {
    yield* add('EMLINE_INSTSIGMA', perLine((name) => ({ unit: 'km/s', values: details.instrumentSigma.get(name)! })));
    yield* add('EMLINE_FOM', [{ name: 'rchi2', unit: '', values: details.reducedChi2 }]);
    yield* add('ERROR_FACTOR', [
      { name: 'lines', unit: '', values: details.noiseFactor }, ...(details.stars ? [{ name: 'stars', unit: '', values: details.stars.errorFactor }] : []),
    ]);
  }
  if (details?.stars) for (const { name, channels } of stellarMaps(details.stars, densities)) yield* add(name, channels, details.stars.status);
  yield* add('EBV', [{ name: 'E(B-V)', unit: 'mag', values: nebular.ebv, errors: nebular.ebvError }]);
  yield* add('EXCITATION', [
    { name: 'BPT', unit: '', values: nebular.bpt }, { name: 'WHaN', unit: '', values: nebular.whan }, { name: 'WHaD', unit: '', values: nebular.whad },
  ]);
  if (nebular.agreement) {
    const { bpt, whan, whad } = nebular.agreement;
    yield* add('EXCITATION_AGREE', [{ name: 'BPT', unit: '', values: bpt }, { name: 'WHaN', unit: '', values: whan }, { name: 'WHaD', unit: '', values: whad }]);
  }
  yield* add('SFR_DENSITY', [{ name: 'log SFR density', unit: 'log(Msun/yr/kpc^2)', values: nebular.logSigmaSfr, errors: nebular.logSigmaSfrError }]);
  yield* add('OH', [...nebular.abundances].map(([name, one]) => ({ name, unit: 'dex', values: one.oh, errors: one.error, mask: one.status })));

  // STATUS says for every spaxel whether the leading gradient uses it, and why not.
  const status = Int32Array.from(binToMap(binning, nebular.status, (1 << maskBits.NOCOV) | (1 << maskBits.DONOTUSE)));
  spaxelStatus?.forEach((bits, i) => { if (bits && binning.bin[i]! < 0) status[i] = bits; });
  yield {
    kind: 'image', name: 'STATUS', axes: [nx, ny], data: status,
    cards: [...celestial, { key: 'HDUCLASS', value: 'SDSS' }, { key: 'HDUCLAS1', value: 'IMAGE' }, { key: 'HDUCLAS2', value: 'QUALITY' },
      { key: 'COMMENT', value: 'DONOTUSE (bit 30) = not used in the leading gradient; the other bits say why' }],
  };
}

/** The dispersion as observed, and its error: the instrument's added back, so that the DAP's correction recovers the gas's own. */
function observedSigma({ sigma, sigmaError }: KinematicColumns, instrument: ArrayLike<number>): { values: Float64Array; errors: Float64Array } {
  const values = sigma.map((own, b) => Math.hypot(own, instrument[b]!));
  return { values, errors: sigmaError.map((error, b) => (error * sigma[b]!) / values[b]!) };
}
