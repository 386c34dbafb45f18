export { exists, fileDigest, fileSink, fileSource, isFitsFile, isFolder, openFitsFile, readText, writeAtomically } from './files.js';
export { createReporter, duration } from './progress.js';
export type { Reporter, ReporterOptions } from './progress.js';
export { allowFastMath } from './fastMath.js';
export { byteCount, peakMemory, stopwatch } from './resources.js';
export { svgToPng } from './png.js';
export { sceneToPdf } from './pdf.js';
