import { maskBits } from '../linemaps/index.js';
import { lineByName } from '../nebula/index.js';
import { pixelToSky } from '../sky/index.js';
import { makeTable, type Column, type Table } from '../table/index.js';
import { binRadii } from './gradients.js';
import type { KinematicColumns } from './lineRecord.js';
import type { Products } from './productTypes.js';
import { stellarColumns } from './stellarColumns.js';
import { version } from './version.js';

/**
 * bins.ecsv: one row a bin. Fluxes are in 1e-17 erg/s/cm², summed over the bin, corrected for foreground dust only;
 * velocities c(z_obs − z)/(1 + z); equivalent widths rest-frame, positive in emission.
 */
export function binsTable({ maps, disk, nebular, details, densities }: Pick<Products, 'maps' | 'disk' | 'nebular' | 'details' | 'densities'>): Table {
  const { count } = maps.binning;
  const radii = binRadii(maps, disk);
  const sky = Array.from({ length: count }, (_, b): [number, number] =>
    (maps.wcs?.celestial ? pixelToSky(maps.wcs.celestial, maps.x[b]!, maps.y[b]!) : [Number.NaN, Number.NaN]));
  const columns: Column[] = [];
  const add = (name: string, unit: string | null, description: string, values: Column['values']): void => {
    columns.push({ name, unit, description, values });
  };
  const addKinematics = (suffix: string, what: string, own: KinematicColumns): void => {
    add(`velocity${suffix}`, 'km / s', `velocity ${what}`, own.velocity);
    add(`velocity${suffix}_err`, 'km / s', `1 sigma of velocity${suffix}`, own.velocityError);
    add(`sigma${suffix}`, 'km / s', `dispersion ${what}, corrected for the instrument`, own.sigma);
    add(`sigma${suffix}_err`, 'km / s', `1 sigma of sigma${suffix}`, own.sigmaError);
  };
  add('bin', null, 'number of the bin, from 0, as in BINID of maps.fits', Int32Array.from({ length: count }, (_, b) => b));
  add('label', null, 'number that the survey or the user gave to the bin', maps.binning.labels);
  add('x', 'pix', 'mean column of the bin\'s spaxels, counted from 0', maps.x);
  add('y', 'pix', 'mean row of the bin\'s spaxels, counted from 0', maps.y);
  add('ra', 'deg', 'right ascension of that position', Float64Array.from(sky, ([ra]) => ra));
  add('dec', 'deg', 'declination of that position', Float64Array.from(sky, ([, dec]) => dec));
  add('npix', null, 'spaxels in the bin', Int32Array.from(maps.npix));
  add('radius_kpc', 'kpc', 'radius in the plane of the disc', radii.map((r) => (r / disk.effectiveRadiusArcsec) * disk.effectiveRadiusKpc));
  add('radius_re', null, 'radius in the plane of the disc over the effective radius', radii.map((r) => r / disk.effectiveRadiusArcsec));
  add('status', null, 'status bits (dictionary.md); DONOTUSE = not used in the leading gradient', nebular.status);
  add('used', null, 'whether the leading gradient uses the bin', Array.from(nebular.status, (status) => !(status & (1 << maskBits.DONOTUSE))));
  for (const [name, line] of maps.lines) {
    const { label } = lineByName(name);
    add(`flux_${name}`, '1e-17 erg / (s cm2)', `flux of ${label}, summed over the bin, before internal dust`, line.flux);
    add(`flux_${name}_err`, '1e-17 erg / (s cm2)', `1 sigma of flux_${name}`, line.fluxError);
  }
  add('velocity', 'km / s', 'velocity of the gas relative to the redshift', maps.velocity);
  add('velocity_err', 'km / s', '1 sigma of velocity', maps.velocityError);
  add('sigma', 'km / s', 'velocity dispersion of the gas, corrected for the instrument', maps.sigma);
  add('sigma_err', 'km / s', '1 sigma of sigma', maps.sigmaError);
  for (const [name, line] of maps.lines) {
    if (!line.ew || !line.ewError) continue;
    add(`ew_${name}`, 'Angstrom', `rest-frame equivalent width of ${lineByName(name).label}`, line.ew);
    add(`ew_${name}_err`, 'Angstrom', `1 sigma of ew_${name}`, line.ewError);
  }
  if (details) {
    for (const [name, line] of details.extras) {
      const { label } = lineByName(name);
      add(`sum_${name}`, '1e-17 erg / (s cm2)', `flux of ${label} summed over its window, a cross-check`, line.sum);
      add(`sum_${name}_err`, '1e-17 erg / (s cm2)', `1 sigma of sum_${name}`, line.sumError);
      add(`an_${name}`, null, `peak of ${label} over the error of a pixel there`, line.amplitudeOverNoise);
      add(`limit_${name}`, '1e-17 erg / (s cm2)', `3 sigma upper limit of ${label} where it is not detected, at fixed kinematics`, line.upperLimit);
    }
    if (!details.tied) {
      for (const [name, { kinematics: own }] of details.extras) {
        const { label } = lineByName(name);
        addKinematics(`_${name}`, `of ${label} and the lines tied to it`, own);
      }
    }
    details.components?.kinematics.forEach((own, c) => {
      const which = c === 0 ? 'the narrower component where there are two' : 'the broader component';
      addKinematics(`_${c + 1}`, `of ${which}`, own);
      for (const [name, fluxes] of details.components!.flux) {
        add(`flux_${name}_${c + 1}`, '1e-17 erg / (s cm2)', `flux of ${lineByName(name).label} in ${which}`, fluxes[c]!.flux);
        add(`flux_${name}_${c + 1}_err`, '1e-17 erg / (s cm2)', `1 sigma of flux_${name}_${c + 1}`, fluxes[c]!.fluxError);
      }
    });
    add('rchi2', null, 'chi2 per degree of freedom of the line fit', details.reducedChi2);
    add('noise_factor', null, 'what the errors of the cube were multiplied by, from the scatter of the continuum beside the lines', details.noiseFactor);
  }
  if (details?.stars) columns.push(...stellarColumns(details.stars, densities));
  add('ebv', 'mag', 'internal E(B-V) from Ha/Hb, not below 0', nebular.ebv);
  add('ebv_err', 'mag', '1 sigma of ebv', nebular.ebvError);
  add('ebv_raw', 'mag', 'the same before it was cut at 0', nebular.ebvRaw);
  add('bpt', null, '0 none, 1 star-forming, 2 composite, 3 AGN', Int32Array.from(nebular.bpt));
  add('whan', null, '0 none, 1 star-forming, 2 strong AGN, 3 weak AGN, 4 retired, 5 passive', Int32Array.from(nebular.whan));
  add('whad', null, '0 none, 1 star-forming, 2 strong AGN, 3 weak AGN, 4 retired, 5 unknown (unverified thresholds)', Int32Array.from(nebular.whad));
  for (const [name, label] of [['bpt', 'BPT'], ['whan', 'WHaN'], ['whad', 'WHaD']] as const) {
    if (nebular.agreement) add(`${name}_agree`, null, `share of the draws of the line fluxes in which the ${label} class is that of ${name}; NaN without class`, nebular.agreement[name]);
  }
  add('log_sfr', 'dex(Msun / yr)', 'log star-formation rate of the bin', nebular.logSfr);
  add('log_sfr_err', 'dex(Msun / yr)', '1 sigma of log_sfr from the line fluxes and the dust', nebular.logSfr.map((log, b) => (Number.isFinite(log) ? nebular.logSigmaSfrError[b]! : Number.NaN)));
  add('sfr_density', 'Msun / (yr kpc2)', 'star-formation rate per area of the disc', nebular.logSigmaSfr.map((log) => 10 ** log));
  add('sfr_density_err', 'Msun / (yr kpc2)', '1 sigma of sfr_density', nebular.logSigmaSfr.map((log, b) => 10 ** log * Math.LN10 * nebular.logSigmaSfrError[b]!));
  for (const [name, one] of nebular.abundances) {
    const unverified = one.calibration.unverified ? ', unverified coefficients' : '';
    add(`oh_${name}`, null, `12+log(O/H), ${one.calibration.source}${unverified}`, one.oh);
    add(`oh_${name}_err`, null, `1 sigma of oh_${name} from the line fluxes`, one.error);
  }
  return makeTable(columns, { object: maps.object, redshift: maps.redshift, creator: `zgrad ${version}`, provenance: maps.provenance });
}
