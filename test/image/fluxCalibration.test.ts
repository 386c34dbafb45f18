import { describe, expect, it } from 'vitest';
import { compareFluxes, isolatedStars, type CommonBand, type JudgedSource, type SkyImage } from '../../src/image/index.js';
import { fluxOfAbMagnitude, perWavelength } from '../../src/light/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { pixelToSky, skyOffset, type CelestialWcs } from '../../src/sky/index.js';

const wcsOf = (scale: number, turn: number, centre: number): CelestialWcs => {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return {
    projection: 'TAN', axes: [0, 1], referencePixel: [centre, centre], referenceValue: [150, 2], lonPole: 180, latPole: 2, frame: 'ICRS',
    matrix: [(-scale * cos) / 3600, (scale * sin) / 3600, (scale * sin) / 3600, (scale * cos) / 3600],
  };
};

/** Stars of 1.2″ at these offsets [″] with these fluxes, and a galaxy of 6″ at the middle. */
const stars = [[12, 9, 40], [-13, 8, 25], [9, -13, 60], [-11, -12, 30]] as const;
const surface = (east: number, north: number) => 3 * Math.exp(-0.5 * ((east / 3) ** 2 + (north / 2) ** 2))
  + stars.reduce((sum, [e, n, flux]) => sum + (flux * Math.exp(-0.5 * ((east - e) ** 2 + (north - n) ** 2) / 0.26)) / (2 * Math.PI * 0.26), 0);

/** The sky [1e-17 erg/s/cm²/Å/arcsec²] in pixels, times `factor`, with noise. */
function observe(size: number, scale: number, turn: number, factor: number, noise: number, seed: number): SkyImage {
  const random = createRandom(seed, 'noise');
  const wcs = wcsOf(scale, turn, (size - 1) / 2 + 0.3);
  const data = Float64Array.from({ length: size * size }, (_, i) => {
    const [east, north] = skyOffset(...pixelToSky(wcs, i % size, Math.floor(i / size)), 150, 2);
    return factor * (surface(east, north) * scale * scale + noise * random.normal());
  });
  return { nx: size, ny: size, data, mask: null, wcs, variance: new Float64Array(size * size).fill((factor * noise) ** 2) };
}

const zeroPoint = 22.5;
const pivots = { g: 4770, r: 6231, i: 7630, z: 9000 };

/** The reference is `factors` times the cube, on finer turned pixels. */
const bandsOf = (factors: Readonly<Record<string, number>>, noise = 0.002): CommonBand[] => Object.entries(factors).map(([name, factor], k) => {
  const pivot = pivots[name as keyof typeof pivots];
  return {
    name, pivot, coverage: name === 'g' ? 0.6 : 1, zeroPoint,
    cube: observe(200, 0.2, 0.1, 1, noise, 10 + k),
    reference: observe(380, 0.14, -0.5, factor / (perWavelength(fluxOfAbMagnitude(zeroPoint), pivot) * 1e17), noise / 2, 20 + k),
  };
});

const centre = { kind: 'centre', circles: [{ ra: 150, dec: 2, radius: 5 }] } as const;

describe('flux calibration against a reference image', () => {
  const truth = { g: 1, r: 0.95, i: 1.02, z: 1.12 };
  const bands = bandsOf(truth);

  it('finds the factors in a circle about the centre, within their errors', () => {
    const found = compareFluxes(bands, centre);
    found.bands.forEach(({ name, factor, error, places }) => {
      expect(places).toBe(1);
      expect(error).toBeLessThan(0.003);
      expect(Math.abs(factor - truth[name as keyof typeof truth])).toBeLessThan(4 * error);
    });
    expect(found.warnings).toEqual([expect.stringContaining('in z: the reference is 1.12')]);
  });

  it('finds them from stars too, less the light around them, and says how the factor runs with wavelength', () => {
    const circles = stars.map(([east, north]) => ({ ra: 150 + east / 3600 / Math.cos((2 * Math.PI) / 180), dec: 2 + north / 3600, radius: 1.6 }));
    const found = compareFluxes(bands, { kind: 'stars', circles });
    found.bands.forEach(({ name, factor, places }) => {
      expect(places).toBe(4);
      // Stars are resampled to other pixels: 1 % of what lies at the edge of the circle.
      expect(Math.abs(factor / truth[name as keyof typeof truth] - 1)).toBeLessThan(0.02);
    });
    // g is covered in part only: the trend is that of r, i and z, 0.061 per 1000 Å.
    expect(found.bands[0]!.partial).toBe(true);
    const line = compareFluxes(bands, centre).trend!;
    expect(Math.abs(line.slope - 0.061)).toBeLessThan(0.006);
    expect(line.error).toBeLessThan(0.003);
  });

  it('leaves out a place that one of the images does not show, and says so when none is left', () => {
    const [band] = bandsOf({ r: 1 }) as [CommonBand];
    const hole = { ...band, reference: { ...band.reference, data: band.reference.data.map((value, i) => (i % 380 > 180 ? Number.NaN : value)) } };
    const found = compareFluxes([hole], centre);
    expect(found.bands[0]).toMatchObject({ factor: Number.NaN, places: 0 });
    expect(found.warnings).toEqual(['Flux calibration in r: no place lies in both images.']);
    expect(found.trend).toBeNull();
    const away = { kind: 'centre', circles: [{ ra: 151, dec: 2, radius: 5 }] } as const;
    expect(compareFluxes([band], away).bands[0]!.places).toBe(0);
  });

  it('takes only stars that stand alone', () => {
    const source = (number: number, x: number, y: number, kind: JudgedSource['kind'] = 'star') => ({ number, x, y, kind }) as JudgedSource;
    const sources = [source(1, 50, 50), source(2, 100, 50), source(3, 105, 50, 'galaxy'), source(4, 3, 50), source(5, 50, 90, 'neighbour')];
    expect(isolatedStars(sources, { nx: 200, ny: 200 }, 10).map(({ number }) => number)).toEqual([1]);
  });
});
