/** Real spectra of galaxies fitted with E-MILES: two of MUSE, eight of MaNGA. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHdu, readImage } from '../dist/fits/index.js';
import { fileSource, openFitsFile } from '../dist/host/index.js';
import { makeAxis } from '../dist/light/index.js';
import { createStellarContinuum } from '../dist/spectrum/index.js';
import { cropLibrary, readLibraryFiles } from '../dist/templates/index.js';

/** @typedef {import('../dist/spectrum/index.js').Spectrum} Spectrum */
/** @typedef {{name: string, redshift: number, spectrum: Spectrum}} RealSpectrum */

/** E-MILES from the folder of test data, in the optical. @param {string} shared */
export async function readEmiles(shared) {
  const folder = join(shared, 'data', 'templates', 'emiles_ku_basti');
  const names = readdirSync(folder).filter((name) => name.endsWith('.fits')).sort();
  return cropLibrary(await readLibraryFiles(await Promise.all(names.map((name) => fileSource(join(folder, name)))), 'emiles'), [3400, 7600]);
}

/** Nuclear star clusters: a table of wavelength, flux and variance; redshifts of the galaxies (NED). */
const museSpectra = [['FCC 47', 'FCC47_MUSE_spec.dat', 0.00481], ['NGC 1796', 'NGC1796_MUSE_spec.dat', 0.003379]];

/** @returns {RealSpectrum[]} */
function readMuse(shared) {
  return museSpectra.map(([name, file, redshift]) => {
    const rows = readFileSync(join(shared, 'data', 'ifu_muse', 'spectra', file), 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/).map(Number));
    const column = (k) => Float64Array.from(rows, (row) => row[k]);
    return { name, redshift, spectrum: { axis: makeAxis(column(0), 'air'), lsf: { kind: 'muse' }, flux: column(1), variance: column(2) } };
  });
}

/** @returns {Promise<RealSpectrum[]>} */
async function readManga(shared) {
  const fits = await openFitsFile(join(shared, 'data', 'ifu_manga', 'MaNGA_test_spectra.fits.gz'));
  const values = async (name) => Float64Array.from((await readImage(fits, findHdu(fits, name))).data);
  const [wave, flux, inverse, mask, resolution, redshifts] = await Promise.all(['WAVE', 'FLUX', 'IVAR', 'MASK', 'SRES', 'Z'].map(values));
  const axis = makeAxis(wave, 'vacuum');
  return Array.from(redshifts, (redshift, i) => {
    const row = (all) => all.slice(i * wave.length, (i + 1) * wave.length);
    const [weights, masked] = [row(inverse), row(mask)];
    return {
      name: `MaNGA ${i + 1}`, redshift,
      spectrum: {
        axis, lsf: { kind: 'table', wavelength: [...wave], fwhm: Array.from(row(resolution), (R, k) => wave[k] / R) },
        flux: row(flux), variance: weights.map((weight, k) => (masked[k] === 0 && weight > 0 ? 1 / weight : Number.NaN)),
      },
    };
  });
}

/** @param {string} shared */
export async function readRealSpectra(shared) {
  return [...readMuse(shared), ...await readManga(shared)];
}

/** Strong lines, fitted with the stars to see whether gas and stars move together. */
const gasLines = /** @type {const} */ (['Hg', 'Hb', 'OIII4959', 'OIII5007', 'OI6300', 'OI6364', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731']);

/**
 * Every spectrum twice, with its lines masked and with its lines fitted; a fit is told apart from what its fitter keeps.
 * @param {RealSpectrum[]} spectra
 */
export function fitRealSpectra(spectra, library) {
  return spectra.map(({ name, redshift, spectrum }) => {
    const [masked, together] = [null, { lines: gasLines }].map((gas) => {
      const fitter = createStellarContinuum([spectrum], library, { redshift, gas });
      const { kinematics, gasKinematics, gasFluxes, populations, signalToNoise, residuals, fit, model: [model], uncertainty: [uncertainty] } = fitter.fit([spectrum]);
      return {
        kinematics, gasKinematics, gasFluxes, populations, signalToNoise, residuals, chi2: fit.chi2 / fit.dof, pixels: fit.dof, status: fit.status,
        model: model.slice(), uncertainty: uncertainty.slice(), whole: fit.model.slice(), used: fit.used.slice(), sharper: fitter.sharper,
      };
    });
    return { name, redshift, spectrum, masked, together };
  });
}
