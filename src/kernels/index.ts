export { kernels, ensureMemory } from './wasm.js';
export type { KernelExports } from './wasm.js';
export { transposePlanes, transposePlanesPlain } from './transpose.js';
