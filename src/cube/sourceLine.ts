import type { LineEvidence, Source } from '../image/index.js';
import { lines } from '../nebula/index.js';
import { median } from '../stats/index.js';
import { constants } from '../units/index.js';
import type { Arm, Cube } from './cube.js';

/** The lines asked for, the first that the cube covers. */
const asked = ['Ha', 'OIII5007', 'Hb'] as const;
/** Half-width of the line's window, and where its continuum is taken on both sides [km/s]: the rotation of a galaxy fits in, [N II] beside Hα stays out of both. */
const window = 500;
const sidebands = [1500, 3500] as const;

/**
 * Asks the cube whether the light of a source, less that of the ring of 2 to 3.5 FWHM about it, has a line at the galaxy's redshift: the equivalent width of
 * Hα, or of [O III] 5007 or Hβ where that is not covered, in the circle of 0.75 FWHM. Where the source has no continuum of its own (an H II region between
 * faint stars) the continuum counts as twice its error, and the width is a lower limit. Null where the cube covers none of the lines there.
 *
 * @param fwhm of a point source [spaxels]; the sources are those of an image on the cube's spaxels.
 */
export function sourceLine(cube: Pick<Cube, 'nx' | 'ny' | 'arms'>, redshift: number, fwhm: number): (source: Pick<Source, 'x' | 'y'>) => LineEvidence | null {
  const found = asked.flatMap((name) => {
    const { air, vacuum } = lines.find((line) => line.name === name)!;
    return cube.arms.flatMap((arm) => {
      const centre = { air, vacuum }[arm.axis.medium] * (1 + redshift);
      const reach = 1 + sidebands[1] / constants.c;
      return centre / reach > arm.axis.edges[0]! && centre * reach < arm.axis.edges.at(-1)! ? [{ arm, centre }] : [];
    });
  })[0];
  if (!found) return () => null;
  const { arm, centre } = found;
  const near = Array.from(arm.axis.wavelength.keys()).map((k) => ({ k, v: Math.abs(arm.axis.wavelength[k]! / centre - 1) * constants.c }));
  const inLine = near.filter(({ v }) => v <= window).map(({ k }) => k);
  const beside = near.filter(({ v }) => v >= sidebands[0] && v <= sidebands[1]).map(({ k }) => k);
  return ({ x, y }) => {
    const core = spaxelsAbout(cube, x, y, 0, Math.max(0.75 * fwhm, 0.8));
    const ring = spaxelsAbout(cube, x, y, 2 * fwhm, 3.5 * fwhm);
    const own = (k: number) => ownLight(arm, k, core, ring);
    const continuum = beside.map(own).filter(({ value }) => !Number.isNaN(value));
    const line = inLine.map((k) => ({ ...own(k), width: arm.axis.edges[k + 1]! - arm.axis.edges[k]! })).filter(({ value }) => !Number.isNaN(value));
    if (continuum.length < 0.5 * beside.length || line.length < 0.8 * inLine.length || line.length === 0) return null;
    const level = median(continuum.map(({ value }) => value));
    const levelError = (1.2533 * Math.sqrt(continuum.reduce((sum, { variance }) => sum + variance, 0))) / continuum.length;
    const span = line.reduce((sum, { width }) => sum + width, 0);
    const light = line.reduce((sum, { value, width }) => sum + (value - level) * width, 0);
    const error = Math.hypot(Math.sqrt(line.reduce((sum, { variance, width }) => sum + variance * width * width, 0)), levelError * span);
    const scale = Math.max(level, 2 * levelError) * (1 + redshift);
    return { equivalentWidth: light / scale, error: error / scale };
  };
}

function spaxelsAbout({ nx, ny }: Pick<Cube, 'nx' | 'ny'>, x: number, y: number, inner: number, outer: number): number[] {
  const spaxels: number[] = [];
  for (let v = Math.max(0, Math.ceil(y - outer)); v <= Math.min(ny - 1, y + outer); v++) {
    for (let u = Math.max(0, Math.ceil(x - outer)); u <= Math.min(nx - 1, x + outer); u++) {
      const r = Math.hypot(u - x, v - y);
      if (r >= inner && r <= outer) spaxels.push(v * nx + u);
    }
  }
  return spaxels;
}

/** Mean of the core less mean of the ring at one wavelength, and its variance; NaN where less than half of either is good. */
function ownLight({ axis, flux, variance }: Arm, k: number, core: readonly number[], ring: readonly number[]): { value: number; variance: number } {
  const n = axis.wavelength.length;
  const mean = (spaxels: readonly number[]) => {
    let [sum, squares, count] = [0, 0, 0];
    for (const s of spaxels) {
      const [f, v] = [flux[s * n + k]!, variance[s * n + k]!];
      if (!(f - f === 0 && v > 0 && v < Infinity)) continue;
      sum += f;
      squares += v;
      count++;
    }
    return count >= 0.5 * spaxels.length && count > 0 ? { value: sum / count, variance: squares / count ** 2 } : { value: Number.NaN, variance: Number.NaN };
  };
  const [inside, around] = [mean(core), mean(ring)];
  return { value: inside.value - around.value, variance: inside.variance + around.variance };
}
