import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { bytesSource, openFits, readImage, readTable } from '../../src/fits/index.js';
import type { Fits } from '../../src/fits/index.js';
import type { Column } from '../../src/table/index.js';
import { describePython, describeShared, runPython, shared } from '../support/shared.js';
import { temporaryFolder } from './support.js';

/** HDU by HDU: name, axes, and the CRC of the values as doubles (NaN as 0), of each column in a table. */
type Digest = [name: string, axes: number[], crc: number[]][];

const script = `
import json, sys, warnings, zlib
import numpy as np
from astropy.io import fits
warnings.simplefilter('ignore')
def crc(a): return zlib.crc32(np.where(np.isnan(a), 0, a).astype('<f8').tobytes())
def column(h, i, c):
    a = h.data[c.name]
    if a.dtype.kind in 'US': return zlib.crc32('\\n'.join(str(s) for s in a.ravel()).encode())
    if a.dtype.kind == 'O': a = np.concatenate([np.asarray(v).ravel() for v in a])
    if a.dtype.kind == 'c': a = np.ascontiguousarray(a).view('f8' if a.dtype.itemsize == 16 else 'f4')
    if c.null is not None and a.dtype.kind in 'iu': a = np.where(a == c.null, np.nan, a)
    return crc(a.astype('f8'))
out = {}
for path in open(sys.argv[1]).read().split('\\n'):
    with fits.open(path, memmap=False) as hdus:
        out[path] = [[h.name, [h.header['NAXIS1'], h.header['NAXIS2']], [column(h, i, c) for i, c in enumerate(h.columns)]] if isinstance(h, (fits.BinTableHDU, fits.TableHDU))
            else [h.name, [] if h.data is None else list(h.data.shape[::-1]), [] if h.data is None else [crc(h.data.astype('f8'))]] for h in hdus]
print(json.dumps(out))
`;

/** Gzipped files are inflated by Node, which is faster than what the pure floors have. */
function open(path: string): Promise<Fits> {
  const bytes = readFileSync(path);
  return openFits(bytesSource(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, path));
}

function crcOf(values: ArrayLike<number>): number {
  const doubles = new Float64Array(values);
  for (let i = 0; i < doubles.length; i++) if (Number.isNaN(doubles[i])) doubles[i] = 0;
  return crc32(new Uint8Array(doubles.buffer));
}

function columnCrc({ values }: Column): number {
  const cells: unknown[] = ArrayBuffer.isView(values) ? [] : [...values].flatMap((cell) => (typeof cell === 'object' ? Array.from(cell as ArrayLike<unknown>) : [cell]));
  if (typeof cells[0] === 'string') return crc32(new TextEncoder().encode(cells.join('\n')));
  return crcOf(ArrayBuffer.isView(values) ? Array.from(values as ArrayLike<number | bigint>, Number) : cells.map(Number));
}

async function digest(fits: Fits): Promise<Digest> {
  const out: Digest = [];
  for (const hdu of fits.hdus) {
    const crc = hdu.kind === 'table' ? (await readTable(fits, hdu)).columns.map(columnCrc)
      : hdu.axes.length > 0 ? [crcOf((await readImage(fits, hdu)).data)] : [];
    out.push([hdu.name, [...hdu.axes], crc]);
  }
  return out;
}

describeShared('the real files of the test data', () => {
  const data = shared('data');
  const folders = () => readdirSync(data).filter((name) => /^(?:ifu_|lensing$)/.test(name));
  const files = () => folders().flatMap((folder) => readdirSync(join(data, folder), { recursive: true }).map(String)
    .filter((name) => /\.fits(?:\.gz)?$/.test(name)).map((name) => join(data, folder, name)));

  it('all open', async () => {
    const all = files();
    expect(all.length).toBeGreaterThan(100);
    for (const path of all) expect((await open(path)).hdus.length, path).toBeGreaterThan(0);
  });

  describePython('and in astropy', () => {
    const folder = temporaryFolder();
    let expected: Record<string, Digest> = {};
    beforeAll(() => {
      const list = join(folder, 'files.txt');
      writeFileSync(list, files().join('\n'));
      expected = runPython(script, list);
    });

    it('have the same HDUs, axes and values', async () => {
      for (const path of files()) expect(await digest(await open(path)), path).toEqual(expected[path]);
    });
  });
});
