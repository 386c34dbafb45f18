import { basename } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { readTable } from '../fits/index.js';
import { checkReadable, isFitsFile, openFitsFile, readText } from '../host/index.js';
import { parseTable, type Table } from '../table/index.js';

/** Reads a table of any kind: CSV and its like, ECSV, VOTable, or the first table of a FITS file. Throws FileNotFound, BadTable, BadFits. */
export async function readAnyTable(path: string): Promise<Table> {
  await checkReadable(path);
  if (!(await isFitsFile(path))) {
    const text = await readText(path);
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000e-\u001f]/.test(text.slice(0, 4096))) throw new ZgradError('BadTable', { where: path, found: 'a binary file', expected: 'a table: CSV, ECSV, VOTable or FITS' });
    return parseTable(text, basename(path));
  }
  const fits = await openFitsFile(path);
  const hdu = fits.hdus.find(({ kind }) => kind === 'table');
  if (!hdu) throw new ZgradError('BadTable', { where: path, found: 'a FITS file without a table', expected: 'a table with a row for each galaxy' });
  return readTable(fits, hdu);
}
