/** How much the library of stellar populations decides: the lines and the gradient of one galaxy with several libraries. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createReporter } from '../dist/host/index.js';
import { checkConfig, importLibrary, measureGalaxy } from '../dist/pipeline/index.js';
import { quantile } from '../dist/stats/index.js';
import { numbers, parseEcsv } from '../dist/table/index.js';
import { number, table, withError } from './markdown.mjs';
import { sami41144 } from './sami41144.mjs';

const shared = resolve(process.env['ZGRAD_SHARED'] ?? '../shared');

/** The first is what the others are held against. */
export const libraries = /** @type {const} */ ([
  { name: 'emiles', label: 'E-MILES (BaSTI)', folder: 'emiles_ku_basti' },
  { name: 'miles', label: 'MILES (Padova, unimodal 1.3)', folder: 'miles_un_padova' },
  { name: 'bc03', label: 'BC03', folder: 'bc03_mpajhu' },
]);
export const comparedLines = /** @type {const} */ (['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731']);

const galaxy = { ...sami41144, abundance: { also: ['N2-M13', 'O3N2-M13'] } };
const files = ['blue', 'red'].map((arm) => join(shared, 'data', 'ifu_sami', '41144', `41144_A_sectors_${arm}.fits.gz`));

/** Whether the data are there. */
export const librariesAvailable = () => existsSync(files[0]) && libraries.every(({ folder }) => existsSync(join(shared, 'data', 'templates', folder)));

/**
 * Measures the galaxy with every library and with straight lines.
 * @returns {Promise<{label: string, flux: Record<string, Float64Array>, error: Record<string, Float64Array>, stars: {velocity: Float64Array, sigma: Float64Array, age: Float64Array} | null, slopes: Record<string, [number, number]>, logMstar: [number, number] | null}[]>}
 */
export async function measureWithLibraries() {
  const folder = mkdtempSync(join(tmpdir(), 'zgrad-libraries-'));
  const before = process.env['ZGRAD_DATA'];
  process.env['ZGRAD_DATA'] = join(folder, 'data');
  try {
    const runs = [];
    for (const { name, label, folder: from } of libraries) {
      await importLibrary([join(shared, 'data', 'templates', from)], name);
      runs.push(await measureWith({ method: 'ssp', templates: name }, label, join(folder, name)));
    }
    runs.push(await measureWith({ method: 'local' }, 'straight lines, 1.5 Å of Balmer absorption', join(folder, 'local')));
    return runs;
  } finally {
    if (before === undefined) delete process.env['ZGRAD_DATA'];
    else process.env['ZGRAD_DATA'] = before;
    rmSync(folder, { recursive: true });
  }
}

async function measureWith(continuum, label, out) {
  const tree = { ...galaxy, continuum };
  checkConfig(tree, label);
  await measureGalaxy({ entry: 'cube', files, out, tree, where: label, overwrite: false, reporter: createReporter({ quiet: true }) });
  const bins = parseEcsv(readFileSync(join(out, 'bins.ecsv'), 'utf8'), 'bins.ecsv');
  const { gradients, integrated } = JSON.parse(readFileSync(join(out, 'gradient.json'), 'utf8'));
  const column = (suffix) => Object.fromEntries(comparedLines.map((line) => [line, numbers(bins, `flux_${line}${suffix}`)]));
  return {
    label, flux: column(''), error: column('_err'), logMstar: integrated.logMstar,
    stars: continuum.method === 'local' ? null : { velocity: numbers(bins, 'stellar_velocity'), sigma: numbers(bins, 'stellar_sigma'), age: numbers(bins, 'log_age_light') },
    slopes: Object.fromEntries(gradients.filter(({ quantity, unit }) => quantity === 'O/H' && unit === 'dex/Re').map(({ calibration, slope, slopeError }) => [calibration, [slope, slopeError]])),
  };
}

const median = (values) => (values.length ? quantile(values, 0.5) : Number.NaN);

/** Flux over that of the first run in the bins where both are seen with S/N 5: median and half the 16–84 % range. */
function ratio(run, first, line) {
  const seen = [...run.flux[line].keys()].filter((b) => [run, first].every(({ flux, error }) => flux[line][b] > 5 * error[line][b]));
  const ratios = seen.map((b) => run.flux[line][b] / first.flux[line][b]);
  return { count: seen.length, median: median(ratios), half: seen.length ? (quantile(ratios, 0.84) - quantile(ratios, 0.16)) / 2 : Number.NaN };
}

/** Rows of docs/validation.md: one a library; the change of each line's flux [%], the gradients, the stars. */
export function libraryTables(runs) {
  const [first, ...others] = runs;
  const signedPercent = ({ median: value, half }) => `${value >= 1 ? '+' : ''}${withError(100 * (value - 1), 100 * half, 1)}`;
  const stars = (run) => {
    if (!run.stars) return ['–', '–', '–'];
    const difference = (key) => median([...run.stars[key].keys()].map((b) => run.stars[key][b] - first.stars[key][b]).filter(Number.isFinite));
    return [number(difference('velocity'), 1), number(difference('sigma'), 1), number(difference('age'))];
  };
  return {
    fluxes: table(['continuum', ...comparedLines.map((line) => `${line} [%]`)], others.map((run) => [run.label, ...comparedLines.map((line) => signedPercent(ratio(run, first, line)))])),
    gradients: table(['continuum', ...Object.keys(first.slopes).map((name) => `${name} [dex/R_e]`), 'log M* [M☉]', 'Δv(stars) [km/s]', 'Δσ(stars) [km/s]', 'Δlog age'], runs.map((run) => [
      run.label, ...Object.keys(first.slopes).map((name) => withError(...run.slopes[name], 3)), run.logMstar ? withError(...run.logMstar) : '–', ...stars(run)])),
  };
}

if (process.argv[1] === import.meta.filename) {
  if (!librariesAvailable()) {
    process.stderr.write(`found no test data in ${shared}; set ZGRAD_SHARED\n`);
    process.exitCode = 1;
  } else {
    const { fluxes, gradients } = libraryTables(await measureWithLibraries());
    process.stdout.write(`Change of the lines against ${libraries[0].label}, median and scatter over the bins:\n${fluxes}\n\nGradients:\n${gradients}\n`);
  }
}
