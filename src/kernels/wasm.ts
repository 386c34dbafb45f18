import { kernelsBase64 } from './module.generated.js';

/** The kernels' exports: numbers in, numbers out; arrays are passed as byte addresses into `memory`. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapStart(): number;
  transposeF32(input: number, output: number, pixels: number, planes: number, stride: number): void;
  transposeF64(input: number, output: number, pixels: number, planes: number, stride: number): void;
  lineFixed(columns: number, data: number, n: number, amplitudes: number, linear: number, normal: number, right: number): number;
  lineColumns(
    edges: number, scale: number, data: number, n: number, line: number, lines: number, columns: number, amplitudes: number, linear: number,
    slopes: number, scratch: number, normal: number, right: number, sampled: number,
  ): void;
  lineKinematics(
    data: number, n: number, line: number, rate: number, lines: number, columns: number, linear: number, slopes: number, kinematic: number, mixed: number,
  ): void;
  lineResidual(columns: number, data: number, n: number, linear: number, solution: number, residual: number): number;
}

let loaded: KernelExports | undefined;

/** The one instance of the kernels' module in this thread, compiled synchronously at first use. */
export function kernels(): KernelExports {
  if (!loaded) {
    const bytes = Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0));
    // The stub runtime imports only `abort`, which assertion-free code never calls.
    loaded = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { abort() {} } }).exports as unknown as KernelExports;
  }
  return loaded;
}

/** Grows the linear memory so that it holds at least `bytes` bytes; views taken before are detached by growth. */
export function ensureMemory(bytes: number): void {
  const { memory } = kernels();
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
}
