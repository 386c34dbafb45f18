import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlane } from '../../../src/fits/index.js';
import { openFitsFile } from '../../../src/host/index.js';
import { numbers } from '../../../src/table/index.js';
import { sami41144 } from '../../../validate/sami41144.mjs';
import { shared } from '../../support/shared.js';
import { binIds, type FinishedRun } from './run.js';

export const { redshift } = sami41144;

/** The cube of one arm, binned by the survey in sectors. */
export const samiArm = (galaxy: string, arm: 'blue' | 'red'): string => shared('data', 'ifu_sami', galaxy, `${galaxy}_A_sectors_${arm}.fits.gz`);

/** A map of 41144 by the survey, such as `Halpha` of one component. */
export const surveyMap = (name: string, kind = '1-comp'): string => shared('data', 'ifu_sami', '41144', 'maps', `41144_A_${name}_sectors_${kind}.fits`);

/** Writes the configuration of 41144, changed where `more` says so. */
export function writeConfiguration(folder: string, more: Readonly<Record<string, unknown>> = {}): string {
  const path = join(folder, '41144.yaml');
  writeFileSync(path, JSON.stringify({ ...sami41144, ...more }));
  return path;
}

/** Value and error of a map of the survey in every bin of a run; fluxes summed over the bin in 1e-17 erg/s/cm² (the maps hold means in 1e-16). */
export async function surveyBins(run: FinishedRun, path: string, isFlux = false): Promise<{ value: Float64Array; error: Float64Array }> {
  const [fits, bin] = [await openFitsFile(path), await binIds(run)];
  const perBin = async (hdu: number): Promise<Float64Array> => {
    const { data } = await readPlane(fits, fits.hdus[hdu]!, 0);
    return numbers(run.bins, 'npix').map((n, b) => data[bin.indexOf(b)]! * (isFlux ? 10 * n : 1));
  };
  return { value: await perBin(0), error: await perBin(1) };
}
