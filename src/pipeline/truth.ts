import { join } from 'node:path';
import { makeBinning, type Binning } from '../binning/index.js';
import { findHdu, readPlane } from '../fits/index.js';
import { openFitsFile, readText } from '../host/index.js';
import { balmerDust, calibrationByName, deredden, evaluateOH, type Calibration, type LineName } from '../nebula/index.js';
import { truthLineFluxes, type Simulation, type SimulationTruth } from '../simulate/index.js';
import { fitLine } from '../stats/index.js';
import { column, numbers, parseEcsv } from '../table/index.js';
import { runFiles } from './runDirectory.js';

/**
 * The true slope and intercept [dex/R_e] that a measurement of a simulated galaxy can be held against: the least-squares
 * line through the noise-free, PSF-convolved maps in the same bins, by the same calibration and dust correction. The PSF
 * itself flattens the slope that was put in.
 *
 * @param rows bins of the gradient.
 * @param radiusRe radius of every bin [R_e].
 */
export function truthGradient(
  truth: SimulationTruth, binning: Binning, rows: readonly number[], radiusRe: ArrayLike<number>, calibration: Calibration, balmer = 2.86,
): { slope: number; intercept: number } {
  const fluxes = [...truthLineFluxes(truth, binning)];
  const noError = Object.fromEntries(fluxes.map(([name]) => [name, 0]));
  const value = Float64Array.from(rows, (b) => {
    const own = Object.fromEntries(fluxes.map(([name, flux]) => [name, flux[b]!])) as Partial<Record<LineName, number>>;
    const { ebvRaw } = balmerDust({ ha: own.Ha ?? Number.NaN, haError: 0, hb: own.Hb ?? Number.NaN, hbError: 0 }, { ratio: balmer });
    return evaluateOH(calibration, deredden(own, ebvRaw), noError);
  });
  const { slope, intercept } = fitLine(Float64Array.from(rows, (b) => radiusRe[b]!), value);
  return { slope, intercept };
}

/** The truth behind a finished run of a simulated cube, in the bins that its leading gradient used, and the slope put in. */
export async function truthOfRun(run: string, { truth, settings }: Simulation, calibration = 'N2S2Ha'): Promise<{ slope: number; intercept: number; putIn: number }> {
  const maps = await openFitsFile(join(run, runFiles.maps));
  const { axes, data } = await readPlane(maps, findHdu(maps, 'BINID'), 0);
  const binning = makeBinning(data, axes[0]!, axes[1]!, { unused: 'negative' });
  const table = parseEcsv(await readText(join(run, runFiles.bins)), runFiles.bins);
  const used = column(table, 'used').values;
  const rows = Array.from({ length: table.length }, (_, b) => b).filter((b) => used[b]);
  return { ...truthGradient(truth, binning, rows, numbers(table, 'radius_re'), calibrationByName(calibration)!), putIn: settings.oxygen.slope };
}
