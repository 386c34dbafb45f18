/** `node validate/stellarFigures.mjs`: docs/img/spectral-fits.png, real spectra with their fits and residuals; prints the table of what came out. */

import { writeFileSync } from 'node:fs';
import { frame, plotIn } from '../dist/figures/axes.js';
import { toSvg } from '../dist/figures/index.js';
import { label } from '../dist/figures/markup.js';
import { curve } from '../dist/figures/marks.js';
import { clipped, path, polyline } from '../dist/figures/scene.js';
import { faint, fontSize, hues, ink, pageWidth } from '../dist/figures/theme.js';
import { svgToPng } from '../dist/host/index.js';
import { quantile } from '../dist/stats/index.js';
import { sharedFolder } from './stellar.mjs';
import { fitRealSpectra, readEmiles, readRealSpectra } from './stellarSpectra.mjs';
import { table } from './markdown.mjs';

const [left, right, gap, mainHeight, stripHeight, pitch] = [36, 6, 34, 62, 24, 100];
const range = /** @type {const} */ ([3650, 7250]);

/** Consecutive stretches of values where `use` holds, NaN elsewhere: what a curve skips. */
const where = (values, use) => values.map((value, k) => (use(k) ? value : Number.NaN));

function panel({ name, redshift, spectrum: { axis, flux }, masked: { whole, used, kinematics, chi2, residuals } }, x, y, width, bottom) {
  const level = quantile([...whole].filter((value) => value > 0), 0.5);
  const rest = axis.wavelength.map((λ) => λ / (1 + redshift));
  const seen = (k) => rest[k] > range[0] && rest[k] < range[1];
  const model = where(whole.map((value) => value / level), (k) => seen(k) && whole[k] > 0);
  const relative = flux.map((value) => value / level);
  const inside = [...model].filter(Number.isFinite);
  const [low, high] = [quantile(inside, 0.001), quantile(inside, 0.999)];
  const span = high - low;
  const most = Math.max(5, 400 * residuals.percentiles[0]);
  const box = { x, y, width, height: mainHeight };
  const strip = { x, y: y + mainHeight + 3, width, height: stripHeight };
  const [plot, under] = [plotIn(box, range, [low - 0.25 * span, high + 0.35 * span]), plotIn(strip, range, [-most, most])];
  const residual = relative.map((value, k) => 100 * (value / model[k] - 1));
  const fit = (k) => used[k] === 1 && seen(k);
  const out = (k) => used[k] === 0 && seen(k);
  const grey = { stroke: '#c4c4c4', strokeWidth: 0.4 };
  return [
    clipped(box, [curve(plot, rest, where(relative, out), grey), curve(plot, rest, where(relative, fit), { stroke: ink, strokeWidth: 0.45 }), curve(plot, rest, model, { stroke: hues.red, strokeWidth: 0.6 })]),
    clipped(strip, [
      path(polyline([x, x + width], [under.y.at(0), under.y.at(0)]), { stroke: hues.red, strokeWidth: 0.5 }),
      curve(under, rest, where(residual, out), grey), curve(under, rest, where(residual, fit), { stroke: ink, strokeWidth: 0.4 }),
    ]),
    ...frame(plot, { xNumbers: false, yCount: 3 }), ...frame(under, { yCount: 3, xNumbers: bottom, yLabel: '%' }),
    label(x + 4, y + 8.5, name, { size: fontSize.tick, bold: true, plain: true, halo: '#ffffff' }),
    label(x + width - 4, y + 8.5, `V ${kinematics.velocity.toFixed(0)} ± ${kinematics.velocityError.toFixed(0)}, σ ${kinematics.sigma.toFixed(0)} ± ${kinematics.sigmaError.toFixed(0)} km/s, χ²/DOF ${chi2.toFixed(2)}, rms ${(100 * residuals.rms).toFixed(1)} %`, { size: fontSize.small, anchor: 'end', halo: '#ffffff', plain: true }),
  ];
}

/** Eight spectra in two columns. */
export function spectraFigure(fits) {
  const width = (pageWidth - left - right - gap) / 2;
  const rows = Math.ceil(fits.length / 2);
  const items = [
    label(11, 12, 'Real spectra fitted with E-MILES', { size: 10, bold: true, plain: true }),
    label(pageWidth - 6, 12, 'black: fitted pixels; grey: masked or clipped; red: model; below: residuals in per cent', { size: fontSize.small, anchor: 'end', colour: faint, plain: true }),
    ...fits.flatMap((fit, i) => panel(fit, left + (i % 2) * (width + gap), 24 + Math.floor(i / 2) * pitch, width, i >= fits.length - 2)),
    label(pageWidth / 2, 32 + rows * pitch, 'rest wavelength [Å]', { anchor: 'middle' }),
  ];
  return { width: pageWidth, height: 37 + rows * pitch, title: `Spectra of ${fits.map(({ name }) => name).join(', ')} with their fits`, items };
}

const withError = (value, error, digits = 1) => `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;

/** The table of docs/spectral-fitting.md. */
export function spectraTable(fits) {
  return table(
    ['spectrum', 'z of the catalogue', 'S/N', 'χ²/DOF', 'rms [%]', '68/99/100 % [%]', 'V [km/s]', 'σ [km/s]', 'with gas: V', 'σ', 'V of the gas'],
    fits.map(({ name, redshift, masked, together }) => {
      const { gasKinematics: gas, gasFluxes } = together;
      // Broad lines of no certain place are what the templates lack.
      const seen = gas.velocityError < 20 && ['Ha', 'NII6583', 'OIII5007'].some((line) => gasFluxes.get(line)?.flux > 5 * gasFluxes.get(line).fluxError);
      return [
        name, redshift.toFixed(5), masked.signalToNoise.toFixed(0), masked.chi2.toFixed(2), (100 * masked.residuals.rms).toFixed(2),
        masked.residuals.percentiles.map((value) => (100 * value).toFixed(1)).join(' / '),
        withError(masked.kinematics.velocity, masked.kinematics.velocityError), withError(masked.kinematics.sigma, masked.kinematics.sigmaError),
        withError(together.kinematics.velocity, together.kinematics.velocityError), withError(together.kinematics.sigma, together.kinematics.sigmaError),
        seen ? withError(gas.velocity, gas.velocityError) : 'no lines',
      ];
    }),
  );
}

if (import.meta.url === new URL(process.argv[1], 'file:').href) {
  const spectra = await readRealSpectra(sharedFolder);
  const fits = fitRealSpectra(spectra, await readEmiles(sharedFolder)).filter(({ masked }) => masked.signalToNoise > 10);
  writeFileSync(new URL('../docs/img/spectral-fits.png', import.meta.url), await svgToPng(toSvg(spectraFigure(fits)), 1530));
  process.stdout.write(`${spectraTable(fits)}\n`);
}
