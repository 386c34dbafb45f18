import { ZgradError } from '../errors/index.js';
import type { ByteSource } from '../fits/index.js';
import type { LibraryFormat } from './format.js';
import { bc03Format, bpassFormat, milesHcFormat } from './galaxyTemplates.js';
import { genericDescription, readGenericTable } from './genericTable.js';
import type { StellarLibrary } from './library.js';
import { milesFormat } from './miles.js';
import { starburst99BasesFormat, starburst99OutputFormat } from './starburst99.js';

/** The formats that are told by the names of their files. */
const formats: readonly LibraryFormat[] = [milesFormat, bc03Format, bpassFormat, milesHcFormat, starburst99BasesFormat, starburst99OutputFormat];

/** Files of one kind, for a message: how many and one of their names. */
const counted = (files: readonly ByteSource[]): string => `${files.length} ${files.length === 1 ? 'file' : 'files'} such as ${files[0]!.name}`;

/**
 * Reads a library from the files it was published in, whose format is told by their names (generic tables by their
 * content). Files that belong to no library, such as a readme, are passed over.
 * @param name what the library will be called
 * @throws BadArgument when the files are of no known format, or of several libraries
 * @throws NotFits, BadFits, BadTable for a broken file
 */
export async function readLibraryFiles(files: readonly ByteSource[], name: string): Promise<StellarLibrary> {
  const families = new Map<string, { format: LibraryFormat; files: ByteSource[] }>();
  for (const file of files) {
    for (const format of formats) {
      const family = format.family(file.name);
      if (family === null) continue;
      const own = families.get(family) ?? { format, files: [] };
      own.files.push(file);
      families.set(family, own);
    }
  }
  const [first, ...more] = families.values();
  if (more.length) {
    throw new ZgradError('BadArgument', {
      where: `templates for ${name}`, found: Array.from(families, ([family, own]) => `${family} (${counted(own.files)})`).join('; '), expected: 'the files of one library',
      remedy: 'Name the files of one of them instead of the folder.',
    });
  }
  if (first) return { name, ...await first.format.read(first.files, files.filter((file) => !first.files.includes(file))) };
  const generic = await readGenericTable(files);
  if (generic) return { name, ...generic };
  const kinds = new Map<string, ByteSource[]>();
  for (const file of files) {
    const ending = /\.[^.\d][^.]*(?:\.gz)?$/.exec(file.name)?.[0] ?? '';
    kinds.set(ending, [...kinds.get(ending) ?? [], file]);
  }
  throw new ZgradError('BadArgument', {
    where: `templates for ${name}`, found: Array.from(kinds.values(), (some) => counted(some)).join('; ') || 'no files',
    expected: `spectra of one of these: ${formats.map((format) => format.name).join('; ')}; or ${genericDescription}`,
  });
}
