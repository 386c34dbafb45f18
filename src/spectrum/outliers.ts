import { lineDensity } from './profile.js';

/** A pixel must stand out by this many standard deviations to be left out. */
const outlierSigmas = 6;
const significance = outlierSigmas ** 2;
/** … and by this share of the brightest model pixel within reach: real lines are not quite Gaussian, which shows at high S/N. */
const residualShare = 0.3;
const modelReach = 4;
/** A line-spread function may be this much narrower at the wings than said before its lines look like spikes. */
const margin = 0.5;

/**
 * The least that the neighbours of a single pixel, and of a pair, have relative to them in a line.
 * @param lsf σ of the line-spread function in pixels
 */
export function leastBeside(lsf: number): readonly [number, number] {
  const density = (offset: number): number => lineDensity(offset - 0.5, offset + 0.5, 0, lsf, 'integrated');
  return [(margin * density(1)) / density(0), (margin * density(1.5)) / density(0.5)];
}

/**
 * Leaves out (weight 0) what is too narrow to be a line: one or two pixels that their outer neighbours leave behind as no
 * profile at least as wide as the line-spread function does. Cosmic rays and hot pixels must go before the fit, which
 * would otherwise follow them.
 * @param beside as `leastBeside` gives
 */
export function rejectSpikes(residual: Float64Array, weight: Float64Array, beside: readonly [number, number]): void {
  const n = residual.length;
  // A pair stands out only where one of the two does by itself, to half the significance at least (by the parallelogram law).
  const bright = (i: number): boolean => residual[i]! > 0 && residual[i]! * residual[i]! * weight[i]! > significance / 2;
  for (let width = 1; width <= 2; width++) {
    const ratio = beside[width - 1]!;
    for (let i = 1; i + width < n; i++) {
      const last = i + width - 1;
      if (!(bright(i) || bright(last)) || weight[i] === 0 || weight[last] === 0) continue;
      const peak = (residual[i]! + residual[last]!) / 2;
      let variance = (1 / weight[i]! + 1 / weight[last]!) / (width * 2);
      if (peak <= 0 || peak * peak <= significance * variance) continue;
      let neighbours = 0;
      let sides = 0;
      for (let k = i - 1; k <= last + 1; k += width + 1) {
        if (weight[k] === 0) continue;
        neighbours += residual[k]!;
        variance += 1 / (weight[k]! * 4 * ratio * ratio);
        sides++;
      }
      // With one neighbour, it may be the faint side of a line between pixels; with none there is nothing to compare.
      if (sides === 0 || (sides === 1 && width === 2)) continue;
      const excess = peak - Math.max(0, sides === 2 ? neighbours / (2 * ratio) : neighbours / (ratio * ratio));
      if (excess > 0 && excess * excess > significance * variance) weight[i] = weight[last] = 0;
    }
  }
}

/**
 * Leaves out pixels that neither noise nor a line explains after a fit; answers whether there were any.
 * @param residual data − model in units of the error, 0 where a pixel does not count
 * @param lineModel makes the lines' model in the same units; asked for where a pixel stands out
 */
export function rejectResiduals(residual: Float64Array, lineModel: () => Float64Array, weight: Float64Array): boolean {
  let found = false;
  let model: Float64Array | null = null;
  for (let i = 0; i < weight.length; i++) {
    if (!(Math.abs(residual[i]!) >= outlierSigmas) || weight[i] === 0) continue;
    model ??= lineModel();
    let brightest = 0;
    for (let k = Math.max(0, i - modelReach); k < Math.min(weight.length, i + modelReach + 1); k++) {
      if (weight[k]! > 0) brightest = Math.max(brightest, Math.abs(model[k]!) / Math.sqrt(weight[k]!));
    }
    if (Math.abs(residual[i]!) > residualShare * brightest * Math.sqrt(weight[i]!)) {
      weight[i] = 0;
      found = true;
    }
  }
  return found;
}
