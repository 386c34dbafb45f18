import { maskBits, type LineMaps } from '../linemaps/index.js';
import { lineByName, type Calibration, type LineName } from '../nebula/index.js';
import { bptLines, unusedBits, type Cuts, type NebularBins } from './nebular.js';

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/**
 * Why bins are missing from a gradient, in a sentence or two: the lines that the data do not hold, and how many bins fail
 * which cut (a bin may fail several). Empty when every bin passes.
 *
 * @param calibration null: the star-formation density.
 * @param used number of bins that pass and have a trusted value.
 */
export function whyUnused(maps: LineMaps, bins: NebularBins, calibration: Calibration | null, cuts: Cuts, used: number): string {
  const own = calibration?.lines ?? [];
  const needed = [...new Set<LineName>([...bptLines, ...own])];
  const absent = needed.filter((name) => !maps.lines.has(name));
  // An undetected [O III] still places a bin in the diagram.
  const present = needed.filter((name) => maps.lines.has(name) && (name !== 'OIII5007' || own.includes(name)));
  const rows = Array.from({ length: maps.binning.count }, (_, b) => ({
    bits: unusedBits(bins, maps.status[b]!, b, cuts, own), faint: present.some((name) => !(bins.sn.get(name)![b]! >= cuts.snLine)),
  }));
  const count = (is: (row: (typeof rows)[number]) => boolean): number => rows.filter(is).length;
  const reasons: readonly (readonly [number, string])[] = [
    [count(({ bits }) => (bits & bit('LOWEW')) !== 0), `EW(Hα) below ${cuts.minEW} Å`],
    [count(({ bits, faint }) => (bits & bit('LOWSNR')) !== 0 && faint), `a needed line below S/N ${cuts.snLine}`],
    // Where a line is faint or absent the class is not known, rather than another.
    [absent.length ? 0 : count(({ bits, faint }) => (bits & bit('NOTSF')) !== 0 && !faint), 'line ratios that are not those of star formation'],
    [count(({ bits }) => (bits & ~(bit('LOWEW') | bit('LOWSNR') | bit('NOTSF'))) !== 0), 'a spectrum that could not be measured'],
    [count(({ bits }) => bits === 0) - used, 'no trusted value in spite of good lines'],
  ];
  const told = reasons.filter(([n]) => n > 0).sort(([a], [b]) => b - a).map(([n, what]) => `${n} ${n === 1 ? 'has' : 'have'} ${what}`);
  return [
    ...(absent.length ? [`The data hold ${absent.map((name) => `no ${lineByName(name).label}`).join(' and ')}.`] : []),
    ...(rows.length ? [] : ['No spaxel has data that are not masked.']),
    ...(told.length ? [`Of ${rows.length} bins, ${told.join(', ')}.`] : []),
  ].join(' ');
}
