export { isGood } from './spectrum.js';
export type { Spectrum } from './spectrum.js';
export { createLineFitter, defaultLines } from './lineFit.js';
export type { LineFit, LineFitOptions, LineFitter } from './lineFit.js';
