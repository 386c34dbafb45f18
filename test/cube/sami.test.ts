import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { dereddenFactors, distinctBinning, extractSpectrum, lightCentroid, outlineCube, readCube, recogniseRepeats, spectrumBuffers, whiteLight, type Cube } from '../../src/cube/index.js';
import { bytesSource, openFits, readImage, findHdu, type Fits } from '../../src/fits/index.js';
import { median } from '../../src/stats/index.js';
import { pixelToSky } from '../../src/sky/index.js';
import { describePython, describeShared, runPython, shared } from '../support/shared.js';

const path = (galaxy: string, arm: string) => shared('data', 'ifu_sami', galaxy, `${galaxy}_A_sectors_${arm}.fits.gz`);
const open = (file: string): Promise<Fits> => openFits(bytesSource(readFileSync(file), file));

describeShared('SAMI 41144', () => {
  let cube: Cube;
  let blue: Fits;
  let red: Fits;
  beforeAll(async () => {
    [blue, red] = [await open(path('41144', 'blue')), await open(path('41144', 'red'))];
    cube = await readCube([red, blue]);
  });

  it('is recognised and joined as a blue and a red arm with their own sampling and resolution', () => {
    expect(cube.instrument).toBe('SAMI');
    expect(cube.object).toBe('41144');
    expect([cube.nx, cube.ny]).toEqual([50, 50]);
    expect(cube.arms.map(({ name, lsf }) => [name, lsf])).toEqual([
      ['blue', { kind: 'constant', fwhm: 2.66 }], ['red', { kind: 'constant', fwhm: 1.59 }],
    ]);
    const [b, r] = cube.arms.map(({ axis }) => axis);
    expect(b!.medium).toBe('air');
    // CRVAL3 at CRPIX3 = 1024 in Å, although the header's comments say metres.
    expect(b!.wavelength[1023]).toBeCloseTo(4724.474841231, 9);
    expect(r!.wavelength[0]).toBeCloseTo(6849.702002931 - 1023 * 0.5959941377626, 9);
    expect(cube.warnings).toEqual([]);
  });

  it('has its unit, its spaxel size and its seeing from the header', () => {
    expect(cube.unit).toBe(1e-16);
    expect(cube.pixelScale).toBeCloseTo(0.5, 10);
    expect(cube.seeing!.fwhm).toBeCloseTo(2.085044209723173, 12);
    expect(cube.seeing!.source).toContain('PSFFWHM');
    const [ra, dec] = pixelToSky(cube.wcs!.celestial!, 24.5, 24.5);
    expect(ra).toBeCloseTo(184.470375, 9);
    expect(dec).toBeCloseTo(-0.657222, 9);
  });

  it('has a value wherever the file has one, NaN where there is none', () => {
    // The shares of NaN that numpy counts in the two files.
    const good = cube.arms.map(({ flux }) => flux.reduce((count, value) => count + (Number.isFinite(value) ? 1 : 0), 0));
    expect(good).toEqual([0.6462494140625, 0.655591796875].map((missing) => Math.round((1 - missing) * 2500 * 2048)));
  });

  it('makes one bin of each sector, the gaps in the numbers closed, the dead sector kept', () => {
    const binning = distinctBinning(cube);
    expect(binning.repeated).toBe(true);
    expect([...binning.labels]).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 27, 28, 29, 31, 32, 34, 35,
    ]);
    expect(binning.start[1]).toBe(11);
    expect(binning.spaxels.length).toBe(2500 - 1607);
  });

  it('recognises the sectors from the spectra alone as BIN_MASK has them', () => {
    const found = recogniseRepeats(cube)!;
    const pairs = new Set(Array.from(found, (group, s) => `${group}:${cube.sectors![s]}`));
    expect(pairs.size).toBe(32);
    expect(pairs.has('0:0')).toBe(true);
  });

  it('gives a bin npix times the mean spectrum and npix² times its variance', () => {
    const binning = distinctBinning(cube);
    const into = spectrumBuffers(cube);
    const b = 9; // sector 10 of 37 spaxels
    extractSpectrum(cube, binning, b, into);
    const s = binning.spaxels[binning.start[b]!]!;
    const k = 1000;
    const mean = cube.arms[1]!.flux[s * 2048 + k]!;
    const variance = cube.arms[1]!.variance[s * 2048 + k]!;
    expect(into[1]!.flux[k]).toBeCloseTo(37 * 10 * mean, 6);
    expect(into[1]!.variance[k]! / (37 * 37 * 100 * variance)).toBeCloseTo(1, 12);
    expect(into[1]!.coverage[k]).toBe(1);
  });

  it("has the variance of a sector's mean, not of one spaxel", () => {
    // Second differences over three pixels are free of a linear continuum and of the correlation of neighbouring pixels; their
    // variance is six times the noise's. Were the variance that of one spaxel, the large sectors would come out below 0.2.
    const binning = distinctBinning(cube);
    const n = 2048;
    const noiseOverError = (b: number): number[] => cube.arms.map(({ flux, variance }) => {
      const first = binning.spaxels[binning.start[b]!]! * n + 900;
      return median(Array.from({ length: 200 }, (_, k) => {
        const i = first + k;
        return Math.abs(flux[i + 3]! - 2 * flux[i]! + flux[i - 3]!) / Math.sqrt(6 * variance[i]!) / 0.6745;
      }).filter(Number.isFinite));
    });
    const size = (b: number) => binning.start[b + 1]! - binning.start[b]!;
    const bins = Array.from({ length: binning.count }, (_, b) => b);
    for (const sectors of [bins.filter((b) => size(b) > 1 && size(b) < 20), bins.filter((b) => size(b) >= 50)]) {
      const ratio = median(sectors.flatMap(noiseOverError));
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.25);
    }
  });

  it('corrects for foreground dust as the DUST extension of the survey does', async () => {
    // Planck E(B−V) of the header. The survey takes CCM89 at the air wavelength: our law agrees to rounding there, and the
    // step to vacuum wavelengths moves the factor by less than 1e-4.
    const ebv = 0.03687347490766056;
    const inAir = cube.arms.map((arm) => ({ ...arm, axis: { ...arm.axis, medium: 'vacuum' as const } }));
    for (const [arms, tolerance] of [[inAir, 1e-9], [cube.arms, 1e-4]] as const) {
      const factors = dereddenFactors({ arms }, ebv);
      for (const [a, fits] of [blue, red].entries()) {
        const { data } = await readImage(fits, findHdu(fits, 'DUST'));
        const worst = Math.max(...factors[a]!.map((factor, k) => Math.abs(factor / data[k]! - 1)));
        expect(worst).toBeLessThan(tolerance);
      }
    }
  });

  it('finds the centre of the light near the catalogue centre in the middle of the field', () => {
    const centre = lightCentroid(whiteLight(cube, { redshift: 0.02964 }), cube.nx)!;
    // Sectors are several spaxels wide: 1.5 spaxels is 0.75″, a third of the seeing.
    expect(Math.hypot(centre.x - 24.5, centre.y - 24.5)).toBeLessThan(1.5);
  });

  it('reads one arm alone with a warning', async () => {
    const alone = await readCube([red], { range: [6700, 6800] });
    expect(alone.arms.map(({ name }) => name)).toEqual(['red']);
    expect(alone.warnings[0]).toMatch(/red arm alone: the lines of the blue arm are missing/);
    expect(alone.arms[0]!.axis.wavelength[0]).toBeGreaterThanOrEqual(6700);
    expect(alone.arms[0]!.axis.wavelength.at(-1)).toBeLessThanOrEqual(6800);
  });

  it('reads only the planes of the range, with the same values', async () => {
    const part = await readCube([blue, red], { range: [6700, 6800] });
    expect(part.arms.map(({ name }) => name)).toEqual(['red']);
    expect(part.warnings).toEqual([expect.stringMatching(/no wavelength of the blue arm/)]);
    const full = cube.arms[1]!;
    const first = full.axis.wavelength.findIndex((λ) => λ >= 6700);
    const n = part.arms[0]!.axis.wavelength.length;
    for (const s of [0, 1275, 1300]) {
      expect(part.arms[0]!.flux.slice(s * n, (s + 1) * n)).toEqual(full.flux.slice(s * 2048 + first, s * 2048 + first + n));
    }
    expect([...part.sectors!]).toEqual([...cube.sectors!]);
  });

  it('refuses arms of different galaxies and two arms of one colour', async () => {
    const other = await open(path('230776', 'red'));
    expect(() => outlineCube([blue, other])).toThrow(/NAME = 41144 in the blue arm and 230776 in the red one; expected two arms of the same galaxy/);
    expect(() => outlineCube([red, red])).toThrow(/found the arms red, red; expected one blue and one red arm/);
  });

  it('says which wavelengths there are when the range misses them all', () => {
    expect(() => outlineCube([blue, red], { range: [8000, 8100] })).toThrow(/expected a range that overlaps 3650–5800 and 6240–7460 Å/);
  });

  describePython('beside astropy', () => {
    it('has the same values in both arms', () => {
      const seen = runPython<number[][]>(`
import json, sys
from astropy.io import fits
out = []
for path in sys.argv[1:]:
    h = fits.open(path)
    out.append([float(h[i].data[k, y, x]) for i in (0, 1) for k, y, x in ((300, 24, 24), (1000, 30, 20), (1900, 20, 29))])
print(json.dumps(out))`, path('41144', 'blue'), path('41144', 'red'));
      const voxels = [[300, 24, 24], [1000, 30, 20], [1900, 20, 29]] as const;
      cube.arms.forEach((arm, a) => {
        const ours = [arm.flux, arm.variance].flatMap((values) => voxels.map(([k, y, x]) => values[(y * 50 + x) * 2048 + k]!));
        // float32 holds 24 bits of the file's float64.
        ours.forEach((value, i) => expect(Math.abs(value / seen[a]![i]! - 1)).toBeLessThan(6e-8));
      });
    });
  });
});
