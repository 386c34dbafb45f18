import { metalFractions, type Estimate } from '../evolution/index.js';
import type { ReportMasses } from '../figures/index.js';
import type { Masses } from './masses.js';

function starsFrom({ starsFrom: { source, lightFactor } }: Masses): string {
  if (source === 'given') return 'given';
  if (source === null) return '';
  return `mass-to-light ratio of the fit of the stars times the light of the galaxy${lightFactor ? ` (${lightFactor.value.toFixed(2)} of the bins', by ${lightFactor.image}${lightFactor.lowerLimit ? ', a lower limit' : ''})` : ': only that inside the field is known'}`;
}

function atomicFrom({ atomicFrom: { source, match } }: Masses): string {
  switch (source) {
    case 'given': return 'given';
    case 'flux': return '21-cm flux as given, 2.356·10⁵ D² S';
    case 'assumed': return 'assumed to be none';
    case null: return '';
    case 'catalogue': {
      const { catalogue, row, label, by, separation, from, scaledFrom, shared, sharedWith } = match!;
      return `${catalogue}, row ${row}${label ? ` (${label})` : ''}, by ${by}${separation === null ? '' : `, ${separation.toFixed(1)}″ away`}: ${from === 'flux' ? '21-cm flux' : `mass${scaledFrom === null ? '' : `, scaled from ${scaledFrom} Mpc`}`}${
        shared ? `; shared with ${sharedWith.join(', ') || 'another galaxy'}: an upper limit` : ''}`;
    }
  }
}

/** What the report says of masses and yield. */
export function reportMassesOf(masses: Masses): ReportMasses {
  const { stars, atomic, molecular, gas, fraction, baryons, baryonsAtomic, yields, calibration, withoutError, missing, assumption, yieldBy } = masses;
  const row = (name: string, estimate: Estimate | null, from: string): ReportMasses['rows'][number] => ({ name, estimate, from });
  return {
    rows: [
      row('log M(stars) [M☉]', stars, starsFrom(masses)), row('log M(HI) [M☉]', atomic, atomicFrom(masses)), row('log M(H₂) [M☉]', molecular, 'star formation rate, SFR = 1.4 M(H₂)/Gyr'),
      row('log M(gas) [M☉]', gas, '1.35 (HI + H₂)'), row('gas fraction', fraction, 'gas over gas and stars'), row('log M(baryons) [M☉]', baryons, 'stars and gas'),
      row('log M(baryons) without H₂ [M☉]', baryonsAtomic, 'stars and 1.35 HI'),
      ...metalFractions.map(({ name, source, unverified }) => row(`log effective yield, ${name}${name === yieldBy ? ' (leads)' : ''}`, yields[name], `${calibration}; Z/(O/H): ${source}${unverified ? ' (unverified)' : ''}`)),
    ],
    assumption,
    notes: [...missing, ...(withoutError.length ? [`No error is known of: ${withoutError.join(', ')}; the errors of what hangs on it are too small.`] : [])],
  };
}
