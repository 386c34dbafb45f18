import { ZgradError } from '../errors/index.js';
import { openFits, readTable, type ByteSource } from '../fits/index.js';
import { column, hasColumn, numbers, parseTable, strings, type Table } from '../table/index.js';
import { convert } from '../units/index.js';
import { assembleLibrary, type ReadLibrary } from './assemble.js';
import { standInRemaining } from './remaining.js';

const tableName = /\.(?:ecsv|csv|tsv|txt|dat|vot|xml|fits?)(?:\.gz)?$/i;
const wavelengthName = /^(?:wavelength|wave|lambda)$/i;

/** What a table library looks like, for messages. */
export const genericDescription = 'a table with a column `wavelength` and one column a template';

const spectraColumn = (table: Table): string | undefined => table.columns.find(({ name, values }) => wavelengthName.test(name) && typeof values[0] === 'number')?.name;

/** The tables of a file; [] when it holds none. */
async function tablesOf(file: ByteSource): Promise<Table[]> {
  if (/\.fits?(?:\.gz)?$/i.test(file.name)) {
    const fits = await openFits(file);
    return Promise.all(fits.hdus.filter(({ kind }) => kind === 'table').map((hdu) => readTable(fits, hdu)));
  }
  const text = new TextDecoder().decode(await file.read(0, file.size));
  try {
    return [parseTable(text, file.name)];
  } catch (error) {
    if (error instanceof ZgradError && error.tag === 'BadTable') return [];
    throw error;
  }
}

/**
 * Reads a library from a table (ECSV, CSV, VOTable or FITS) with a column `wavelength` [Å, or in its unit] and one column a template. Its meta (FITS:
 * header), or that of its companion, says `medium` (air or vacuum) and `fwhm` [Å], and may say `imf`, `source` and `absolute` (true: L☉/M☉/Å). The
 * companion is another table with the columns `template`, `age` [Gyr], `metallicity` [M/H] and perhaps `remaining`; without it
 * templates have no ages.
 * @returns null when none of the files holds such a table
 * @throws BadTable when there are several, when medium or FWHM are missing, or the companion lacks a template
 */
export async function readGenericTable(files: readonly ByteSource[]): Promise<ReadLibrary | null> {
  const found = (await Promise.all(files.filter(({ name }) => tableName.test(name)).map(async (file) => (await tablesOf(file)).map((table) => ({ file, table }))))).flat();
  const [spectra, second] = found.filter(({ table }) => spectraColumn(table) !== undefined);
  if (!spectra) return null;
  if (second) throw new ZgradError('BadTable', { where: `${spectra.file.name}, ${second.file.name}`, found: 'two tables of spectra', expected: 'one table with a column `wavelength`' });
  const { file: { name: where }, table } = spectra;
  const companion = found.find(({ table: { columns } }) => columns.some(({ name }) => name === 'template'))?.table;
  const meta = new Map([...Object.entries(companion?.meta ?? {}), ...Object.entries(table.meta)].map(([key, value]) => [key.toLowerCase(), value]));
  const [medium, fwhm] = [meta.get('medium'), Number(meta.get('fwhm'))];
  if ((medium !== 'air' && medium !== 'vacuum') || !(fwhm > 0)) {
    throw new ZgradError('BadTable', {
      where, found: `medium ${String(medium ?? '(none)')}, fwhm ${String(meta.get('fwhm') ?? '(none)')}`,
      expected: 'in the meta of the table (ECSV) or its header (FITS): medium, air or vacuum, and fwhm, the resolution in Å',
      remedy: 'Write the table, or a companion with the columns template, age, metallicity, as ECSV with this meta.',
    });
  }
  const text = (key: string): string | null => (typeof meta.get(key) === 'string' ? String(meta.get(key)) : null);
  const axis = column(table, spectraColumn(table)!);
  const wavelength = numbers(table, axis.name).map((value) => convert(value, axis.unit ?? 'Angstrom', 'Angstrom'));
  const remaining = companion && (hasColumn(companion, 'remaining') ? { source: 'the column `remaining` of the table', at: () => Number.NaN } : standInRemaining('kroupa'));
  return assembleLibrary(table.columns.filter((one) => one !== axis).map(({ name }) => ({
    from: `${where}, column ${name}`, wavelength, flux: numbers(table, name), ...populationOf(companion, name),
  })), {
    source: text('source') ?? `table ${where}`, medium, resolution: { kind: 'constant', fwhm }, absolute: meta.get('absolute') === true, imf: text('imf'),
    remaining: remaining ?? null, unverified: [],
  });
}

function populationOf(companion: Table | undefined, template: string): { age: number; metallicity: number; remaining?: number } {
  if (!companion) return { age: Number.NaN, metallicity: Number.NaN };
  const row = strings(companion, 'template').indexOf(template);
  if (row < 0) throw new ZgradError('BadTable', { where: `column ${template}`, found: 'no row for it in the companion table', expected: 'a row with template, age and metallicity of every spectrum' });
  const value = (name: string): number => numbers(companion, name)[row]!;
  return { age: value('age'), metallicity: value('metallicity'), ...(hasColumn(companion, 'remaining') ? { remaining: value('remaining') } : {}) };
}
