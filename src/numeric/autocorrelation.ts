import { createFft } from './fft.js';

/** The autocorrelation function of a series, 1 at lag 0, by Fourier transforms; NaN for a constant series. */
export function autocorrelation(series: ArrayLike<number>): Float64Array {
  return makeAutocorrelation(series.length)(series);
}

/** The same for many series of one length. */
function makeAutocorrelation(n: number): (series: ArrayLike<number>) => Float64Array {
  let length = 2;
  while (length < 2 * n) length *= 2;
  const fft = createFft(length);
  const padded = new Float64Array(length);
  return (series) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += series[i]!;
    for (let i = 0; i < n; i++) padded[i] = series[i]! - sum / n;
    const transform = fft.forward(padded);
    for (let k = 0; k < transform.length; k += 2) {
      transform[k] = transform[k]! ** 2 + transform[k + 1]! ** 2;
      transform[k + 1] = 0;
    }
    const product = fft.inverse(transform);
    return product.subarray(0, n).map((value) => value / product[0]!);
  };
}

/**
 * Steps after which an ensemble has forgotten where it was, for each parameter: τ = 1 + 2 Σ ρ(t) with the autocorrelation averaged over the walkers and summed up to the first
 * lag of at least 5 τ (Sokal 1997). To be trusted when there are more than about 50 τ steps.
 * @param samples [steps × walkers × parameters]
 */
export function autocorrelationTime(samples: ArrayLike<number>, steps: number, walkers: number, parameters: number): Float64Array {
  const correlate = makeAutocorrelation(steps);
  const series = new Float64Array(steps);
  return Float64Array.from({ length: parameters }, (_, c) => {
    const total = new Float64Array(steps);
    for (let w = 0; w < walkers; w++) {
      for (let step = 0; step < steps; step++) series[step] = samples[(step * walkers + w) * parameters + c]!;
      correlate(series).forEach((value, lag) => { total[lag]! += value / walkers; });
    }
    let time = -1;
    for (let lag = 0; lag < steps; lag++) {
      time += 2 * total[lag]!;
      if (lag >= 5 * time) break;
    }
    return time;
  });
}
