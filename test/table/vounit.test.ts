import { describe, expect, it } from 'vitest';
import { toVounit } from '../../src/table/vounit.js';
import { describePython, runPython } from '../support/shared.js';

const spellings = [
  ['1e-17 erg / (s cm2)', '10**-17erg.s**-1.cm**-2'],
  ['1E-17 erg/s/cm^2/spaxel', '10**-17erg.s**-1.cm**-2.spaxel**-1'],
  ['10**(-20)*erg/s/cm**2/Angstrom', '10**-20erg.s**-1.cm**-2.Angstrom**-1'],
  ['10**-20 Angstrom-1 cm-2 erg s-1', '10**-20Angstrom**-1.cm**-2.erg.s**-1'],
  ['km / s', 'km.s**-1'],
  ['km.s**-1', 'km.s**-1'],
  ['1 / kpc', 'kpc**-1'],
  ['J/(s/m)', 'J.s**-1.m'],
  ['m (s kg)', 'm (s kg)'],
  ['s**(-2)', 's**-2'],
  ['dex', 'dex'],
  ['', ''],
  ['%', '%'],
  ['log(erg)', 'log(erg)'],
  ['m/', 'm/'],
  ['m/(s', 'm/(s'],
] as const;

describe('toVounit', () => {
  it.each(spellings)('turns %j into %j', (unit, expected) => {
    expect(toVounit(unit)).toBe(expected);
  });
});

describePython('toVounit beside astropy', () => {
  it('means the same unit', () => {
    const units = spellings.slice(0, 7).map(([unit]) => unit).filter((unit) => !unit.includes('spaxel'));
    const same = runPython<boolean[]>(`
import json, sys, warnings, astropy.units as u
warnings.simplefilter('ignore')
print(json.dumps([bool(u.Unit(a) == u.Unit(b, format='vounit')) for a, b in json.loads(sys.argv[1])]))`,
    JSON.stringify(units.map((unit) => [unit.replace('^', '**').replace('E-17', 'e-17'), toVounit(unit)])));
    expect(same).toEqual(units.map(() => true));
  });
});
