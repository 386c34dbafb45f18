import type { Calibration } from './calibration.js';
import { calibrations } from './calibrations.js';
import { lineByName, type LineName } from './lines.js';

/** Which calibrations the lines at hand allow. */
export interface Availability {
  readonly available: readonly Calibration[];
  /** The others, each with the reason, e.g. 'needs [O II] 3726+3729'. */
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}

/** Sorts the calibrations by whether all the lines they need are present. */
export function availableCalibrations(linesPresent: Iterable<LineName>, among: readonly Calibration[] = calibrations): Availability {
  const present = new Set(linesPresent);
  const available: Calibration[] = [];
  const absent: { name: string; reason: string }[] = [];
  for (const calibration of among) {
    const missing = calibration.lines.filter((line) => !present.has(line));
    if (missing.length === 0) available.push(calibration);
    else absent.push({ name: calibration.name, reason: `needs ${listLines(missing)}` });
  }
  return { available, absent };
}

/** '[O II] 3726+3729, [N II] 6583 and Hα'. */
function listLines(names: readonly LineName[]): string {
  const byIon = new Map<string, string[]>();
  for (const name of names) {
    const { ion, label } = lineByName(name);
    byIon.set(ion, [...(byIon.get(ion) ?? []), label.slice(ion.length).trim()]);
  }
  const parts = [...byIon].map(([ion, wavelengths]) => `${ion} ${wavelengths.join('+')}`.trim());
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');
}
