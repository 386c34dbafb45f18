import { describe, expect, it } from 'vitest';
import { spaxelBinning } from '../../src/binning/index.js';
import { makeDisk } from '../../src/disk/index.js';
import type { LineMaps } from '../../src/linemaps/index.js';
import { bptClasses } from '../../src/nebula/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { measureExtent, type ExtentField } from '../../src/pipeline/fieldExtent.js';
import type { NebularBins } from '../../src/pipeline/nebular.js';
import type { Config } from '../../src/pipeline/resolve.js';

const [size, pixelScale] = [61, 0.5];
const centre = 30;
const config = { lines: { snLine: 3, minEW: 6 }, foreground: { ebv: 0.1 } } as unknown as Config;

interface Scene {
  /** Hα of a spaxel; its error is 0.02. */
  readonly flux?: (x: number, y: number) => number;
  readonly inside?: (x: number, y: number) => boolean;
  readonly image?: Float64Array | null;
  readonly field?: ExtentField;
}

function extentOf({ flux = () => 1, inside = () => true, image = null, field }: Scene, ellipticity = 0, seeing: number | null = 1.5) {
  const random = createRandom(3);
  const binning = spaxelBinning(size, size, (s) => inside(s % size, Math.floor(s / size)));
  const values = Float64Array.from(binning.spaxels, (s) => flux(s % size, Math.floor(s / size)) + 0.02 * random.normal());
  const one = values.map(() => 1);
  const maps: LineMaps = {
    object: 'x', binning, wcs: null, pixelScale, x: Float64Array.from(binning.spaxels, (s) => s % size), y: Float64Array.from(binning.spaxels, (s) => Math.floor(s / size)), npix: one, redshift: 0.01,
    lines: new Map([['Ha', { flux: values, fluxError: one.map(() => 0.02), ew: null, ewError: null }]]), velocity: one, velocityError: one, sigma: one, sigmaError: one,
    status: new Int32Array(one.length), image, provenance: '', foregroundCorrected: true,
  };
  const sn = values.map((value) => value / 0.02);
  const bins = { bpt: Int32Array.from(one, () => bptClasses.starForming), sn: new Map([['Ha', sn], ['Hb', sn]]), ewHa: null } as unknown as NebularBins;
  const disk = makeDisk({ centerX: centre, centerY: centre, ra: null, dec: null, positionAngle: 0, ellipticity, thickness: 0, luminosityDistance: 10, angularDistance: 10, effectiveRadius: { value: 5, unit: 'arcsec' } });
  return measureExtent(maps, disk, bins, field ?? null, config, seeing);
}

describe('the coverage of a field', () => {
  it('is where half of a circle leaves a square: 22.5° off its axes, to one and a half of the rings, which are a spaxel wide', () => {
    const wanted = (30.5 * pixelScale) / Math.cos(Math.PI / 8) / 5;
    expect(Math.abs(extentOf({}).coverage! - wanted)).toBeLessThan((1.5 * pixelScale) / 5);
  });

  it('is counted in the plane of the disc', () => {
    // North–south is the major axis: a field that ends after 10 spaxels east and west ends after 20 of an ellipse half as wide; half of it lies inside where sin φ = 1/√2.
    const strip = extentOf({ inside: (x) => Math.abs(x - centre) <= 10 }, 0.5).coverage!;
    expect(Math.abs(strip - (10.5 * 2 * Math.SQRT2 * pixelScale) / 5)).toBeLessThan(1.5 * pixelScale / 5);
  });

  it('holds spaxels with light that are in no bin, and does not end at a hole', () => {
    const hole = (x: number, y: number): boolean => Math.hypot(x - centre, y - centre) > 8;
    expect(extentOf({ inside: hole }).coverage).toBe(extentOf({}).coverage);
    const bright = new Float64Array(size * size).fill(2);
    expect(extentOf({ inside: (x, y) => !hole(x, y), image: bright }).coverage).toBe(extentOf({}).coverage);
    expect(extentOf({ inside: (x, y) => !hole(x, y) }).coverage).toBeLessThan(1);
  });
});

describe('the magnitude of a galaxy', () => {
  const light = (growthImage: string): ExtentField => ({
    shape: { growth: { totalFlux: 1000 }, growthImage, image: 'r' } as unknown as ExtentField['shape'], bands: { r: { extent: 'whole', pivot: 6231 } as unknown as NonNullable<ExtentField['bands']>['r'] }, exposure: 600,
  });

  it('is that of its growth curve at its distance, less the foreground', () => {
    // 1e-14 erg/s/cm²/Å at 6231 Å are 13.62 mag; 10 Mpc are 30 mag; A_r = 2.65 E(B−V) within 0.1 for every law.
    const { absoluteMagnitude, exposure } = extentOf({ field: light('r') });
    expect(Math.abs(absoluteMagnitude! - (13.619 - 30 - 0.265))).toBeLessThan(0.015);
    expect(exposure).toBe(600);
  });

  it('is missing where it was measured on another image, and at the hub', () => {
    expect(extentOf({ field: light('a survey') }).absoluteMagnitude).toBeNull();
    expect(extentOf({}).absoluteMagnitude).toBeNull();
    expect(extentOf({}).exposure).toBeNull();
  });
});

describe('star-forming regions', () => {
  const knot = (x0: number, y0: number) => (x: number, y: number): number => Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / 8);

  it('are counted where they do not touch', () => {
    const [a, b] = [knot(15, 30), knot(45, 30)];
    const flux = (x: number, y: number): number => a(x, y) + b(x, y);
    expect(extentOf({ flux, inside: (x, y) => flux(x, y) > 0.2 }).starFormingRegions).toBe(2);
  });

  it('are the knots of a disc that shines throughout; a smooth disc is one', () => {
    const disc = (x: number, y: number): number => Math.exp(-Math.hypot(x - centre, y - centre) / 12);
    const [a, b] = [knot(15, 30), knot(40, 40)];
    expect(extentOf({ flux: disc }).starFormingRegions).toBe(1);
    expect(extentOf({ flux: (x, y) => disc(x, y) + a(x, y) + b(x, y) }).starFormingRegions).toBe(3);
  });

  it('are none without star-forming bins; noise makes none', () => {
    expect(extentOf({ flux: () => 0 }).starFormingRegions).toBe(0);
    expect(extentOf({ flux: () => 0.1 }, 0, null).starFormingRegions).toBe(1);
  });
});
