import { ZgradError } from '../errors/index.js';
import { assembleLibrary } from './assemble.js';
import type { LibraryFormat } from './format.js';
import { standInRemaining } from './remaining.js';
import { readSpectrumImage } from './spectrumImage.js';

/** Z = 0.020 is [M/H] = 0 in both Bruzual & Charlot's and the BPASS models. */
const metallicityOf = (z: number): number => Math.log10(z / 0.02);

/** Bruzual & Charlot (2003) as the MPA-JHU and MaNGA pipelines store them: one FITS spectrum a file with Z and AGE in its header. */
export const bc03Format: LibraryFormat = {
  name: 'BC03 (BC03_z0.020_a10.000.fits)',
  family: (fileName) => (/^BC03_z[\d.]+_a[\d.]+\.fits(?:\.gz)?$/.test(fileName) ? 'BC03' : null),
  async read(files) {
    const templates = await Promise.all(files.map(async (file) => {
      const { header, wavelength, flux } = await readSpectrumImage(file);
      const z = header.number('Z');
      const age = header.number('AGE');
      if (z === undefined || age === undefined) {
        throw new ZgradError('BadFits', { where: file.name, found: 'a header without Z or AGE', expected: 'Z (metal mass fraction) and AGE (Gyr)' });
      }
      return { from: file.name, age, metallicity: metallicityOf(z), wavelength, flux };
    }));
    return assembleLibrary(templates, {
      source: 'BC03 (Bruzual & Charlot 2003, MNRAS 344, 1000), templates of the MPA-JHU group; [M/H] = log(Z/0.02)',
      medium: 'air', resolution: { kind: 'constant', fwhm: 3.4 }, absolute: true, imf: null, remaining: standInRemaining('chabrier'),
      unverified: [
        'FWHM 3.4 Angstrom of the STELIB stars (Beifiori et al. 2011): the headers say 2.3, the paper 3; MILES must be broadened to 3.2-3.7 to match',
        'units Lsun/Msun/Angstrom: the files do not say, the values agree with E-MILES of the same age',
        'the initial mass function: the files do not say; Chabrier is taken for the remaining mass',
      ],
    });
  },
};

const bpassName = /^((?:bin|sin)-imf\w+?)-z(\d{3})-T(-?\d+\.\d+)\.fits(?:\.gz)?$/;

/** BPASS 2.2.1 as the MaNGA pipeline stores it: one FITS spectrum a file, Z and log age [Gyr] in its name; L☉/Å of 10⁶ M☉. */
export const bpassFormat: LibraryFormat = {
  name: 'BPASS (bin-imf135_300-z020-T1.00.fits)',
  family: (fileName) => {
    const found = bpassName.exec(fileName);
    return found && `BPASS ${found[1]}`;
  },
  async read(files) {
    const templates = await Promise.all(files.map(async (file) => {
      const [, , z, logAge] = bpassName.exec(file.name)!;
      const { wavelength, flux } = await readSpectrumImage(file);
      return { from: file.name, age: 10 ** Number(logAge), metallicity: metallicityOf(Number(z) / 1000), wavelength, flux: flux.map((value) => value / 1e6) };
    }));
    const [, models] = bpassName.exec(files[0]!.name)!;
    return assembleLibrary(templates, {
      source: `BPASS 2.2.1 ${models} (Eldridge et al. 2017, PASA 34, e058; Stanway & Eldridge 2018, MNRAS 479, 75); [M/H] = log(Z/0.02)`,
      medium: 'vacuum', resolution: { kind: 'constant', fwhm: 1 }, absolute: true, imf: models!.replace(/^\w+-/, ''), remaining: standInRemaining('kroupa'),
      unverified: [
        'FWHM 1 Angstrom, the sampling',
        'vacuum: the files do not say; lines are shifted by 84 km/s from those of MILES, which is in air',
      ],
    });
  },
};

/** The stars of MILES in hierarchical clusters, as the MaNGA pipeline fits kinematics with them: no ages, relative units, air. */
export const milesHcFormat: LibraryFormat = {
  name: 'MILES-HC (MILESHC_00.fits)',
  family: (fileName) => (/^MILESHC_\d+\.fits(?:\.gz)?$/.test(fileName) ? 'MILES-HC' : null),
  read: async (files) => assembleLibrary(
    await Promise.all(files.map(async (file) => ({ from: file.name, age: Number.NaN, metallicity: Number.NaN, ...await readSpectrumImage(file) }))),
    {
      source: 'MILES-HC, stars of MILES in hierarchical clusters (Westfall et al. 2019, AJ 158, 231)',
      medium: 'air', resolution: { kind: 'constant', fwhm: 2.5 }, absolute: false, imf: null, remaining: null, unverified: [],
    },
  ),
};
