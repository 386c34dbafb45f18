import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { findHdu, readCubeSpectra, readImage, readTable } from '../../src/fits/index.js';
import { describePython, runPython } from '../support/shared.js';
import { doubles, dump, imageOf, openPath, temporaryFolder } from './support.js';
import type { AstropyHdu } from './support.js';

/** Makes files of every kind with astropy and says what astropy reads in them. */
const script = `${dump}
folder = sys.argv[1]
rng = np.random.default_rng(1)
out = {}
def make(name, hdus, options={}, **write):
    path = folder + '/' + name
    fits.HDUList(hdus).writeto(path, **write)
    out[name] = dump(path, **options)
P = fits.PrimaryHDU
cube = rng.normal(size=(7, 5, 6)).astype('f4')
cube[2, 3, 4] = np.nan
make('float32.fits.gz', [P(cube)])
make('float64.fits', [P(cube.astype('f8') * 1e-20)])
make('bytes.fits', [P(np.arange(60, dtype='u1').reshape(3, 4, 5))])
make('int16.fits', [P(np.arange(-30, 30, dtype='i2').reshape(6, 10))])
make('int32.fits', [P((np.arange(60) * 35791394 - 2**30).astype('i4'))])
make('int64.fits', [P(np.array([[-2**63, 2**63 - 1, 0], [-1, 2**53 + 1, 12345678901234567]], dtype='i8'))])
make('unsigned.fits', [P(), fits.ImageHDU(np.array([0, 1, 65535], 'u2')), fits.ImageHDU(np.array([0, 7, 2**32 - 1], 'u4')),
  fits.ImageHDU(np.array([0, 5, 2**53 + 2, 2**64 - 2048], 'u8')), fits.ImageHDU(np.array([-128, 0, 127], 'i1'))])
scaled = P((rng.normal(size=(8, 9)) * 5 + 3))
scaled.scale('int16', bscale=0.01, bzero=3.0)
make('scaled.fits', [scaled])
# astropy scales 16-bit integers in float32; the expected values are in doubles.
with fits.open(folder + '/scaled.fits', do_not_scale_image_data=True) as raw: (raw[0].data * 0.01 + 3.0).astype('<f8').tofile(folder + '/scaled.fits.0.bin')
h = P(np.array([[1, -999, 3], [4, 5, -999]], 'i4'))
h.header['BLANK'] = -999; h.header['BSCALE'] = 0.5; h.header['BZERO'] = 10
h = fits.PrimaryHDU.fromstring(h.header.tostring().encode() + np.array([[1, -999, 3], [4, 5, -999]], '>i4').tobytes().ljust(2880, b'\\0'), ignore_missing_end=True)
h.writeto(folder + '/blank.fits', output_verify='ignore'); out['blank.fits'] = dump(folder + '/blank.fits')
make('versions.fits', [P()] + [fits.ImageHDU(np.full((2, 3), v, 'f4'), name='SCI', ver=v) for v in (1, 2, 3)] + [fits.ImageHDU(np.zeros((1, 1)), name='DQ', ver=2)])
logcube = [P()] + [fits.ImageHDU(rng.normal(size=(20, 4, 5)).astype(t), name=n) for n, t in (('FLUX', 'f4'), ('IVAR', 'f4'), ('MASK', 'i4'))]
logcube += [fits.ImageHDU(10 ** (3.5589 + 1e-4 * np.arange(20)), name='WAVE'), fits.ImageHDU(np.ones((3, 20)), name='LSF')]
make('logcube.fits.gz', logcube)
C = fits.Column
n = 4
columns = [
  C('logical', 'L', array=[True, False, True, False]), C('logicals', '3L', array=rng.random((n, 3)) > .5),
  C('bits', '11X', array=rng.random((n, 11)) > .5), C('byte', 'B', array=np.array([0, 255, 7, 8], 'u1')),
  C('short', 'I', array=np.array([-32768, 32767, 0, 1], 'i2')), C('int', 'J', array=np.array([-2**31, 2**31 - 1, 0, 1])),
  C('long', 'K', array=np.array([-2**63, 2**63 - 1, 0, 4295643904134787072])), C('text', '10A', array=['a', '', ' lead', 'full width']),
  C('float', 'E', unit='erg/s/cm2', array=np.array([1.1, np.nan, -np.inf, 3e-38], 'f4')), C('double', 'D', array=[1.1, np.nan, np.inf, 5e-324]),
  C('complex', 'C', array=np.array([1 + 2j, 3, 4j, 0], 'c8')), C('complexd', '2M', array=rng.normal(size=(n, 2)) + 1j),
  C('vector', '6E', dim='(3,2)', array=rng.normal(size=(n, 2, 3)).astype('f4')), C('longs', '2K', array=np.arange(8).reshape(n, 2)),
  C('u2', 'I', bzero=2**15, array=np.array([0, 65535, 1, 2], 'u2')), C('u4', 'J', bzero=2**31, array=np.array([0, 2**32 - 1, 1, 2], 'u4')),
  C('strings', '12A', dim='(4,3)', array=np.array([['ab', 'cd', 'ef'], ['g', 'h', 'i'], ['', 'four', 'x'], ['1', '2', '3']])),
  C('scaled', 'J', array=np.array([0, 1, -3, 100]))]
table = fits.BinTableHDU.from_columns(columns, name='ALL')
table.header['XSCAL18'] = 0.5; table.header['XZERO18'] = -3
make('table.fits', [P(), table])
raw = open(folder + '/table.fits', 'rb').read().replace(b'XSCAL18', b'TSCAL18').replace(b'XZERO18', b'TZERO18')
open(folder + '/table.fits', 'wb').write(raw); out['table.fits'] = dump(folder + '/table.fits')
lists = [[1.5, 2.5], [], [3.25], [4.0, 5.0, 6.0]]
def ragged(t): return np.array([np.array(v, t) for v in lists], dtype=object)
make('variable.fits', [P(), fits.BinTableHDU.from_columns([C('p' + f + t, f + t + '()', array=ragged(d)) for f in 'PQ' for t, d in
  (('B', 'u1'), ('I', 'i2'), ('J', 'i4'), ('K', 'i8'), ('E', 'f4'), ('D', 'f8'), ('M', 'c16'))] + [C('id', 'J', array=np.arange(4))], name='VAR')])
ascii = fits.TableHDU.from_columns([C('name', 'A8', array=['NGC1', 'NGC 22', '', 'x']), C('n', 'I6', array=[1, -20, 300, 0]), C('f', 'F10.4', array=[1.5, -2.25, 0.0625, 1e4]),
  C('e', 'E15.7', array=[1e-17, 2.5e10, -1., 0.]), C('d', 'D25.17', array=[1 / 3, -1e-300, 2., 1e100])])
make('ascii.fits', [P(), ascii])
header = fits.Header()
header['LONG'] = ('It''s a long string, ' * 8 + 'the end', 'with a comment')
header['QUOTED'] = "it's o'clock"
header['HIERARCH ESO DET CHIP1 NAME'] = ('CCD-44', 'a chip')
header['HIERARCH ESO TEL AIRM START'] = 1.234
header['UNDEF'] = None
header['FLAG'] = True
header['TINY'] = 1.23456789012e-300
header['BIG'] = 2**62
for line in ('first', 'second'): header['HISTORY'] = line
header['COMMENT'] = 'x' * 100
make('header.fits', [P(header=header)])
img = (rng.normal(size=(3, 40, 53)) * 50).astype('i4')
flt = (rng.normal(size=(3, 40, 53)) * 50).astype('f4')
flt[1, 5, 6] = np.nan
flt[2, 10:20, 10:20] = 0
big = rng.integers(0, 60000, size=(40, 53)).astype('u2')
def comp(data, kind, **kw): return fits.CompImageHDU(data, compression_type=kind, **kw)
for kind in ('RICE_1', 'GZIP_1', 'GZIP_2', 'NOCOMPRESS'):
    try:
        make('tiles_int_%s.fits' % kind, [P(), comp(img, kind), comp(img.astype('i2'), kind), comp(np.abs(img).astype('u1'), kind), comp(img, kind, tile_size=(20, 7, 2)), comp(big, kind, name='unsigned')])
    except ValueError: pass
for kind in ('RICE_1', 'GZIP_1', 'GZIP_2'):
    for method in (-1, 1, 2):
        make('tiles_float_%s_%d.fits' % (kind, method), [P(), comp(flt, kind, quantize_method=method, quantize_level=16, dither_seed=42),
          comp(flt.astype('f8'), kind, quantize_method=method, quantize_level=8, dither_seed=9990, tile_size=(53, 40, 1)),
          comp(np.where(np.arange(53) < 60, flt[0], 0) * 0 + 1, kind, quantize_method=method)])
for kind in ('GZIP_1', 'GZIP_2'):
    make('tiles_lossless_%s.fits' % kind, [P(), comp(flt, kind, quantize_level=0), comp(flt.astype('f8'), kind, quantize_level=0)])
print(json.dumps(out))
`;

let folder = '';
let files: Record<string, AstropyHdu[]> = {};

describePython('files made by astropy', () => {
  folder = temporaryFolder();
  beforeAll(() => { files = runPython(script, folder); });
  const open = (name: string) => openPath(join(folder, name));

  it('are of at least ten kinds', () => expect(Object.keys(files).length).toBeGreaterThan(24));

  it('give the same HDUs: name, version, kind, axes', async () => {
    for (const [name, expected] of Object.entries(files)) {
      const { hdus } = await open(name);
      expect(hdus.map(({ name, version, kind, axes }) => ({ name, version, kind, axes })), name)
        .toEqual(expected.map(({ name, version, kind, axes }) => ({ name, version, kind, axes })));
    }
  });

  it('give the same image values to the last bit', async () => {
    for (const [name, expected] of Object.entries(files)) {
      const fits = await open(name);
      for (const [i, { values }] of expected.entries()) {
        if (!values) continue;
        const wanted = doubles(values);
        const got = await imageOf(fits, i);
        expect(got.length, `${name} ${i}`).toBe(wanted.length);
        const wrong = got.findIndex((v, k) => !Object.is(v, wanted[k]));
        expect([wrong, got[wrong], wanted[wrong]], `${name} ${i}`).toEqual([-1, undefined, undefined]);
      }
    }
  });

  it('give the same table cells', async () => {
    for (const [name, expected] of Object.entries(files)) {
      const fits = await open(name);
      for (const [i, { kind, columns }] of expected.entries()) {
        if (kind !== 'table') continue;
        const table = await readTable(fits, findHdu(fits, i));
        expect(table.columns.map(({ name, unit }) => ({ name, unit }))).toEqual(columns.map(({ name, unit }) => ({ name, unit })));
        columns.forEach(({ name, cells }, c) => {
          const column = table.columns[c]!;
          expect(column.values.length).toBe(cells.length);
          cells.forEach((cell, row) => expect(flat(column.values[row]), `${name} ${row}`).toEqual(flat(cell)));
        });
      }
    }
  });

  it('give a sub-cube of a tile-compressed image that equals the same box of the whole', async () => {
    const fits = await open('tiles_float_RICE_1_1.fits');
    const whole = await readImage(fits, fits.hdus[1]!);
    for (const hdu of [fits.hdus[1]!, fits.hdus[2]!]) {
      const all = (await readImage(fits, hdu)).data;
      const { data } = await readImage(fits, hdu, { start: [7, 33, 1], count: [11, 5, 2] });
      const expected = Array.from(data, (_, i) => all[(1 + Math.floor(i / 55)) * 53 * 40 + (33 + (Math.floor(i / 11) % 5)) * 53 + 7 + (i % 11)]);
      expect([...data]).toEqual(expected);
    }
    expect(whole.data).toBeInstanceOf(Float32Array);
  });

  it('give spectra from a compressed and from an integer cube', async () => {
    for (const [name, which] of [['tiles_int_RICE_1.fits', 1], ['float32.fits.gz', 0], ['float64.fits', 0], ['logcube.fits.gz', 3]] as const) {
      const fits = await open(name);
      const hdu = findHdu(fits, which);
      const [nx, ny, nz] = hdu.axes as [number, number, number];
      const all = (await readImage(fits, hdu)).data;
      const spectra = await readCubeSpectra(fits, hdu, { z0: 1, z1: nz });
      const expected = Float32Array.from(spectra, (_, i) => all[(1 + (i % (nz - 1))) * nx * ny + Math.floor(i / (nz - 1))]!);
      expect(spectra).toEqual(expected);
    }
  });

  it('give the header cards: CONTINUE joined, HIERARCH keys, quotes, undefined values, exponents', async () => {
    const { header } = (await open('header.fits')).hdus[0]!;
    expect(header.get('LONG')).toBe(`${'Its a long string, '.repeat(8)}the end`);
    expect(header.cards.find(({ key }) => key === 'LONG')?.comment).toBe('with a comment');
    expect(header.get('QUOTED')).toBe("it's o'clock");
    expect(header.get('ESO DET CHIP1 NAME')).toBe('CCD-44');
    expect(header.get('ESO TEL AIRM START')).toBe(1.234);
    expect(header.get('UNDEF')).toBeNull();
    expect(header.get('FLAG')).toBe(true);
    expect(header.get('TINY')).toBe(1.23456789012e-300);
    expect(header.get('BIG')).toBe(2 ** 62);
    expect(header.cards.filter(({ key }) => key === 'HISTORY').map(({ value }) => value)).toEqual(['first', 'second']);
    expect(header.cards.filter(({ key }) => key === 'COMMENT').map(({ value }) => value).join('')).toBe('x'.repeat(100));
  });
});

/** A cell as a flat list of numbers and strings; Python's numbers come as text. */
function flat(cell: unknown): unknown[] {
  if (Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView))) return Array.from(cell as unknown[]).flatMap(flat);
  if (typeof cell === 'boolean') return [Number(cell)];
  if (typeof cell === 'bigint') return flat(String(cell));
  if (typeof cell !== 'string') return [cell];
  if (/^-?\d{16,}$/.test(cell)) return [cell];
  if (cell === 'nan') return [NaN];
  if (/^-?inf$/.test(cell)) return [cell === 'inf' ? Infinity : -Infinity];
  return cell.trim() !== '' && Number.isFinite(Number(cell)) ? [Number(cell)] : [cell];
}
