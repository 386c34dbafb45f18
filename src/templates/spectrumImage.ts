import { ZgradError } from '../errors/index.js';
import { openFits, readImage, type ByteSource, type Header } from '../fits/index.js';

/** A one-dimensional FITS spectrum on an even grid: CRVAL1, CRPIX1, CDELT1 (or CD1_1) [Å]. */
export interface SpectrumImage {
  readonly header: Header;
  readonly wavelength: Float64Array;
  readonly flux: Float32Array | Float64Array;
}

/** Reads the primary image of a file as a spectrum. @throws NotFits, BadFits */
export async function readSpectrumImage(source: ByteSource): Promise<SpectrumImage> {
  const fits = await openFits(source);
  const hdu = fits.hdus[0]!;
  const { header, axes } = hdu;
  const start = header.number('CRVAL1');
  const step = header.number('CDELT1') ?? header.number('CD1_1');
  if (axes.length !== 1 || start === undefined || step === undefined) {
    throw new ZgradError('BadFits', {
      where: source.name, found: `an image of ${axes.length} axes ${start === undefined ? 'without CRVAL1' : `from ${start} Å in steps of ${step ?? 'no CDELT1'}`}`,
      expected: 'one spectrum: one axis with CRVAL1 and CDELT1 in Å',
    });
  }
  const reference = header.number('CRPIX1') ?? 1;
  const { data } = await readImage(fits, hdu);
  return { header, flux: data, wavelength: Float64Array.from(data, (_, k) => start + (k + 1 - reference) * step) };
}
