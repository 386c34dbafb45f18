/** The whole analysis of a velocity field: kinematic axis, disc fits, kinemetry, tilted rings, class. */
import { fitRotation, kinematicPositionAngle, kinemetry, regularity, tiltedRings } from '../dist/disk/index.js';
import { simulateField } from '../validate/kinematics.mjs';
import { inTurns, timed } from './harness.mjs';

/** Bins, and fields a round. */
const sizes = [[300, 20], [10_000, 2]];

export async function kinematics({ quick }) {
  const rows = [];
  for (const [bins, times] of sizes) {
    const { field, measuredInclination: inclination, positionAngle, systemic, photometric } = simulateField({ seed: 3, kind: 'rotator', bins, signal: 15 });
    const work = [
      ['kinematic position angle', () => kinematicPositionAngle(field)],
      ['arctan disc', () => fitRotation(field, { inclination, positionAngle, systemicVelocity: systemic })],
      ['exponential disc, all free', () => fitRotation(field, {
        inclination, positionAngle, systemicVelocity: systemic, model: 'exponential', free: ['positionAngle', 'systemicVelocity', 'inclination', 'centre'],
      })],
      ['kinemetry', () => kinemetry(field, { positionAngle, axisRatio: Math.cos(inclination * Math.PI / 180) })],
      ['tilted rings', () => tiltedRings(field, { positionAngle, inclination, systemicVelocity: systemic, free: ['positionAngle', 'systemicVelocity'] })],
      ['class, with all that it needs', () => regularity(field, { inclination, photometricPositionAngle: photometric })],
    ];
    for (const [name, one] of work) {
      const rounds = await inTurns(quick ? 3 : 5, () => timed(() => Array.from({ length: times }, one)), null);
      rows.push({ what: `${name}, ${bins} bins`, rounds, amount: times, unit: 'fields/s', peer: null, note: '' });
    }
  }
  return rows;
}
