export type { Binning } from './binning.js';
