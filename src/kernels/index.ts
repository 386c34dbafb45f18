export { kernels, ensureMemory } from './wasm.js';
export type { KernelExports } from './wasm.js';
export { transposePlanes, transposePlanesPlain } from './transpose.js';
export { createLineKernel, createPlainLineKernel } from './lines.js';
export type { LineBlock, LineBlockShape, LineKernel } from './lines.js';
