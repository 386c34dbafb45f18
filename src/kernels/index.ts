export { arithmetic, createKernels, ensureMemory, kernels, useFastMath } from './wasm.js';
export type { KernelExports, SpectralExports } from './wasm.js';
export { transposePlanes, transposePlanesPlain } from './transpose.js';
export { createBandKernel, createPlainBandKernel } from './bands.js';
export type { BandKernel, BandLayer } from './bands.js';
export { createLineKernel, createPlainLineKernel } from './lines.js';
export type { LineBlock, LineBlockShape, LineKernel } from './lines.js';
export { fftPlanBytes, fftPlanInit, goodFftLength } from './fftPlan.js';
export { plainKernels } from './plainKernels.js';
