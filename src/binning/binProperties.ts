import type { Field } from './field.js';
import { binSignalToNoise, type SignalToNoise } from './signalToNoise.js';

/** What the bins of one diagram are. */
export interface BinProperties {
  readonly area: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly signalToNoise: Float64Array;
}

/** Area, centroid (weighted when there are weights) and S/N of bins. */
export function createProperties(field: Field, source: SignalToNoise, weight: Float64Array | null): (label: Int32Array, count: number) => BinProperties {
  const { width, size, use, spaxel } = field;
  const bin = new Int32Array(source.use.length).fill(-1);
  return (label, count) => {
    const area = new Float64Array(count);
    const [plain, heavy] = [0, 1].map(() => ({ x: new Float64Array(count), y: new Float64Array(count), sum: new Float64Array(count) }));
    for (let cell = 0; cell < size; cell++) {
      if (!use[cell]) continue;
      const k = label[cell]!;
      bin[spaxel[cell]!] = k;
      if (k < 0) continue;
      const x = cell % width;
      const y = (cell - x) / width;
      area[k]!++;
      plain!.x[k]! += x;
      plain!.y[k]! += y;
      if (!weight) continue;
      const w = weight[cell]!;
      heavy!.sum[k]! += w;
      heavy!.x[k]! += w * x;
      heavy!.y[k]! += w * y;
    }
    const centre = (axis: 'x' | 'y') => plain![axis].map((sum, k) => (heavy!.sum[k]! > 0 ? heavy![axis][k]! / heavy!.sum[k]! : sum / area[k]!));
    return { area, x: centre('x'), y: centre('y'), signalToNoise: binSignalToNoise(source, bin, count) };
  };
}
