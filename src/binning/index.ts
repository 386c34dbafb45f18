export { makeBinning, spaxelBinning } from './binning.js';
export type { Binning, MakeBinningOptions } from './binning.js';
export { binCentres, binToMap, mapToBin } from './binmap.js';
export { deduplicate } from './deduplicate.js';
