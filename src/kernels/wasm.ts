import { ZgradError } from '../errors/index.js';
import { fastKernelsBase64, kernelsBase64 } from './module.generated.js';

/**
 * What a full-spectrum fit uses: real Fourier transforms, line-of-sight velocity distributions, products of columns, dense solvers. Arrays are float64 at byte
 * addresses; columns are a multiple of four values long and 16-byte aligned.
 */
export interface SpectralExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapStart(): number;
  rfft(input: number, output: number, n: number, plan: number): void;
  irfft(input: number, output: number, n: number, plan: number): void;
  losvd(out: number, n: number, velocity: number, variance: number, sigma: number, h3: number, h4: number): void;
  complexMultiply(a: number, b: number, out: number, count: number): void;
  complexAccumulate(out: number, a: number, scale: number, count: number): void;
  project(first: number, weights: number, width: number, grid: number, pixels: number, scale: number, out: number): void;
  projectAdjoint(first: number, weights: number, width: number, pixels: number, scale: number, values: number, grid: number, gridLength: number): void;
  dotProduct(a: number, b: number, n: number): number;
  gram(columns: number, stride: number, n: number, from: number, to: number, out: number, lead: number): void;
  columnDots(columns: number, stride: number, n: number, count: number, y: number, out: number): void;
  combine(columns: number, stride: number, n: number, count: number, x: number, out: number): void;
  multiplyColumns(columns: number, stride: number, n: number, count: number, factor: number, out: number): void;
  cholesky(a: number, n: number, lead: number): number;
  choleskySolve(l: number, n: number, lead: number, b: number): void;
  boxLeastSquares(gram: number, right: number, n: number, lead: number, lower: number, upper: number, x: number, scratch: number, warm: number): number;
  smoothVariable(input: number, sigma: number, n: number, out: number, half: number): void;
}

/** The kernels' exports: numbers in, numbers out; arrays are passed as byte addresses into `memory`. */
export interface KernelExports extends SpectralExports {
  transposeF32(input: number, output: number, pixels: number, planes: number, stride: number): void;
  transposeF64(input: number, output: number, pixels: number, planes: number, stride: number): void;
  addPlanesF32(flux: number, variance: number, mask: number, spaxels: number, planes: number, weights: number, bands: number, sums: number, squares: number, missing: number): void;
  addPlanesF64(flux: number, variance: number, mask: number, spaxels: number, planes: number, weights: number, bands: number, sums: number, squares: number, missing: number): void;
  lineFixed(columns: number, data: number, n: number, amplitudes: number, linear: number, normal: number, right: number): number;
  lineColumns(
    edges: number, scale: number, data: number, n: number, line: number, lines: number, columns: number, amplitudes: number, linear: number,
    slopes: number, scratch: number, normal: number, right: number, sampled: number, range: number,
  ): void;
  lineKinematics(
    data: number, n: number, line: number, rate: number, lines: number, columns: number, amplitudes: number, linear: number, slopes: number,
    kinematic: number, sets: number, mixed: number, range: number,
  ): void;
  lineResidual(
    columns: number, data: number, n: number, amplitudes: number, linear: number, solution: number, residual: number, range: number,
  ): number;
}

let compiled: WebAssembly.Module | undefined;
let fast = false;
let shared: KernelExports | undefined;

const decode = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/**
 * Takes the kernels whose products and sums are fused where the processor can (relaxed SIMD): products of columns take a fifth to a third less time, but
 * the last digits then depend on the machine. To be called before the first kernel is made, in every thread. Node 20 needs V8's flag first:
 * `v8.setFlagsFromString('--experimental-wasm-relaxed-simd')`; later ones have it on.
 * @throws BadArgument when the engine has no relaxed SIMD, or strict kernels have been made already
 */
export function useFastMath(): void {
  if (fast) return;
  const where = 'fast mathematics';
  if (compiled) throw new ZgradError('BadArgument', { where, found: 'strict kernels in use', expected: 'the choice before the first kernel is made' });
  const bytes = decode(fastKernelsBase64);
  if (!WebAssembly.validate(bytes)) {
    throw new ZgradError('BadArgument', { where, found: 'an engine without relaxed SIMD', expected: 'WebAssembly with relaxed SIMD', remedy: 'Leave it off, or use Node 22 or later.' });
  }
  compiled = new WebAssembly.Module(bytes);
  fast = true;
}

/** How the kernels round: 'strict', the same on every machine, or 'fused' after `useFastMath`. */
export function arithmetic(): 'strict' | 'fused' {
  return fast ? 'fused' : 'strict';
}

/** An instance of the kernels with a memory of its own, collected with its owner. The module is compiled once, synchronously. */
export function createKernels(): KernelExports {
  compiled ??= new WebAssembly.Module(decode(kernelsBase64));
  // The stub runtime imports only `abort`, which assertion-free code never calls.
  return new WebAssembly.Instance(compiled, { env: { abort() {} } }).exports as unknown as KernelExports;
}

/** The instance that kernels without a state of their own share. */
export function kernels(): KernelExports {
  shared ??= createKernels();
  return shared;
}

/** Grows the linear memory of an instance (default: the shared one) so that it holds at least `bytes` bytes; views taken before are detached by growth. */
export function ensureMemory(bytes: number, { memory }: Pick<SpectralExports, 'memory'> = kernels()): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
}
