import type { LineName } from '../nebula/index.js';
import { oiiNote, splitOii } from './blend.js';
import type { ColumnLine } from './linecolumns.js';
import type { LineMap } from './linemaps.js';

/**
 * The lines as the hub keeps them: equivalent widths positive in emission whatever the source's sign, a blend of [O II] divided,
 * lines by their names. What was done, and what the source lacks, is added to `notes`.
 *
 * @param lacking what to say where there are no equivalent widths of Hα, for example 'The maps have no equivalent widths'.
 *
 * The sign of the equivalent widths is that of most of Hα's where its flux is positive.
 */
export function assembleLines(measured: ReadonlyMap<ColumnLine, LineMap>, lacking: string, notes: string[]): Map<LineName, LineMap> {
  const ha = measured.get('Ha');
  const emission = ha?.ew?.filter((value, b) => Number.isFinite(value) && ha.flux[b]! > 0) ?? [];
  const turned = emission.filter((value) => value < 0).length > emission.length / 2;
  if (turned) notes.push('The equivalent widths of the source are negative in emission: their sign was turned.');
  if (!ha?.ew) notes.push(`${lacking}: no cut in EW(Hα) can be applied.`);

  const lines = new Map<LineName, LineMap>();
  for (const [name, line] of measured) {
    const ew = turned && line.ew ? line.ew.map((value) => -value) : line.ew;
    if (name !== 'OII') {
      lines.set(name, { ...line, ew });
      continue;
    }
    if (measured.has('OII3726') || measured.has('OII3729')) continue;
    for (const [part, share] of Object.entries(splitOii(line.flux, line.fluxError))) lines.set(part as LineName, { ...share, ew: null, ewError: null });
    notes.push(oiiNote);
  }
  return lines;
}

/** NaN in every bin: a quantity that the source does not have. */
export const absent = (count: number): Float64Array => new Float64Array(count).fill(Number.NaN);
