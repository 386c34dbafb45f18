import { availableCalibrations, calibrationByName, lineByName, type LineName } from '../nebula/index.js';
import { createLineFitter, type SpectralArm } from '../spectrum/index.js';
import { neededLines } from './adaptiveBins.js';
import type { Config } from './resolve.js';

/** A line that the measurement needs. */
export interface NeededLine {
  readonly name: LineName;
  readonly label: string;
  /** Observed wavelength in air [Å]. */
  readonly wavelength: number;
  readonly neededFor: readonly string[];
  /** Whether the data hold it. */
  readonly covered: boolean;
  /** The sky line or telluric band that it falls on; null for none. */
  readonly sky: string | null;
}

/**
 * The lines that dust, excitation and the leading calibration need, and whether the data hold them.
 * @param arms null for line maps, which hold the lines `present`
 */
export function linesNeeded(arms: readonly SpectralArm[] | null, config: Config, present: readonly LineName[] = []): { readonly lines: readonly NeededLine[]; readonly warnings: readonly string[] } {
  const { redshift, abundance } = config;
  const fitter = arms && createLineFitter(arms, { redshift });
  const held = new Set<LineName>(fitter ? fitter.windows.flatMap(({ lines }) => lines) : present);
  const leading = calibrationByName(abundance.default)!;
  const uses: readonly (readonly [string, readonly LineName[]])[] = [['dust', ['Ha', 'Hb']], ['excitation and bins', neededLines], [leading.name, leading.lines]];
  const names = [...new Set(uses.flatMap(([, lines]) => lines))];
  const lines = names.map((name): NeededLine => {
    const { label, air } = lineByName(name);
    return {
      name, label, wavelength: air * (1 + redshift), neededFor: uses.filter(([, own]) => own.includes(name)).map(([use]) => use), covered: held.has(name),
      sky: fitter && held.has(name) ? fitter.skyAt(name) : null,
    };
  }).sort((a, b) => a.wavelength - b.wavelength);
  const missing = lines.filter(({ covered }) => !covered);
  const spoilt = lines.filter(({ sky }) => sky !== null);
  const { absent } = availableCalibrations(held, [leading]);
  return {
    lines,
    warnings: [
      ...(missing.length > 0 ? [`not in the data: ${missing.map(({ label, neededFor }) => `${label} (${neededFor.join(', ')})`).join('; ')}`] : []),
      ...absent.map(({ name, reason }) => `the leading calibration ${name} ${reason}, which the data do not hold`),
      ...(spoilt.length > 0 ? [`at this redshift lines fall on sky features: ${spoilt.map(({ label, sky }) => `${label} (${sky})`).join(', ')}`] : []),
    ],
  };
}
