export { syntheticLibrary } from './synthetic.js';
export { cropLibrary } from './library.js';
export type { Range, StellarLibrary } from './library.js';
export { readLibraryFiles } from './readFiles.js';
export { readLibrary, readLibraryHead, writeLibrary } from './libraryFile.js';
export type { LibraryHead } from './libraryFile.js';
export { padovaUnimodalRemaining, standInRemaining } from './remaining.js';
export type { RemainingMass } from './remaining.js';
