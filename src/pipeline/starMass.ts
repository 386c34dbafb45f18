import type { BandImage } from '../cube/index.js';
import type { Disk } from '../disk/index.js';
import type { MassInput } from '../evolution/index.js';
import { growthCurve } from '../image/index.js';
import { abMagnitude, perFrequency } from '../light/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import type { Reference } from './reference.js';
import type { Config } from './resolve.js';
import { pixelAngle, type Shape } from './shape.js';
import type { StellarBins } from './stellarBins.js';
import type { StellarDensities } from './stellarMass.js';

/** Mass of a galaxy's stars and where it comes from. */
export interface StarMass {
  /** log [dex(M☉)], null where `reason` says why. */
  readonly mass: MassInput | null;
  readonly source: 'given' | 'fit' | null;
  /** log mass and error in the bins with trusted stars; null where none were fitted. */
  readonly inField: { readonly value: number; readonly error: number } | null;
  /** The galaxy's light over that of those bins; null where the whole light is not known. */
  readonly lightFactor: { readonly value: number; readonly error: number | null; readonly image: string; readonly lowerLimit: boolean } | null;
  readonly reason: string | null;
}

/** log mass in the bins. Bins whose stars were fitted together share one error. */
function massInField({ logMass: { value, error } }: StellarDensities, { continuumBin }: StellarBins): StarMass['inField'] {
  let mass = 0;
  const spread = new Map<number, number>();
  value.forEach((log, b) => {
    if (!Number.isFinite(log)) return;
    mass += 10 ** log;
    const own = 10 ** log * Math.LN10 * (Number.isFinite(error[b]!) ? error[b]! : 0);
    spread.set(continuumBin[b]!, (spread.get(continuumBin[b]!) ?? 0) + own);
  });
  if (!(mass > 0)) return null;
  return { value: Math.log10(mass), error: Math.sqrt([...spread.values()].reduce((sum, one) => sum + one * one, 0)) / (mass * Math.LN10) };
}

const left = (1 << maskBits.USERMASK) | (1 << maskBits.FORESTAR) | (1 << maskBits.DEADFIBER) | (1 << maskBits.NOCOV);

/** Where the light of a cube's field was measured: part of its `CubeFacts`. */
export interface FieldLight {
  readonly shape: Shape | null;
  readonly bands: { readonly r: BandImage } | null;
  readonly reference: Reference | null;
}

/** What the light of the whole galaxy is measured by. */
export interface LightInput {
  readonly maps: LineMaps;
  readonly disk: Disk;
  /** Null at the hub. */
  readonly field: FieldLight | null;
  /** Why spaxels are left out; null at the hub. */
  readonly spaxelStatus: Int32Array | null;
}

/** The whole galaxy's light over that of the bins, by the growth curve of the geometry or, where that was given, one along it on the light of the field. */
function lightFactor({ maps, disk, field, spaxelStatus }: LightInput, trusted: (b: number) => boolean): StarMass['lightFactor'] {
  const { binning: { nx, ny, bin }, image } = maps;
  const lightOf = (data: Float64Array): number => bin.reduce((sum, b, spaxel) => (b >= 0 && trusted(b) && Number.isFinite(data[spaxel]!) ? sum + data[spaxel]! : sum), 0);
  const factor = (total: number, error: number, light: number, name: string, lowerLimit: boolean): StarMass['lightFactor'] => {
    const value = total / light;
    // Where the curve ends inside the light, the field's corners hold more than its last ellipse.
    return light > 0 && value > 0 ? { value: lowerLimit ? Math.max(1, value) : value, error: Number.isFinite(error) ? error / total : null, image: name, lowerLimit } : null;
  };
  const shape = field?.shape;
  if (shape?.growth) {
    const { growth: { totalFlux, totalFluxError, status: { lowerLimit } }, growthImage } = shape;
    const r = field!.bands && field!.bands.r.extent !== 'outside' ? field!.bands.r : null;
    const own = r?.data ?? image;
    if (!own) return null;
    if (growthImage === shape.image) return factor(totalFlux, totalFluxError, lightOf(own), growthImage, lowerLimit);
    const { reference } = field!;
    // Counts of a reference image are compared through magnitudes, which the cube must have in the whole of the band.
    if (reference && r?.extent === 'whole' && reference.wider.name.startsWith('the r image')) {
      const magnitude = abMagnitude(perFrequency(lightOf(own) * reference.applied * 1e-17, r.pivot));
      return factor(totalFlux, totalFluxError, 10 ** (0.4 * (reference.zeroPoint - magnitude)), growthImage, lowerLimit);
    }
  }
  if (!image) return null;
  const { totalFlux, totalFluxError, status: { lowerLimit } } = growthCurve(
    { nx, ny, data: image, mask: spaxelStatus && Uint8Array.from(spaxelStatus, (bits) => (bits & left ? 1 : 0)) },
    { x: disk.centerX, y: disk.centerY, ellipticity: disk.ellipticity, angle: pixelAngle(disk.positionAngle, maps.wcs?.celestial ?? null) },
  );
  return factor(totalFlux, totalFluxError, lightOf(image), 'the light of the field', lowerLimit);
}

/**
 * Mass of the stars of the whole galaxy: as given, or the mass-to-light ratio of the continuum fit (mass over light of the bins) times the light of the whole
 * galaxy, whose growth curve stands for what lies outside the field, behind masked stars and in bins without a trusted fit.
 */
export function starMass(stars: StellarBins | null, densities: StellarDensities | null, light: LightInput, { masses }: Config): StarMass {
  const inField = stars && densities && massInField(densities, stars);
  const factor = inField ? lightFactor(light, (b) => Number.isFinite(densities!.logMass.value[b]!)) : null;
  if (masses.stellar) return { mass: masses.stellar, source: 'given', inField, lightFactor: factor, reason: null };
  if (!inField) {
    const reason = stars ? 'no bin has a trusted mass' : 'the stars were not fitted and masses.stellar is not given';
    return { mass: null, source: null, inField: null, lightFactor: null, reason };
  }
  const error = Math.hypot(inField.error, (factor?.error ?? 0) / Math.LN10);
  return {
    mass: { value: inField.value + Math.log10(factor?.value ?? 1), error: error > 0 ? error : null, scale: 'log' }, source: 'fit', inField, lightFactor: factor, reason: null,
  };
}
