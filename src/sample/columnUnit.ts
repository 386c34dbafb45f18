import { parseUnit, sameDimension, unitOrNull } from '../units/index.js';
import type { Property } from './properties.js';

/** How the numbers of a column become those of its property. */
export interface Conversion {
  /** The property that the unit leads to: a gradient in dex/kpc is another column than one in dex/Re. */
  readonly name: string;
  /** True: the numbers are the quantity itself, the property its logarithm. */
  readonly logarithm: boolean;
  /** Multiplies the numbers, before a logarithm is taken. */
  readonly scale: number;
  /** Added afterwards. */
  readonly offset: number;
}

const perRadius = /^(?:(dex|1)\s*\/\s*(R_?e(?:ff)?)|R_?e(?:ff)?\^?(?:\*\*)?-1|dex R_?e(?:ff)?-1)$/i;
const radius = /^R_?e(?:ff)?$/i;
const logarithmOf = /^\[?(?:log|log10|dex)\s*[([]?(.*?)[)\]]*$/i;

/**
 * How a unit fits a property; null when it does not. No unit at all means the property's own (or that of the quantity, for a linear name).
 * @param linear true where the name says that the column holds the quantity, not its logarithm
 */
export function fitUnit(property: Property, unit: string | null, linear: boolean): Conversion | null {
  const { name, logOf } = property;
  const as = (scale: number, more: Partial<Conversion> = {}): Conversion => ({ name, logarithm: false, scale, offset: 0, ...more });
  const spelled = unit?.trim() ?? '';
  if (spelled === '') return as(1, { logarithm: linear });
  if (property.unit === 'Re') return radius.test(spelled) ? as(1) : null;
  const given = unitOrNull(spelled);
  if (property.unit === 'dex/Re' || property.unit === 'dex/kpc') return gradientUnit(property, spelled);
  if (logOf !== undefined) {
    const wanted = parseUnit(logOf);
    if (linear || (given && sameDimension(given.dimension, wanted.dimension) && logOf !== '')) {
      return given && sameDimension(given.dimension, wanted.dimension) ? as(given.scale / wanted.scale, { logarithm: true }) : null;
    }
    const inner = unitOrNull(logarithmOf.exec(spelled)?.[1] ?? '');
    if (logarithmOf.test(spelled) && inner && sameDimension(inner.dimension, wanted.dimension)) return as(1, { offset: Math.log10(inner.scale / wanted.scale) });
    return spelled === 'dex' || (given !== null && Object.keys(given.dimension).length === 0) ? as(1) : null;
  }
  if (property.unit === 'dex') return spelled === 'dex' || (given !== null && Object.keys(given.dimension).length === 0) || logarithmOf.test(spelled) ? as(1) : null;
  const wanted = parseUnit(property.unit ?? '');
  if (!given) return null;
  // An angular size becomes a length when the distance is known.
  if (name === 'effectiveRadius' && sameDimension(given.dimension, { rad: 1 })) return as(given.scale / parseUnit('arcsec').scale, { name: 'effectiveRadiusArcsec' });
  return sameDimension(given.dimension, wanted.dimension) ? as(given.scale / wanted.scale) : null;
}

function gradientUnit({ name, unit: own }: Property, spelled: string): Conversion | null {
  const plain = { logarithm: false, scale: 1, offset: 0 };
  if (spelled === 'dex') return { name, ...plain };
  if (perRadius.test(spelled)) return own === 'dex/Re' ? { name, ...plain } : { name: name.replace(/Kpc$/, ''), ...plain };
  const given = unitOrNull(spelled);
  const perLength = [parseUnit('dex/kpc'), parseUnit('1/kpc')].find((wanted) => given && sameDimension(given.dimension, wanted.dimension));
  if (!given || !name.startsWith('gradient')) return null;
  const perAngle = [parseUnit('dex/arcsec'), parseUnit('1/arcsec')].find((wanted) => sameDimension(given.dimension, wanted.dimension));
  if (perAngle) return { ...plain, name: 'gradientArcsec', scale: given.scale / perAngle.scale };
  if (!perLength) return null;
  return { ...plain, name: 'gradientKpc', scale: given.scale / perLength.scale };
}
