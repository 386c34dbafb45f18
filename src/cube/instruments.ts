import { ZgradError } from '../errors/index.js';
import { findHdu, hasHdu, type Card, type Fits, type Hdu } from '../fits/index.js';
import type { Lsf } from '../light/index.js';
import { isManga, mangaSource } from './manga.js';
import { hduNames, joinHeaders, noiseOf, objectOf, type ArmSource, type CubeOptions, type CubeSource } from './source.js';

/** Where the parts of the cube lie, by the options or by what the files look like. */
export function findSource(files: readonly Fits[], options: CubeOptions): CubeSource {
  const [first] = files;
  if (!first) throw new ZgradError('BadArgument', { where: 'cube', found: 'no file', expected: 'the file or files of one galaxy' });
  const byName = options.flux ?? options.variance ?? options.error ?? options.ivar;
  const instrument = options.instrument
    ?? (byName !== undefined ? 'generic' : files.every(isSami) ? 'SAMI' : isMuse(first) ? 'MUSE' : isManga(first) ? 'MaNGA' : 'generic');
  if (instrument === 'SAMI') return samiSource(files, options);
  if (files.length > 1) {
    throw new ZgradError('BadCube', {
      where: files.map(({ source }) => source.name).join(', '), found: `${files.length} files that are not the arms of a SAMI cube`,
      expected: 'the one file of a cube', remedy: 'Give the cubes of several galaxies as rows of a table.',
    });
  }
  return instrument === 'MUSE' ? museSource(first, options) : instrument === 'MaNGA' ? mangaSource(first, options) : genericSource(first, options);
}

const isCube = (hdu: Hdu): boolean => hdu.kind === 'image' && hdu.axes.length === 3;
const isMuse = (fits: Fits): boolean => ['DATA', 'STAT'].every((name) => hasHdu(fits, name) && isCube(findHdu(fits, name)));

function isSami(fits: Fits): boolean {
  const primary = fits.hdus[0]!;
  const marked = /SAMI/i.test(primary.header.string('INSTRUME') ?? '');
  return isCube(primary) && (marked || (hasHdu(fits, 'VARIANCE') && hasHdu(fits, 'DUST')));
}

/** MUSE's data format (also MPDAF's): DATA, STAT = variance, DQ where it is not dropped; wavelengths in air. */
function museSource(fits: Fits, options: CubeOptions): CubeSource {
  const flux = findHdu(fits, options.flux ?? 'DATA');
  const mask = options.mask ?? (hasHdu(fits, 'DQ') ? 'DQ' : undefined);
  const primary = fits.hdus[0]!.header;
  // MPDAF writes CTYPE3 = LINEAR where it means the pipeline's AWAV.
  const air: Card[] = flux.header.string('CTYPE3')?.trim() === 'LINEAR' ? [{ key: 'CTYPE3', value: 'AWAV' }] : [];
  const header = joinHeaders(air, flux.header, primary);
  const arm: ArmSource = {
    name: 'full', fits, flux, noise: noiseOf(fits, options), mask: mask === undefined ? null : findHdu(fits, mask), header, lsf: { kind: 'muse' },
  };
  // The pipeline writes OBJECT into the extension as 'NGC 1705 (DATA)'.
  const object = objectOf(primary) ?? objectOf(header)?.replace(/ \(DATA\)$/, '') ?? null;
  const spectrograph = header.string('INSTRUME')?.trim();
  const warnings = spectrograph && !/MUSE/i.test(spectrograph) && !options.lsf
    ? [`${fits.source.name}: the cube is written as MUSE's but INSTRUME is ${spectrograph}; MUSE's line-spread function was taken. Give \`cube.lsf\`.`] : [];
  return { instrument: 'MUSE', object, arms: [arm], sectors: null, warnings };
}

/** FWHM of the line-spread function of SAMI's arms [Å] (Scott et al. 2018, MNRAS 481, 2299), and what the header calls them. */
const samiArms: readonly { readonly name: string; readonly spectrograph: string; readonly lsf: Lsf }[] = [
  { name: 'blue', spectrograph: 'BL', lsf: { kind: 'constant', fwhm: 2.66 } },
  { name: 'red', spectrograph: 'RD', lsf: { kind: 'constant', fwhm: 1.59 } },
];

/** SAMI's blue and red cubes of one galaxy: flux in the primary HDU, VARIANCE, BIN_MASK where the survey binned it. */
function samiSource(files: readonly Fits[], options: CubeOptions): CubeSource {
  const warnings: string[] = [];
  const arms = files.map((fits): ArmSource => {
    const flux = findHdu(fits, options.flux ?? 0);
    const spectrograph = flux.header.string('SPECTID')?.trim() ?? ((flux.header.number('CRVAL3') ?? 0) < 6000 ? 'BL' : 'RD');
    const arm = samiArms.find((arm) => arm.spectrograph === spectrograph);
    if (!arm) {
      throw new ZgradError('BadCube', { where: fits.source.name, found: `the spectrograph arm '${spectrograph}' (SPECTID)`, expected: "SAMI's BL or RD" });
    }
    return {
      name: arm.name, fits, flux, noise: noiseOf(fits, options), mask: options.mask === undefined ? null : findHdu(fits, options.mask),
      header: joinHeaders([], flux.header), lsf: arm.lsf,
    };
  }).sort((a, b) => a.name.localeCompare(b.name));
  const [one, other] = arms as [ArmSource, ArmSource?];
  if (arms.length > 2 || (other && one.name === other.name)) {
    throw new ZgradError('BadCube', {
      where: files.map(({ source }) => source.name).join(', '), found: `the arms ${arms.map(({ name }) => name).join(', ')}`,
      expected: 'one blue and one red arm of the same galaxy',
    });
  }
  if (!other) {
    warnings.push(`${one.fits.source.name} is SAMI's ${one.name} arm alone: the lines of the ${one.name === 'red' ? 'blue' : 'red'} arm are missing.`);
  } else {
    for (const key of ['NAME', 'CRVAL1', 'CRVAL2', 'NAXIS1', 'NAXIS2']) {
      const [blue, red] = [one.header.get(key), other.header.get(key)];
      if (blue !== red) {
        throw new ZgradError('BadCube', {
          where: `${one.fits.source.name} and ${other.fits.source.name}`, found: `${key} = ${blue} in the blue arm and ${red} in the red one`,
          expected: 'two arms of the same galaxy',
        });
      }
    }
  }
  const binned = arms.find(({ fits }) => hasHdu(fits, 'BIN_MASK'));
  return {
    instrument: 'SAMI', object: objectOf(one.header, 'NAME') ?? objectOf(one.header), arms,
    sectors: binned ? { fits: binned.fits, hdu: 'BIN_MASK' } : null, warnings,
  };
}

/** Any other cube: the flux in the HDU named, or the first image with three axes; the noise named or found by its usual names. */
function genericSource(fits: Fits, options: CubeOptions): CubeSource {
  const flux = options.flux === undefined ? fits.hdus.find(isCube) : findHdu(fits, options.flux);
  if (!flux) {
    throw new ZgradError('BadCube', {
      where: fits.source.name, found: `no image with three axes in the HDUs ${hduNames(fits)}`, expected: 'a cube',
      remedy: 'If the flux has another form, write it as a cube with the wavelength on the third axis.',
    });
  }
  const noise = noiseOf(fits, options);
  const warnings: string[] = [];
  if (options.variance === undefined && options.error === undefined && options.ivar === undefined) {
    const meaning = { variance: 'variance', error: 'standard deviation', ivar: 'inverse variance' }[noise.kind];
    warnings.push(`${fits.source.name}: the HDU ${noise.hdu.name} was taken as the ${meaning} of the flux, by its name.`);
  }
  const unused = fits.hdus.find(({ name, kind }) => kind === 'image' && /^(?:DQ|MASK|BADPIX)$/i.test(name));
  if (options.mask === undefined && unused) {
    warnings.push(`${fits.source.name}: the HDU ${unused.name} was not used; if it marks bad pixels, name it as \`cube.mask\`.`);
  }
  const header = joinHeaders([], flux.header, ...(flux.index === 0 ? [] : [fits.hdus[0]!.header]));
  const arm: ArmSource = {
    name: 'full', fits, flux, noise, mask: options.mask === undefined ? null : findHdu(fits, options.mask), header, lsf: null,
  };
  return { instrument: 'generic', object: objectOf(header), arms: [arm], sectors: null, warnings };
}
