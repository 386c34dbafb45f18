export type { Lsf, Medium, SpectralAxis } from './axis.js';
