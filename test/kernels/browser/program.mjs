/** One call of every kernel, the same in Node, in a page and in a worker: what each gave, and how far its plain twin is from it. */

/** @typedef {typeof import('../../../src/kernels/index.js')} Kernels */
/** @typedef {{name: string, values: number[], apart: number}} Outcome `apart`: largest difference from the plain twin over the largest value */

/** Numbers without a pattern, the same everywhere: no function of the platform is in them. */
const noise = (n, seed = 1) => Float64Array.from({ length: n }, () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647 - 0.5;
});

/** @returns {Outcome} */
function outcome(name, values, twin) {
  const [size, apart] = [Math.max(...twin.map(Math.abs)), Math.max(...values.map((value, i) => Math.abs(value - twin[i])))];
  return { name, values, apart: apart / size };
}

/** Kernels of the full-spectrum fit: each takes arrays in memory, `place` puts them there. */
const spectral = {
  transforms(kernels, place, read, { fftPlanBytes, fftPlanInit }) {
    const n = 240;
    const plan = place(new Float64Array(fftPlanBytes(n) / 8));
    fftPlanInit(kernels, plan, n);
    const [input, transform, back] = [place(noise(n)), place(new Float64Array(n + 2)), place(new Float64Array(n))];
    kernels.rfft(input, transform, n, plan);
    kernels.irfft(transform, back, n, plan);
    return [...read(transform, n + 2), ...read(back, n)];
  },
  losvd(kernels, place, read) {
    const out = place(new Float64Array(242));
    kernels.losvd(out, 240, 3.7, 4, 2, 0.1, -0.05);
    return read(out, 242);
  },
  complex(kernels, place, read) {
    const [a, b, out] = [place(noise(80)), place(noise(80, 2)), place(new Float64Array(80))];
    kernels.complexMultiply(a, b, out, 40);
    kernels.complexAccumulate(out, b, -0.7, 40);
    return read(out, 80);
  },
  projection(kernels, place, read) {
    const [pixels, width, length] = [40, 4, 60];
    const first = place(new Float64Array(new Int32Array(Float64Array.from({ length: pixels }, (_, p) => p)).buffer));
    const [weights, grid, scale, out, back] = [place(noise(pixels * width)), place(noise(length, 2)), place(noise(pixels, 3)), place(new Float64Array(pixels)), place(new Float64Array(length))];
    kernels.project(first, weights, width, grid, pixels, scale, out);
    kernels.projectAdjoint(first, weights, width, pixels, scale, out, back, length);
    return [...read(out, pixels), ...read(back, length)];
  },
  solvers(kernels, place, read) {
    const [n, count] = [64, 12];
    const columns = place(noise(n * count));
    const [y, gram, right, sum] = [place(noise(n, 2)), place(new Float64Array(count * count)), place(new Float64Array(count)), place(new Float64Array(n))];
    kernels.gram(columns, 8 * n, n, 0, count, gram, count);
    kernels.columnDots(columns, 8 * n, n, count, y, right);
    const [lower, upper, x, scratch] = [place(new Float64Array(count)), place(new Float64Array(count).fill(Infinity)), place(new Float64Array(count)), place(new Float64Array(count * count + 5 * count))];
    kernels.boxLeastSquares(gram, right, count, count, lower, upper, x, scratch, 0);
    kernels.combine(columns, 8 * n, n, count, x, sum);
    const found = [...read(gram, count * count), ...read(x, count), ...read(sum, n), kernels.dotProduct(columns, y, n)];
    kernels.cholesky(gram, count, count);
    kernels.choleskySolve(gram, count, count, right);
    return [...found, ...read(gram, count * count), ...read(right, count)];
  },
  smoothing(kernels, place, read) {
    const [input, widths, out] = [place(noise(60)), place(noise(60, 2).map((value) => 1 + Math.abs(value))), place(new Float64Array(60))];
    kernels.smoothVariable(input, widths, 60, out, 9);
    return read(out, 60);
  },
};

/** Two lines of one set of kinematics over a constant. */
function fitLines(kernel) {
  const [pixels, lines, linear] = [40, 2, 3];
  const [block] = kernel.blocks();
  block.edges.forEach((_, k, edges) => { edges[k] = 5000 + 1.25 * Math.min(k, pixels); });
  block.scale.fill(1, 0, pixels);
  block.data.set(noise(pixels));
  block.columns.fill(1, 2 * block.stride, 2 * block.stride + pixels);
  block.line.set([5015, 1.5, 1, 0, 0, 40, 5032, 1.5, 1, 1, 0, 40]);
  block.rate.set([3, 0.5, 1, 0, 2, 0.5, 1, 0]);
  new Int32Array(block.range.buffer, block.range.byteOffset, 4).set([0, 40, 0, 40]);
  const square = kernel.fixed(0, lines, linear);
  kernel.columns(0, lines, lines, linear, false);
  kernel.kinematics(0, lines, lines, linear, 1);
  block.solution.set([1, 2, 0.1]);
  return [square, kernel.residual(0, lines, linear), ...block.columns, ...block.right, ...block.mixed, ...block.residual.subarray(0, pixels)];
}

/** @param {Kernels} room @returns {Outcome[]} */
export function runKernels(room) {
  const run = (work, kernels) => {
    kernels.memory.grow(8);
    let end = kernels.heapStart();
    const place = (values) => {
      const at = end;
      new Float64Array(kernels.memory.buffer, at, values.length).set(values);
      end += 16 * Math.ceil(values.length / 2);
      return at;
    };
    return Array.from(work(kernels, place, (at, length) => Array.from(new Float64Array(kernels.memory.buffer, at, length)), room));
  };
  const outcomes = Object.entries(spectral).map(([name, work]) => outcome(name, run(work, room.createKernels()), run(work, room.plainKernels())));
  const shapes = [{ pixels: 40, lines: 2, linear: 3 }];
  outcomes.push(outcome('lines', fitLines(room.createLineKernel(shapes)), fitLines(room.createPlainLineKernel(shapes))));
  for (const width of /** @type {const} */ ([4, 8])) {
    const [pixels, planes] = [33, 6];
    const bytes = new Uint8Array(width * pixels * planes);
    const view = new DataView(bytes.buffer);
    noise(pixels * planes).forEach((value, i) => (width === 4 ? view.setFloat32(4 * i, value) : view.setFloat64(8 * i, value)));
    const [fast, plain] = [room.transposePlanes, room.transposePlanesPlain].map((transpose) => {
      const out = new Float32Array(pixels * planes);
      transpose(bytes, width, pixels, out, 0, planes);
      return Array.from(out);
    });
    outcomes.push(outcome(`transposition of ${8 * width} bits`, fast, plain));
  }
  return outcomes;
}
