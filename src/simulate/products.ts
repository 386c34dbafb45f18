import type { ByteSink, Card, HduSpec } from '../fits/index.js';
import { startImage, writeFits } from '../fits/index.js';
import { makeTable } from '../table/index.js';
import { celestialGridCards, dataCards, primaryCards, settingCards, statCards } from './cards.js';
import type { SimulatedCube } from './cube.js';
import { simulatePlanes } from './planes.js';
import type { Simulation } from './simulation.js';

/** The HDUs of a MUSE cube: an empty primary, DATA and STAT (the variance). */
export function cubeHdus({ settings, data, stat }: SimulatedCube): HduSpec[] {
  const axes = [settings.nx, settings.ny, settings.wavelength.count];
  return [
    { kind: 'image', axes: [], data: null, cards: primaryCards(settings) },
    { kind: 'image', name: 'DATA', axes, data, cards: dataCards(settings) },
    { kind: 'image', name: 'STAT', axes, data: stat, cards: statCards(settings) },
  ];
}

/**
 * Writes the cube of a simulation plane by plane, so that a cube of any size needs the memory of a few planes. The planes are
 * computed twice, once for DATA and once for STAT, which needs no noise.
 */
export async function writeSimulatedCube(sink: ByteSink, simulation: Simulation): Promise<void> {
  const { settings } = simulation;
  const axes = [settings.nx, settings.ny, settings.wavelength.count];
  const noiseless: Simulation = { ...simulation, settings: { ...settings, noise: { ...settings.noise, add: false } } };
  let at = await writeFits(sink, [{ kind: 'image', axes: [], data: null, cards: primaryCards(settings) }]);
  for (const [name, cards, key, observed] of [['DATA', dataCards(settings), 'data', simulation], ['STAT', statCards(settings), 'stat', noiseless]] as const) {
    const image = await startImage(sink, { axes, bitpix: -32, cards, name, at });
    for (const plane of simulatePlanes(observed)) await image.write(plane[key]);
    at = await image.close();
  }
}

/**
 * The HDUs of the truth file. The primary's cards hold every setting; line maps are images named after the lines
 * [1e-17 erg/s/cm2 per spaxel, noise-free and PSF-convolved], the same before the PSF end in `_SHARP`; then kinematics,
 * equivalent widths, radius, O/H, E(B−V), and the table of H II regions.
 */
export function truthHdus({ settings, truth, disk }: Simulation): HduSpec[] {
  const wcs = celestialGridCards(settings);
  const image = (name: string, unit: string | null, data: Float64Array): HduSpec => ({
    kind: 'image', name, axes: [settings.nx, settings.ny], data, cards: [...(unit ? [{ key: 'BUNIT', value: unit }] : []), ...wcs],
  });
  const fluxUnit = '1e-17 erg/s/cm2';
  const { regions } = truth;
  const column = (name: string, unit: string | null, description: string, values: Float64Array) => ({ name, unit, description, values });
  const primary: Card[] = [
    { key: 'OBJECT', value: settings.object },
    { key: 'REDSHIFT', value: settings.redshift },
    { key: 'SLOPE', value: settings.oxygen.slope, comment: '[dex/R_e] slope of 12+log(O/H) before the PSF' },
    { key: 'OHCENTRE', value: settings.oxygen.central, comment: '12+log(O/H) at the centre' },
    { key: 'REFF', value: disk.effectiveRadiusArcsec, comment: '[arcsec] effective radius' },
    { key: 'REFFKPC', value: disk.effectiveRadiusKpc, comment: '[kpc] effective radius' },
    { key: 'ELLIP', value: disk.ellipticity, comment: '1 - b/a' },
    { key: 'DISTANCE', value: disk.luminosityDistance, comment: '[Mpc] luminosity distance' },
    ...settingCards(settings),
  ];
  return [
    { kind: 'image', axes: [], data: null, cards: primary },
    ...[...truth.lines].map(([name, map]) => image(name, fluxUnit, map)),
    ...[...truth.sharpLines].map(([name, map]) => image(`${name}_SHARP`, fluxUnit, map)),
    image('VELOCITY', 'km/s', truth.velocity),
    image('SIGMA', 'km/s', truth.sigma),
    image('EW_HA', 'Angstrom', truth.ew),
    ...[...truth.absorption].map(([name, map]) => image(`EWABS_${name}`, 'Angstrom', map)),
    image('CONTINUUM', '1e-20 erg/s/cm2/Angstrom', truth.continuum),
    image('RADIUS', null, truth.radius),
    image('OH', null, truth.oxygen),
    image('EBV', 'mag', truth.ebv),
    {
      kind: 'table', name: 'REGIONS',
      table: makeTable([
        column('east', 'arcsec', 'offset from the centre', Float64Array.from(regions, ({ east }) => east)),
        column('north', 'arcsec', 'offset from the centre', Float64Array.from(regions, ({ north }) => north)),
        column('radius', null, 'radius in the disc plane in R_e', Float64Array.from(regions, ({ radius }) => radius)),
        column('share', null, 'share of the light of all regions', Float64Array.from(regions, ({ share }) => share)),
        column('oxygen', null, '12+log(O/H)', Float64Array.from(regions, ({ oxygen }) => oxygen)),
      ]),
    },
  ];
}
