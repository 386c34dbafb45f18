import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { geometrySource } from '../../src/pipeline/gradientJson.js';
import { measureShape, shapeWarnings, shortIsophotes, type Shape } from '../../src/pipeline/shape.js';
import type { CubeFacts } from '../../src/pipeline/cubeFacts.js';
import type { Config } from '../../src/pipeline/resolve.js';

const config = { geometry: { center: null, centerPixel: null, positionAngle: null, ellipticity: null, errors: null }, effectiveRadius: null } as unknown as Config;

/** An exponential disc with R_e of 20 pixels, axis ratio 0.7, in a square field; pixels of 0.2″, 1σ of noise. */
function disc(side: number, given = config): Shape {
  const random = createRandom(1, 'shape', side);
  const [middle, scale] = [(side - 1) / 2, 20 / 1.678];
  const data = Float64Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side) - middle, Math.floor(i / side) - middle];
    return 500 * Math.exp(-Math.hypot(x, y / 0.7) / scale) + random.normal();
  });
  const { shape, reason } = measureShape({ nx: side, ny: side, data, mask: null }, 'r', { wcs: null, pixelScale: 0.2 }, given, 0.8, null);
  expect(reason).toBeNull();
  return shape!;
}

const flagsOf = (shape: Shape): readonly string[] => geometrySource({ shape } as CubeFacts, config).flags;

describe('isophotes that end early', () => {
  it('are flagged and warned of where the field ends at 1.2 R_e', () => {
    const shape = disc(49);
    expect(shape.growth!.status.lowerLimit).toBe(true);
    expect(shortIsophotes(shape)).toBeLessThan(2.1);
    expect(flagsOf(shape)).toContain('shortIsophotes');
    expect(shapeWarnings(shape, config).join('\n')).toMatch(/the isophotes end at [12]\.\d of the measured R_e: a bar or a clump may turn them all/);
  });

  it('are not where the field is wide, nor where the shape is given', () => {
    const shape = disc(161);
    expect(shape.effectiveRadius! / 0.2).toBeCloseTo(20, 0);
    expect(shortIsophotes(shape)).toBeNull();
    expect(flagsOf(shape)).not.toContain('shortIsophotes');
    expect(shortIsophotes({ ...disc(49), measured: ['effectiveRadius'] })).toBeNull();
  });
});

describe('a given position angle', () => {
  const giving = (positionAngle: number, ellipticity: number | null): Config => ({ ...config, geometry: { ...config.geometry, positionAngle, ellipticity } });
  const turned = (given: Config): string[] => shapeWarnings(disc(161, given), given).filter((warning) => warning.includes('from the given position angle'));

  it('that is not that of the isophotes is warned of where the ellipticity is theirs', () => {
    // The disc lies along +x: east to west without coordinates.
    expect(turned(giving(30, null))).toEqual([expect.stringMatching(/^the isophotes lie at (89|90)°, (59|60)° from the given position angle: the ellipticity is that along their own axis; give geometry\.ellipticity too$/)]);
    expect(turned(giving(85, null))).toEqual([]);
    expect(turned(giving(30, 0.3))).toEqual([]);
  });
});
