import { ZgradError } from '../errors/index.js';
import type { Header } from '../fits/index.js';
import { convert, parseUnit, sameDimension } from '../units/index.js';
import type { CelestialWcs, Projection, SpectralWcs, Wcs } from './wcs.js';

/** What a header does not say about its coordinates. */
export interface WcsOptions {
  /** File and HDU, for messages. Default 'header'. */
  readonly where?: string;
  /** Unit of the wavelength axis, in place of the header's CUNIT. Default: the header's. */
  readonly wavelengthUnit?: string;
  /** Medium of a wavelength axis whose CTYPE (LINEAR, LAMBDA) does not tell it. Default 'air'. */
  readonly linearMedium?: 'air' | 'vacuum';
}

const projections: readonly string[] = ['TAN', 'SIN', 'ARC', 'CAR'];

function bad(where: string, found: string, expected: string, remedy?: string): never {
  throw new ZgradError('BadWcs', { where, found, expected, remedy });
}

const axisCount = (header: Header) => Math.max(header.number('WCSAXES') ?? 0, header.number('NAXIS') ?? 0, 3);
const axisType = (header: Header, axis: number) => (header.string(`CTYPE${axis + 1}`) ?? '').trim().toUpperCase();

/** The matrix element from pixel axis j to world axis i, in the units of CUNITi (Greisen & Calabretta 2002; old CROTA by Calabretta & Greisen 2002, §6.1). */
function linearTerms(header: Header, lonLat: readonly number[]): (i: number, j: number) => number {
  const axes = Array.from({ length: axisCount(header) }, (_, axis) => axis);
  const has = (form: string, i: number) => axes.some((j) => header.has(`${form}${i + 1}_${j + 1}`));
  const increment = (i: number) => header.number(`CDELT${i + 1}`) ?? 1;
  const diagonal = (i: number, j: number) => (i === j ? 1 : 0);
  const hasPc = axes.some((i) => has('PC', i));
  const rotation = ((header.number(`CROTA${(lonLat[1] ?? 1) + 1}`) ?? 0) * Math.PI) / 180;
  return (i, j) => {
    if (hasPc) return increment(i) * (header.number(`PC${i + 1}_${j + 1}`) ?? diagonal(i, j));
    // An axis without any CD keeps its CDELT: some cubes give CD for the sky and CDELT for the wavelengths.
    if (has('CD', i)) return header.number(`CD${i + 1}_${j + 1}`) ?? 0;
    const [lon, lat] = lonLat;
    if (i === j) return increment(i) * (i === lon || i === lat ? Math.cos(rotation) : 1);
    if (i === lon && j === lat) return -increment(lat) * Math.sin(rotation);
    if (i === lat && j === lon) return increment(lon) * Math.sin(rotation);
    return 0;
  };
}

/** The celestial axes as [longitude, latitude], or null. */
function celestialAxes(header: Header): [number, number] | null {
  let lon = -1;
  let lat = -1;
  for (let axis = 0; axis < axisCount(header); axis++) {
    const type = axisType(header, axis);
    if (/^(RA--|GLON)/.test(type)) lon = axis;
    if (/^(DEC-|GLAT)/.test(type)) lat = axis;
  }
  return lon >= 0 && lat >= 0 ? [lon, lat] : null;
}

/** The celestial coordinates of a header, null when it has no RA/DEC or GLON/GLAT axes. @throws BadWcs */
export function parseCelestial(header: Header, options: WcsOptions = {}): CelestialWcs | null {
  const { where = 'header' } = options;
  const axes = celestialAxes(header);
  if (!axes) return null;
  const [lon, lat] = axes;
  const types = axes.map((axis) => axisType(header, axis));
  const codes = types.map((type) => type.slice(5).replace(/^-+/, ''));
  const projection = codes[0]!.replace(/-SIP$/, '');
  if (codes[0] !== codes[1] || !projections.includes(projection)) {
    bad(where, `CTYPE ${types.map((type) => `'${type}'`).join(', ')}`, 'one of the projections TAN, SIN, ARC, CAR', 'Resample the data to a TAN grid.');
  }
  if (header.has('A_ORDER') || header.has('B_ORDER')) {
    bad(where, 'a SIP distortion (A_ORDER, B_ORDER)', 'coordinates without distortion', 'Resample the data to a plain TAN grid.');
  }
  if (projection === 'SIN' && [1, 2].some((m) => header.number(`PV${lat + 1}_${m}`))) {
    bad(where, `a slant SIN projection (PV${lat + 1}_1, PV${lat + 1}_2)`, 'an orthographic SIN projection', 'Resample the data to a TAN grid.');
  }
  const toDegrees = (axis: number) => {
    const text = header.string(`CUNIT${axis + 1}`)?.trim() || 'deg';
    const unit = parseUnit(text, `${where}, CUNIT${axis + 1}`);
    if (!sameDimension(unit.dimension, { rad: 1 })) bad(where, `CUNIT${axis + 1} = '${text}'`, 'an angle');
    return text === 'deg' ? 1 : convert(1, text, 'deg');
  };
  const unit = new Map(axes.map((axis) => [axis, toDegrees(axis)]));
  const term = linearTerms(header, axes);
  const [first, second] = lon < lat ? [lon, lat] : [lat, lon];
  const matrix = [lon, lat].flatMap((i) => [first, second].map((j) => unit.get(i)! * term(i, j))) as [number, number, number, number];
  const determinant = matrix[0] * matrix[3] - matrix[1] * matrix[2];
  if (!Number.isFinite(determinant) || determinant === 0) {
    bad(where, `a pixel matrix [${matrix.join(', ')}] that cannot be inverted`, 'CDi_j, PCi_j with CDELTi, or CDELTi that give every pixel a size');
  }
  const value = (axis: number) => unit.get(axis)! * (header.number(`CRVAL${axis + 1}`) ?? 0);
  const pixel = (axis: number) => (header.number(`CRPIX${axis + 1}`) ?? 0) - 1;
  const reference = value(lat);
  const equinox = header.number('EQUINOX');
  const equatorial = header.string('RADESYS')?.trim() || (equinox === undefined ? 'ICRS' : equinox < 1984 ? 'FK4' : 'FK5');
  return {
    projection: projection as Projection,
    axes,
    referencePixel: [pixel(first), pixel(second)],
    referenceValue: [value(lon), reference],
    matrix,
    lonPole: header.number('LONPOLE') ?? (reference >= (projection === 'CAR' ? 0 : 90) ? 0 : 180),
    latPole: header.number('LATPOLE') ?? 90,
    frame: types[0]!.startsWith('GLON') ? 'GALACTIC' : equatorial,
  };
}

const wavelengthTypes: Readonly<Record<string, { type: 'linear' | 'log'; medium?: 'air' | 'vacuum' }>> = {
  WAVE: { type: 'linear', medium: 'vacuum' },
  AWAV: { type: 'linear', medium: 'air' },
  'WAVE-LOG': { type: 'log', medium: 'vacuum' },
  'AWAV-LOG': { type: 'log', medium: 'air' },
  LAMBDA: { type: 'linear' },
  WAVELENGTH: { type: 'linear' },
  LINEAR: { type: 'linear' },
};

/** The axis that counts wavelengths: one whose CTYPE says so, else a LINEAR or unnamed third (or only) axis. */
function wavelengthAxis(header: Header, options: WcsOptions): number | null {
  const axes = Array.from({ length: axisCount(header) }, (_, axis) => axis);
  const named = axes.find((axis) => axisType(header, axis) !== 'LINEAR' && axisType(header, axis) in wavelengthTypes);
  if (named !== undefined) return named;
  const last = header.number('NAXIS') === 1 ? 0 : 2;
  if (axisType(header, last) === 'LINEAR') return last;
  const unit = options.wavelengthUnit ?? header.string(`CUNIT${last + 1}`)?.trim();
  return axisType(header, last) === '' && unit && header.has(`CRVAL${last + 1}`) ? last : null;
}

/** The wavelength axis of a header, null when it has none. @throws BadWcs */
export function parseSpectral(header: Header, options: WcsOptions = {}): SpectralWcs | null {
  const { where = 'header', linearMedium = 'air' } = options;
  const axis = wavelengthAxis(header, options);
  if (axis === null) return null;
  const number = axis + 1;
  const { type: form, medium = linearMedium } = wavelengthTypes[axisType(header, axis)] ?? wavelengthTypes['LINEAR']!;
  const unitText = options.wavelengthUnit ?? header.string(`CUNIT${number}`)?.trim() ?? '';
  if (unitText === '') {
    bad(where, `a wavelength axis (CTYPE${number} = '${axisType(header, axis)}') without a unit`, `CUNIT${number} such as 'Angstrom', 'nm' or 'm'`,
      "Give the unit as wavelengthUnit, for example 'Angstrom'.");
  }
  const unit = parseUnit(unitText, `${where}, CUNIT${number}`);
  if (!sameDimension(unit.dimension, { cm: 1 })) {
    bad(where, `'${unitText}' as unit of the wavelength axis`, "a length such as 'Angstrom', 'nm' or 'm'", 'Give the right unit as wavelengthUnit.');
  }
  const term = linearTerms(header, celestialAxes(header) ?? []);
  for (let other = 0; other < axisCount(header); other++) {
    if (other !== axis && (term(axis, other) !== 0 || term(other, axis) !== 0)) {
      bad(where, `a matrix that mixes axis ${other + 1} with the wavelength axis ${number}`, 'wavelengths that depend on one axis only');
    }
  }
  const angstroms = convert(1, unitText, 'Angstrom');
  const referencePixel = (header.number(`CRPIX${number}`) ?? 0) - 1;
  const value = header.number(`CRVAL${number}`) ?? 0;
  const increment = term(axis, axis);
  // DC-FLAG = 1 is IRAF's sign that the axis counts log₁₀ λ.
  const decades = form === 'linear' && header.number('DC-FLAG') === 1;
  const referenceValue = angstroms * (decades ? 10 ** value : value);
  const step = decades ? referenceValue * Math.LN10 * increment : angstroms * increment;
  if (!(referenceValue > 0 && referenceValue < 1e8) || !Number.isFinite(step) || step === 0) {
    bad(where, `a wavelength of ${referenceValue} Å and a step of ${step} Å at the reference pixel`, 'a wavelength between 0 and 1 cm and a step other than 0',
      `Check CRVAL${number}, CDELT${number} (CD${number}_${number}) and the unit '${unitText}'; wavelengthUnit replaces CUNIT${number}.`);
  }
  return { axis, type: decades ? 'log' : form, medium, referencePixel, referenceValue, step };
}

/**
 * The world coordinates of a header: celestial TAN, SIN, ARC, CAR by CDi_j, PCi_j + CDELTi or CDELTi + CROTAi;
 * wavelengths linear or logarithmic (WAVE, AWAV, WAVE-LOG, AWAV-LOG, LINEAR, LAMBDA, IRAF's DC-FLAG).
 * Where PC and CD are both given PC counts, as in wcslib. CUNIT is believed, comments are not.
 * @throws BadWcs for a projection, unit or matrix that cannot be used; BadUnit for a unit that cannot be read.
 */
export function parseWcs(header: Header, options: WcsOptions = {}): Wcs {
  return { celestial: parseCelestial(header, options), spectral: parseSpectral(header, options) };
}
