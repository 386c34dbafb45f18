import type { Cube } from '../../src/cube/index.js';
import { bytesSource, Header, memorySink, openFits, writeFits, type Card, type Fits, type HduSpec } from '../../src/fits/index.js';
import { linearAxis } from '../../src/light/index.js';
import { createRandom } from '../../src/numeric/index.js';

/** A north-up grid of 0.2″ spaxels about (150°, 2°), pixel (1, 1) of the header at the reference. */
export const skyCards: readonly Card[] = [
  { key: 'CTYPE1', value: 'RA---TAN' }, { key: 'CTYPE2', value: 'DEC--TAN' }, { key: 'CUNIT1', value: 'deg' }, { key: 'CUNIT2', value: 'deg' },
  { key: 'CRPIX1', value: 1 }, { key: 'CRPIX2', value: 1 }, { key: 'CRVAL1', value: 150 }, { key: 'CRVAL2', value: 2 },
  { key: 'CD1_1', value: -0.2 / 3600 }, { key: 'CD2_2', value: 0.2 / 3600 }, { key: 'CD1_2', value: 0 }, { key: 'CD2_1', value: 0 },
];

/** Air wavelengths 5000 + 1.25 k Å. */
export const waveCards: readonly Card[] = [
  { key: 'CTYPE3', value: 'AWAV' }, { key: 'CUNIT3', value: 'Angstrom' }, { key: 'CRPIX3', value: 1 }, { key: 'CRVAL3', value: 5000 }, { key: 'CD3_3', value: 1.25 },
];

export const museUnit: Card = { key: 'BUNIT', value: '10**(-20)*erg/s/cm**2/Angstrom' };

/** The cards without those of the given keys. */
export const without = (cards: readonly Card[], ...keys: string[]): Card[] => cards.filter(({ key }) => !keys.includes(key));

/** An opened FITS file of the HDUs. */
export async function fitsOf(hdus: readonly HduSpec[], name = 'cube.fits'): Promise<Fits> {
  const sink = memorySink();
  await writeFits(sink, hdus);
  return openFits(bytesSource(sink.bytes(), name));
}

/** A MUSE-like file: DATA and STAT of nx × ny spaxels in the order of the file, plane by plane. */
export function museHdus(nx: number, ny: number, flux: Float32Array, variance: Float32Array, cards: readonly Card[] = [...skyCards, ...waveCards, museUnit]): HduSpec[] {
  const axes = [nx, ny, flux.length / (nx * ny)];
  return [
    { kind: 'image', axes: [], data: null, cards: [{ key: 'OBJECT', value: 'test galaxy' }] },
    { kind: 'image', name: 'DATA', axes, data: flux, cards },
    { kind: 'image', name: 'STAT', axes, data: variance },
  ];
}

/** A cube in memory with one arm; `flux` and `variance` give the value of pixel k of spaxel s. */
export function cubeOf(
  nx: number, ny: number, n: number, flux: (s: number, k: number) => number, variance: (s: number, k: number) => number, more: Partial<Cube> = {},
): Cube {
  const fill = (value: (s: number, k: number) => number) => Float32Array.from({ length: nx * ny * n }, (_, i) => value(Math.floor(i / n), i % n));
  return {
    instrument: 'generic', object: null, nx, ny, unit: 1e-17, wcs: null, pixelScale: 0.2, seeing: null, sectors: null, header: new Header([]), warnings: [],
    arms: [{ name: 'full', axis: linearAxis(5000, 1.25, n, 'air'), lsf: { kind: 'constant', fwhm: 2.5 }, flux: fill(flux), variance: fill(variance) }],
    ...more,
  };
}

/** Random values in [0, 1), always the same. */
export function randomValues(length: number, ...stream: (number | string)[]): Float32Array {
  const random = createRandom(1, ...stream);
  return Float32Array.from({ length }, () => random.uniform());
}
