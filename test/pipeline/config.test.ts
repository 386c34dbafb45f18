import { describe, expect, it } from 'vitest';
import { spaxelBinning } from '../../src/binning/index.js';
import { isZgradError } from '../../src/errors/index.js';
import type { LineMaps } from '../../src/linemaps/index.js';
import { checkConfig, configJsonSchema, exampleConfig, knownKeys, measureGeometry, parseConfigText, resolveConfig, setKey } from '../../src/pipeline/index.js';
import { shapeWanted } from '../../src/pipeline/geometry.js';

const minimal = { redshift: 0.02, effectiveRadius: '5 arcsec', geometry: { positionAngle: 30, ellipticity: 0.3 }, foreground: 'none' };
const resolve = (tree: Record<string, unknown>, warnings: string[] = []) => resolveConfig(checkConfig(tree, 'galaxy.yaml'), 'galaxy.yaml', warnings);

/** Maps of a single bin without coordinates. */
const maps = { object: 'x', binning: spaxelBinning(1, 1, () => true), wcs: null, pixelScale: 1, image: null } as unknown as LineMaps;

function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isZgradError(error)) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('a configuration', () => {
  it('fills in the documented defaults', () => {
    expect(checkConfig(minimal, 'x')).toMatchObject({
      lines: { minEW: 5, snLine: 3 }, continuum: { method: 'auto', absorption: 1.5 }, abundance: { default: 'N2S2Ha', also: 'all' },
      gradient: { draws: 1000, minBins: 10, minRange: 0.5 }, geometry: { thickness: 0.2 }, dust: { balmer: 2.86 }, seed: 1,
    });
  });

  it('names the path of an unknown key and the nearest valid one', () => {
    expect(complaint(() => checkConfig({ ...minimal, redshfit: 1 }, 'galaxy.yaml'))).toMatch(/galaxy\.yaml: redshfit: found an unknown key.*Did you mean redshift\?/);
    expect(complaint(() => checkConfig({ ...minimal, lines: { minEw: 3 } }, 'c'))).toMatch(/lines\.minEw.*Did you mean lines\.minEW\?/);
    expect(complaint(() => checkConfig({ ...minimal, positionAngle: 3 }, 'c'))).toContain('Did you mean geometry.positionAngle?');
    expect(complaint(() => checkConfig({ ...minimal, foreground: { ebw: 0.1 } }, 'c'))).toMatch(/foreground\.ebw.*Did you mean foreground\.ebv\?/);
  });

  it('says what was found and expected of a wrong value', () => {
    expect(complaint(() => checkConfig({ ...minimal, redshift: 'far' }, 'c'))).toMatch(/c: redshift: found "far"; expected number/);
    expect(complaint(() => checkConfig({}, 'c'))).toMatch(/redshift: found nothing.*--set redshift=/);
    expect(complaint(() => resolve({ ...minimal, effectiveRadius: '5 parsnips' }))).toMatch(/effectiveRadius.*parsnips/);
    expect(complaint(() => resolve({ ...minimal, effectiveRadius: 5 }))).toMatch(/effectiveRadius.*without a unit.*kpc.*arcsec/);
  });

  it('leaves geometry that is not given to be measured; where nothing can measure it, it is asked for', () => {
    const bare = resolve({ redshift: 0.02, foreground: 'none' });
    expect(bare).toMatchObject({ effectiveRadius: null, geometry: { center: null, positionAngle: null, ellipticity: null } });
    expect(shapeWanted(bare)).toBe(true);
    expect(shapeWanted(resolve(minimal))).toBe(false);
    for (const key of ['positionAngle', 'ellipticity'] as const) {
      const { [key]: _, ...geometry } = minimal.geometry;
      expect(complaint(() => measureGeometry(maps, resolve({ ...minimal, geometry }), []))).toMatch(new RegExp(`geometry\\.${key}: found nothing.*--set geometry\\.${key}=`));
    }
    expect(complaint(() => measureGeometry(maps, resolve({ ...minimal, effectiveRadius: undefined }), []))).toMatch(/effectiveRadius: found nothing.*--set effectiveRadius=/);
  });

  it('takes the distance from the redshift, and warns where that is poor', () => {
    const warnings: string[] = [];
    // D_L(0.02) of the flat cosmology with H0 = 70, Ωm = 0.3 is 86.95 Mpc.
    expect(resolve(minimal, warnings).distance.luminosity).toBeCloseTo(86.95, 1);
    expect(warnings).toEqual([]);
    resolve({ ...minimal, redshift: 0.005 }, warnings);
    expect(warnings.join()).toContain('below z = 0.01');
    expect(complaint(() => resolve({ ...minimal, redshift: -0.0005 }))).toContain('distance');
    const given = resolve({ ...minimal, distance: '5.10 Mpc' });
    expect(given.distance).toEqual({ luminosity: 5.1, angular: 5.1 / 1.02 ** 2, source: 'given' });
  });

  it('is set key by key with dotted paths', () => {
    const tree = ['geometry.positionAngle=48.6', 'geometry.center=[10, -5]', 'effectiveRadius=0.43 kpc', 'foreground.ebv=0.008']
      .reduce((at, one) => setKey(at, one), minimal as Record<string, unknown>);
    expect(resolve(tree)).toMatchObject({
      geometry: { positionAngle: 48.6, ellipticity: 0.3, center: [10, -5] }, effectiveRadius: { value: 0.43, unit: 'kpc' }, foreground: { ebv: 0.008 },
    });
    expect(complaint(() => setKey({}, 'redshift'))).toContain('key.path=value');
  });

  it('names line and column of broken YAML', () => {
    expect(complaint(() => parseConfigText('redshift: 0.1\n  bad: [1, 2\n', 'g.yaml'))).toMatch(/g\.yaml, line \d+, column \d+/);
  });

  it('has an example that is itself valid and shows every top-level key', () => {
    const text = exampleConfig('x.schema.json');
    expect(resolve(parseConfigText(text, 'example')).object).toBe('NGC1705');
    // Commented lines are examples too: uncommented one by one they must be valid keys.
    const commented = text.split('\n').filter((line) => /^# \w+:/.test(line)).map((line) => line.slice(2));
    for (const line of commented) expect(knownKeys(), line).toContain(line.split(':')[0]);
    const shown = text.split('\n').map((line) => /^(?:# )?(\w+):/.exec(line)?.[1]).filter(Boolean);
    const topLevel = knownKeys().filter((key) => !key.includes('.') && key !== 'maps');
    expect(shown).toEqual(expect.arrayContaining(topLevel));
  });

  it('has an example whose commented lines are valid together: remove the # and it still resolves', () => {
    const lines = exampleConfig('x.schema.json').split('\n');
    expect(lines.join(' ')).toContain('{dustMap: FOLDER, scale: SFD98}');
    const whole = lines.map((line) => (/^# ( {2})?\w+:/.test(line) ? line.slice(2) : line)).join('\n');
    const tree = parseConfigText(whole, 'example') as Record<string, Record<string, unknown>>;
    expect(resolve(tree)).toMatchObject({ geometry: { positionAngle: 48.6, ellipticity: 0.286 }, foreground: { ebv: 0.008 } });
    for (const group of ['geometry', 'binning', 'reference', 'continuum', 'lines']) {
      const shown = Object.keys(tree[group]!);
      const left = knownKeys().filter((key) => key.startsWith(`${group}.`)).map((key) => key.split('.')[1]!).filter((key) => !shown.includes(key) && !['centerPixel', 'hdu'].includes(key));
      expect(left, group).toEqual([]);
    }
  });

  it('has a JSON schema for editors', () => {
    expect(configJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false, required: ['redshift'] });
  });
});
