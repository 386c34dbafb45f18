import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { exists, fileDigest, fileSink, fileSource, isFolder, openFitsFile } from '../host/index.js';
import { cropLibrary, readLibrary, readLibraryFiles, readLibraryHead, syntheticLibrary, writeLibrary, type LibraryHead, type Range, type StellarLibrary } from '../templates/index.js';
import { nearestWord } from './nearest.js';

/** The library that is computed instead of read. */
const builtIn = 'synthetic';

/** Folder of the user's data: $ZGRAD_DATA, else $XDG_DATA_HOME/zgrad, else ~/.local/share/zgrad. */
export function dataFolder(): string {
  const { ZGRAD_DATA: own, XDG_DATA_HOME: xdg } = process.env;
  return own || join(xdg || join(homedir(), '.local', 'share'), 'zgrad');
}

const templatesFolder = (): string => join(dataFolder(), 'templates');
const libraryPath = (name: string): string => join(templatesFolder(), `${name}.fits`);

/** A library with where it came from; the computed one has no file, its checksum is that of its spectra. */
export interface OpenedLibrary {
  readonly library: StellarLibrary;
  readonly path: string | null;
  readonly sha256: string;
}

/** What is said of an installed library without reading its spectra. */
export interface InstalledLibrary {
  readonly head: LibraryHead;
  readonly path: string | null;
}

/** Names of the libraries in the user's data folder and the built-in one, sorted. */
export async function libraryNames(): Promise<string[]> {
  const files = await exists(templatesFolder()) ? await readdir(templatesFolder()) : [];
  return [...files.filter((file) => file.endsWith('.fits')).map((file) => file.slice(0, -'.fits'.length)), builtIn].sort();
}

/** The installed libraries and the built-in one, by name. @throws BadFits for a file that is no library */
export async function listLibraries(): Promise<InstalledLibrary[]> {
  return Promise.all((await libraryNames()).map(describeLibrary));
}

function headOf({ wavelength, flux: _flux, ...head }: StellarLibrary): LibraryHead {
  return { ...head, range: [wavelength[0]!, wavelength.at(-1)!], pixels: wavelength.length };
}

/** @throws BadArgument with the names that exist when there is none of this name */
async function findLibrary(name: string): Promise<string> {
  const names = await libraryNames();
  if (names.includes(name)) return libraryPath(name);
  throw new ZgradError('BadArgument', {
    where: 'templates', found: `no library ${name}`, expected: `one of ${names.join(', ')} (in ${templatesFolder()})`,
    remedy: `Did you mean ${nearestWord(name, names)}? A library is installed with: zgrad templates import DIR --name NAME`,
  });
}

/** What a library is, without its spectra. @throws BadArgument when there is none of this name, BadFits for a broken file */
export async function describeLibrary(name: string): Promise<InstalledLibrary> {
  if (name === builtIn) return { head: headOf(syntheticLibrary()), path: null };
  const path = await findLibrary(name);
  return { head: { ...await readLibraryHead(await openFitsFile(path)), name }, path };
}

/**
 * Opens a library by its name, only the wavelengths asked for.
 * @param range [Å] in the library's rest frame and medium; all by default
 * @throws BadArgument when there is none of this name or the range misses it, BadFits for a broken file
 */
export async function openLibrary(name: string, range?: Range): Promise<OpenedLibrary> {
  if (name === builtIn) {
    const whole = syntheticLibrary();
    const sha256 = createHash('sha256').update(new Uint8Array(whole.flux.buffer)).digest('hex');
    return { library: range ? cropLibrary(whole, range) : whole, path: null, sha256 };
  }
  const path = await findLibrary(name);
  const library = await readLibrary(await openFitsFile(path), range ? { range } : {});
  return { library: { ...library, name }, path, sha256: await fileDigest(path) };
}

/** Files of an import: those of a folder (not of folders in it), sorted by name. */
async function filesOf(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path];
  return (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(path, entry.name)).sort();
}

/**
 * Reads a library from the files it was published in and keeps it as one file in the user's data folder.
 * @param paths a folder, or files
 * @throws BadArgument for a bad name or files of no known format; OutputExists when the name is taken and not to be overwritten
 */
export async function importLibrary(paths: readonly string[], name: string, options: { readonly overwrite?: boolean } = {}): Promise<InstalledLibrary> {
  if (!/^[A-Za-z0-9][\w.+-]*$/.test(name) || name === builtIn) {
    throw new ZgradError('BadArgument', { where: '--name', found: name, expected: `letters, digits and . _ + -, and not ${builtIn}, the built-in library` });
  }
  const path = libraryPath(name);
  if (!options.overwrite && await exists(path)) {
    throw new ZgradError('OutputExists', { where: path, found: `a library ${name}`, expected: 'a new name', remedy: 'Choose another --name or give --overwrite.' });
  }
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const library = await readLibraryFiles(await Promise.all(files.map(fileSource)), name);
  const sink = await fileSink(path);
  await writeLibrary(library, sink);
  await sink.close();
  return { head: headOf(library), path };
}
