/** O/H with its error, bin by bin, behind the galaxy's own dust. */
import { abundanceThroughDust, availableCalibrations, calibrationByName } from '../dist/nebula/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { inTurns, timed } from './harness.mjs';

/** Fluxes relative to Hβ behind some dust, with errors of 2 % of Hβ. */
const relative = { Hb: 1, OIII4959: 0.34, OIII5007: 1, NII6548: 0.34, Ha: 3.6, NII6583: 1, SII6716: 0.6, SII6731: 0.45 };

export async function abundances({ quick }) {
  const random = createRandom(1, 'abundances');
  const errors = Object.fromEntries(Object.keys(relative).map((name) => [name, 0.02]));
  const bins = Array.from({ length: 5000 }, () => Object.fromEntries(Object.entries(relative).map(([name, value]) => [name, value * Math.exp(0.1 * random.normal())])));
  const all = availableCalibrations(Object.keys(relative)).available;
  const sets = [
    { what: 'O/H by N2S2Ha with error', calibrations: [calibrationByName('N2S2Ha')], of: bins, note: "dust from the bin's own Hα/Hβ, its error with that of the lines" },
    { what: `O/H by ${all.length} calibrations`, calibrations: all, of: bins.slice(0, 500), note: `all that MUSE's lines of a nearby galaxy allow, from ${all[0].name} to ${all.at(-1).name}` },
  ];
  const rows = [];
  for (const { what, calibrations, of, note } of sets) {
    const rounds = await inTurns(quick ? 3 : 7, () => timed(() => of.map((fluxes) => calibrations.map((one) => abundanceThroughDust(one, fluxes, errors)))), null);
    rows.push({ what, rounds, amount: of.length, unit: 'bins/s', peer: null, note });
  }
  return rows;
}
