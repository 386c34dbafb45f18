import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { abMagnitude, builtInCurve, curveResponse, perFrequency } from '../../src/light/index.js';
import { simulateCube, type SimulationOptions } from '../../src/simulate/index.js';
import { celestialCards } from '../../src/sky/index.js';
import { numbers } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { gradientOf, readRun, type FinishedRun } from './support/run.js';
import { everySpaxel, small, writeFitsFile, writeSimulated } from './support/simulated.js';

const folder = temporaryFolder('reference');
withoutPictures();

/** A smooth thin disc, whose light in r has the effective radius that went in; the cube holds all of r. */
const galaxy: SimulationOptions = {
  ...small, wavelength: { start: 4800, step: 2.5, count: 920 }, geometry: { effectiveRadius: 3, inclination: 40, thickness: 0 }, gas: { clumpiness: 0 }, stars: { youngShareGradient: 0 },
};
/** The same sky without noise to 4 effective radii, on another grid. */
const wide = simulateCube({ ...galaxy, nx: 40, ny: 40, pixelScale: 0.6, wavelength: { start: 5300, step: 5, count: 360 }, noise: { add: false }, blemishes: { edge: 0, deadSpaxels: 0, deadVoxels: 0 } });

/** An image of that sky in counts of AB magnitude 24, brighter by a factor, as a survey gives it. */
function imageIn(name: string, band: string, factor: number): Promise<string> {
  const { data, settings: { nx, ny }, axis: { wavelength }, wcs } = wide;
  const curve = builtInCurve(band)!;
  const response = Array.from(wavelength, (λ) => curveResponse(curve, λ));
  const sum = (term: (k: number) => number): number => response.reduce((total, t, k) => total + t * term(k), 0);
  const photons = sum((k) => wavelength[k]!);
  const pivot = Math.sqrt(photons / sum((k) => 1 / wavelength[k]!));
  const counts = Float64Array.from({ length: nx * ny }, (_, s) => {
    const flux = sum((k) => data[k * nx * ny + s]! * wavelength[k]!) / photons;
    return factor * 10 ** (-0.4 * (abMagnitude(perFrequency(flux * 1e-20, pivot)) - 24));
  });
  return writeFitsFile(join(folder, `${name}.fits`), [{ kind: 'image', axes: [nx, ny], data: counts, cards: [...celestialCards(wcs.celestial!), { key: 'MAGZERO', value: 24 }] }]);
}

interface Compared {
  readonly bands: readonly { readonly name: string; readonly factor: number; readonly error: number; readonly partial: boolean }[];
  readonly trend: { readonly slope: number; readonly error: number };
  readonly applied: number;
  readonly image: string;
}
const comparisonOf = ({ run }: FinishedRun): Compared => (run as unknown as { reference: Compared }).reference;

describe('reference images brighter than the cube by 1.15 in r and by 1.02 in a box', () => {
  let [told, applied]: FinishedRun[] = [];
  let shape: { readonly measured: readonly string[]; readonly effectiveRadiusArcsec: number; readonly flags: readonly string[] };

  beforeAll(async () => {
    const { cube } = await writeSimulated(folder, 'galaxy', galaxy);
    const [r, box] = [await imageIn('r', 'r', 1.15), await imageIn('box', 'box:5500-6500', 1.02)];
    const measure = async (name: string, ...more: string[]): Promise<FinishedRun> => {
      const settings = ['redshift=0.005', 'foreground=none', 'abundance.also=[]', 'gradient.draws=100', `reference.images={r: ${r}, "box:5500-6500": ${box}}`, ...more].flatMap((one) => ['--set', one]);
      const { status, stderr } = zgrad('measure', cube, '--out', join(folder, name), '--quiet', ...everySpaxel, ...settings);
      expect(status, stderr).toBe(0);
      return readRun(join(folder, name));
    };
    // The second takes up the directory of the first: nothing that was fitted to the fainter cube may remain.
    told = await measure('run');
    applied = await measure('run', 'reference.apply=true');
    shape = told.gradient.geometry as unknown as typeof shape;
  });

  it('have their factors found, to 3 σ and the 0.6 % by which pixels of 0.8″ smear the light over the edge of the aperture more than those of 0.6″', () => {
    const { bands, applied: by } = comparisonOf(told!);
    expect(bands.map(({ name }) => name)).toEqual(['r', 'box:5500-6500']);
    for (const [i, truth] of [1.15, 1.02].entries()) {
      const { factor, error, partial } = bands[i]!;
      expect(error).toBeLessThan(0.01);
      expect(Math.abs(factor - truth)).toBeLessThan(3 * error + 0.006 * truth);
      expect(partial).toBe(false);
    }
    expect(by).toBe(1);
  });

  it('are warned of where they leave 0.9 to 1.1, and only there; the trend is told', () => {
    const said = told!.run.warnings.join('\n');
    expect(said).toMatch(/Flux calibration in r: the reference is 1\.1[45]\d ± 0\.\d+ times the cube, outside 0\.9–1\.1/);
    expect(said).not.toContain('Flux calibration in box');
    const { trend } = comparisonOf(told!);
    expect(Number.isFinite(trend.slope) && trend.error > 0).toBe(true);
  });

  it('multiply the cube by the factor of r when asked to, and no ratio of lines', () => {
    const { applied: by } = comparisonOf(applied!);
    expect(by).toBe(comparisonOf(told!).bands[0]!.factor);
    const [before, after] = [told!, applied!].map(({ bins }) => numbers(bins, 'flux_Ha')) as [Float64Array, Float64Array];
    expect(after.length).toBe(before.length);
    // A descent on scaled numbers ends within its tolerance.
    after.forEach((flux, b) => { if (Number.isFinite(flux)) expect(Math.abs(flux / before[b]! / by - 1)).toBeLessThan(1e-4); });
    expect(after.filter(Number.isFinite).length).toBeGreaterThan(80);
    expect(Math.abs(gradientOf(applied!, 'N2S2Ha').slope! - gradientOf(told!, 'N2S2Ha').slope!)).toBeLessThan(1e-3);
    expect(applied!.gradient.integrated.logSfr![0] - told!.gradient.integrated.logSfr![0]).toBeCloseTo(Math.log10(by), 3);
  });

  it('give the effective radius where the cube ends too early for one', () => {
    expect(shape.measured).toContain('effectiveRadius');
    expect(comparisonOf(told!).image).toBe('the r image r.fits');
    // The seeing of 0.8″ widens a disc of 3″ by 2 %; of what lies beyond 4 R_e little is missing.
    expect(Math.abs(shape.effectiveRadiusArcsec / 3 - 1)).toBeLessThan(0.05);
    expect(told!.run.warnings.join('\n')).not.toContain('lower limit');
  });
});
