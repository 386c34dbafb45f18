import { describe, expect, it } from 'vitest';
import { formatRegions, maskFromRegions, maskedRegions } from '../../src/cube/index.js';
import { maskSources, type LineEvidence, type PointSpread, type Source, type SourceMaskOptions } from '../../src/image/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { simulateField, type TrueSource } from './field.js';

const seeds = [1, 2, 3, 4, 5];


/** The spectrum's word: the true width with an error of 40 Å/significance, as a cube of that depth gives. */
function spectra(seed: number, truth: readonly TrueSource[]): (source: Source) => LineEvidence {
  const random = createRandom(seed, 'spectra');
  return ({ x, y, significance }) => {
    const near = truth.find((other) => Math.hypot(other.x - x, other.y - y) < 2);
    const error = Math.max(0.3, 40 / significance);
    return { equivalentWidth: (near?.width ?? 10) + error * random.normal(), error };
  };
}

const fields = new Map<string, ReturnType<typeof simulateField>>();
function fieldOf(seed: number, point: PointSpread): ReturnType<typeof simulateField> {
  const key = `${seed} ${point.fwhm}`;
  const field = fields.get(key) ?? simulateField(seed, point);
  fields.set(key, field);
  return field;
}

/** Sums over the fields: of the true sources of a kind, how many have a masked centre. */
function count(point: PointSpread, more: (field: ReturnType<typeof simulateField>, seed: number) => Partial<SourceMaskOptions>) {
  const total = { star: 0, region: 0, neighbour: 0 };
  const masked = { star: 0, region: 0, neighbour: 0 };
  for (const seed of seeds) {
    const field = fieldOf(seed, point);
    const { mask } = maskSources(field.red, { point, centre: field.centre, ...more(field, seed) });
    const stars = field.truth.filter(({ kind }) => kind !== 'region');
    for (const { kind, x, y, height } of field.truth) {
      // Bright: 40 σ in its highest pixel. A region under the wings of a bright star is rightly masked.
      if (kind === 'star' && height < 40) continue;
      if (kind === 'region' && stars.some((star) => Math.hypot(star.x - x, star.y - y) < 6.5 * point.fwhm)) continue;
      total[kind]++;
      masked[kind] += mask[Math.round(y) * field.red.nx + Math.round(x)]!;
    }
  }
  return { star: masked.star / total.star, region: masked.region / total.region, neighbour: masked.neighbour / total.neighbour, total };
}

const ones = new Float64Array(240 * 240).fill(1);

describe('masking sources on a galaxy', () => {
  it.each([
    ['a Moffat profile of 4 pixels', { fwhm: 4, beta: 2.5 }],
    ['a Gaussian of 3 pixels', { fwhm: 3, beta: null }],
  ])('with spectra masks at least 0.95 of the bright stars and at most 0.05 of the H II regions: %s', (_, point) => {
    const found = count(point, ({ blue, red, truth }, seed) => ({ lineOf: spectra(seed, truth), colours: { blue, red, noise: [ones, ones] } }));
    expect(found.total.star).toBeGreaterThan(40);
    expect(found.star).toBeGreaterThanOrEqual(0.95);
    expect(found.region).toBeLessThanOrEqual(0.05);
    expect(found.neighbour).toBeGreaterThanOrEqual(0.8);
  });

  it('without spectra keeps the H II regions and masks most bright stars by their colour', () => {
    const point = { fwhm: 4, beta: 2.5 };
    const found = count(point, ({ blue, red }) => ({ colours: { blue, red, noise: [ones, ones] } }));
    expect(found.region).toBeLessThanOrEqual(0.05);
    expect(found.star).toBeGreaterThan(0.6);
  });

  it('without spectra and colours masks only what outshines the galaxy', () => {
    const found = count({ fwhm: 4, beta: 2.5 }, () => ({}));
    expect(found.region).toBeLessThanOrEqual(0.05);
    expect(found.neighbour).toBe(0);
  });

  it('keeps the nucleus, gives a reason for every source and the same mask through a DS9 region file', () => {
    const point = { fwhm: 4, beta: 2.5 };
    const field = fieldOf(3, point);
    const found = maskSources(field.red, { point, centre: field.centre, lineOf: spectra(3, field.truth) });
    const nucleus = found.sources.find(({ reasons }) => reasons[0] === 'at the centre of the galaxy');
    expect(nucleus?.kind).toBe('galaxy');
    expect(found.sources.every(({ reasons }) => reasons.length > 0)).toBe(true);
    expect(found.sources.every(({ kind, masked }) => (masked !== null) === (kind === 'star' || kind === 'neighbour'))).toBe(true);
    const text = formatRegions(maskedRegions(found.sources));
    expect(maskFromRegions(text, { nx: 240, ny: 240, wcs: null, pixelScale: 0.2 }, 'mask.reg')).toEqual(found.mask);
  });

  it('answers an image without light, or without a usable pixel, with no source', () => {
    const options = { point: { fwhm: 4, beta: 2.5 }, centre: [20, 20] as [number, number] };
    for (const value of [0, 5, Number.NaN]) {
      const { sources, mask } = maskSources({ nx: 40, ny: 40, data: new Float64Array(1600).fill(value), mask: null }, options);
      expect(sources).toEqual([]);
      expect(mask.every((m) => m === 0)).toBe(true);
    }
  });
});
