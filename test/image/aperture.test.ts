import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesSource, openFits, readImage } from '../../src/fits/index.js';
import { sumAperture, type Aperture, type Image, type OverlapMethod } from '../../src/image/index.js';
import { describeShared, golden, shared } from '../support/shared.js';

interface Item { kind: string; x: number; y: number; a: number; b: number; theta_rad: number; method: string; sum: number; err: number; area: number; weight_sum: number }

async function readPixels(name: string): Promise<Image> {
  const fits = await openFits(bytesSource(new Uint8Array(readFileSync(shared('golden', name)))));
  const { data } = await readImage(fits, fits.hdus[0]!);
  return { nx: 300, ny: 300, data: Float64Array.from(data as ArrayLike<number>), mask: null };
}

function apertureOf({ kind, x, y, a, b, theta_rad }: Item): Aperture {
  const angle = theta_rad * 180 / Math.PI;
  if (kind === 'rect') return { kind: 'rectangle', x, y, width: a, height: b, angle };
  const round = kind === 'circle' || kind === 'cannulus';
  return { kind: 'ellipse', x, y, a, b: round ? a : b, angle, hole: kind === 'annulus' ? 0.6 : kind === 'cannulus' ? 0.5 : 0 };
}

describeShared('apertures beside photutils', () => {
  it('sums, errors and areas of ellipses, circles, annuli and rectangles agree in all modes', async () => {
    const image = await readPixels('isophote_image.fits');
    const variance = (await readPixels('aperture_error.fits')).data.map((error) => error * error);
    const mask = new Uint8Array(image.data.length);
    for (let y = 140; y < 150; y++) mask.fill(1, y * 300 + 170, y * 300 + 176);
    const { items } = golden<{ items: Item[] }>('apertures.json');
    for (const item of items) {
      const method: OverlapMethod = item.method === 'subpixel' ? { subpixels: 5 } : item.method as 'exact' | 'center';
      const aperture = apertureOf(item);
      const { sum, error, wholeArea } = sumAperture({ ...image, mask }, aperture, { variance, method });
      // 1e-8, as photutils computes in double precision; its 'exact' rectangle is 32 × 32 points a pixel.
      const tolerance = item.kind === 'rect' && item.method === 'exact' ? 2e-3 : 1e-8;
      expect(Math.abs(sum - item.sum) / Math.abs(item.sum), `${item.kind} ${item.method}`).toBeLessThan(tolerance);
      expect(Math.abs(error / item.err - 1)).toBeLessThan(tolerance);
      expect(Math.abs(wholeArea / item.area - 1)).toBeLessThan(1e-12);
    }
  });
});

it('exact apertures sum to their area wherever they lie, and masked pixels are missing from it', () => {
  const image: Image = { nx: 40, ny: 40, data: new Float64Array(1600).fill(1), mask: null };
  const angle = fc.double({ min: -400, max: 400, noNaN: true });
  const place = fc.double({ min: 15, max: 25, noNaN: true });
  const axis = fc.double({ min: 0.01, max: 9, noNaN: true });
  fc.assert(fc.property(place, place, axis, axis, angle, fc.double({ min: 0, max: 0.99, noNaN: true }), (x, y, a, b, angle, hole) => {
    for (const aperture of [{ kind: 'ellipse', x, y, a, b, angle, hole }, { kind: 'rectangle', x, y, width: a, height: b, angle }] as const) {
      const { sum, area, wholeArea } = sumAperture(image, aperture);
      // Rounding of some hundred pixels.
      expect(Math.abs(sum - wholeArea)).toBeLessThan(1e-10);
      expect(area).toBe(sum);
    }
  }));
  const masked: Image = { ...image, mask: new Uint8Array(1600).fill(1, 20 * 40 + 20, 20 * 40 + 21) };
  expect(sumAperture(masked, { kind: 'ellipse', x: 20, y: 20, a: 5, b: 5, angle: 0 }).sum).toBeCloseTo(25 * Math.PI - 1, 10);
});

it('refuses an aperture without an area', () => {
  const image: Image = { nx: 4, ny: 4, data: new Float64Array(16), mask: null };
  expect(() => sumAperture(image, { kind: 'ellipse', x: 1, y: 1, a: 0, b: 1, angle: 0 })).toThrow(/area/);
});
