import { beforeAll, describe, expect, it } from 'vitest';
import { bytesSource, memorySink, openFits, writeFits, type ByteSource, type Card, type Fits } from '../../src/fits/index.js';
import { dustMapPixel, galacticReddening, type DustMaps } from '../../src/sky/index.js';
import { describePython, runPython } from '../support/shared.js';

const size = 256;

/** The header of a map as distributed, for another size. */
const cards = (north: boolean): Card[] => {
  const scale = (Math.SQRT2 * 180) / Math.PI / (size / 2);
  return [
    { key: 'CTYPE1', value: 'GLON-ZEA' }, { key: 'CTYPE2', value: 'GLAT-ZEA' }, { key: 'CRPIX1', value: size / 2 + 0.5 }, { key: 'CRPIX2', value: size / 2 + 0.5 },
    { key: 'CRVAL1', value: 90 }, { key: 'CRVAL2', value: north ? 90 : -90 }, { key: 'LONPOLE', value: 180 },
    { key: 'CD1_1', value: -scale }, { key: 'CD1_2', value: 0 }, { key: 'CD2_1', value: 0 }, { key: 'CD2_2', value: scale },
  ];
};

const bytesRead = { count: 0 };

/** A map whose value is a linear function of the pixel, other in each hemisphere. */
async function simulate(north: boolean, header = cards(north)): Promise<Fits> {
  const sink = memorySink();
  const data = Float32Array.from({ length: size * size }, (_, i) => (north ? 1 : 2) + (i % size) / 1024 + Math.floor(i / size) / 512);
  await writeFits(sink, [{ kind: 'image', axes: [size, size], data, cards: header }]);
  const plain = bytesSource(sink.bytes(), north ? 'ngp.fits' : 'sgp.fits');
  const counting: ByteSource = { ...plain, read: (offset, length) => { bytesRead.count += length; return plain.read(offset, length); } };
  return openFits(counting);
}

describe('dust maps', () => {
  let maps: DustMaps;
  beforeAll(async () => {
    maps = { north: await simulate(true), south: await simulate(false) };
  });

  it('have the pixels of the published projection', () => {
    // To 1e-6 pixels, the digits of the check values.
    const checks = [[30, 45, 3007.376242, 1493.315193], [120, -20, 1216.872595, 3486.188868], [77, 90, 2047.5, 2047.5], [77, -90, 2047.5, 2047.5]] as const;
    for (const [l, b, x, y] of checks) {
      const pixel = dustMapPixel(l, b);
      expect(pixel[0]).toBeCloseTo(x, 6);
      expect(pixel[1]).toBeCloseTo(y, 6);
    }
  });

  it('are read bilinearly, from the map of the right hemisphere, for a few bytes', async () => {
    const before = bytesRead.count;
    for (const [ra, dec] of [[10, 20], [150, 2], [200, 60], [300, -70], [83, -5], [192.859, 27.128], [12.859, -27.128]] as const) {
      const { ebv, pixel: [x, y], b, file } = await galacticReddening(maps, ra, dec);
      expect(file).toBe(b >= 0 ? 'ngp.fits' : 'sgp.fits');
      // A linear map is what bilinear interpolation keeps; float32 has 1e-7.
      expect(ebv).toBeCloseTo((b >= 0 ? 1 : 2) + x / 1024 + y / 512, 6);
    }
    expect(bytesRead.count - before).toBeLessThan(7 * 4096);
  });

  it('are scaled by 0.86 when asked for', async () => {
    const plain = await galacticReddening(maps, 150, 2);
    expect((await galacticReddening(maps, 150, 2, { scale: 'SF11' })).ebv).toBe(0.86 * plain.ebv);
  });

  it('are refused when the header says something else: other hemisphere, other scale, other projection', async () => {
    await expect(galacticReddening({ north: maps.south, south: maps.north }, 150, 2)).rejects.toThrow('as in the map of this hemisphere');
    const other = (key: string, value: number | string) => simulate(true, cards(true).map((card) => (card.key === key ? { key, value } : card)));
    await expect(galacticReddening({ ...maps, north: await other('CD1_1', -0.6) }, 150, 2)).rejects.toThrow('by its header');
    await expect(galacticReddening({ ...maps, north: await other('CRVAL1', 0) }, 150, 2)).rejects.toThrow('by its header');
    await expect(galacticReddening({ ...maps, north: await other('CTYPE1', 'GLON-TAN') }, 150, 2)).rejects.toThrow('GLON-ZEA');
  });

  it('have no value where the map has none, and clamp at the edge', async () => {
    const sink = memorySink();
    await writeFits(sink, [{ kind: 'image', axes: [size, size], data: new Float32Array(size * size).fill(Number.NaN), cards: cards(true) }]);
    const empty = await openFits(bytesSource(sink.bytes()));
    expect((await galacticReddening({ ...maps, north: empty }, 150, 2)).ebv).toBeNaN();
    // At b = 0, l = 0 the map ends: pixel (255.5, 127.5) lies half a pixel beyond the last.
    const { ebv, pixel, b } = await galacticReddening(maps, 266.4049882865447, -28.936177761791473);
    expect(Math.abs(b)).toBeLessThan(1e-6);
    expect(pixel[0]).toBeCloseTo(255.5, 2);
    expect(ebv).toBeCloseTo((b >= 0 ? 1 : 2) + 255 / 1024 + pixel[1] / 512, 4);
  });
});

describePython('dust maps against astropy', () => {
  it("have the pixels of astropy's ZEA for the header as distributed, to 1e-6", () => {
    const places = [[30, 45], [120, -20], [250, 3], [359, -88]] as const;
    const theirs = runPython<number[][]>(`
import json
from astropy.wcs import WCS
out = []
for l, b in ${JSON.stringify(places)}:
    w = WCS(naxis=2)
    w.wcs.ctype = ['GLON-ZEA', 'GLAT-ZEA']; w.wcs.crpix = [2048.5, 2048.5]; w.wcs.crval = [90, 90 if b >= 0 else -90]; w.wcs.lonpole = 180
    w.wcs.cd = [[-0.0395646818624, 0], [0, 0.0395646818624]]
    out.append([float(v) for v in w.wcs_world2pix(l, b, 0)])
print(json.dumps(out))`);
    // 1e-6: the header's scale is given to 12 digits.
    places.forEach(([l, b], i) => dustMapPixel(l, b).forEach((value, axis) => expect(value).toBeCloseTo(theirs[i]![axis]!, 6)));
  });
});
