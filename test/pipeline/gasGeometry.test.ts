import { describe, expect, it } from 'vitest';
import { makeDisk, type Disk } from '../../src/disk/index.js';
import type { LineMaps } from '../../src/linemaps/index.js';
import { spaxelBinning } from '../../src/binning/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { gasGeometry } from '../../src/pipeline/gasGeometry.js';

const [nx, ny, pixelScale] = [40, 36, 0.5];
const [centerX, centerY] = [19.3, 17.6];

interface Turning {
  /** Receding side, north through east [deg]. */
  readonly axis: number;
  readonly speed: number;
  readonly noise: number;
  readonly seed: number;
  /** Errors over the truth. */
  readonly said?: number;
}

/** A disc without coordinates (north up, east left) that turns about its centre, with the brightest spot of Hα at (24, 20). */
function turning({ axis, speed, noise, seed, said = 1 }: Turning): LineMaps {
  const random = createRandom(seed);
  const binning = spaxelBinning(nx, ny, (s) => Math.hypot((s % nx) - centerX, Math.floor(s / nx) - centerY) < 15);
  const column = (of: (x: number, y: number) => number): Float64Array => Float64Array.from(binning.spaxels, (s) => of(s % nx, Math.floor(s / nx)));
  const velocity = column((x, y) => {
    const [east, north] = [-(x - centerX), y - centerY];
    const angle = (axis * Math.PI) / 180;
    const along = east * Math.sin(angle) + north * Math.cos(angle);
    const across = (east * Math.cos(angle) - north * Math.sin(angle)) / 0.6;
    const radius = Math.hypot(along, across);
    return 30 + speed * Math.tanh(radius / 4) * (along / (radius || 1)) + noise * random.normal();
  });
  const flux = column((x, y) => Math.exp(-Math.hypot(x - centerX, y - centerY) / 5) + 3 * Math.exp(-((x - 24) ** 2 + (y - 20) ** 2) / 4));
  const one = velocity.map(() => 1);
  return {
    object: 'turning', binning, wcs: null, pixelScale, x: column((x) => x), y: column((_, y) => y), npix: one, redshift: 0.01,
    lines: new Map([['Ha', { flux, fluxError: flux.map((value) => value / 20), ew: null, ewError: null }]]),
    velocity, velocityError: one.map(() => said * noise), sigma: one, sigmaError: one, status: new Int32Array(one.length), image: null, provenance: '', foregroundCorrected: true,
  };
}

const disk: Disk = makeDisk({ centerX, centerY, ra: null, dec: null, positionAngle: 40, ellipticity: 0.4, thickness: 0.2, luminosityDistance: 50, angularDistance: 48, effectiveRadius: { value: 4, unit: 'arcsec' } });

describe('the gas beside the light', () => {
  it('finds the receding side of the axis, and how far it is from that of the light', () => {
    for (const axis of [40, 75, 220, 355]) {
      const { kinematicPA, kinematicPAError, misalignment } = gasGeometry(turning({ axis, speed: 80, noise: 8, seed: 5 }), disk, null);
      expect(kinematicPAError).toBeGreaterThan(0.1);
      expect(kinematicPAError).toBeLessThan(1.5);
      // Seeded: four draws of a Gaussian, none beyond 3 σ.
      expect(Math.abs(((kinematicPA! - axis + 540) % 360) - 180)).toBeLessThan(3 * kinematicPAError!);
      const apart = Math.abs(axis - 40) % 180;
      expect(Math.abs(misalignment! - Math.min(apart, 180 - apart))).toBeLessThan(3 * kinematicPAError!);
    }
  });

  it('gives errors that fit the scatter, also where those of the velocities are wrong', () => {
    for (const said of [1, 0.3]) {
      const pulls = Array.from({ length: 40 }, (_, seed) => {
        const { kinematicPA, kinematicPAError } = gasGeometry(turning({ axis: 130, speed: 60, noise: 10, seed, said }), disk, null);
        return (kinematicPA! - 130) / kinematicPAError!;
      });
      const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length);
      // The scatter of 40 pulls is known to 11 %; three of that, and what the interpolated counterparts smooth.
      expect(rms).toBeGreaterThan(0.6);
      expect(rms).toBeLessThan(1.35);
    }
  });

  it('finds the brightest place of Hα and its distance from the centre', () => {
    const { peakX, peakY, peakOffsetArcsec } = gasGeometry(turning({ axis: 40, speed: 80, noise: 8, seed: 1 }), disk, 1.5);
    // The disc beneath draws it towards the centre, by less than half a spaxel.
    expect(Math.hypot(peakX! - 24, peakY! - 20)).toBeLessThan(0.5);
    expect(peakOffsetArcsec!).toBeCloseTo(pixelScale * Math.hypot(peakX! - centerX, peakY! - centerY), 10);
  });

  it('says nothing of an axis where velocities are noise, and nothing at all without Hα', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { kinematicPA, peakX } = gasGeometry(turning({ axis: 40, speed: 0, noise: 8, seed }), disk, null);
      expect(kinematicPA).toBeNull();
      expect(peakX).not.toBeNull();
    }
    expect(Object.values(gasGeometry({ ...turning({ axis: 40, speed: 80, noise: 8, seed: 1 }), lines: new Map() }, disk, 1)).every((value) => value === null)).toBe(true);
  });
});
