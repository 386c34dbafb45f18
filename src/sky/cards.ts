import type { Card } from '../fits/index.js';
import type { CelestialWcs, SpectralWcs } from './wcs.js';

/**
 * The header cards of celestial coordinates, as PCi_j with CDELTi = 1 (the form of the MaNGA DAP), so that an axis
 * beside them needs no card. Reading them back gives the same numbers to the last bit.
 */
export function celestialCards(wcs: CelestialWcs): Card[] {
  const [lon, lat] = wcs.axes.map((axis) => axis + 1) as [number, number];
  const columns = [Math.min(lon, lat), Math.max(lon, lat)];
  const galactic = wcs.frame === 'GALACTIC';
  const rows = [
    { axis: lon, type: `${galactic ? 'GLON' : 'RA--'}-${wcs.projection}`, value: wcs.referenceValue[0], terms: wcs.matrix.slice(0, 2) },
    { axis: lat, type: `${galactic ? 'GLAT' : 'DEC-'}-${wcs.projection}`, value: wcs.referenceValue[1], terms: wcs.matrix.slice(2) },
  ];
  return [
    ...rows.flatMap(({ axis, type, value, terms }): Card[] => [
      { key: `CTYPE${axis}`, value: type },
      { key: `CUNIT${axis}`, value: 'deg' },
      { key: `CRVAL${axis}`, value, comment: '[deg] coordinate at the reference pixel' },
      { key: `CRPIX${axis}`, value: wcs.referencePixel[columns.indexOf(axis)]! + 1, comment: 'reference pixel' },
      { key: `CDELT${axis}`, value: 1 },
      ...terms.map((value, k): Card => ({ key: `PC${axis}_${columns[k]}`, value, comment: '[deg/pixel]' })),
    ]),
    { key: 'LONPOLE', value: wcs.lonPole, comment: '[deg] native longitude of the celestial pole' },
    { key: 'LATPOLE', value: wcs.latPole, comment: '[deg] native latitude of the celestial pole' },
    ...(galactic ? [] : [{ key: 'RADESYS', value: wcs.frame }]),
    ...(wcs.frame === 'FK5' ? [{ key: 'EQUINOX', value: 2000, comment: '[yr]' }] : []),
  ];
}

/** The header cards of a wavelength axis, in Å; CDELT form, to stand beside `celestialCards`. */
export function spectralCards(wcs: SpectralWcs): Card[] {
  const axis = wcs.axis + 1;
  return [
    { key: `CTYPE${axis}`, value: `${wcs.medium === 'air' ? 'AWAV' : 'WAVE'}${wcs.type === 'log' ? '-LOG' : ''}`, comment: `${wcs.medium} wavelength` },
    { key: `CUNIT${axis}`, value: 'Angstrom' },
    { key: `CRVAL${axis}`, value: wcs.referenceValue, comment: '[Angstrom] wavelength at the reference pixel' },
    { key: `CRPIX${axis}`, value: wcs.referencePixel + 1, comment: 'reference pixel' },
    { key: `CDELT${axis}`, value: wcs.step, comment: '[Angstrom/pixel]' },
  ];
}
