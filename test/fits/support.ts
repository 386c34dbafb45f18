import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { bytesSource, findHdu, memorySink, openFits, readImage, writeFits } from '../../src/fits/index.js';
import type { ByteSource, Fits, HduSpec } from '../../src/fits/index.js';

/** A folder that is removed when the tests of the file have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zgrad-fits-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

export const openPath = (path: string): Promise<Fits> => openFits(bytesSource(readFileSync(path), basename(path)));

/** A source that counts what is asked of it. */
export function countingSource(bytes: Uint8Array): ByteSource & { count: number } {
  const inner = bytesSource(bytes, 'counted.fits');
  return {
    name: inner.name,
    size: inner.size,
    count: 0,
    read(offset, length) {
      this.count += length;
      return inner.read(offset, length);
    },
  };
}

export async function written(...specs: HduSpec[]): Promise<Uint8Array> {
  const sink = memorySink();
  await writeFits(sink, specs);
  return sink.bytes();
}

/** A FITS file from its cards and data. */
export function fileOf(...units: { cards: string[]; data?: Uint8Array }[]): Uint8Array {
  const parts = units.flatMap(({ cards, data = new Uint8Array(0) }) => {
    const text = [...cards, 'END'].map((card) => card.padEnd(80)).join('');
    const padding = new Uint8Array((2880 - (data.length % 2880)) % 2880);
    return [new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 2880) * 2880)), data, padding];
  });
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const number = (key: string, value: number | string): string => `${key.padEnd(8)}= ${String(value).padStart(20)}`;

/** fitsverify finds neither error nor warning. */
export function expectVerified(path: string): void {
  const { stdout } = spawnSync('fitsverify', [path], { encoding: 'utf8' });
  expect(stdout).toMatch(/Verification found 0 warning\(s\) and 0 error\(s\)/);
}

/** What astropy says of a file: HDU by HDU its name, version, kind, axes (fastest first), and its values as text. */
export interface AstropyHdu {
  name: string;
  version: string;
  kind: 'image' | 'table';
  axes: number[];
  /** File of the image's values as little-endian float64, null without data. */
  values: string | null;
  columns: { name: string; unit: string | null; cells: unknown[] }[];
}

/** Python: `dump(path)` gives the HDUs of a file as `AstropyHdu`. */
export const dump = `
import json, sys, warnings, zlib
import numpy as np
from astropy.io import fits
warnings.simplefilter('ignore')
def text(v):
    if isinstance(v, (np.ndarray, list)): return [text(x) for x in v]
    if isinstance(v, (str, np.str_)): return str(v)
    if isinstance(v, (bytes, np.bytes_)): return v.decode('latin1')
    if isinstance(v, (bool, np.bool_)): return bool(v)
    if isinstance(v, (int, np.integer)): return str(int(v))
    if isinstance(v, (complex, np.complexfloating)): return [repr(float(v.real)), repr(float(v.imag))]
    return repr(float(v))
def dump(path, values=True, **options):
    out = []
    with fits.open(path, memmap=False, **options) as hdus:
        for i, h in enumerate(hdus):
            entry = dict(name=h.name, version=str(h.header.get('EXTVER', 1)), axes=[], kind='image', values=None, columns=[])
            out.append(entry)
            if isinstance(h, (fits.BinTableHDU, fits.TableHDU)) and not isinstance(h, fits.CompImageHDU):
                entry['kind'] = 'table'
                entry['axes'] = [h.header['NAXIS1'], h.header['NAXIS2']]
                if values and h.data is not None:
                    entry['columns'] = [dict(name=c.name, unit=c.unit, cells=text(list(h.data[c.name]))) for c in h.columns]
            elif h.data is not None:
                entry['axes'] = list(h.data.shape[::-1])
                entry['values'] = '%s.%d.bin' % (path, i)
                if values: h.data.astype('<f8').tofile(entry['values'])
    return out
`;

export const doubles = (path: string): Float64Array => {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

/** The image of an HDU as doubles, whatever array it is read into. */
export async function imageOf(fits: Fits, which: number | string, version?: number | string): Promise<Float64Array> {
  return Float64Array.from((await readImage(fits, findHdu(fits, which, version))).data);
}
