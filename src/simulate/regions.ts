import { createRandom } from '../numeric/index.js';
import type { SimulationSettings } from './settings.js';

/** An H II region of the disc. */
export interface HiiRegion {
  /** Sky offsets from the galaxy's centre, east and north [arcsec]. */
  readonly east: number;
  readonly north: number;
  /** Radius in the disc plane [R_e]. */
  readonly radius: number;
  /** Share of the light of all regions. */
  readonly share: number;
  /** 12+log(O/H). */
  readonly oxygen: number;
}

/** Scale length of an exponential disc in units of its effective radius. */
export const scalePerEffectiveRadius = 1 / 1.67834699;

/** Ratio of the brightest to the faintest region that is drawn. */
const luminosityRange = 100;

/**
 * H II regions of an exponential disc: positions follow the light, luminosities a power law.
 *
 * @param inField says whether sky offsets east and north of the centre [arcsec] lie in the field; regions elsewhere are left out.
 */
export function drawRegions(settings: SimulationSettings, inField: (east: number, north: number) => boolean): HiiRegion[] {
  const { gas, geometry, oxygen, seed } = settings;
  const random = createRandom(seed, 'regions');
  const cosInclination = Math.cos((geometry.inclination * Math.PI) / 180);
  const sinPa = Math.sin((geometry.positionAngle * Math.PI) / 180);
  const cosPa = Math.cos((geometry.positionAngle * Math.PI) / 180);
  const brightest = luminosityRange ** (1 - gas.luminosityIndex);
  const regions: (Omit<HiiRegion, 'share'> & { luminosity: number })[] = [];
  for (let n = 0; n < gas.regions; n++) {
    // Radii of a disc, density R·exp(−R/h): the sum of two exponential deviates.
    const radius = -scalePerEffectiveRadius * Math.log((1 - random.uniform()) * (1 - random.uniform()));
    const azimuth = 2 * Math.PI * random.uniform();
    const uniform = random.uniform();
    const luminosity = gas.luminosityIndex === 1
      ? luminosityRange ** uniform
      : (1 - uniform * (1 - brightest)) ** (1 / (1 - gas.luminosityIndex));
    const scatter = random.normal();
    const major = radius * geometry.effectiveRadius * Math.cos(azimuth);
    const minor = radius * geometry.effectiveRadius * Math.sin(azimuth) * cosInclination;
    const east = major * sinPa - minor * cosPa;
    const north = major * cosPa + minor * sinPa;
    if (!inField(east, north) || (gas.radius !== null && radius > gas.radius)) continue;
    regions.push({ east, north, radius, luminosity, oxygen: oxygen.central + oxygen.slope * radius + oxygen.scatter * scatter });
  }
  const total = regions.reduce((sum, { luminosity }) => sum + luminosity, 0);
  return regions.map(({ luminosity, ...region }) => ({ ...region, share: luminosity / total }));
}
