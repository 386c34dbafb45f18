import { ZgradError, isZgradError } from '../errors/index.js';
import { unitOfSymbol } from './symbols.js';
import type { Dimension, Unit } from './symbols.js';

const one: Unit = { scale: 1, dimension: {} };

/** a · b^exponent. */
function times(a: Unit, b: Unit, exponent: number): Unit {
  const dimension: Record<string, number> = { ...a.dimension };
  for (const [base, power] of Object.entries(b.dimension)) {
    const sum = (dimension[base] ?? 0) + power * exponent;
    if (sum === 0) delete dimension[base];
    else dimension[base] = sum;
  }
  return { scale: exponent < 0 ? a.scale / b.scale ** -exponent : a.scale * b.scale ** exponent, dimension };
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Reads a unit from left to right; every method moves `at` past what it has read. */
class Reader {
  #at = 0;
  readonly #text: string;
  readonly #where: string;

  constructor(text: string, where: string) {
    this.#text = text;
    this.#where = where;
  }

  whole(): Unit {
    const unit = this.#product();
    if (this.#at < this.#text.length) this.#fail(`an unpaired '${this.#text[this.#at]}'`);
    return unit;
  }

  #fail(what: string): never {
    throw new ZgradError('BadUnit', {
      where: this.#where,
      found: `${what} in '${this.#text}'`,
      expected: "a unit such as 'erg/s/cm2/Angstrom', '10**(-20)*erg/s/cm**2/Angstrom', 'kpc', 'arcsec' or 'km/s'",
      remedy: 'Correct the spelling, or give the unit in the configuration.',
    });
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern, `${pattern.flags}y`);
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }

  /** factor (operator factor)*: a space, a dot or a star multiplies, a slash divides by the one factor after it. */
  #product(): Unit {
    let unit = one;
    for (let first = true; ; first = false) {
      const operator = this.#match(/\s*(\/|\*(?!\*)|[.·⋅×])?\s*/)?.[1];
      if (this.#at === this.#text.length || /[)}]/.test(this.#text[this.#at]!)) {
        if (operator || first) this.#fail('nothing where a factor should stand');
        return unit;
      }
      if (first && operator && operator !== '/') this.#fail(`a leading '${operator}'`);
      unit = times(unit, this.#factor(), operator === '/' ? -1 : 1);
    }
  }

  /** A bracket, a number or a symbol, with its power. */
  #factor(): Unit {
    if (this.#match(/[({]/)) {
      const inner = this.#product();
      if (!this.#match(/[)}]/)) this.#fail("a '(' that is not closed");
      return times(one, inner, this.#power(null));
    }
    const number = this.#match(/(\d+(?:\.\d*)?|\.\d+)(?:[eEdD]([+-]?\d+))?/);
    if (number) {
      const value = Number(`${number[1]!}e${number[2] ?? 0}`);
      // The catalogues of the CDS write 10⁻²⁰ as '10-20'.
      const power = this.#power(value === 10 ? /[+-]\d+/ : null);
      // The literal 1e-20 is the nearest double; 10 multiplied by itself is not.
      return { scale: value === 10 ? Number(`1e${power}`) : value ** power, dimension: {} };
    }
    const symbol = this.#match(/[\p{L}_%°"'″′☉⊙]+/u)?.[0] ?? this.#fail(`'${this.#text[this.#at]}'`);
    const unit = unitOfSymbol(symbol) ?? this.#fail(`'${symbol}', which is no unit known here,`);
    return times(one, unit, this.#power(/[+-]?\d+/));
  }

  /** '**-2', '^(-2)', '^{-2}', '**(1/2)', '⁻²', or what `attached` allows directly after; 1 when there is none. */
  #power(attached: RegExp | null): number {
    const raised = this.#match(/([⁺⁻]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
    if (raised) return (raised[1] === '⁻' ? -1 : 1) * Number([...raised[2]!].map((digit) => superscripts.indexOf(digit)).join(''));
    if (this.#match(/\s*(?:\*\*|\^)\s*/)) {
      const given = this.#match(/([+-]?\d+(?:\.\d+)?)/) ?? this.#match(/[({]\s*([+-]?\d+(?:\.\d+)?)\s*(?:\/\s*(\d+)\s*)?[)}]/);
      return given ? Number(given[1]) / Number(given[2] ?? 1) : this.#fail('a power without its number');
    }
    return Number((attached && this.#match(attached)?.[0]) ?? 1);
  }
}

/**
 * A unit as FITS headers, VOTables and people spell it: '10**(-20)*erg/s/cm**2/Angstrom',
 * '10**-20 Angstrom-1 cm-2 erg s-1', '1E-17 erg/s/cm^2/ang/spaxel', '(km/s)^{-2}', 'um', 'Å'. SI prefixes,
 * numeric factors, powers and brackets are understood; a slash divides by the one factor after it (FITS standard
 * 4.0, §4.3). `A` is the ångström. An empty text is dimensionless.
 * @param where What the unit belongs to, for the message.
 * @returns Scale to cgs base units (angles in radians) and their exponents.
 * @throws BadUnit when the text is not a unit.
 */
export function parseUnit(text: string, where = 'unit'): Unit {
  // NFC turns the ångström sign into the letter Å; the micro sign has its own code beside the Greek letter.
  const plain = text.normalize('NFC').replaceAll('\u00b5', '\u03bc').trim();
  if (/^(?:-|\[-\]|none|unitless|dimensionless)?$/i.test(plain)) return one;
  return new Reader(plain, where).whole();
}

/** The unit, or null when the text is not one. */
export function unitOrNull(text: string): Unit | null {
  try {
    return parseUnit(text);
  } catch (error) {
    if (isZgradError(error, 'BadUnit')) return null;
    throw error;
  }
}

/** True when two dimensions are the same. */
export function sameDimension(a: Dimension, b: Dimension): boolean {
  const bases = Object.keys(a);
  return bases.length === Object.keys(b).length && bases.every((base) => a[base] === b[base]);
}

/**
 * A value in another unit of the same dimension.
 * @throws BadUnit when a unit is misspelt or the two differ in dimension.
 */
export function convert(value: number, from: string, to: string): number {
  const source = parseUnit(from);
  const target = parseUnit(to);
  if (!sameDimension(source.dimension, target.dimension)) {
    throw new ZgradError('BadUnit', { where: 'unit conversion', found: `'${from}'`, expected: `a unit that converts to '${to}'` });
  }
  return (value * source.scale) / target.scale;
}
