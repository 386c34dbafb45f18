import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/fits/index.js';
import { readReferenceImage } from '../../src/image/index.js';
import { fitsOf, skyCards, without } from '../cube/cubes.js';

const data = Float32Array.from([1, 2, 3, Number.NaN, 5, 6]);
const fileOf = (cards: readonly Card[]) => fitsOf([
  { kind: 'image', axes: [], data: null },
  { kind: 'image', name: 'SCI', axes: [3, 2], data, cards },
  { kind: 'image', name: 'IVAR', axes: [3, 2], data: Float32Array.from([4, 4, 0, 4, 4, 1]) },
  { kind: 'image', name: 'MASK', axes: [3, 2], data: Int16Array.from([0, 1, 0, 0, 0, 0]) },
  { kind: 'image', name: 'SMALL', axes: [2, 2], data: new Float32Array(4) },
], 'reference.fits');

describe('a reference image', () => {
  it('has its pixels, coordinates, mask and variance', async () => {
    const image = await readReferenceImage(await fileOf([...skyCards, { key: 'MAGZERO', value: 22.5 }]), { ivar: 'IVAR', mask: 'MASK' });
    expect(Array.from(image.data)).toEqual(Array.from(data));
    expect([image.nx, image.ny, image.name]).toEqual([3, 2, 'reference.fits']);
    expect(Array.from(image.mask!)).toEqual([0, 1, 0, 0, 0, 0]);
    expect(Array.from(image.variance!)).toEqual([0.25, 0.25, Number.NaN, 0.25, 0.25, 1]);
    expect(image.pixelScale).toBeCloseTo(0.2, 10);
    expect(image.wcs.referenceValue).toEqual([150, 2]);
  });

  it.each<[string, Card[], number]>([
    ['a keyword', [{ key: 'ZP', value: 27 }], 27],
    ['the counts of magnitude 0', [{ key: 'FLUXMAG0', value: 1e10 }], 25],
    ['nanomaggies', [{ key: 'BUNIT', value: 'nanomaggy' }], 22.5],
    ['microjanskys', [{ key: 'BUNIT', value: 'uJy' }], 23.9],
    // STScI's zero point of ACS F814W before 2006: 25.937 (AB).
    ["HST's sensitivity", [{ key: 'PHOTFLAM', value: 7.0723e-20 }, { key: 'PHOTPLAM', value: 8059.8 }], 25.937],
  ])('takes its zero point from %s', async (_, cards, expected) => {
    const { zeroPoint } = await readReferenceImage(await fileOf([...skyCards, ...cards]));
    // 0.01 mag: 3631 Jy is −48.6 to 1e-4, and the published numbers are rounded.
    expect(Math.abs(zeroPoint - expected)).toBeLessThan(0.01);
  });

  it('believes the zero point that is given', async () => {
    const image = await readReferenceImage(await fileOf([...skyCards, { key: 'ZP', value: 27 }]), { zeroPoint: 30 });
    expect([image.zeroPoint, image.zeroPointSource]).toEqual([30, 'given']);
  });

  it('is refused without a zero point, without coordinates, or with a mask of another size', async () => {
    await expect(readReferenceImage(await fileOf(skyCards))).rejects.toThrow('Give the zero point');
    await expect(readReferenceImage(await fileOf(without(skyCards, 'CTYPE1', 'CTYPE2')), { zeroPoint: 25 })).rejects.toThrow('no celestial coordinates');
    await expect(readReferenceImage(await fileOf(skyCards), { zeroPoint: 25, mask: 'SMALL' })).rejects.toThrow('3 × 2, as the image');
  });
});
