import { ZgradError } from '../errors/index.js';

/** The medium that wavelengths are quoted in. */
export type Medium = 'air' | 'vacuum';

/** The wavelengths of one spectral arm: observed frame, Å, ascending, with the pixels' edges. */
export interface SpectralAxis {
  /** Pixel centres [Å], length n. */
  readonly wavelength: Float64Array;
  /** Pixel edges [Å], length n + 1: pixel k spans edges[k] to edges[k+1]. */
  readonly edges: Float64Array;
  readonly medium: Medium;
}

function refuse(found: string): never {
  throw new ZgradError('BadArgument', { where: 'spectral axis', found, expected: 'at least two finite, positive, ascending wavelengths' });
}

/**
 * An axis from pixel centres [Å]: the edges lie half-way between, the outer ones as far out as the inner ones are in.
 * @throws BadArgument unless there are at least two finite, positive, ascending wavelengths.
 */
export function makeAxis(wavelength: ArrayLike<number>, medium: Medium): SpectralAxis {
  const centres = Float64Array.from(wavelength);
  const n = centres.length;
  if (n < 2) refuse(`${n} wavelengths`);
  const edges = new Float64Array(n + 1);
  for (let k = 1; k < n; k++) {
    if (!(centres[k]! > centres[k - 1]! && centres[k - 1]! > 0 && centres[k]! < Infinity)) refuse(`${centres[k - 1]} Å followed by ${centres[k]} Å at pixel ${k}`);
    edges[k] = (centres[k - 1]! + centres[k]!) / 2;
  }
  edges[0] = centres[0]! - (edges[1]! - centres[0]!);
  edges[n] = centres[n - 1]! + (centres[n - 1]! - edges[n - 1]!);
  return { wavelength: centres, edges, medium };
}

/** An axis of n pixels, the first centred at `start` [Å], `step` [Å] apart. @throws BadArgument */
export function linearAxis(start: number, step: number, n: number, medium: Medium): SpectralAxis {
  return makeAxis(Float64Array.from({ length: n }, (_, k) => start + k * step), medium);
}

/** An axis of n pixels, the first centred at `start` [Å], `step` apart in ln λ; its edges lie half-way in ln λ. @throws BadArgument */
export function logAxis(start: number, step: number, n: number, medium: Medium): SpectralAxis {
  const axis = makeAxis(Float64Array.from({ length: n }, (_, k) => start * Math.exp(k * step)), medium);
  return { ...axis, edges: Float64Array.from({ length: n + 1 }, (_, k) => start * Math.exp((k - 0.5) * step)) };
}
