export type { Arm, Cube } from './cube.js';
