import type { ByteSource } from '../fits/index.js';
import type { ReadLibrary } from './assemble.js';

/** A format in which libraries are published: which files belong to it and how they are read. Adding one is adding an object. */
export interface LibraryFormat {
  /** For messages: the library and an example of a file name. */
  readonly name: string;
  /** What a file of this name belongs to (library, mass function, isochrones …), or null. Files of one import belong to one family. */
  family(fileName: string): string | null;
  /**
   * @param files those of the family
   * @param others the other files beside them (readme, run parameters)
   * @throws BadFits, BadTable
   */
  read(files: readonly ByteSource[], others: readonly ByteSource[]): Promise<ReadLibrary>;
}
