import { ZgradError, type ErrorTag } from '../errors/index.js';
import { findHdu, readImage, type Fits } from '../fits/index.js';

/**
 * One map of the grid's size from a FITS file: an image, or the first plane of a cube. Values in spaxel order y·nx + x.
 *
 * @param which HDU name or number; default the first image of the grid's size.
 * @throws ZgradError with the given tag when there is no image of the grid's size; MissingHdu when a named HDU is absent.
 */
export async function readMap(
  fits: Fits, grid: { readonly nx: number; readonly ny: number }, tag: ErrorTag, which?: number | string,
): Promise<Float32Array | Float64Array> {
  const { nx, ny } = grid;
  const fitting = (axes: readonly number[]) => axes.length >= 2 && axes[0] === nx && axes[1] === ny;
  const hdu = which === undefined ? fits.hdus.find(({ kind, axes }) => kind === 'image' && fitting(axes)) : findHdu(fits, which);
  if (!hdu || hdu.kind !== 'image' || !fitting(hdu.axes)) {
    const seen = hdu ? [hdu] : fits.hdus;
    throw new ZgradError(tag, {
      where: fits.source.name,
      found: seen.map(({ name, kind, axes }) => `${name || 'an unnamed HDU'} (${kind === 'table' ? 'table' : axes.join(' × ') || 'no data'})`).join(', '),
      expected: `an image of ${nx} × ${ny} pixels, as large as the field`,
    });
  }
  const start = hdu.axes.map(() => 0);
  const count = hdu.axes.map((n, axis) => (axis < 2 ? n : 1));
  return (await readImage(fits, hdu, { start, count })).data;
}
