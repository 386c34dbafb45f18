import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { ZgradError } from '../errors/index.js';

/** Spectra on disk, one spaxel after the other, each of its arms' flux and variance behind one another as float32 in the machine's order. */
export interface SpectraFile {
  readonly path: string;
  /** Pixels of each arm. */
  readonly lengths: readonly number[];
}

/** Bytes of one spaxel. */
export const spaxelBytes = (lengths: readonly number[]): number => lengths.reduce((sum, n) => sum + 8 * n, 0);

/** Per arm the arrays that hold the spaxel asked for last, to be taken after `at`, which the next one may overwrite. */
export interface SpaxelReader {
  readonly arms: readonly (ArmSpectra & {
    /** Reads a spaxel unless it is there, and answers where it begins. */
    readonly at: (spaxel: number) => number;
  })[];
  close(): void;
}

/**
 * Opens spectra for reading spaxel by spaxel.
 * @param held per arm, flux and variance of the first spaxels, which are read from there
 */
export function openSpectra({ path, lengths }: SpectraFile, held: readonly ArmSpectra[]): SpaxelReader {
  const file = openSync(path, 'r');
  const bytes = spaxelBytes(lengths);
  const buffer = new Uint8Array(bytes);
  let offset = 0;
  const own = lengths.map((n) => {
    const [flux, variance] = [new Float32Array(buffer.buffer, offset, n), new Float32Array(buffer.buffer, offset + 4 * n, n)];
    offset += 8 * n;
    return { flux, variance };
  });
  const inMemory = held[0]!.flux.length / lengths[0]!;
  let current = -1;
  let source: readonly ArmSpectra[] = own;
  const read = (spaxel: number): void => {
    source = spaxel < inMemory ? held : own;
    if (source === held || spaxel === current) return;
    for (let done = 0; done < bytes;) {
      const count = readSync(file, buffer, done, bytes - done, spaxel * bytes + done);
      if (count === 0) throw new ZgradError('FileNotFound', { where: path, found: 'the end of the file', expected: `the spectrum of spaxel ${spaxel}`, remedy: 'Run again: it is made anew.' });
      done += count;
    }
    current = spaxel;
  };
  return {
    arms: lengths.map((n, a) => ({
      get flux() { return source[a]!.flux; },
      get variance() { return source[a]!.variance; },
      at(spaxel) {
        read(spaxel);
        return source === held ? spaxel * n : 0;
      },
    })),
    close: () => closeSync(file),
  };
}

/** Flux and variance of consecutive spaxels in one arm. */
export interface ArmSpectra {
  readonly flux: Float32Array;
  readonly variance: Float32Array;
}

/** Writes the spectra of consecutive spaxels, from number `first` on, into a file that exists. */
export function writeSpectra({ path, lengths }: SpectraFile, first: number, arms: readonly ArmSpectra[]): void {
  const bytes = spaxelBytes(lengths);
  const count = arms[0]!.flux.length / lengths[0]!;
  const atOnce = Math.max(1, Math.floor((1 << 24) / bytes));
  const buffer = new Float32Array((Math.min(count, atOnce) * bytes) / 4);
  const file = openSync(path, 'r+');
  try {
    for (let from = 0; from < count; from += atOnce) {
      const n = Math.min(atOnce, count - from);
      let at = 0;
      for (let s = from; s < from + n; s++) {
        arms.forEach(({ flux, variance }, a) => {
          const length = lengths[a]!;
          buffer.set(flux.subarray(s * length, (s + 1) * length), at);
          buffer.set(variance.subarray(s * length, (s + 1) * length), at + length);
          at += 2 * length;
        });
      }
      const view = new Uint8Array(buffer.buffer, 0, n * bytes);
      for (let done = 0; done < view.length;) done += writeSync(file, view, done, view.length - done, (first + from) * bytes + done);
    }
  } catch (error) {
    // The system does not say which file a write failed on.
    throw Object.assign(error as Error, { path });
  } finally {
    closeSync(file);
  }
}
