export type { LineMap, LineMaps } from './linemaps.js';
export { bitNames, describeBits, maskBitMeanings, maskBits } from './maskbits.js';
export type { MaskBitName } from './maskbits.js';
export { readSamiMaps } from './sami.js';
export type { SamiMapsOptions } from './sami.js';
export { readFluxTable } from './table.js';
export type { FluxTableOptions } from './table.js';
export { lineOf } from './linecolumns.js';
export type { ColumnLine } from './linecolumns.js';
