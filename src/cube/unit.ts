import { ZgradError } from '../errors/index.js';
import type { Header } from '../fits/index.js';
import { fluxDensityFactor, sameDimension, surfaceBrightnessFactor, unitOrNull } from '../units/index.js';

/** What the values of a cube are multiplied by. */
export interface FluxUnit {
  /** Multiply a value by this to get erg/s/cm²/Å per spaxel. */
  readonly factor: number;
  /** What the user should know of it. */
  readonly warnings: readonly string[];
}

/**
 * The flux unit of an HDU from BUNIT or from the user's text. The power of ten in BUNIT is applied once: FSCALE (MUSE, MPDAF)
 * repeats it and counts only where BUNIT has no number of its own. A surface brightness per arcsec² is turned into a flux per
 * spaxel.
 *
 * @param given the user's unit, which overrides the header.
 * @param pixelScale side of a spaxel [arcsec].
 * @throws ZgradError 'BadCube' when there is no unit or it is not a flux density per wavelength.
 */
export function fluxUnit(header: Header, given: string | undefined, pixelScale: number, where: string): FluxUnit {
  const text = given ?? header.string('BUNIT')?.trim();
  if (!text) {
    throw new ZgradError('BadCube', {
      where, found: 'no flux unit (BUNIT)', expected: 'a flux density such as 1e-20 erg/s/cm2/Angstrom',
      remedy: 'Give it as `cube.fluxUnit`.',
    });
  }
  const scale = header.number('FSCALE');
  const number = /^[\s(]*([\d.]\S*)/.exec(text)?.[1];
  const unscaled = number === undefined || Number(number) === 1;
  const repeat = given === undefined && scale !== undefined && scale > 0 && unscaled ? scale : 1;
  const warnings = repeat === 1 ? [] : [`${where}: the flux unit is ${text} times FSCALE = ${scale}.`];
  const perSpaxel = fluxDensityFactor(text);
  if (perSpaxel !== null) return { factor: perSpaxel * repeat, warnings };
  const perArea = surfaceBrightnessFactor(text);
  if (perArea !== null) {
    warnings.push(`${where}: surface brightness (${text}) was turned into flux per spaxel of ${pixelScale.toPrecision(4)} arcsec.`);
    return { factor: perArea * repeat * pixelScale ** 2, warnings };
  }
  throw new ZgradError('BadCube', {
    where, found: `the flux unit '${text}'`, expected: 'a flux density per wavelength such as 1e-20 erg/s/cm2/Angstrom',
    remedy: 'If the header is wrong, give the unit as `cube.fluxUnit`.',
  });
}

/**
 * How many times larger the unit of a noise HDU is than the one its flux implies (flux unit for an error, its square for a
 * variance, its inverse square for an inverse variance). 1 where the noise has no unit or one that cannot be compared, as in
 * headers copied from the flux.
 */
export function noiseFactor(flux: Header, noise: Header, power: 1 | 2 | -2): number {
  const fluxes = unitOrNull(flux.string('BUNIT') ?? '');
  const noises = unitOrNull(noise.string('BUNIT') ?? '');
  if (!fluxes || !noises) return 1;
  const expected = Object.fromEntries(Object.entries(fluxes.dimension).map(([base, exponent]) => [base, exponent * power]));
  if (Object.keys(expected).length === 0 || !sameDimension(noises.dimension, expected)) return 1;
  const factor = noises.scale / fluxes.scale ** power;
  return Math.abs(factor - 1) < 1e-6 ? 1 : factor;
}
