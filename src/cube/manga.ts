import { findHdu, hasHdu, Header, readImage, type Card, type Fits, type Hdu } from '../fits/index.js';
import type { Lsf, SpectralAxis } from '../light/index.js';
import { median } from '../stats/index.js';
import { constants } from '../units/index.js';
import { joinHeaders, noiseOf, objectOf, type CubeOptions, type CubeSource } from './source.js';

const isCube = (hdu: Hdu): boolean => hdu.kind === 'image' && hdu.axes.length === 3;

/** The cube of MaNGA's reduction pipeline (LOGCUBE, LINCUBE): FLUX, IVAR, MASK and WAVE, without the models of the analysis pipeline's cube. */
export const isManga = (fits: Fits): boolean =>
  ['FLUX', 'IVAR', 'MASK', 'WAVE'].every((name) => hasHdu(fits, name)) && ['FLUX', 'IVAR', 'MASK'].every((name) => isCube(findHdu(fits, name))) && !hasHdu(fits, 'MODEL');

/**
 * MaNGA's data format (Law et al. 2016, AJ 152, 83): FLUX in 1e-17 erg/s/cm²/Å per spaxel, IVAR, MASK (DRP3PIXMASK: every pixel with a bit set is left
 * out), vacuum wavelengths, logarithmic in a LOGCUBE. Not corrected for Galactic dust.
 */
export function mangaSource(fits: Fits, options: CubeOptions): CubeSource {
  const flux = findHdu(fits, options.flux ?? 'FLUX');
  const primary = fits.hdus[0]!.header;
  // WAVE-LOG and Å are what the headers hold where they hold anything; the fallbacks are the format's.
  const fallback: Card[] = [{ key: 'BUNIT', value: '1e-17 erg/s/cm2/Angstrom' }, { key: 'CUNIT3', value: 'Angstrom' }, { key: 'CTYPE3', value: 'WAVE-LOG' }];
  const header = joinHeaders([], flux.header, primary, new Header(fallback));
  const reddening = primary.number('EBVGAL');
  const warnings = reddening === undefined ? [] : [`${fits.source.name}: the header has E(B−V) = ${reddening} of Galactic dust (EBVGAL), which the cube is not corrected for; \`foreground\` takes it off.`];
  return {
    instrument: 'MaNGA', object: objectOf(primary, 'PLATEIFU') ?? objectOf(primary, 'MANGAID') ?? objectOf(header),
    arms: [{
      name: 'full', fits, flux, noise: noiseOf(fits, options), mask: findHdu(fits, options.mask ?? 'MASK'), header, lsf: options.lsf ?? (resolutionOf(fits) && 'file'),
    }],
    sectors: null, warnings,
  };
}

/** Where the file tells the line-spread function, and how. */
interface Resolution {
  readonly hdu: Hdu;
  /** λ/FWHM at each wavelength, or the standard deviation [Å] in every spaxel. */
  readonly kind: 'resolution' | 'sigma';
  /** The pixel's width is in it. */
  readonly afterPixel: boolean;
}

/**
 * The names since DR17 and before. Lines are fitted as Gaussians integrated over the pixel, so that the line-spread function before the
 * pixel is the right one.
 */
const resolutions: readonly (Omit<Resolution, 'hdu'> & { readonly names: readonly string[] })[] = [
  { names: ['PRESPECRES'], kind: 'resolution', afterPixel: false },
  { names: ['LSFPRE', 'PREDISP'], kind: 'sigma', afterPixel: false },
  { names: ['SPECRES'], kind: 'resolution', afterPixel: true },
  { names: ['LSFPOST', 'DISP'], kind: 'sigma', afterPixel: true },
];

function resolutionOf(fits: Fits): Resolution | null {
  for (const { names, ...how } of resolutions) {
    const name = names.find((name) => hasHdu(fits, name));
    if (name !== undefined) return { ...how, hdu: findHdu(fits, name) };
  }
  return null;
}

/** Nodes of the table, over which the resolution varies smoothly. */
const nodes = 64;

/**
 * The line-spread function that a MaNGA cube holds, the median over its spaxels, as a table of about 64 wavelengths: from PRESPECRES, LSFPRE
 * (PREDISP), SPECRES or LSFPOST (DISP), the first there is. Of those that hold the pixel (the last two) Δλ²/12 is taken off.
 *
 * @param axis that of the planes z0 and after.
 */
export async function mangaLsf(fits: Fits, axis: SpectralAxis, z0: number): Promise<Lsf> {
  const { hdu, kind, afterPixel } = resolutionOf(fits)!;
  const n = axis.wavelength.length;
  const step = Math.max(1, Math.floor(n / nodes));
  const whole = kind === 'resolution' ? (await readImage(fits, hdu)).data : null;
  const wavelength: number[] = [];
  const fwhm: number[] = [];
  for (let k = 0; k < n; k += step) {
    const λ = axis.wavelength[k]!;
    const sigma = whole ? λ / whole[z0 + k]! / constants.fwhmPerSigma : await middleSigma(fits, hdu, z0 + k);
    const squared = sigma ** 2 - (afterPixel ? (axis.edges[k + 1]! - axis.edges[k]!) ** 2 / 12 : 0);
    if (!(squared > 0 && squared < Infinity)) continue;
    wavelength.push(λ);
    fwhm.push(Math.sqrt(squared) * constants.fwhmPerSigma);
  }
  return { kind: 'table', wavelength, fwhm };
}

/** The median over the spaxels that have data. */
async function middleSigma(fits: Fits, hdu: Hdu, z: number): Promise<number> {
  const [nx, ny] = hdu.axes as [number, number];
  const { data } = await readImage(fits, hdu, { start: [0, 0, z], count: [nx, ny, 1] });
  const covered = Array.from(data).filter((value) => value > 0);
  return covered.length ? median(covered) : Number.NaN;
}
