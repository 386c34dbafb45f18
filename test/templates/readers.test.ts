import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { fileSource } from '../../src/host/index.js';
import { lsfFwhm } from '../../src/light/index.js';
import { cubicSpline } from '../../src/numeric/index.js';
import { mean } from '../../src/stats/index.js';
import { readLibraryFiles, type StellarLibrary } from '../../src/templates/index.js';
import { describeShared, shared } from '../support/shared.js';

async function read(folder: string, wanted = /./): Promise<StellarLibrary> {
  const dir = shared('data', 'templates', folder);
  const names = readdirSync(dir).filter((name) => wanted.test(name)).sort();
  return readLibraryFiles(await Promise.all(names.map((name) => fileSource(`${dir}/${name}`))), folder);
}

const different = (values: Float64Array): number[] => [...new Set(values)];
const row = ({ flux, wavelength }: StellarLibrary, i: number): Float32Array => flux.subarray(i * wavelength.length, (i + 1) * wavelength.length);
const template = (library: StellarLibrary, age: number, metallicity: number): number =>
  library.age.findIndex((own, i) => own === age && library.metallicity[i] === metallicity);
const at = (library: StellarLibrary, i: number, wavelength: number): number => row(library, i)[library.wavelength.findIndex((own) => own >= wavelength)]!;

/** Velocity [km/s] by which the first template of a library is redder than that of another: the least-squares one, level and slope aside. */
function shiftBetween(library: StellarLibrary, other: StellarLibrary, [from, to]: readonly [number, number]): number {
  const step = 5e-5;
  const n = Math.round(Math.log(to / from) / step);
  const [own, reference] = [library, other].map((one) => {
    const spline = cubicSpline(one.wavelength, Float64Array.from(row(one, 0)));
    return (velocity: number): Float64Array => {
      const values = spline.evaluate(Float64Array.from({ length: n }, (_, k) => from * Math.exp(step * k - velocity / 299792.458))).map(Math.log);
      // What is broader than some lines is the calibration's.
      return values.map((value, k) => value - mean(values.subarray(Math.max(0, k - 200), k + 201)));
    };
  }) as [(velocity: number) => Float64Array, (velocity: number) => Float64Array];
  const data = own(0);
  const distance = (velocity: number): number => reference(velocity).reduce((sum, value, k) => sum + (value - data[k]!) ** 2, 0);
  const velocities = Array.from({ length: 41 }, (_, i) => 5 * i - 100);
  return velocities.map((velocity) => [distance(velocity), velocity] as const).reduce((best, one) => (one[0] < best[0] ? one : best))[1];
}

describeShared('published libraries', () => {
  it('E-MILES: 128 populations in air with the resolution that varies', async () => {
    const library = await read('emiles_ku_basti');
    expect(library).toMatchObject({ medium: 'air', absolute: true, imf: 'Kroupa universal, slope 1.30', synthetic: false, unverified: [] });
    expect(library.source).toContain('E-MILES');
    expect(library.source).toContain('BaSTI');
    expect(library.age).toHaveLength(128);
    expect(different(library.metallicity)).toEqual([-1.26, -0.96, -0.66, -0.35, -0.25, 0.06, 0.15, 0.26]);
    expect(Array.from(library.age.subarray(0, 16))).toEqual([0.03, 0.05, 0.07, 0.09, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 5, 7, 9, 11, 13.5]);
    expect(library.wavelength).toHaveLength(53689);
    expect(library.wavelength[0]).toBeCloseTo(1680.2, 9);
    expect(library.wavelength[1]! - library.wavelength[0]!).toBeCloseTo(0.9, 9);
    for (const [wavelength, fwhm] of [[2000, 3], [3300, 5], [4000, 2.51], [8900, 2.51], [8951.3, 4.22], [9200.6, 4.34]] as const) {
      expect(lsfFwhm(library.resolution, wavelength)).toBeCloseTo(fwhm, 2);
    }
    // 1 Gyr, +0.06: the stand-in for Kroupa's mass function.
    expect(library.remaining[template(library, 1, 0.06)]).toBe(0.6678);
    expect(library.remainingSource).toMatch(/no table of this library.*Kroupa/);
    // First value of the file as astropy prints it, seven digits.
    expect(row(library, template(library, 0.03, -0.25))[0]).toBeCloseTo(0.01506818, 8);
  });

  it('the resolution of E-MILES is that of the table distributed with it', async () => {
    const { resolution } = await read('emiles_ku_basti', /Zp0\.06T01\.0000/);
    const text = new TextDecoder().decode(await fileSource(shared('data', 'templates', 'emiles_tables', 'EMILES_resolution.txt')).then((source) => source.read(0, source.size)));
    const wrong = text.split('\n').slice(1).map((line) => line.trim().split(/\s+/).map(Number)).filter(([wavelength, fwhm]) => {
      // Two decimals in the table, and between its last node and the end σ = 60 km/s.
      return wavelength! > 0 && Math.abs(lsfFwhm(resolution, wavelength!) - fwhm!) > 0.011;
    });
    expect(wrong).toEqual([]);
  });

  it('MILES and MIUSCAT: the published table of masses', async () => {
    const miles = await read('miles_un_padova');
    expect(miles).toMatchObject({ medium: 'air', absolute: true, imf: 'unimodal, slope 1.30', resolution: { kind: 'constant', fwhm: 2.51 } });
    expect(miles.age).toHaveLength(144);
    expect(different(miles.metallicity)).toEqual([-1.71, -1.31, -0.71, -0.4, 0, 0.22]);
    expect([miles.wavelength[0], miles.wavelength.length]).toEqual([3540.5, 4300]);
    const miuscat = await read('miuscat_un_padova');
    expect(miuscat.age).toHaveLength(200);
    expect(different(miuscat.metallicity)).toEqual([-0.71, -0.4, 0, 0.22]);
    expect([miuscat.wavelength[0], miuscat.wavelength.length]).toEqual([3464.9, 6672]);
    expect(miuscat.remainingSource).toContain('Vazdekis et al. 2012');
    // M(*+remn) of the table at 10 Gyr; ages in file names are rounded.
    expect(miuscat.remaining[template(miuscat, 10, 0)]).toBeCloseTo(0.7195, 4);
    expect(miles.remaining[template(miles, 0.1, 0)]).toBeCloseTo(0.8469, 4);
  });

  it('BC03, BPASS and MILES-HC say what is not verified', async () => {
    const bc03 = await read('bc03_mpajhu');
    expect(bc03).toMatchObject({ medium: 'air', absolute: true, imf: null });
    expect(bc03.age).toHaveLength(40);
    expect(different(bc03.metallicity).map((value) => Number((0.02 * 10 ** value).toFixed(4)))).toEqual([0.004, 0.008, 0.02, 0.05]);
    expect(Array.from(bc03.age.subarray(0, 10))).toEqual([0.005, 0.025, 0.101, 0.286, 0.64, 0.904, 1.434, 2.5, 5, 10]);
    expect([bc03.wavelength[0], bc03.wavelength[1], bc03.wavelength.length]).toEqual([3326, 3327, 5969]);
    expect(bc03.unverified.join()).toMatch(/FWHM.*units.*initial mass function/);
    const bpass = await read('bpass');
    expect(bpass).toMatchObject({ medium: 'vacuum', absolute: true, imf: 'imf135_300' });
    expect(bpass.age).toHaveLength(72);
    expect([Math.log10(bpass.age[0]!), Math.log10(bpass.age[23]!)].map((value) => Number(value.toFixed(3)))).toEqual([-1.2, 1.1]);
    expect([bpass.wavelength[0], bpass.wavelength.length]).toEqual([3601, 6799]);
    const stars = await read('mileshc_v2');
    expect(stars).toMatchObject({ medium: 'air', absolute: false, imf: null, remainingSource: 'none: the library has no ages' });
    expect(stars.age).toHaveLength(63);
    expect(stars.age.every(Number.isNaN)).toBe(true);
    expect(stars.remaining.every(Number.isNaN)).toBe(true);
  });

  it('at the same age the absolute libraries agree on the light of a solar mass', async () => {
    const emiles = await read('emiles_ku_basti', /Zp0\.06T(01\.0|11)/);
    const bc03 = await read('bc03_mpajhu', /z0\.020_a(00\.904|10)/);
    const bpass = await read('bpass', /z020-T(0|1)\.00/);
    const miles = await read('miles_un_padova', /Zp0\.00T(01|10)\.0000/);
    // Isochrones, mass functions and ages differ by this much; a wrong unit by orders of magnitude.
    for (const other of [bc03, bpass, miles]) {
      for (const i of [0, 1]) {
        const ratio = at(other, i, 5500) / at(emiles, i, 5500);
        expect(ratio).toBeGreaterThan(0.6);
        expect(ratio).toBeLessThan(1.5);
      }
    }
  });

  it('BC03 has wavelengths in air that wander by up to 35 km/s against MILES, to the blue and to the red', async () => {
    const [miles, bc03] = [await read('miles_un_padova', /Zp0\.00T10\.0000/), await read('bc03_mpajhu', /z0\.020_a10/)];
    const shifts = ([[3800, 4600], [4600, 5600], [6200, 6600], [6600, 7000]] as const).map((range) => shiftBetween(bc03, miles, range));
    // One zero point, or half a pixel, would have one sign; wavelengths in vacuum would be at +82 to +85 km/s throughout. The stars of STELIB wander so.
    [[-40, -20], [15, 35], [-20, -5], [-25, -10]].forEach(([low, high], i) => {
      expect(shifts[i]).toBeGreaterThan(low!);
      expect(shifts[i]).toBeLessThan(high!);
    });
  });

  it('Starburst99: the bases of FiCUS, relative, and a run of the program, absolute', async () => {
    const bases = await read('starburst99', /^sb99/);
    expect(bases).toMatchObject({ medium: 'vacuum', absolute: false });
    expect(bases.age).toHaveLength(50);
    expect(different(bases.metallicity).map((value) => Number((0.02 * 10 ** value).toFixed(4)))).toEqual([0.001, 0.004, 0.008, 0.02, 0.04]);
    expect(Array.from(bases.age.subarray(0, 10), (age) => Math.round(age * 1000))).toEqual([1, 2, 3, 4, 5, 8, 10, 15, 20, 40]);
    expect([bases.wavelength[0], bases.wavelength.length]).toEqual([900, 4199]);
    const run = await read('starburst99_outputs');
    expect(run).toMatchObject({ absolute: true, imf: '1.300,2.300 over 0.100,0.500,100.000 Msun' });
    expect(run.age).toHaveLength(50);
    expect(run.metallicity[0]).toBeCloseTo(Math.log10(0.001 / 0.014), 9);
    expect([run.wavelength[0], run.wavelength.length]).toEqual([91, 1221]);
    // log 29.36908 erg/s/Å of 10⁶ M☉, to the seven digits of a 32-bit float.
    expect(Math.log10(row(run, 0)[0]! * 1e6 * 3.828e33)).toBeCloseTo(29.36908, 6);
  });

  it('files of several libraries, or of none, are refused with what was found', async () => {
    await expect(read('starburst99')).rejects.toThrow(/Starburst99, low resolution \(5 files such as lowres_sb99001\.fits\); Starburst99, high resolution \(5 files/);
    const error: unknown = await read('starburst99_outputs', /yield1|color1/).catch((caught: unknown) => caught);
    expect(isZgradError(error, 'BadArgument')).toBe(true);
    expect(String(error)).toMatch(/found 2 files such as Kroupa\.color1; 2 files such as Kroupa\.yield1; expected .*BPASS/);
    await expect(read('starburst99_outputs', /spectrum1/)).rejects.toThrow('found no salpeter.input1 beside it');
  });
});
