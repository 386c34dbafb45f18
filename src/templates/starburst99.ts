import { ZgradError } from '../errors/index.js';
import { openFits, readTable, type ByteSource } from '../fits/index.js';
import { constants } from '../units/index.js';
import type { Lsf } from '../light/index.js';
import { column } from '../table/index.js';
import { assembleLibrary, type Template } from './assemble.js';
import type { LibraryFormat } from './format.js';
import { standInRemaining } from './remaining.js';

/** FWHM of two pixels: what a grid can hold, where a source tells no resolution. */
function twoPixels(wavelength: Float64Array): Lsf {
  const last = wavelength.length - 1;
  return {
    kind: 'table', wavelength: Array.from(wavelength),
    fwhm: Array.from(wavelength, (_, k) => wavelength[Math.min(k + 1, last)]! - wavelength[Math.max(k - 1, 0)]!),
  };
}

const twoPixelsNote = 'the resolution, two pixels: the source does not say';

const basesName = /^(lowres_)?sb99(\d{2,3})\.fits(?:\.gz)?$/;

/** Bases of FiCUS: a FITS table of one row WAVE, FLUX (an age a row), AGE [yr]; the digits of the name are those of Z after '0.'. */
export const starburst99BasesFormat: LibraryFormat = {
  name: 'Starburst99 bases of FiCUS (sb99008.fits)',
  family: (fileName) => {
    const found = basesName.exec(fileName);
    return found && `Starburst99, ${found[1] ? 'low' : 'high'} resolution`;
  },
  async read(files) {
    const templates = (await Promise.all(files.map(readBase))).flat();
    return assembleLibrary(templates, {
      source: 'Starburst99 (Leitherer et al. 1999, ApJS 123, 3; 2010, ApJS 189, 309), bases of FiCUS (Saldana-Lopez et al. 2023, MNRAS 522, 6295); [M/H] = log(Z/0.02)',
      medium: 'vacuum', resolution: twoPixels(templates[0]!.wavelength), absolute: false, imf: 'Kroupa, 1.3 and 2.3', remaining: standInRemaining('kroupa'),
      unverified: [twoPixelsNote, 'vacuum: the files do not say'],
    });
  },
};

async function readBase(file: ByteSource): Promise<Template[]> {
  const fits = await openFits(file);
  const table = await readTable(fits, fits.hdus[1] ?? fits.hdus[0]!);
  const cell = (name: string): Float64Array => Float64Array.from(column(table, name).values[0] as ArrayLike<number>);
  const stored = cell('WAVE');
  const flux = cell('FLUX');
  const n = stored.length;
  // The wavelength at which two grids of the models were joined stands twice.
  const once = (values: Float64Array): Float64Array => values.filter((_, k) => stored[k] !== stored[k - 1]);
  const wavelength = once(stored);
  const metallicity = Math.log10(Number(`0.${basesName.exec(file.name)![2]}`) / 0.02);
  return Array.from(cell('AGE'), (years, i) => ({
    from: `${file.name}, age ${i + 1}`, age: years / 1e9, metallicity, wavelength, flux: once(flux.subarray(i * n, (i + 1) * n)),
  }));
}

/** Spectra as Starburst99 writes them, NAME.spectrum1 with the run's parameters in NAME.input1 beside it; the stellar ones are taken. */
export const starburst99OutputFormat: LibraryFormat = {
  name: 'Starburst99 output (NAME.spectrum1 with NAME.input1)',
  family: (fileName) => (fileName.endsWith('.spectrum1') ? 'Starburst99 output' : null),
  async read(files, others) {
    const read = await Promise.all(files.map((file) => readOutput(file, others)));
    const imf = read[0]!.imf;
    if (read.some((one) => one.imf !== imf)) {
      throw new ZgradError('BadTable', { where: files[0]!.name, found: `mass functions ${[...new Set(read.map((one) => one.imf))].join('; ')}`, expected: 'one' });
    }
    return assembleLibrary(read.flatMap(({ templates }) => templates), {
      source: 'Starburst99 (Leitherer et al. 1999, ApJS 123, 3), stellar light of an instantaneous burst; [M/H] = log(Z/Zsun), Zsun 0.014 for the Geneva 2012 tracks, 0.02 for others',
      medium: 'vacuum', resolution: twoPixels(read[0]!.templates[0]!.wavelength), absolute: true, imf,
      remaining: standInRemaining(imf.startsWith('2.35') ? 'salpeter' : 'kroupa'), unverified: [twoPixelsNote, 'vacuum: the files do not say'],
    });
  },
};

async function textOf(source: ByteSource): Promise<string> {
  return new TextDecoder('latin1').decode(await source.read(0, source.size));
}

/** Mass [M☉], metallicity and mass function of a run: each value stands in the line after its question. */
function readInput(text: string, where: string): { mass: number; metallicity: number; imf: string } {
  const lines = text.split(/\r?\n/);
  const answer = (question: RegExp): string => lines[lines.findIndex((line) => question.test(line)) + 1]?.trim() ?? '';
  const codes = new Map(Array.from(text.matchAll(/\b(\d\d)=\s*(0\.\d+)/g), ([, code, z]) => [code, Number(z)]));
  const code = lines.find((line) => /^\s*\d\d\s*$/.test(line))?.trim() ?? '';
  const z = codes.get(code);
  const mass = Number(answer(/TOTAL STELLAR MASS/)) * 1e6;
  if (!(Number(answer(/CONTINUOUS STAR FORMATION/)) <= 0) || z === undefined || !(mass > 0)) {
    throw new ZgradError('BadTable', {
      where, found: `star formation '${answer(/CONTINUOUS STAR FORMATION/)}', tracks '${code}', mass '${answer(/TOTAL STELLAR MASS/)}'`,
      expected: 'an instantaneous burst (a number not above 0), tracks of the list in the file, a mass in 1e6 Msun',
    });
  }
  // The tracks of 2012 (50 and 60) have a solar metallicity of 0.014 (Ekström et al. 2012, A&A 537, A146).
  return { mass, metallicity: Math.log10(z / (Number(code) > 50 ? 0.014 : 0.02)), imf: `${answer(/IMF EXPONENTS/)} over ${answer(/MASS BOUNDARIES/)} Msun` };
}

async function readOutput(file: ByteSource, others: readonly ByteSource[]): Promise<{ templates: Template[]; imf: string }> {
  const inputName = file.name.replace(/spectrum1$/, 'input1');
  const input = others.find(({ name }) => name === inputName);
  if (!input) throw new ZgradError('BadTable', { where: file.name, found: `no ${inputName} beside it`, expected: 'the parameters of the run: metallicity, mass, mass function' });
  const { mass, metallicity, imf } = readInput(await textOf(input), inputName);
  const byAge = new Map<number, { wavelength: number[]; flux: number[] }>();
  for (const line of (await textOf(file)).split('\n')) {
    const [years, wavelength, , logStellar, ...rest] = line.trim().split(/\s+/).map(Number);
    if (!(logStellar! < 100 && wavelength! > 0) || rest.length !== 1) continue;
    const spectrum = byAge.get(years!) ?? { wavelength: [], flux: [] };
    if (!byAge.has(years!)) byAge.set(years!, spectrum);
    spectrum.wavelength.push(wavelength!);
    spectrum.flux.push(10 ** logStellar! / mass / constants.solarLuminosity);
  }
  if (byAge.size === 0) throw new ZgradError('BadTable', { where: file.name, found: 'no line of five numbers', expected: 'time, wavelength and the logarithms of total, stellar and nebular light' });
  const templates = Array.from(byAge, ([years, { wavelength, flux }]) => ({
    from: `${file.name}, ${years} yr`, age: years / 1e9, metallicity, wavelength: Float64Array.from(wavelength), flux,
  }));
  return { templates, imf };
}
