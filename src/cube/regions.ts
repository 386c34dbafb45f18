import { ZgradError } from '../errors/index.js';
import type { JudgedSource } from '../image/index.js';

/** A length in a region file: an angle on the sky or a number of pixels. */
export interface RegionSize {
  readonly value: number;
  readonly unit: 'arcsec' | 'pixel';
}

/**
 * One shape of a DS9 region file. Positions of frame 'sky' are right ascension and declination [deg]; of 'image' and
 * 'physical' they are FITS pixels (1-based). `angle` [deg] turns the shape counter-clockwise: from the x axis in pixels, from west
 * through north on the sky (so that both agree in an image with north up and east to the left).
 */
export interface Region {
  readonly shape: 'circle' | 'ellipse' | 'box' | 'annulus' | 'polygon';
  readonly frame: 'sky' | 'image' | 'physical';
  /** True for a shape with a leading '−'. */
  readonly exclude: boolean;
  /** The centre, or the corners of a polygon. */
  readonly points: readonly (readonly [number, number])[];
  /** circle: radius; ellipse: semi-axes; box: full width and height; annulus: inner and outer radius; polygon: none. */
  readonly sizes: readonly RegionSize[];
  readonly angle: number;
}

const frames: Readonly<Record<string, Region['frame']>> = {
  fk5: 'sky', j2000: 'sky', icrs: 'sky', image: 'image', physical: 'physical',
};
const otherFrames = /^(?:fk4|b1950|galactic|ecliptic|linear|amplifier|detector|tile|wcs[a-z]?)$/;
const withoutArea = new Set(['point', 'line', 'vector', 'text', 'ruler', 'compass', 'projection']);

/**
 * The shapes of a DS9 region file: circle, ellipse, box, annulus and polygon in fk5, icrs, image or physical coordinates.
 * Points, lines and texts have no area and are left out.
 *
 * @param where name of the file, for messages.
 * @throws ZgradError 'BadMask' with the line number for a shape, frame or number that cannot be read, and for a file without
 *   any shape.
 */
export function parseRegions(text: string, where: string): Region[] {
  const regions: Region[] = [];
  let frame: Region['frame'] = 'image';
  text.split(/\r?\n/).forEach((line, index) => {
    const place = `${where}, line ${index + 1}`;
    for (const part of line.replace(/#.*/, '').split(';')) {
      const command = part.trim().toLowerCase();
      if (command === '' || /^global\b/.test(command)) continue;
      if (otherFrames.test(command)) {
        throw new ZgradError('BadMask', {
          where: place, found: `the coordinate frame '${command}'`, expected: 'fk5, icrs, image or physical',
          remedy: 'Save the regions from DS9 in fk5.',
        });
      }
      if (command in frames) {
        frame = frames[command]!;
        continue;
      }
      const region = parseShape(command, frame, place);
      if (region) regions.push(region);
    }
  });
  if (regions.length === 0) {
    throw new ZgradError('BadMask', { where, found: 'no region', expected: 'a DS9 region file with at least one shape' });
  }
  return regions;
}

/** How many sizes each shape has, and whether an angle follows them. */
const layouts = { circle: [1, false], ellipse: [2, true], box: [2, true], annulus: [2, false], polygon: [0, false] } as const;

function parseShape(command: string, frame: Region['frame'], place: string): Region | null {
  const [, sign, name = '', inside = ''] = /^([+-]?)\s*([a-z]+)\s*[(\s]\s*([^()|]*?)\s*\)?\s*(?:\|\|)?$/.exec(command) ?? [];
  const args = inside.split(/[\s,]+/);
  if (withoutArea.has(name)) return null;
  const fail = (found: string, expected: string): never => {
    throw new ZgradError('BadMask', { where: place, found, expected });
  };
  if (!Object.hasOwn(layouts, name)) return fail(`'${command}'`, 'circle, ellipse, box, annulus or polygon with its numbers in brackets');
  const shape = name as Region['shape'];
  const [sizeCount, turns] = layouts[shape];
  const positionCount = shape === 'polygon' ? args.length : 2;
  const allowed = shape === 'polygon' ? args.length >= 6 && args.length % 2 === 0
    : args.length === 2 + sizeCount || (turns && args.length === 3 + sizeCount);
  if (!allowed) {
    return fail(`${shape} with ${args.length} numbers`,
      shape === 'polygon' ? 'three or more pairs of coordinates' : `a centre and ${sizeCount} size${sizeCount > 1 ? 's' : ''}${turns ? ', then an angle' : ''}`);
  }
  const read = <T>(value: T | null, arg: string, expected: string): T => value ?? fail(`'${arg}' in '${command}'`, expected);
  const points: [number, number][] = [];
  for (let i = 0; i < positionCount; i += 2) {
    const [first, second] = [args[i]!, args[i + 1]!];
    points.push([
      read(parsePosition(first, frame, 15), first, frame === 'sky' ? 'a right ascension' : 'a pixel'),
      read(parsePosition(second, frame, 1), second, frame === 'sky' ? 'a declination' : 'a pixel'),
    ]);
  }
  const sizes = args.slice(2, 2 + sizeCount).map((arg) => read(parseSize(arg, frame), arg, 'a positive size such as 2.5" or 10'));
  const angle = turns && args.length > 2 + sizeCount ? read(finite(args.at(-1)!.replace(/d$/, '')), args.at(-1)!, 'an angle in degrees') : 0;
  return { shape, frame, exclude: sign === '-', points, sizes, angle };
}

const finite = (text: string): number | null => {
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
};

/** Degrees on the sky (sexagesimal with colons is hours when `perHour` is 15), or a pixel. */
function parsePosition(text: string, frame: Region['frame'], perHour: 15 | 1): number | null {
  if (frame !== 'sky') return finite(text.replace(/[ip]$/, ''));
  const parts = /^([+-]?)(\d+)(:|h|d)(\d+)(?::|m)(\d+(?:\.\d*)?)s?$/.exec(text);
  if (!parts) return finite(text.replace(/d$/, ''));
  const size = Number(parts[2]) + Number(parts[4]) / 60 + Number(parts[5]) / 3600;
  return (parts[1] === '-' ? -size : size) * (parts[3] === 'd' ? 1 : parts[3] === 'h' ? 15 : perHour);
}

function parseSize(text: string, frame: Region['frame']): RegionSize | null {
  const [, number = '', suffix = ''] = /^(.*?)(["'dpi]?)$/.exec(text) ?? [];
  const value = finite(number);
  if (value === null || value < 0) return null;
  const angular = { '"': 1, "'": 60, d: 3600 }[suffix] ?? (suffix === '' && frame === 'sky' ? 3600 : null);
  return angular === null ? { value, unit: 'pixel' } : { value: value * angular, unit: 'arcsec' };
}

/**
 * A DS9 region file of the shapes, which `parseRegions` reads back as they are: sizes on the sky in arcsec, numbers to the last digit. A note becomes
 * the shape's text.
 */
export function formatRegions(regions: readonly (Region & { readonly note?: string })[]): string {
  let frame = '';
  const lines = regions.flatMap((region) => {
    const heading = region.frame === 'sky' ? 'fk5' : region.frame;
    const sizes = region.sizes.map(({ value, unit }) => `${value}${unit === 'arcsec' ? '"' : region.frame === 'sky' ? 'p' : ''}`);
    const turn = layouts[region.shape][1] ? [String(region.angle)] : [];
    const text = region.note === undefined ? '' : ` # text={${region.note.replace(/[{};\r\n]/g, ' ')}}`;
    const shape = `${region.exclude ? '-' : ''}${region.shape}(${[...region.points.flat().map(String), ...sizes, ...turn].join(',')})${text}`;
    const lines = heading === frame ? [shape] : [heading, shape];
    frame = heading;
    return lines;
  });
  return ['# Region file format: DS9 version 4.1', ...lines, ''].join('\n');
}

/** The masked sources of an image as regions in its pixels, with the reasons as notes. */
export function maskedRegions(sources: readonly JudgedSource[]): (Region & { readonly note: string })[] {
  return sources.flatMap(({ x, y, angle, masked, kind, reasons }) => (masked ? [{
    shape: 'ellipse' as const, frame: 'image' as const, exclude: false, points: [[x + 1, y + 1] as const],
    sizes: [{ value: masked.a, unit: 'pixel' as const }, { value: masked.b, unit: 'pixel' as const }], angle, note: `${kind}: ${reasons.join(', ')}`,
  }] : []));
}
