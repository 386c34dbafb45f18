import { ZgradError } from '../errors/index.js';
import { parseUnit, sameDimension } from './unit.js';

/** A number with the unit, one of those that were allowed, in which it now stands. */
export interface Quantity<U extends string> {
  readonly value: number;
  readonly unit: U;
}

/**
 * A quantity as people write it in a configuration: '0.43 kpc', '6.85 arcsec', '5.10Mpc', '430 pc', '6.85″'.
 * The value comes back in the first allowed unit of the same dimension ('430 pc' as 0.43 kpc).
 * @param text A text, or a bare number.
 * @param allowed Units that the quantity may be given in, one for each dimension.
 * @param where The configuration path, for the message.
 * @param options.bare The unit of a number without one. Default: none, a bare number is refused.
 * @throws BadUnit when it is no number with a unit of an allowed dimension.
 */
export function parseQuantity<U extends string>(
  text: string | number, allowed: readonly U[], where: string, options: { readonly bare?: U } = {},
): Quantity<U> {
  const refuse = (found: string): never => {
    throw new ZgradError('BadUnit', {
      where, found, expected: `a number with a unit like ${allowed.map((unit) => `'${unit}'`).join(' or ')}`, remedy: `Write for example '1.5 ${allowed[0]}'.`,
    });
  };
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/s.exec(String(text).trim());
  if (!parts) return refuse(`'${text}', which does not begin with a number,`);
  const value = Number(parts[1]);
  const spelling = parts[2]!;
  if (spelling === '') return options.bare === undefined ? refuse(`'${text}' without a unit`) : { value, unit: options.bare };
  const given = parseUnit(spelling, where);
  for (const unit of allowed) {
    const wanted = parseUnit(unit, where);
    if (sameDimension(given.dimension, wanted.dimension)) return { value: spelling === unit ? value : (value * given.scale) / wanted.scale, unit };
  }
  return refuse(`'${text}'`);
}
