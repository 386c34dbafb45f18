import { figure, html, known, numberCell, percent, table, textCell, type Cell, type Row } from './html.js';
import type { ReportInput, ReportShape } from './reportInput.js';
import { fixed, withError } from './scale.js';

type Line = readonly [string, string];

const head: readonly Cell[] = [{ html: 'quantity', text: true }, { html: 'value', text: true }];
const lines = (rows: readonly Line[]): Row[] => rows.map(([name, value]) => ({ cells: [textCell(name), { html: value, text: true }] }));
const plusMinus = (error: number | undefined, decimals: number): string => (error !== undefined && error > 0 ? ` ± ${fixed(error, decimals)}` : '');

/** The adopted disc, what the isophotes and the growth curve say, and the gas beside the light. */
export function geometry({ disk, geometrySource, gas, field, seeing, redshift, refinedRedshift, figures }: ReportInput): string {
  const shape = field?.shape ?? null;
  const errors = shape?.errors;
  const rows: Line[] = [
    ['centre [pixel, from 0]', `${fixed(disk.centerX, 2)}, ${fixed(disk.centerY, 2)}${errors && errors.center > 0 ? ` ± ${fixed(errors.center, 2)}″` : ''}`],
    ...(known(disk.ra) && known(disk.dec) ? [['centre, RA and Dec [deg]', `${fixed(disk.ra, 6)}, ${fixed(disk.dec, 6)}`] as const] : []),
    ['position angle of the major axis [deg, north through east]', `${fixed(disk.positionAngle, 1)}${plusMinus(errors?.positionAngle, 1)}`], ['ellipticity 1 − b/a', `${fixed(disk.ellipticity, 3)}${plusMinus(errors?.ellipticity, 3)}`],
    ['intrinsic thickness', fixed(disk.thickness, 2)], ['inclination [deg]', fixed(disk.inclination, 1)],
    ['effective radius [arcsec, kpc]', `${shape?.growth?.lowerLimit && errors && errors.effectiveRadius > 0 ? '≥ ' : ''}${fixed(disk.effectiveRadiusArcsec, 2)}${plusMinus(errors && errors.effectiveRadius * disk.effectiveRadiusArcsec, 2)}, ${fixed(disk.effectiveRadiusKpc, 3)}`],
    ['redshift (by the lines)', `${fixed(redshift, 5)}${refinedRedshift === null ? '' : ` (${fixed(refinedRedshift, 5)})`}`], ['luminosity distance [Mpc]', fixed(disk.luminosityDistance, 2)], ['angular-diameter distance [Mpc]', fixed(disk.angularDistance, 2)],
    ['seeing, FWHM [arcsec]', seeing ? `${fixed(seeing.fwhm, 2)} (${html(seeing.source)})` : 'unknown'],
    ...(shape ? shapeLines(shape) : []),
    ['brightest place in Hα', known(gas.peakOffsetArcsec) ? `${fixed(gas.peakOffsetArcsec, 2)}″ from the centre, at pixel ${fixed(gas.peakX ?? NaN, 1)}, ${fixed(gas.peakY ?? NaN, 1)}` : 'Hα is not seen'],
    ['kinematic major axis of the gas [deg, receding side]', known(gas.kinematicPA) && known(gas.misalignment)
      ? `${fixed(gas.kinematicPA, 1)}${plusMinus(gas.kinematicPAError ?? 0, 1)}, ${fixed(gas.misalignment, 1)}° from the major axis of the light` : 'none stands out of the velocities'],
  ];
  return `<p>Geometry: ${html(geometrySource)}.</p>\n${figures.geometry ? figure(figures.geometry, geometryCaption) : ''}${table(head, lines(rows))}`;
}

const geometryCaption = 'A: what the geometry was measured on, with masked sources hatched. B, C: ellipticity and position angle of the isophotes as they are seen; the adopted ellipticity (red) is freed of the seeing. '
  + 'D: light inside growing ellipses of the adopted shape. The kinematic axis is that about which the velocities of Hα are most nearly bi-antisymmetric (Krajnović et al. 2006).';

function shapeLines({ image, isophotes, converged, used, radii, asymmetry, growth }: ReportShape): Line[] {
  return [
    ['isophotes', `${isophotes} on ${html(image)}, ${converged} converged${radii ? `, ${used} used, from ${fixed(radii[0], 2)}″ to ${fixed(radii[1], 2)}″` : ''}`],
    ['light without counterpart across the centre', known(asymmetry) ? percent(asymmetry) : 'unknown'],
    ...(growth ? [
      ['half-light radius of the growth curve', known(growth.effectiveRadius)
        ? `${growth.lowerLimit ? '≥ ' : ''}${fixed(growth.effectiveRadius, 2)}${plusMinus(growth.effectiveRadiusError, 2)}″ on ${html(growth.image)}${growth.lowerLimit ? ': the light goes on beyond the image, a lower limit' : ''}${growth.skyKnown ? '' : '; the sky could not be measured, 0 was taken'}`
        : `none on ${html(growth.image)}`] as const,
      ...(known(growth.magnitude) ? [['total light [AB mag]', `${growth.lowerLimit ? 'brighter than ' : ''}${fixed(growth.magnitude, 2)}`] as const] : []),
    ] : []),
  ];
}

/** What was masked, and why. */
export function maskedSources({ field }: ReportInput): string {
  if (!field?.sources.length) return '';
  return `<p>These spaxels carry FORESTAR; <code>mask.reg</code> holds them as DS9 regions. <code>sources: keep</code> in the configuration leaves them in.</p>\n${table(
    [{ html: 'kind', text: true }, { html: '<i>x</i>' }, { html: '<i>y</i>' }, { html: 'semi-axes [arcsec]' }, { html: 'why', text: true }],
    field.sources.map(({ kind, x, y, a, b, reasons }) => ({ cells: [textCell(kind), numberCell(x, 1), numberCell(y, 1), { html: `${fixed(a, 1)} × ${fixed(b, 1)}` }, textCell(reasons.join('; '))] })))}`;
}

/** Factors of the reference images over the cube, and their trend. */
export function fluxCalibration({ field }: ReportInput): string {
  const calibration = field?.calibration;
  if (!calibration) return '';
  const { kind, bands, trend, warnings, applied } = calibration;
  return `<p>Reference over cube ${kind === 'centre' ? 'in an aperture about the centre' : 'of isolated stars'}. ${applied === 1 ? 'The cube was left as it is.' : `The cube was multiplied by ${fixed(applied, 3)}.`} ${
    trend ? `With wavelength the factor changes by ${fixed(trend.slope, 3)}${plusMinus(trend.error, 3)} per 1000 Å.` : 'A trend with wavelength needs two whole bands.'}</p>\n${
    warnings.length ? `<ul>${warnings.map((text) => `<li>${html(text)}</li>`).join('')}</ul>\n` : ''}${table(
    [{ html: 'band', text: true }, { html: 'pivot [Å]' }, { html: 'factor' }, { html: 'places' }, { html: 'coverage', text: true }],
    bands.map(({ name, pivot, factor, error, places, partial }) => ({
      cells: [textCell(name), numberCell(pivot, 0), { html: known(factor) ? withError(factor, known(error) && error > 0 ? error : null) : '–' }, numberCell(places, 0), textCell(partial ? 'in part: the colour is in the factor' : 'whole')],
    })))}`;
}

/** How the bins came about. */
export function bins({ field, figures }: ReportInput): string {
  if (!field) return '';
  return `<p>${field.binning.map(html).join('<br>')}</p>\n${figures.bins ? figure(figures.bins, 'Above: the bins, neighbours in different colours. Below: what S/N each has over that aimed at.') : ''}`;
}
