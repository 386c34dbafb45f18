import { createRandom } from '../../../src/numeric/index.js';
import { averageProjection, type Projection, type TemplateGrid } from '../../../src/spectrum/templateGrid.js';

/** Templates of 40 lines in common and 12 of their own on a level of 1, the last `gas` of them single lines; pixels of 1.9 samples. */
export function toyTemplates(count: number, gas = 0, pixels = 150, seed = 1): { grid: TemplateGrid; projection: Projection } {
  const random = createRandom(seed, 'toy templates');
  const length = 2 * pixels + 40;
  const common = Array.from({ length: 40 }, () => [random.uniform() * length, 0.3 * random.uniform()] as const);
  const spectra = Array.from({ length: count }, (_, t) => {
    const lines = t < count - gas ? [...common, ...Array.from({ length: 12 }, () => [random.uniform() * length, 0.15 * random.uniform()] as const)] : [[40 + (length - 80) * random.uniform(), -1] as const];
    return Float64Array.from({ length }, (__, i) => lines.reduce((sum, [centre, depth]) => sum - depth * Math.exp(-0.5 * ((i - centre) / 2) ** 2), t < count - gas ? 1 : 0));
  });
  const { projection } = averageProjection([Float64Array.from({ length: pixels + 1 }, (_, p) => 15.3 + 1.9 * p)], length);
  return { grid: { velocityScale: 30, lnStart: 8.5, length, spectra, component: spectra.map((_, t) => (t < count - gas ? 0 : 1)) }, projection };
}
