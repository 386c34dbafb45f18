import { describe, expect, it } from 'vitest';
import { spaxelBinning } from '../../src/binning/index.js';
import { deproject } from '../../src/disk/index.js';
import { abundance, balmerDust, calibrationByName, classifyBpt, deredden } from '../../src/nebula/index.js';
import type { LineFluxes, LineName } from '../../src/nebula/index.js';
import { simulateGalaxy, truthLineFluxes } from '../../src/simulate/index.js';
import { pixelToSky, skyOffset } from '../../src/sky/index.js';
import { fitLine } from '../../src/stats/index.js';

const n2s2ha = calibrationByName('N2S2Ha')!;

/** O/H by N2S2Ha after Balmer dust, as a measurement would do it. */
function oxygen(fluxes: LineFluxes): number {
  const { ebv } = balmerDust({ ha: fluxes.Ha!, haError: 0, hb: fluxes.Hb!, hbError: 0 });
  const none = Object.fromEntries(Object.keys(fluxes).map((name) => [name, 0]));
  return abundance(n2s2ha, deredden(fluxes, ebv), none).oh;
}

const at = (maps: ReadonlyMap<LineName, Float64Array>, i: number): LineFluxes => Object.fromEntries([...maps].map(([name, map]) => [name, map[i]!]));

describe('the truth of a simulation', () => {
  it('keeps the flux of each line through the PSF, away from the edges of the field', () => {
    const { truth } = simulateGalaxy({ nx: 60, ny: 60, geometry: { effectiveRadius: 1.5 } });
    const sum = (map: Float64Array) => map.reduce((total, value) => total + value, 0);
    // The field reaches 8 R_e, where an exponential disc has 2e-5 of its light left.
    for (const [name, map] of truth.lines) expect(Math.abs(sum(map) / sum(truth.sharpLines.get(name)!) - 1)).toBeLessThan(1e-4);
  });

  it('has the geometry of the disc on the sky: radii, and the receding side at the position angle', () => {
    const options = { nx: 40, ny: 36, center: [17.3, 19.1], geometry: { positionAngle: 40, inclination: 60 }, psf: { fwhm: 0.01 }, gas: { clumpiness: 0 } } as const;
    const { truth, wcs, disk, settings } = simulateGalaxy(options);
    for (const [x, y] of [[0, 0], [39, 0], [12, 30], [25, 20], [38, 35]] as const) {
      const [ra, dec] = pixelToSky(wcs.celestial!, x, y);
      const [east, north] = skyOffset(ra, dec, ...settings.position);
      // The gnomonic projection differs from the small-field offsets by θ² tan δ / 2 = 1e-5″ here.
      expect(Math.abs(truth.radius[y * 40 + x]! - deproject(disk, east, north).radius / settings.geometry.effectiveRadius)).toBeLessThan(1e-5);
    }
    // East is left: the side at position angle 40°, north through east, lies towards smaller x and larger y.
    const [sin, cos] = [Math.sin((40 * Math.PI) / 180), Math.cos((40 * Math.PI) / 180)];
    const [x, y] = [Math.round(17.3 - 12 * sin), Math.round(19.1 + 12 * cos)];
    const [east, north] = [-(x - 17.3) * 0.4, (y - 19.1) * 0.4];
    const cosTheta = (east * sin + north * cos) / (truth.radius[y * 40 + x]! * 5);
    const expected = (200 / Math.PI) * Math.atan(truth.radius[y * 40 + x]! / 0.4) * Math.sin(Math.PI / 3) * cosTheta;
    expect(expected).toBeGreaterThan(50);
    // 1 km/s: the spaxel's mean of a velocity that curves.
    expect(Math.abs(truth.velocity[y * 40 + x]! - expected)).toBeLessThan(1);
  });

  it('shows stars as thick as q0 says and gas in the thin plane: axis ratios of √((1 − q0²) cos² i + q0²) and cos i', () => {
    const { scene, disk, truth } = simulateGalaxy({ nx: 60, ny: 60, geometry: { effectiveRadius: 1.5, inclination: 70, positionAngle: 0 }, gas: { regions: 4000, clumpiness: 1 } });
    const axisRatio = Math.sqrt(0.96 * Math.cos((70 * Math.PI) / 180) ** 2 + 0.04);
    expect(1 - disk.ellipticity).toBeCloseTo(axisRatio, 12);
    expect(disk.inclination).toBeCloseTo(70, 9);
    /** Root mean square along x over that along y: north is up, the major axis vertical. */
    const flattening = (width: number, light: ArrayLike<number>) => {
      const middle = (width - 1) / 2;
      const [x, y] = [0, 1].map((axis) => Array.from(light).reduce((sum, own, i) => sum + own * ((axis ? Math.floor(i / width) : i % width) - middle) ** 2, 0));
      return Math.sqrt(x! / y!);
    };
    const stars = scene.young.map((own, i) => own + scene.old[i]!);
    // Cells of 0.13 R_e and a field that ends at 8 R_e.
    expect(Math.abs(flattening(scene.grid.width, stars) / axisRatio - 1)).toBeLessThan(0.01);
    // 4000 regions of a power law, each 0.8″ wide.
    const regions = truth.regions.reduce((sums, { east, north, share }) => [sums[0]! + share * east ** 2, sums[1]! + share * north ** 2], [0, 0]);
    expect(Math.abs(Math.sqrt(regions[0]! / regions[1]!) / Math.cos((70 * Math.PI) / 180) - 1)).toBeLessThan(0.1);
  });

  it('reddens the Balmer decrement by the internal dust', () => {
    const { truth } = simulateGalaxy({ dust: { central: 0.4, scale: 1.5 } });
    truth.ebv.forEach((ebv, i) => {
      const found = balmerDust({ ha: truth.sharpLines.get('Ha')![i]!, haError: 0, hb: truth.sharpLines.get('Hb')![i]!, hbError: 0 });
      // E(B−V) changes by 0.01 across a spaxel and regions are brighter on one side: 0.01 mag, largest at the centre.
      expect(Math.abs(found.ebvRaw - ebv)).toBeLessThan(0.01);
    });
  });

  it.each([-0.2, 0, 0.12])('without a PSF has the slope that was put in: %d dex/R_e', (slope) => {
    const { truth } = simulateGalaxy({ oxygen: { central: 8.5, slope, scatter: 0 } });
    const fit = fitLine(truth.radius, truth.radius.map((_, i) => oxygen(at(truth.sharpLines, i))));
    // A spaxel's lines are the mean over its face, where regions reach in from other radii: 2 % of the slope.
    expect(Math.abs(fit.slope - slope)).toBeLessThan(0.02 * Math.abs(slope) + 1e-6);
    expect(Math.abs(fit.intercept - 8.5)).toBeLessThan(0.005);
  });

  it('a flat galaxy stays flat through the PSF, a steep one is flattened', () => {
    const slopeOf = (slope: number, fwhm: number) => {
      const { truth } = simulateGalaxy({ oxygen: { central: 8.5, slope, scatter: 0 }, psf: { fwhm } });
      const inside = [...truth.radius.keys()].filter((i) => truth.radius[i]! < 1.5);
      return fitLine(inside.map((i) => truth.radius[i]!), inside.map((i) => oxygen(at(truth.lines, i)))).slope;
    };
    expect(Math.abs(slopeOf(0, 2.5))).toBeLessThan(1e-6);
    const [sharp, blurred] = [slopeOf(-0.2, 0.4), slopeOf(-0.2, 2.5)];
    expect(blurred).toBeGreaterThan(sharp + 0.01);
    expect(blurred).toBeLessThan(0);
  });

  it('scatters O/H from region to region when asked to', () => {
    const { truth } = simulateGalaxy({ gas: { regions: 500 }, oxygen: { central: 8.5, slope: -0.1, scatter: 0.05 } });
    const residuals = truth.regions.map(({ radius, oxygen }) => oxygen - 8.5 + 0.1 * radius);
    const rms = Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length);
    // Four standard errors, σ/√(2n).
    expect(Math.abs(rms - 0.05)).toBeLessThan((4 * 0.05) / Math.sqrt(2 * residuals.length));
  });

  it('is star-forming everywhere, unless there is an active nucleus', () => {
    const { truth } = simulateGalaxy();
    truth.radius.forEach((_, i) => expect(classifyBpt(at(truth.lines, i))).toBe(1));
    const active = simulateGalaxy({ nucleus: { share: 0.3 } }).truth;
    const classes = Array.from(active.radius, (_, i) => classifyBpt(at(active.lines, i)));
    expect(new Set(classes)).toEqual(new Set([1, 2, 3]));
    expect(classes[24 * 48 + 24]).toBe(3);
  });

  it('has no gas beyond its radius', () => {
    const { truth } = simulateGalaxy({ gas: { radius: 0.8 } });
    truth.radius.forEach((radius, i) => {
      if (radius > 1.6) expect(truth.ew[i]!).toBeLessThan(0.5);
    });
    expect(truth.ew[24 * 48 + 24]).toBeGreaterThan(10);
  });

  it('gives the equivalent width that was asked for, averaged over the field', () => {
    const { truth } = simulateGalaxy({ gas: { equivalentWidth: 40 } });
    const sum = (map: Float64Array) => map.reduce((total, value) => total + value, 0);
    const mean = (sum(truth.lines.get('Ha')!) * 1e3) / sum(truth.continuum) / 1.005;
    // Regions near the edge of the margin shine partly outside: 5 %.
    expect(Math.abs(mean / 40 - 1)).toBeLessThan(0.05);
  });

  it('is summed over the bins of a measurement', () => {
    const { truth, settings } = simulateGalaxy({ nx: 10, ny: 10 });
    const binning = spaxelBinning(settings.nx, settings.ny, (i) => i % 2 === 0);
    const fluxes = truthLineFluxes(truth, binning);
    expect(fluxes.get('Ha')).toEqual(truth.lines.get('Ha')!.filter((_, i) => i % 2 === 0));
  });
});
