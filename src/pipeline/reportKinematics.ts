import type { ReportKinematics } from '../figures/index.js';
import type { Kinematics, LocalRelationOfBins } from './kinematics.js';

const reasons: Readonly<Record<string, string>> = {
  tooFewBins: 'too few bins have a velocity', noRotation: 'no rotation stands out of the noise', notDetermined: 'the data do not determine it',
};
const known = (value: number): boolean => Number.isFinite(value);
const measured = ([value, error]: readonly [number, number], digits = 1): string => `${value.toFixed(digits)}${known(error) ? ` ± ${error.toFixed(digits)}` : ''}`;

/** What the report says of the velocity field. */
export function reportKinematicsOf({ class: found, probability, positionAngle, error, misalignment, vsys, rotation, rotatingFraction, criteria, bins, reason }: Kinematics): ReportKinematics {
  const { vmax, vmaxSinI, rt, curve } = rotation;
  return {
    sentences: [
      found ? `The velocity field of ${bins} bins is ${found}: the probability of regular rotation is ${probability.toFixed(2)} (calibrated on simulated fields, half of them regular). The criteria below are published ones and do not decide it.`
        : `The velocity field is not classed: ${reasons[reason ?? ''] ?? 'it is not known'}.`,
      ...(known(positionAngle) ? [`The kinematic major axis recedes at ${measured([positionAngle, error])}° (north through east)${known(misalignment) ? `, ${misalignment.toFixed(1)}° from that of the light` : ''}; the systemic velocity is ${measured(vsys)} km/s relative to the redshift.`] : []),
      known(vmaxSinI[0]) && rotation.reason === null ? `An arctan disc at the inclination of the light has v_max = ${measured(vmax)} km/s (v_max sin i = ${measured(vmaxSinI)} km/s), turnover at ${measured(rt, 2)}″, and explains ${Math.round(100 * rotatingFraction)} % of the variance beyond the noise.`
        : `Of rotation in a disc: ${reasons[rotation.reason ?? ''] ?? 'nothing is known'}.`,
    ],
    criteria, curve,
  };
}

/** What the report says of O/H and Σ_SFR at fixed radius. */
export function localRelationSentences({ correlation, error, plainError, probability, bins, reason, calibration }: LocalRelationOfBins): string[] {
  if (!known(correlation)) return [`O/H and Σ(SFR) at fixed radius: ${reason ?? 'not known.'}`];
  return [
    `At fixed radius O/H (${calibration}) and log Σ(SFR) go together with a rank correlation of ${correlation.toFixed(2)}${known(error) ? ` ± ${error.toFixed(2)} over seeing-sized blocks` : ''} (± ${plainError.toFixed(2)} over single bins) in ${bins} bins${known(probability) ? `, p = ${probability.toPrecision(2)}` : ''}.${reason ? ` ${reason}` : ''} Both are residuals about straight radial trends. Noise of Hα enters both, and the seeing draws both to their neighbours: neither is in the error.`,
  ];
}
