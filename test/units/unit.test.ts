import { describe, expect, it } from 'vitest';
import { constants, convert, fluxDensityFactor, lineFluxFactor, parseUnit, sameDimension, surfaceBrightnessFactor } from '../../src/units/index.js';
import { describePython, describeShared, golden, runPython } from '../support/shared.js';

/** Relative difference; products of a few roundings stay below 1e-14. */
const differs = (value: number, expected: number) => Math.abs(value / expected - 1);
const rounding = 1e-14;

const fluxDensities: readonly (readonly [string, number])[] = [
  ['10**(-20)*erg/s/cm**2/Angstrom', 1e-20],
  ['10**(-20) erg/s/cm**2/Angstrom', 1e-20],
  ['10**-20 Angstrom-1 cm-2 erg s-1', 1e-20],
  ['1e-20 erg / (Angstrom cm2 s)', 1e-20],
  ['1E-20 erg/s/cm^2/Ang', 1e-20],
  ['1d-20 erg/s/cm^2/Ang', 1e-20],
  ['10^-20 erg s^-1 cm^-2 A^-1', 1e-20],
  ['10^{-20} erg s^{-1} cm^{-2} A^{-1}', 1e-20],
  ['10-20 erg/s/cm2/Angstrom', 1e-20],
  ['10⁻²⁰ erg s⁻¹ cm⁻² Å⁻¹', 1e-20],
  ['10**(-19).erg.cm**(-2).s**(-1).angstrom**(-1)', 1e-19],
  ['1E-17 erg/s/cm^2/Ang/spaxel', 1e-17],
  ['1E-17 erg/s/cm^2/ang/spaxel', 1e-17],
  ['1E-17 erg/cm^2/s/Ang', 1e-17],
  ['10**(-16) erg /s /cm**2 /angstrom /pixel', 1e-16],
  ['10**(-16) erg/s/cm**2/angstrom/pixel', 1e-16],
  ['1e-16 erg/s/cm2/A', 1e-16],
  ['1e-16*erg/s/cm2/AA', 1e-16],
  ['1e-16·erg/s/cm2/\u212b', 1e-16],
  ['erg/cm2/s/A', 1],
  ['ERG/CM2/S/A', 1],
  ['ergs/s/cm2/Angstroms', 1],
  ['erg.s-1.cm-2.Angstrom-1', 1],
  ['W/m2/um', 0.1],
  ['W m**(-2) nm-1', 100],
  ['mW/m2/nm', 0.1],
  ['/Angstrom erg/s/cm2', 1],
];

describe('units of flux', () => {
  it.each(fluxDensities)("'%s' is %s erg/s/cm²/Å", (text, factor) => {
    expect(differs(fluxDensityFactor(text)!, factor)).toBeLessThan(rounding);
  });

  it.each(['', 'erg/s/cm2', 'Jy', 'erg/cm2/s/A/arcsec2', 'ELECTRONS/S', '12 + log(O/H)', 'erg/s/cm2/Furlong', 'K km pc2 s-1'])(
    "'%s' is no flux density per wavelength", (text) => { expect(fluxDensityFactor(text)).toBeNull(); });

  it('a surface brightness and a line flux have factors of their own', () => {
    expect(differs(surfaceBrightnessFactor('1e-18 erg/cm2/s/A/arcsec2')!, 1e-18)).toBeLessThan(rounding);
    expect(differs(lineFluxFactor('1E-17 erg/s/cm^2/spaxel')!, 1e-17)).toBeLessThan(rounding);
    expect(lineFluxFactor('1E-17 erg/s/cm^2/ang/spaxel')).toBeNull();
  });
});

describe('units of variance and of everything else', () => {
  it.each([
    ['10**-40 Angstrom-2 cm-4 erg2 s-2', 1e-40],
    ['10**(-40)*erg**2/s**2/cm**4/Angstrom**2', 1e-40],
    ['(10**(-20)*erg/s/cm**2/Angstrom)**2', 1e-40],
    ['(1E-17 erg/s/cm^2/ang)^{2}', 1e-34],
  ])("'%s' is the square of a flux density", (text, factor) => {
    expect(differs(convert(1, text, '(erg/s/cm2/Angstrom)**2'), factor)).toBeLessThan(rounding);
  });

  it.each([
    [1, 'um', 'Angstrom', 1e4], [1, '\u00b5m', 'nm', 1e3], [1, '\u03bcm', 'micron', 1], [1, 'm', 'Angstrom', 1e10], [0.1, 'nm', 'A', 1],
    [1, 'Mpc', 'kpc', 1e3], [430, 'pc', 'kpc', 0.43], [1, 'deg', 'arcsec', 3600], [1, 'rad', 'arcsec', constants.arcsecPerRadian],
    [1000, 'mas', '"', 1], [1, "'", '″', 60], [1, 'arcsec^2', 'arcsec**2', 1], [1, 'sr', 'rad2', 1],
    [1, 'km/s', 'cm s-1', 1e5], [1, 'km.s-1', 'm/s', 1e3], [1, '(km/s)^{-2}', 'km-2 s2', 1], [1, 'Gyr', 'yr', 1e9], [1, 'Ma', 'Myr', 1],
    [1, 'Jy', 'erg/s/cm2/Hz', 1e-23], [3.631e-6, 'Jy', 'nanomaggy', 1], [1, 'solMass yr-1', 'Msun/yr', 1], [1, 'erg', 'J', 1e-7],
    [1, 'keV', 'eV', 1e3], [1, '10**3 km', 'Mm', 1], [4, 'km**(1/2)', 'm^0.5', 4 * Math.sqrt(1000)], [1, '%', '', 0.01], [1, 'kHz', '1/s', 1e3],
    [1, 'electron/s', 'ELECTRONS/S', 1], [1, 'erg/(s cm2)', 'erg/s/cm2', 1], [1, 'min', 's', 60], [2, '10+3 m', 'km', 2],
  ])("%s '%s' is '%s' %s", (value, from, to, expected) => {
    expect(differs(convert(value, from, to), expected)).toBeLessThan(rounding);
  });

  it("an empty unit, '-' and '[-]' are dimensionless", () => {
    for (const text of ['', ' ', '-', '[-]', 'none', '1']) expect(parseUnit(text)).toEqual({ scale: 1, dimension: {} });
  });

  it('a power of ten is the nearest double', () => {
    for (let power = -40; power <= 40; power++) expect(parseUnit(`10**(${power})`).scale).toBe(Number(`1e${power}`));
  });

  it('a detector count is not a photon', () => {
    expect(sameDimension(parseUnit('DN/s').dimension, parseUnit('photon/s').dimension)).toBe(false);
  });
});

describe('a unit that cannot be read', () => {
  it.each([
    ['erg/s/cm2/Furlong', 'Furlong'], ['12 + log(O/H)', "'+'"], ['erg/(s cm2', 'not closed'], ['erg)', 'unpaired'], ['erg//s', "'/'"],
    ['*erg', 'leading'], ['erg/', 'nothing where'], ['cm**', 'power without'], ['()', 'nothing where'], ['[Msun]', "'['"],
  ])("'%s' is refused with what is wrong: %s", (text, wrong) => {
    expect(() => parseUnit(text, 'cube.fits, BUNIT')).toThrow(expect.objectContaining({ tag: 'BadUnit', message: expect.stringContaining(wrong) }));
    expect(() => parseUnit(text, 'cube.fits, BUNIT')).toThrow(/^cube.fits, BUNIT: found .*expected a unit such as/);
  });

  it('different dimensions do not convert', () => {
    expect(() => convert(1, 'kpc', 'arcsec')).toThrow(expect.objectContaining({ tag: 'BadUnit' }));
  });
});

describeShared('constants against astropy', () => {
  it('agree to 1e-10', () => {
    const { c_kms, Lsun_W, pc_m } = golden<Record<string, number>>('units.json');
    expect(constants.c).toBe(c_kms);
    expect(differs(constants.solarLuminosity, Lsun_W! * 1e7)).toBeLessThan(1e-10);
    expect(differs(constants.parsec, pc_m! * 100)).toBeLessThan(1e-10);
  });
});

describePython('units that astropy reads too', () => {
  it('have the same scale to 1e-9', () => {
    const texts = ['10**(-20)*erg/s/cm**2/Angstrom', '10**-20 Angstrom-1 cm-2 erg s-1', 'km/s', 'Mpc', 'Jy', 'W m-2 um-1', 'solLum kpc-2', 'mas', 'uJy',
      'deg2', 'keV', 'Gyr-1', 'solMass / (kpc2 yr)', 'nm', 'mJy arcsec-2', 'erg', 'AU'];
    const scales = runPython<number[]>(
      `import json,sys,astropy.units as u
print(json.dumps([u.Unit(t).cgs.scale if not u.Unit(t).is_equivalent('deg2') else u.Unit(t).to('rad2') for t in sys.argv[1:]]))`, ...texts);
    texts.forEach((text, i) => {
      // Astropy keeps angles apart from numbers, as here; 'mas' and 'arcsec' come back in radians.
      expect(differs(parseUnit(text).scale, scales[i]!), text).toBeLessThan(1e-9);
    });
  });
});
