import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { bytesSource, findHdu, openFits, readImage, type Fits } from '../../src/fits/index.js';
import { maskBits, readSamiMaps, type LineMaps } from '../../src/linemaps/index.js';
import { pixelToSky } from '../../src/sky/index.js';
import { describePython, describeShared, runPython, shared } from '../support/shared.js';

const folder = shared('data', 'ifu_sami', '41144', 'maps');
const redshift = 0.02964;

describeShared("SAMI's line maps of 41144", () => {
  let files: Fits[];
  let binMask: Float32Array | Float64Array;
  let sectors: LineMaps;
  beforeAll(async () => {
    files = await Promise.all(readdirSync(folder).map((name) => openFits(bytesSource(readFileSync(`${folder}/${name}`), name))));
    const cube = shared('data', 'ifu_sami', '41144', '41144_A_sectors_red.fits.gz');
    const fits = await openFits(bytesSource(readFileSync(cube), cube));
    binMask = (await readImage(fits, findHdu(fits, 'BIN_MASK'))).data;
    sectors = await readSamiMaps(files, { redshift, binned: 'sectors', components: '1-comp' });
  });

  it('asks which kind is meant when a folder holds several', async () => {
    await expect(readSamiMaps(files, { redshift })).rejects.toThrow(
      /found maps of several kinds: default 1-comp, default recom-comp, sectors 1-comp, sectors recom-comp; expected one kind\. Choose with `maps\.binned`/);
    await expect(readSamiMaps(files, { redshift, binned: 'annular' })).rejects.toThrow(/found only maps of the kinds default 1-comp.*expected maps of the kind annular/);
  });

  it('recognises the bins from the repeated values', () => {
    expect(sectors.binning.count).toBe(30);
    expect(sectors.binning.repeated).toBe(true);
    // The cube has a 31st bin, of one spaxel, that no line was measured in.
    const pairs = new Set(Array.from(sectors.binning.bin, (b, i) => `${b}:${binMask[i] === 29 ? 0 : binMask[i]}`));
    expect(pairs.size).toBe(31);
  });

  it('gives the same bins from the bin map of the cube, and the dead bin without a value', async () => {
    const maps = await readSamiMaps(files, { redshift, binned: 'sectors', components: '1-comp', bins: binMask });
    expect(maps.binning.count).toBe(31);
    const dead = maps.binning.labels.indexOf(29);
    expect(maps.status[dead]).toBe(1 << maskBits.NOVALUE);
    expect(maps.lines.get('Ha')!.flux[dead]).toBeNaN();
    for (const b of [0, 10, 25]) {
      const same = sectors.binning.bin[maps.binning.spaxels[maps.binning.start[b]!]!]!;
      expect(maps.lines.get('Ha')!.flux[b]).toBe(sectors.lines.get('Ha')!.flux[same]);
    }
  });

  it('gives the flux and its error summed over the bin in 1e-17 erg/s/cm²', async () => {
    const maps = await readSamiMaps(files, { redshift, binned: 'sectors', components: '1-comp', bins: binMask });
    const b = maps.binning.labels.indexOf(10);
    // Read with astropy: mean 1.5467558 ± 0.00421004 [1e-16] over 37 spaxels; float32 has 7 digits.
    expect(maps.npix[b]).toBe(37);
    expect(maps.lines.get('Ha')!.flux[b]! / (1.5467558 * 370)).toBeCloseTo(1, 6);
    expect(maps.lines.get('Ha')!.fluxError[b]! / (0.00421004 * 370)).toBeCloseTo(1, 5);
  });

  it('reads every line, the blend of [O II] as two lines that add up to it', () => {
    expect([...sectors.lines.keys()].sort()).toEqual(['Ha', 'Hb', 'NII6583', 'OI6300', 'OII3726', 'OII3729', 'OIII5007', 'SII6716', 'SII6731']);
    expect(sectors.notes).toContainEqual(expect.stringMatching(/\[O II\].*only the sum/));
  });

  it('says that there are no equivalent widths and no foreground correction', () => {
    expect(sectors.lines.get('Ha')!.ew).toBeNull();
    expect(sectors.notes).toContainEqual(expect.stringMatching(/no equivalent widths/));
    expect(sectors.foregroundCorrected).toBe(false);
  });

  it('divides the velocities by 1 + z', () => {
    const b = sectors.binning.bin[24 * 50 + 24]!;
    expect(sectors.velocity.every((v) => Math.abs(v) < 132 / (1 + redshift))).toBe(true);
    expect(sectors.velocityError[b]).toBeGreaterThan(0);
    expect(sectors.sigma[b]).toBeGreaterThan(0);
  });

  it('has the coordinates and the light of the survey', () => {
    const [ra, dec] = pixelToSky(sectors.wcs!.celestial!, 24.5, 24.5);
    expect([ra, dec].map((value) => value.toFixed(6))).toEqual(['184.470375', '-0.657222']);
    expect(sectors.pixelScale).toBeCloseTo(0.5, 9);
    expect(sectors.image!.length).toBe(2500);
    expect(sectors.object).toBe('41144');
  });

  it('reads the maps of single spaxels, each a bin', async () => {
    const maps = await readSamiMaps(files, { redshift, binned: 'default', components: '1-comp' });
    expect(maps.binning.repeated).toBe(false);
    expect(maps.npix.every((n) => n === 1)).toBe(true);
    expect(maps.lines.get('Ha')!.flux.filter(Number.isFinite).length).toBe(754);
    const { data } = await readImage(files.find(({ source }) => source.name.includes('Halpha_default_1-comp'))!, files[0]!.hdus[0]!);
    const spaxel = 24 * 50 + 24;
    expect(maps.lines.get('Ha')!.flux[maps.binning.bin[spaxel]!]! / (data[spaxel]! * 10)).toBeCloseTo(1, 12);
  });

  it('takes the total of several components', async () => {
    const maps = await readSamiMaps(files, { redshift, binned: 'sectors', components: 'recom-comp' });
    const ratio = maps.lines.get('Ha')!.flux.map((flux, b) => flux / sectors.lines.get('Ha')!.flux[sectors.binning.bin[maps.binning.spaxels[maps.binning.start[b]!]!]!]!).sort();
    expect(ratio[15]).toBeGreaterThan(0.99);
    expect(ratio[15]).toBeLessThan(1.06);
  });

  it('recognises renamed files by their HDUs, and one map given twice', async () => {
    const chosen = files.filter(({ source }) => /(Halpha|NII6583|gas-velocity)_sectors_1-comp/.test(source.name));
    const renamed = chosen.map((fits, i) => ({ ...fits, source: { ...fits.source, name: `map${i}.fits`, read: fits.source.read.bind(fits.source) } }));
    const maps = await readSamiMaps(renamed, { redshift });
    expect([...maps.lines.keys()].sort()).toEqual(['Ha', 'NII6583']);
    expect(maps.notes).toContainEqual('There is no map of the gas dispersion.');
    expect(maps.image).toBeNull();
    await expect(readSamiMaps([...chosen, chosen[0]!], { redshift })).rejects.toThrow(/found the same map twice/);
  });

  it('needs Hα', async () => {
    const others = files.filter(({ source }) => /(Hbeta|NII6583)_sectors_1-comp/.test(source.name));
    await expect(readSamiMaps(others, { redshift })).rejects.toThrow(/found the maps Hb, NII6583; expected a map of Hα/);
    await expect(readSamiMaps([], { redshift })).rejects.toThrow(/found no line map; expected files such as/);
  });

  it('refuses bins that the maps were not made with', async () => {
    const halves = Array.from({ length: 2500 }, (_, i) => (i % 50 < 25 ? 1 : 2));
    await expect(readSamiMaps(files, { redshift, binned: 'sectors', components: '1-comp', bins: halves })).rejects.toThrow(/maps that vary inside bin 1/);
  });

  describePython('beside astropy', () => {
    it('has the sums of all lines and the kinematics that numpy finds in the files', () => {
      const script = `
import json, sys
import numpy as np
from astropy.io import fits
folder, cube = sys.argv[1:]
bins = fits.getdata(cube, 'BIN_MASK')
out = {}
for name in ['Halpha', 'Hbeta', 'OIII5007', 'SII6716', 'gas-velocity', 'gas-vdisp']:
    h = fits.open(f'{folder}/41144_A_{name}_sectors_1-comp.fits')
    v, e = [x.data[0] if x.data.ndim == 3 else x.data for x in h[:2]]
    out[name] = [[float(np.nansum(m[bins == n])) for n in (1, 19, 35)] for m in (v, e)]
print(json.dumps(out))`;
      const seen = runPython<Record<string, number[][]>>(script, folder, shared('data', 'ifu_sami', '41144', '41144_A_sectors_red.fits.gz'));
      const at = [1, 19, 35].map((n) => sectors.binning.bin[binMask.indexOf(n)]!);
      for (const [name, line] of [['Halpha', 'Ha'], ['Hbeta', 'Hb'], ['OIII5007', 'OIII5007'], ['SII6716', 'SII6716']] as const) {
        at.forEach((b, i) => {
          // numpy adds float32: 1e-6.
          expect(sectors.lines.get(line)!.flux[b]! / (10 * seen[name]![0]![i]!)).toBeCloseTo(1, 5);
          expect(sectors.lines.get(line)!.fluxError[b]! / (10 * seen[name]![1]![i]!)).toBeCloseTo(1, 5);
        });
      }
      at.forEach((b, i) => {
        const n = sectors.npix[b]!;
        expect(sectors.velocity[b]! * (1 + redshift) * n / seen['gas-velocity']![0]![i]!).toBeCloseTo(1, 5);
        expect(sectors.sigma[b]! * n / seen['gas-vdisp']![0]![i]!).toBeCloseTo(1, 5);
      });
    });
  });
});
