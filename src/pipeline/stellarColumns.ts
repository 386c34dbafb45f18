import { makeTable, type Column, type Table } from '../table/index.js';
import type { Measured, StellarBins } from './stellarBins.js';
import type { StellarDensities } from './stellarMass.js';

/** The columns of bins.ecsv that tell of the stars. */
export function stellarColumns(stars: StellarBins, densities: StellarDensities | null): Column[] {
  const columns: Column[] = [];
  const add = (name: string, unit: string | null, description: string, values: Column['values']): void => { columns.push({ name, unit, description, values }); };
  const measured = (name: string, unit: string | null, description: string, own: Measured | null): void => {
    if (!own) return;
    add(name, unit, description, own.value);
    add(`${name}_err`, unit, `1 sigma of ${name}`, own.error);
  };
  add('continuum_bin', null, 'bin whose stars were fitted, from 0, as in the second channel of BINID; -1 = none', stars.continuumBin);
  measured('stellar_velocity', 'km / s', 'velocity of the stars relative to the redshift', stars.velocity);
  measured('stellar_sigma', 'km / s', 'velocity dispersion of the stars, corrected for instrument and templates', stars.sigma);
  measured('stellar_h3', null, 'Gauss-Hermite moment h3 of the stars', stars.h3);
  measured('stellar_h4', null, 'Gauss-Hermite moment h4 of the stars', stars.h4);
  if (stars.reddening) add('stellar_ebv', 'mag', 'E(B-V) of the stars', stars.reddening);
  add('stellar_sn', null, 'median signal over noise per pixel of the continuum', stars.signalToNoise);
  add('stellar_rchi2', null, 'chi2 per degree of freedom of the fit of the stars, with the errors as given', stars.reducedChi2);
  add('stellar_error_factor', null, 'sqrt(chi2/DOF): what the errors of the stars were multiplied by', stars.errorFactor);
  add('stellar_rms', null, 'rms of residual/model of the fit of the stars', stars.rms);
  for (const [percent, values] of [[68, stars.residual68], [99, stars.residual99], [100, stars.residual100]] as const) {
    add(`stellar_residual${percent}`, null, `${percent} % of the pixels are off by less of the model`, values);
  }
  measured('log_age_light', 'dex(yr)', 'mean log age of the stars, weighted by light at 5000-5500 Angstrom', stars.logAgeLight);
  measured('log_age_mass', 'dex(yr)', 'mean log age of the stars, weighted by mass formed', stars.logAgeMass);
  measured('metallicity_light', null, 'mean [M/H] of the stars, weighted by light at 5000-5500 Angstrom', stars.metallicityLight);
  measured('metallicity_mass', null, 'mean [M/H] of the stars, weighted by mass formed', stars.metallicityMass);
  measured('mass_to_light', 'Msun / Lsun', 'living stars and remnants over light in continuum.band', stars.massToLight);
  if (densities) {
    measured('log_mstar', 'dex(Msun)', 'log mass of living stars and remnants in the bin', densities.logMass);
    measured('log_sigma_star', 'dex(Msun / kpc2)', 'the same per area of the disc', densities.logSigmaStar);
    measured('log_ssfr', 'dex(1 / yr)', 'log star-formation rate over stellar mass', densities.logSsfr);
  }
  add('stellar_status', null, 'status bits of the fit of the stars', stars.status);
  return columns;
}

/** Four decimals: what is behind them is noise, and a field has many bins. */
const rounded = (value: number | undefined): number => (value === undefined ? Number.NaN : Math.round(value * 1e4) / 1e4);

/** sfh.ecsv: a row a bin, the share of its light and of the mass formed at each age. */
export function historiesTable({ continuumBin, lightHistory, massHistory }: StellarBins, logAges: Float64Array): Table {
  const share = (what: string, of: readonly (Float64Array | null)[], meaning: string): Column[] => Array.from(logAges, (log, a) => ({
    name: `${what}_${log.toFixed(3)}`, unit: null, description: `${meaning} at log age ${log.toFixed(3)} [yr]`, values: Float64Array.from(of, (history) => rounded(history?.[a])),
  }));
  return makeTable([
    { name: 'bin', unit: null, description: 'number of the bin, as in bins.ecsv', values: Int32Array.from(continuumBin.keys()) },
    { name: 'continuum_bin', unit: null, description: 'bin whose stars were fitted; -1 = none', values: continuumBin },
    ...share('light', lightHistory, 'share of the light at 5000-5500 Angstrom'), ...share('mass', massHistory, 'share of the mass formed'),
  ], {});
}
