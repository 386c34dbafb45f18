import { placeOf, type Arm, type Cube } from './cube.js';

type Spectra = Pick<Cube, 'nx' | 'ny' | 'arms'>;

/** Share of the spaxels with data that must share their spectrum with another before a cube counts as sector-binned. */
const substantial = 0.5;

/** Pixels per arm that a spectrum's fingerprint is made of. */
const sampled = 64;

/**
 * Groups spaxels whose flux and variance are the same to the last bit in every arm (NaN equals NaN), as in cubes that a survey
 * binned into sectors. Fingerprints of a few pixels find candidates; equality is verified over all pixels.
 *
 * @returns a number per spaxel: 0 without a good pixel, otherwise the group, from 1 in the order met; null when less than half
 *   of the spaxels with data share their spectrum with another.
 */
export function recogniseRepeats(cube: Spectra): Int32Array | null {
  const groups = new Int32Array(cube.nx * cube.ny);
  const sizes = [0];
  const byFingerprint = new Map<number, number[]>();
  let withData = 0;
  for (let s = 0; s < groups.length; s++) {
    if (!hasData(cube, s)) continue;
    withData++;
    const key = fingerprint(cube.arms, s);
    const first = byFingerprint.get(key) ?? [];
    const same = first.find((other) => identical(cube.arms, s, other));
    if (same === undefined) byFingerprint.set(key, [...first, s]);
    const group = same === undefined ? sizes.push(0) - 1 : groups[same]!;
    groups[s] = group;
    sizes[group]!++;
  }
  const repeating = sizes.reduce((sum, size) => sum + (size > 1 ? size : 0), 0);
  return withData > 0 && repeating >= substantial * withData ? groups : null;
}

/** Whether a spaxel has a pixel with a finite flux and a finite positive variance in any arm. */
export function hasData({ arms }: Pick<Cube, 'arms'>, spaxel: number): boolean {
  return arms.some((arm) => {
    const first = placeOf(arm, spaxel);
    const { axis, flux, variance } = arm;
    for (let i = first; i < first + axis.wavelength.length; i++) {
      if (Number.isFinite(flux[i]) && variance[i]! > 0 && variance[i]! < Infinity) return true;
    }
    return false;
  });
}

/** What speaks against the survey's bin numbers (0 = unused), or null when they are the groups of repeating spectra. */
export function checkSectors(survey: Int32Array, repeats: Int32Array | null): string | null {
  if (!repeats) return 'the spectra do not repeat over its bins.';
  const groupOf = new Map<number, number>();
  const sectorOf = new Map<number, number>();
  for (let s = 0; s < survey.length; s++) {
    const [sector, group] = [survey[s]!, repeats[s]!];
    if (group === 0) continue;
    if (sector <= 0) return `spaxel ${s} has a spectrum but no bin.`;
    if ((groupOf.get(sector) ?? group) !== group) return `bin ${sector} holds more than one spectrum.`;
    if ((sectorOf.get(group) ?? sector) !== sector) return `the bins ${sectorOf.get(group)} and ${sector} hold the same spectrum.`;
    groupOf.set(sector, group);
    sectorOf.set(group, sector);
  }
  return null;
}

/** FNV-1a over the bits of evenly spaced values; all NaNs hash alike. */
function fingerprint(arms: readonly Arm[], spaxel: number): number {
  let hash = 0x811c9dc5;
  for (const arm of arms) {
    const first = placeOf(arm, spaxel);
    const { axis, flux, variance } = arm;
    const n = axis.wavelength.length;
    const step = Math.max(1, Math.floor(n / sampled));
    for (let i = first; i < first + n; i += step) {
      hash = Math.imul(hash ^ bitsOf(flux[i]!), 0x01000193);
      hash = Math.imul(hash ^ bitsOf(variance[i]!), 0x01000193);
    }
  }
  return hash;
}

const value = new Float32Array(1);
const bits = new Int32Array(value.buffer);

function bitsOf(x: number): number {
  if (Number.isNaN(x)) return 0x7fc00000;
  value[0] = x + 0; // +0 and −0 are equal and must hash alike
  return bits[0]!;
}

function identical(arms: readonly Arm[], a: number, b: number): boolean {
  return arms.every((arm) => {
    const n = arm.axis.wavelength.length;
    // Copies: a cube on disk holds one spaxel at a time.
    const spectrum = (spaxel: number): Float32Array[] => {
      const first = placeOf(arm, spaxel);
      return [arm.flux.slice(first, first + n), arm.variance.slice(first, first + n)];
    };
    const [one, other] = [spectrum(a), spectrum(b)];
    for (const i of [0, 1] as const) {
      for (let k = 0; k < n; k++) {
        const [x, y] = [one[i]![k]!, other[i]![k]!];
        if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
      }
    }
    return true;
  });
}
