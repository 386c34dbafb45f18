import { parseUnit, sameDimension, unitOrNull } from './unit.js';

/** The factor to `target`, both taken per spaxel whether '/pixel' is written or not. */
function factorPerSpaxel(text: string, target: string): number | null {
  const unit = unitOrNull(text);
  if (!unit) return null;
  const { pixel: _, ...dimension } = unit.dimension;
  const wanted = parseUnit(target);
  return sameDimension(dimension, wanted.dimension) ? unit.scale / wanted.scale : null;
}

/**
 * The factor that turns a flux density in this unit into erg/s/cm²/Å; '/pixel' and '/spaxel' are dropped, since a
 * cube's values are per spaxel. Null for anything else: an unreadable text, a flux per frequency, a surface brightness.
 */
export function fluxDensityFactor(unit: string): number | null {
  return factorPerSpaxel(unit, 'erg/s/cm2/Angstrom');
}

/** The factor that turns a surface brightness in this unit into erg/s/cm²/Å/arcsec², or null. */
export function surfaceBrightnessFactor(unit: string): number | null {
  return factorPerSpaxel(unit, 'erg/s/cm2/Angstrom/arcsec2');
}

/** The factor that turns a line flux (integrated over wavelength, per spaxel) in this unit into erg/s/cm², or null. */
export function lineFluxFactor(unit: string): number | null {
  return factorPerSpaxel(unit, 'erg/s/cm2');
}
