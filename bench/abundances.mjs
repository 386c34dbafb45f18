/** O/H with its error, bin by bin, behind the galaxy's own dust. */
import { abundanceThroughDust, availableCalibrations, calibrationByName } from '../dist/nebula/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { inTurns, timed } from './harness.mjs';

/** Fluxes relative to Hβ behind some dust, with errors of 2 % of Hβ. */
const relative = { Hb: 1, OIII4959: 0.34, OIII5007: 1, NII6548: 0.34, Ha: 3.6, NII6583: 1, SII6716: 0.6, SII6731: 0.45 };

export async function abundances({ quick }) {
  const random = createRandom(1, 'abundances');
  const errors = Object.fromEntries(Object.keys(relative).map((name) => [name, 0.02]));
  const bins = Array.from({ length: quick ? 200 : 1000 }, () => Object.fromEntries(Object.entries(relative).map(([name, value]) => [name, value * Math.exp(0.1 * random.normal())])));
  const all = availableCalibrations(Object.keys(relative)).available;
  const sets = [['O/H by N2S2Ha with error', [calibrationByName('N2S2Ha')]], [`O/H by all ${all.length} calibrations`, all]];
  const rows = [];
  for (const [what, calibrations] of sets) {
    const rounds = await inTurns(quick ? 3 : 7, () => timed(() => bins.map((fluxes) => calibrations.map((one) => abundanceThroughDust(one, fluxes, errors)))), null);
    rows.push({ what, rounds, amount: bins.length, unit: 'bins/s', peer: null, note: calibrations === all ? `those that MUSE's lines of a nearby galaxy allow: ${all.map(({ name }) => name).join(', ')}` : "dust from the bin's own Hα/Hβ, its error with that of the lines" });
  }
  return rows;
}
