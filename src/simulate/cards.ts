import type { Card } from '../fits/index.js';
import { centerOf } from './galaxy.js';
import type { SimulationSettings } from './settings.js';

const unit = '10**(-20)*erg/s/cm**2/Angstrom';

/** Coordinates of the spaxel grid: north up, east left, the galaxy's centre as reference. */
export function celestialGridCards(settings: SimulationSettings): Card[] {
  const { position, pixelScale } = settings;
  const [x, y] = centerOf(settings);
  return [
    { key: 'CTYPE1', value: 'RA---TAN' },
    { key: 'CTYPE2', value: 'DEC--TAN' },
    { key: 'CUNIT1', value: 'deg' },
    { key: 'CUNIT2', value: 'deg' },
    { key: 'CRPIX1', value: x + 1 },
    { key: 'CRPIX2', value: y + 1 },
    { key: 'CRVAL1', value: position[0] },
    { key: 'CRVAL2', value: position[1] },
    { key: 'CD1_1', value: -pixelScale / 3600 },
    { key: 'CD1_2', value: 0 },
    { key: 'CD2_1', value: 0 },
    { key: 'CD2_2', value: pixelScale / 3600 },
    { key: 'RADESYS', value: 'ICRS' },
  ];
}

/** Coordinates of the cube, as the MUSE pipeline writes them (Weilbacher et al. 2020). */
function cubeGridCards(settings: SimulationSettings): Card[] {
  const { start, step } = settings.wavelength;
  return [
    ...celestialGridCards(settings),
    { key: 'CTYPE3', value: 'AWAV', comment: 'wavelengths in air' },
    { key: 'CUNIT3', value: 'Angstrom' },
    { key: 'CRPIX3', value: 1 },
    { key: 'CRVAL3', value: start },
    { key: 'CD1_3', value: 0 },
    { key: 'CD2_3', value: 0 },
    { key: 'CD3_1', value: 0 },
    { key: 'CD3_2', value: 0 },
    { key: 'CD3_3', value: step },
  ];
}

/** Cards of the DATA extension. */
export function dataCards(settings: SimulationSettings): Card[] {
  return [
    { key: 'OBJECT', value: settings.object },
    { key: 'BUNIT', value: unit },
    ...cubeGridCards(settings),
    { key: 'HDUCLASS', value: 'ESO' },
    { key: 'HDUDOC', value: 'DICD' },
    { key: 'HDUCLAS1', value: 'IMAGE' },
    { key: 'HDUCLAS2', value: 'DATA' },
    { key: 'ERRDATA', value: 'STAT', comment: 'extension that holds the variance' },
  ];
}

/** Cards of the STAT extension. */
export function statCards(settings: SimulationSettings): Card[] {
  return [
    { key: 'OBJECT', value: settings.object },
    { key: 'BUNIT', value: `(${unit})**2` },
    ...cubeGridCards(settings),
    { key: 'HDUCLASS', value: 'ESO' },
    { key: 'HDUDOC', value: 'DICD' },
    { key: 'HDUCLAS1', value: 'IMAGE' },
    { key: 'HDUCLAS2', value: 'ERROR' },
    { key: 'HDUCLAS3', value: 'MSE' },
    { key: 'SCIDATA', value: 'DATA' },
  ];
}

/** Cards of the primary HDU of the cube. */
export function primaryCards(settings: SimulationSettings): Card[] {
  const { object, position, psf } = settings;
  const fwhm = (key: string, comment: string): Card => ({ key, value: psf.fwhm, comment: `[arcsec] ${comment}` });
  return [
    { key: 'ORIGIN', value: 'zgrad', comment: 'a simulation, not an observation' },
    { key: 'INSTRUME', value: 'MUSE', comment: 'the format that is imitated' },
    { key: 'OBJECT', value: object },
    { key: 'RA', value: position[0] },
    { key: 'DEC', value: position[1] },
    { key: 'RADESYS', value: 'ICRS' },
    ...(psf.fwhm > 0
      ? [
        fwhm('ESO OCS SGS FWHM MED', 'FWHM of the simulated PSF'),
        fwhm('ESO TEL AMBI FWHM START', 'FWHM of the simulated PSF'),
        fwhm('ESO TEL AMBI FWHM END', 'FWHM of the simulated PSF'),
      ]
      : []),
    ...settingCards(settings),
  ];
}

/** Every setting as a card: `SIM OXYGEN SLOPE` for oxygen.slope, and so on. */
export function settingCards(settings: SimulationSettings): Card[] {
  const flatten = (value: unknown, path: string): Card[] => {
    if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, part]) => flatten(part, `${path} ${key.toUpperCase()}`));
    return [{ key: path, value: value as Card['value'] }];
  };
  return flatten(settings, 'SIM');
}
