import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Header } from '../../src/fits/index.js';
import type { Card, CardValue } from '../../src/fits/index.js';
import {
  celestialCards, northEast, parity, parseWcs, pixelOfWavelength, pixelScales, pixelToSky, positionAngle, separation, skyToPixel, spectralCards, wavelengthAt,
} from '../../src/sky/index.js';
import type { CelestialWcs, Projection } from '../../src/sky/index.js';
import { describePython, describeShared, golden, runPython } from '../support/shared.js';

const header = (values: Record<string, CardValue>) => new Header(Object.entries(values).map(([key, value]) => ({ key, value })));

interface GoldenWcs {
  cases: { name: string; header: Record<string, CardValue>; pix0: number[][]; world: number[][]; pixel_scales_deg: number[] }[];
}

describeShared('world coordinates against astropy.wcs', () => {
  const names = ['muse_ngc', 'muse_rotated', 'near_pole', 'ra_wrap', 'skew'];

  it.each(names)('%s: sky positions to 1e-10 deg, wavelengths to 1e-9 Å, and back to 1e-7 pixel', (name) => {
    const { header: cards, pix0, world, pixel_scales_deg } = golden<GoldenWcs>('wcs.json').cases.find((one) => one.name === name)!;
    const { celestial, spectral } = parseWcs(header(cards));
    pix0.forEach(([x, y, z], i) => {
      const [ra, dec, metres] = world[i]!;
      const [lon, lat] = pixelToSky(celestial!, x!, y!);
      // Great-circle distance: near the pole a longitude alone is no measure.
      expect(separation(lon, lat, ra!, dec!)).toBeLessThan(1e-10);
      const back = skyToPixel(celestial!, ra!, dec!);
      expect(Math.hypot(back[0] - x!, back[1] - y!)).toBeLessThan(1e-7);
      expect(Math.abs(wavelengthAt(spectral!, z!) - metres! * 1e10)).toBeLessThan(1e-9);
      expect(Math.abs(pixelOfWavelength(spectral!, metres! * 1e10) - z!)).toBeLessThan(1e-9);
    });
    expect(spectral!.medium).toBe('air');
    pixelScales(celestial!).forEach((scale, i) => expect(scale / 3600).toBeCloseTo(pixel_scales_deg[i]!, 13));
    expect(parity(celestial!)).toBe(-1);
  });
});

/** Any linear map of a size that occurs, rotated, sheared a little, of either handedness, at any place of the sky. */
const anyWcs = (projection: Projection): fc.Arbitrary<CelestialWcs> =>
  fc.record({
    lon: fc.oneof(fc.double({ min: 0, max: 360, noNaN: true }), fc.constantFrom(0, 1e-4, 359.9999)),
    lat: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, -89.9999, 0, 89.999, 90)),
    scale: fc.double({ min: -5, max: -1.5, noNaN: true }),
    rotation: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
    stretch: fc.double({ min: 0.5, max: 2, noNaN: true }),
    flip: fc.boolean(),
    poleTurn: fc.constantFrom(180, 0, 37, 300),
  }).map(({ lon, lat, scale, rotation, stretch, flip, poleTurn }) => {
    const size = 10 ** scale;
    const side = flip ? 1 : -1;
    return {
      projection, axes: [0, 1], referencePixel: [149.3, 151.7], referenceValue: [lon, lat], frame: 'ICRS', latPole: 90,
      matrix: [side * size * Math.cos(rotation), -size * stretch * Math.sin(rotation), side * size * Math.sin(rotation), size * stretch * Math.cos(rotation)],
      lonPole: projection === 'CAR' ? (lat >= 0 ? 0 : 180) : poleTurn,
    };
  });

const anyPixel = fc.tuple(fc.double({ min: 0, max: 300, noNaN: true }), fc.double({ min: 0, max: 300, noNaN: true }));

describe.each(['TAN', 'SIN', 'ARC', 'CAR'] as const)('any %s projection', (projection) => {
  it('leads from pixel to sky and back, at the poles and across RA = 0 too', () => {
    fc.assert(fc.property(anyWcs(projection), anyPixel, (wcs, [x, y]) => {
      const [lon, lat] = pixelToSky(wcs, x, y);
      const [backX, backY] = skyToPixel(wcs, lon, lat);
      expect(lon).toBeGreaterThanOrEqual(0);
      expect(lon).toBeLessThan(360);
      // 1e-13 deg of rounding on the sky, 1e-5 deg/pixel at the finest; SIN loses half the digits at its rim, 12° off here.
      expect(Math.hypot(backX - x, backY - y)).toBeLessThan(1e-6);
    }), { numRuns: 400, seed: 1 });
  });

  it('keeps its coordinates to the last bit through header cards', () => {
    fc.assert(fc.property(anyWcs(projection), (wcs) => {
      expect(parseWcs(new Header(celestialCards(wcs))).celestial).toEqual(wcs);
    }), { numRuns: 100, seed: 1 });
  });

  it('points north and east as the sky does', () => {
    fc.assert(fc.property(anyWcs(projection).filter((wcs) => Math.abs(wcs.referenceValue[1]) < 89), (wcs) => {
      const { north, east } = northEast(wcs);
      const here = pixelToSky(wcs, ...wcs.referencePixel);
      const towards = (direction: readonly [number, number]) => {
        const there = pixelToSky(wcs, wcs.referencePixel[0] + 1e-2 * direction[0], wcs.referencePixel[1] + 1e-2 * direction[1]);
        return positionAngle(here[0], here[1], there[0], there[1]);
      };
      // A hundredth of a pixel is at most 3e-4 deg: the meridians' turn there is far below 0.05 deg this side of 89°.
      expect(Math.cos(((towards(north) - 0) * Math.PI) / 180)).toBeGreaterThan(1 - 1e-6);
      expect(Math.cos(((towards(east) - 90) * Math.PI) / 180)).toBeGreaterThan(1 - 1e-6);
    }), { numRuns: 200, seed: 1 });
  });
});

const base = { NAXIS: 2, CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN', CRVAL1: 150.1, CRVAL2: 2.2, CRPIX1: 10.5, CRPIX2: 20.5 };
const cd = { CD1_1: -5e-5, CD1_2: 1e-5, CD2_1: 1.1e-5, CD2_2: 5.2e-5 };

/** Headers of every form, as astropy's own wcslib reads them. */
const forms: Record<string, Record<string, CardValue>> = {
  'CD': { ...base, ...cd },
  'CD with CDELT beside it': { ...base, ...cd, CDELT1: 1, CDELT2: 1 },
  'CD and PC together': { ...base, ...cd, PC1_1: -1e-4, PC2_2: 1e-4, CDELT1: 1, CDELT2: 1 },
  'PC and CDELT': { ...base, CDELT1: -2e-4, CDELT2: 3e-4, PC1_1: 0.8, PC1_2: -0.6, PC2_1: 0.6, PC2_2: 0.8 },
  'CDELT and CROTA2': { ...base, CDELT1: -2e-4, CDELT2: 3e-4, CROTA2: 30 },
  'CDELT alone': { ...base, CDELT1: -2e-4, CDELT2: 3e-4 },
  'LONPOLE of its own': { ...base, ...cd, LONPOLE: 77 },
  'units of arcsec': { ...base, CUNIT1: 'arcsec', CUNIT2: 'arcsec', CRVAL1: 540000, CRVAL2: 7200, CDELT1: -0.2, CDELT2: 0.2 },
  'units of radians': { ...base, CUNIT1: 'rad', CUNIT2: 'rad', CRVAL1: 2.6, CRVAL2: 0.04, CDELT1: -1e-6, CDELT2: 1e-6 },
  'declination first': { ...base, CTYPE1: 'DEC--TAN', CTYPE2: 'RA---TAN', CRVAL1: 2.2, CRVAL2: 150.1, CD1_1: 5e-5, CD1_2: 2e-6, CD2_1: 1e-6, CD2_2: -5e-5 },
  'SIN': { ...base, ...cd, CTYPE1: 'RA---SIN', CTYPE2: 'DEC--SIN' },
  'SIN, wide, near the pole': { ...base, CTYPE1: 'RA---SIN', CTYPE2: 'DEC--SIN', CRVAL2: 89.5, CDELT1: -0.5, CDELT2: 0.5 },
  'ARC': { ...base, ...cd, CTYPE1: 'RA---ARC', CTYPE2: 'DEC--ARC' },
  'ARC, wide, south': { ...base, CTYPE1: 'RA---ARC', CTYPE2: 'DEC--ARC', CRVAL2: -62, CDELT1: -2, CDELT2: 2, LONPOLE: 12 },
  'TAN at the pole': { ...base, CRVAL2: 90, CDELT1: -0.1, CDELT2: 0.1 },
  'CAR on the equator': { ...base, CTYPE1: 'RA---CAR', CTYPE2: 'DEC--CAR', CRVAL2: 0, CDELT1: -1, CDELT2: 1 },
  'CAR in the north': { ...base, CTYPE1: 'RA---CAR', CTYPE2: 'DEC--CAR', CRVAL2: 41, CDELT1: -0.5, CDELT2: 0.5 },
  'CAR in the south': { ...base, CTYPE1: 'RA---CAR', CTYPE2: 'DEC--CAR', CRVAL2: -41, CDELT1: -0.5, CDELT2: 0.5 },
  'CAR with LONPOLE and LATPOLE': { ...base, CTYPE1: 'RA---CAR', CTYPE2: 'DEC--CAR', CRVAL2: 30, CDELT1: -0.5, CDELT2: 0.5, LONPOLE: 25, LATPOLE: 40 },
  'CAR at the pole': { ...base, CTYPE1: 'RA---CAR', CTYPE2: 'DEC--CAR', CRVAL2: 90, CDELT1: -0.5, CDELT2: 0.5 },
  'galactic CAR': { ...base, CTYPE1: 'GLON-CAR', CTYPE2: 'GLAT-CAR', CRVAL2: 0, CDELT1: -1, CDELT2: 1 },
};

const spectralForms: Record<string, Record<string, CardValue>> = {
  'WAVE in m': { CTYPE1: 'WAVE', CUNIT1: 'm', CRVAL1: 3.6e-7, CDELT1: 1e-10, CRPIX1: 1 },
  'AWAV in nm': { CTYPE1: 'AWAV', CUNIT1: 'nm', CRVAL1: 475, CDELT1: 0.125, CRPIX1: 3 },
  'WAVE in um': { CTYPE1: 'WAVE', CUNIT1: 'um', CRVAL1: 1.1, CDELT1: 0.002, CRPIX1: 1 },
  'WAVE-LOG of MaNGA': { CTYPE1: 'WAVE-LOG', CUNIT1: 'Angstrom', CRVAL1: 3621.59598486, CD1_1: 0.833903304339, CRPIX1: 1 },
  'AWAV-LOG': { CTYPE1: 'AWAV-LOG', CUNIT1: 'Angstrom', CRVAL1: 4750, CDELT1: 1.1, CRPIX1: 700 },
};

describePython('every form of header against astropy', () => {
  const pixels = [[0, 0], [9.5, 19.5], [40.25, 3.5], [25, 77]];
  let worlds: { celestial: number[][][]; spectral: number[][] };
  beforeAll(() => {
    worlds = runPython(`
import json, sys, warnings
warnings.simplefilter('ignore')
from astropy.io import fits
from astropy.wcs import WCS
def wcs(cards):
    h = fits.Header()
    for k, v in cards.items():
        if k != 'NAXIS': h[k] = v
    h['WCSAXES'] = 2 if 'CTYPE2' in cards else 1
    return WCS(h, naxis=h['WCSAXES'])
forms, spectral, pixels = (json.loads(a) for a in sys.argv[1:])
print(json.dumps({'celestial': [wcs(c).wcs_pix2world(pixels, 0).tolist() for c in forms],
                  'spectral': [wcs(c).wcs_pix2world([[p] for p in (0, 10.5, 2000)], 0)[:, 0].tolist() for c in spectral]}))
`, JSON.stringify(Object.values(forms)), JSON.stringify(Object.values(spectralForms)), JSON.stringify(pixels));
  });

  it.each(Object.keys(forms).map((name, i) => [name, i] as const))('%s: sky positions to 1e-10 deg', (name, i) => {
    const cards = forms[name]!;
    const { celestial } = parseWcs(header(cards));
    const swapped = cards['CTYPE1'] === 'DEC--TAN';
    pixels.forEach(([x, y], k) => {
      const world = worlds.celestial[i]![k]!;
      const [lon, lat] = swapped ? [world[1]!, world[0]!] : [world[0]!, world[1]!];
      const got = pixelToSky(celestial!, x!, y!);
      if (Number.isNaN(got[0])) throw new Error(`no sky at pixel ${x}, ${y}`);
      expect(separation(...got, lon, lat)).toBeLessThan(1e-10);
    });
  });

  it.each(Object.keys(spectralForms).map((name, i) => [name, i] as const))('%s: wavelengths to 1e-8 Å', (name, i) => {
    const { spectral } = parseWcs(header({ NAXIS: 1, ...spectralForms[name]! }));
    [0, 10.5, 2000].forEach((pixel, k) => expect(wavelengthAt(spectral!, pixel)).toBeCloseTo(worlds.spectral[i]![k]! * 1e10, 8));
  });
});

describe('wavelength axes', () => {
  const cube = (values: Record<string, CardValue>) => header({ NAXIS: 3, CRPIX3: 1, CRVAL3: 4750, CDELT3: 1.25, CUNIT3: 'Angstrom', ...values });

  it.each([
    ['AWAV', 'air'], ['WAVE', 'vacuum'], ['LINEAR', 'air'], ['LAMBDA', 'air'], ['AWAV-LOG', 'air'], ['WAVE-LOG', 'vacuum'], ['linear', 'air'],
  ])('CTYPE3 = %s is in %s', (CTYPE3, medium) => {
    expect(parseWcs(cube({ CTYPE3 })).spectral).toMatchObject({ axis: 2, medium, type: CTYPE3.endsWith('-LOG') ? 'log' : 'linear', referenceValue: 4750, step: 1.25 });
  });

  it('of an unstated medium takes the one that the caller knows', () => {
    expect(parseWcs(cube({ CTYPE3: 'LINEAR' }), { linearMedium: 'vacuum' }).spectral!.medium).toBe('vacuum');
    expect(parseWcs(cube({ CTYPE3: 'AWAV' }), { linearMedium: 'vacuum' }).spectral!.medium).toBe('air');
  });

  it('keep their CDELT when only the sky has a CD matrix', () => {
    const { spectral } = parseWcs(cube({ ...base, ...cd, NAXIS: 3, CTYPE3: 'AWAV', CDELT1: 1, CDELT2: 1, CDELT3: 1.6 }));
    expect(spectral!.step).toBe(1.6);
  });

  it('without a unit are refused with how to give it, and read once it is given', () => {
    const bare = header({ NAXIS: 3, CTYPE3: 'LAMBDA', CRPIX3: 1, CRVAL3: 5627.89, CD3_3: 0.678294 });
    expect(() => parseWcs(bare, { where: 'cube.fits, SCI' })).toThrow(expect.objectContaining({ tag: 'BadWcs', message: expect.stringMatching(/^cube.fits, SCI: .*without a unit.*wavelengthUnit/) }));
    expect(parseWcs(bare, { wavelengthUnit: 'Angstrom' }).spectral).toMatchObject({ referenceValue: 5627.89, step: 0.678294 });
  });

  it('counted in log₁₀ λ (IRAF, DC-FLAG = 1) are logarithmic', () => {
    const { spectral } = parseWcs(header({ NAXIS: 1, CTYPE1: 'LINEAR', CUNIT1: 'Angstrom', 'DC-FLAG': 1, CRPIX1: 1, CRVAL1: 3.58, CD1_1: 1e-4 }));
    expect(wavelengthAt(spectral!, 0)).toBeCloseTo(10 ** 3.58, 9);
    expect(wavelengthAt(spectral!, 3000)).toBeCloseTo(10 ** 3.88, 8);
  });

  it('without a CTYPE are read when their unit is a length', () => {
    expect(parseWcs(cube({})).spectral).toMatchObject({ axis: 2, type: 'linear', medium: 'air' });
  });

  it('are not seen in a stack of maps', () => {
    expect(parseWcs(header({ ...base, ...cd, NAXIS: 3, CTYPE3: '', CUNIT3: '', CRVAL3: 1, CRPIX3: 1, CDELT3: 1 })).spectral).toBeNull();
    expect(parseWcs(header({ ...base, ...cd })).spectral).toBeNull();
  });

  it.each([
    [{ CTYPE3: 'WAVE', CUNIT3: 'm' }, 'wavelength of 47500000000000 Å'],
    [{ CTYPE3: 'WAVE', CUNIT3: 'Hz' }, "'Hz' as unit"],
    [{ CTYPE3: 'WAVE', CDELT3: 0 }, 'step of 0'],
    [{ CTYPE3: 'WAVE', CRVAL3: -1 }, 'wavelength of -1'],
    [{ CTYPE3: 'WAVE', PC3_1: 0.1 }, 'mixes axis 1'],
  ])('that make no sense are refused: %j', (values, wrong) => {
    expect(() => parseWcs(cube(values))).toThrow(expect.objectContaining({ tag: 'BadWcs', message: expect.stringContaining(wrong) }));
  });

  it('keep their numbers through header cards', () => {
    for (const CTYPE3 of ['AWAV', 'WAVE-LOG']) {
      const { spectral } = parseWcs(cube({ CTYPE3, CRPIX3: 3.5, CRVAL3: 4750.123456789 }));
      const cards: Card[] = [{ key: 'NAXIS', value: 3 }, ...spectralCards(spectral!)];
      expect(parseWcs(new Header(cards)).spectral).toEqual(spectral);
    }
  });
});

describe('celestial axes', () => {
  it('are null where the header has none', () => {
    expect(parseWcs(header({ NAXIS: 3, CTYPE1: 'LINEAR', CTYPE2: 'LINEAR' })).celestial).toBeNull();
  });

  it.each([
    [{ CTYPE1: 'RA---ZPN', CTYPE2: 'DEC--ZPN' }, 'RA---ZPN'],
    [{ CTYPE1: 'RA---TAN', CTYPE2: 'DEC--SIN' }, 'DEC--SIN'],
    [{ CTYPE1: 'RA---TAN-SIP', CTYPE2: 'DEC--TAN-SIP', A_ORDER: 2, B_ORDER: 2 }, 'SIP distortion'],
    [{ CTYPE1: 'RA---SIN', CTYPE2: 'DEC--SIN', PV2_1: 0.1 }, 'slant SIN'],
    [{ CD1_1: 0, CD1_2: 0 }, 'cannot be inverted'],
    [{ CUNIT1: 'm' }, "CUNIT1 = 'm'"],
  ])('that cannot be used are refused: %j', (values, wrong) => {
    expect(() => parseWcs(header({ ...base, ...cd, ...values }))).toThrow(expect.objectContaining({ tag: 'BadWcs', message: expect.stringContaining(wrong) }));
  });

  it('name their frame', () => {
    expect(parseWcs(header({ ...base, ...cd })).celestial!.frame).toBe('ICRS');
    expect(parseWcs(header({ ...base, ...cd, EQUINOX: 2000 })).celestial!.frame).toBe('FK5');
    expect(parseWcs(header({ ...base, ...cd, RADESYS: 'ICRS', EQUINOX: 2000 })).celestial!.frame).toBe('ICRS');
  });

  it('have no sky beyond a SIN disc and no pixel behind a TAN plane', () => {
    const { celestial } = parseWcs(header({ ...base, CTYPE1: 'RA---SIN', CTYPE2: 'DEC--SIN', CDELT1: -10, CDELT2: 10 }));
    expect(pixelToSky(celestial!, 100, 100)[1]).toBeNaN();
    expect(skyToPixel(parseWcs(header({ ...base, ...cd })).celestial!, 330, -2)[0]).toBeNaN();
  });
});
