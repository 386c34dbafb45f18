import { atomicMass, effectiveYield, gasFraction, gasMass, molecularMass, type MetalFractionName } from '../evolution/index.js';
import { cosmology } from '../sky/index.js';
import type { Column } from '../table/index.js';
import { propertyColumn, valuesOf, withColumns, type Note, type Sample } from './sample.js';

/** What is assumed of galaxies whose atomic hydrogen was not measured. */
export interface Assumption {
  readonly name: 'asMeasured' | 'hiZero';
  readonly description: string;
}

export const assumptions: readonly Assumption[] = [
  { name: 'asMeasured', description: 'A galaxy without a measured HI mass has no mass of gas, of baryons and no effective yield: it is left out of what needs them. Yields given in the table are used as given.' },
  { name: 'hiZero', description: 'A galaxy without a measured HI mass is given none (M_HI = 0), so that only its molecular gas counts. Yields are computed for every galaxy, those given in the table are not used.' },
];

export interface DeriveOptions {
  /** Default 'asMeasured'. */
  readonly assumption?: Assumption['name'];
  /** Which oxygen mass fraction goes with O/H; 'L25' when not given. */
  readonly normalisation?: MetalFractionName;
}

/**
 * The sample with what follows from its columns: distance from the redshift and size where they are missing, gradient per kpc and per R_e, potential log(M★/R_e [kpc]), HI mass from
 * the 21-cm flux, molecular and total gas, gas fraction, baryonic mass with and without H₂, effective yield (Li et al. 2025, Eqs. 5–7). What the table gives is kept, except yields
 * under 'hiZero'; `logYeffComputed` always is the computed one.
 */
export function deriveProperties(sample: Sample, options: DeriveOptions = {}): Sample {
  const { assumption = 'asMeasured', normalisation = 'L25' } = options;
  const { length } = sample.table;
  const columns: Column[] = [];
  const notes: Note[] = [];
  const none = new Float64Array(length).fill(NaN);
  const given = (name: string): Float64Array => valuesOf(sample, name) ?? none;
  const each = (from: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => from(i));
  const put = (name: string, values: Float64Array, description?: string): Float64Array => {
    if (values.some((value) => !Number.isNaN(value))) columns.push(propertyColumn(name, values, description));
    return values;
  };
  /** What the table gives, and what can be computed where it gives nothing. */
  const complete = (name: string, from: (i: number) => number): Float64Array => {
    const own = given(name);
    return put(name, each((i) => (Number.isNaN(own[i]!) ? from(i) : own[i]!)));
  };

  const z = given('redshift');
  const model = cosmology();
  let fromRedshift = 0;
  const distance = complete('distance', (i) => {
    if (!(z[i]! > 0)) return NaN;
    fromRedshift++;
    return model.luminosityDistance(z[i]!);
  });
  if (fromRedshift) notes.push({ kind: 'assumption', about: 'distance', message: `${fromRedshift} distances come from the redshift (H0 = 70 km/s/Mpc, Ωm = 0.3, peculiar velocities ignored).` });

  const radius = given('effectiveRadius');
  const perRadius = complete('gradient', (i) => given('gradientKpc')[i]! * radius[i]!);
  const perRadiusError = complete('gradientError', (i) => given('gradientKpcError')[i]! * radius[i]!);
  complete('gradientKpc', (i) => perRadius[i]! / radius[i]!);
  complete('gradientKpcError', (i) => perRadiusError[i]! / radius[i]!);

  const stars = given('logMstar');
  const sfr = given('logSfr');
  complete('potential', (i) => stars[i]! - Math.log10(radius[i]!));
  const measuredHi = complete('logMhi', (i) => Math.log10(atomicMass(given('fluxHi')[i]!, distance[i]!)));
  const zeroHi = assumption === 'hiZero';
  const missing = each((i) => (Number.isNaN(measuredHi[i]!) ? 1 : 0)).reduce((sum, one) => sum + one, 0);
  if (zeroHi && missing) notes.push({ kind: 'assumption', about: 'logMhi', message: `${missing} galaxies without an HI mass are given M_HI = 0.` });
  const atomic = each((i) => (Number.isNaN(measuredHi[i]!) && zeroHi ? 0 : 10 ** measuredHi[i]!));
  const molecular = each((i) => molecularMass(10 ** sfr[i]!));
  put('logMh2', molecular.map(Math.log10), 'Mass of molecular hydrogen from the star formation rate, log [Msun]');
  const gas = complete('logMgas', (i) => Math.log10(gasMass(atomic[i]!, molecular[i]!)));
  const fraction = put('gasFraction', each((i) => gasFraction(10 ** gas[i]!, 10 ** stars[i]!)), 'Gas over gas and stars');
  complete('logMbaryon', (i) => Math.log10(10 ** stars[i]! + 10 ** gas[i]!));
  put('logMbaryonAtomic', each((i) => Math.log10(10 ** stars[i]! + gasMass(atomic[i]!, 0))), 'Stars and atomic gas with helium, without molecular gas, log [Msun]');

  const oh = given('oh');
  const computed = put('logYeffComputed', each((i) => Math.log10(effectiveYield(oh[i]!, fraction[i]!, normalisation))), `Effective yield of oxygen from gas fraction and O/H, normalisation ${normalisation}, log`);
  const published = given('logYeff');
  const used = published.filter((value) => !Number.isNaN(value)).length;
  if (!zeroHi && used && normalisation !== 'L25') notes.push({ kind: 'conflict', about: 'logYeff', message: `${used} yields are used as the table gives them, in whatever normalisation; ${normalisation} is that of the computed ones (logYeffComputed).` });
  // Yields under an assumption are not mixed with yields that do not share it.
  put('logYeff', each((i) => {
    const [first, second] = zeroHi ? [computed[i]!, published[i]!] : [published[i]!, computed[i]!];
    return Number.isNaN(first) ? second : first;
  }));
  return withColumns(sample, columns, notes);
}
