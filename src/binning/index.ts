export { binAdaptively } from './adaptive.js';
export type { AdaptiveBinning, AdaptiveBinningOptions, BinningMethod } from './adaptive.js';
export { makeBinning, spaxelBinning } from './binning.js';
export type { Binning, MakeBinningOptions } from './binning.js';
export { binCentres, binToMap, mapToBin } from './binmap.js';
export { deduplicate } from './deduplicate.js';
export type { Generators } from './diagram.js';
export { binSignalToNoise, mangaCovariance, signalToNoise, weakestSignalToNoise } from './signalToNoise.js';
export type { AnySignalToNoise, Covariance, SignalAndNoise, SignalToNoise, SummedSignalToNoise } from './signalToNoise.js';
