import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colourOf, diverging, levels, magma, plasma, viridis, type ColourMap } from '../../src/figures/colourMap.js';
import { histogram } from '../../src/figures/histogram.js';
import { mapLevels, onMap, paletteOf, rasterItems, windowAround, type MapPlace } from '../../src/figures/map.js';
import { label, parseMarkup, textWidth, wrapText } from '../../src/figures/markup.js';
import { ellipsePath } from '../../src/figures/overlay.js';
import { majorAxis } from '../../src/figures/galaxyMaps.js';
import { encodePng } from '../../src/figures/png.js';
import { coordinate, polyline } from '../../src/figures/scene.js';
import { fixed, ticksOf, withError } from '../../src/figures/scale.js';
import { toSvg } from '../../src/figures/index.js';

describe('ticks', () => {
  test.each([
    [[0, 1], 5, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']], [[-0.163, 0.053], 4, ['−0.15', '−0.10', '−0.05', '0.00', '0.05']],
    [[8.21, 8.64], 4, ['8.3', '8.4', '8.5', '8.6']], [[-120, 130], 5, ['−100', '−50', '0', '50', '100']], [[3, -3], 5, ['−3', '−2', '−1', '0', '1', '2', '3']],
  ] as [[number, number], number, string[]][])('of %j about %d', (domain, count, labels) => {
    expect(ticksOf(domain, count).labels).toEqual(labels);
  });

  test('lie within the domain, about as many as wished, and no two read alike', () => {
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(fc.property(finite, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 3, max: 8 }), (low, span, count) => {
      const { major, minor, labels } = ticksOf([low, low + span], count);
      // A tick that rounding moved past the end belongs to the axis: also the rounding of large values far from zero.
      const slack = 1e-8 * span + 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(low + span));
      expect(major.length).toBeGreaterThanOrEqual(Math.floor(count / 2.5));
      expect(major.length).toBeLessThanOrEqual(2 * count + 1);
      expect(minor.length).toBeGreaterThanOrEqual(major.length);
      for (const value of [...major, ...minor]) {
        expect(value).toBeGreaterThanOrEqual(low - slack);
        expect(value).toBeLessThanOrEqual(low + span + slack);
      }
      expect(new Set(labels).size).toBe(labels.length);
    }));
  });

  test('numbers have a proper minus sign and no negative zero', () => {
    expect(fixed(-0.0004, 2)).toBe('0.00');
    expect(fixed(-1.25, 1)).toBe('−1.3');
    expect(withError(-0.093, 0.0101)).toBe('−0.093 ± 0.010');
    expect(withError(null, 0.1)).toBe('none');
  });
});

describe('colour maps', () => {
  /** CIE lightness 0–100 of each colour. */
  const lightness = (map: ColourMap) => Array.from({ length: levels }, (_, i) => {
    const [r, g, b] = [0, 1, 2].map((c) => map.rgb[3 * i + c]! / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
  });

  test.each([viridis, magma, plasma])('$name grows lighter at every step (0.3 for the rounding of colours to bytes)', (map) => {
    const l = lightness(map);
    for (let i = 1; i < levels; i++) expect(l[i]! - l[i - 1]!).toBeGreaterThan(-0.3);
    expect(l.at(-1)! - l[0]!).toBeGreaterThan(60);
  });

  test('the diverging one is lightest in the middle and equally light at equal distance (1.5: colours were cut to the gamut of a screen)', () => {
    const l = lightness(diverging);
    const middle = (levels - 1) / 2;
    expect(Math.max(...l)).toBe(l[middle]);
    for (let i = 0; i < middle; i++) expect(Math.abs(l[i]! - l[levels - 1 - i]!)).toBeLessThan(1.5);
  });

  test('values beyond the limits take the end colours', () => {
    expect(colourOf(viridis, -5, [0, 1])).toBe('#440154');
    expect(colourOf(viridis, 7, [0, 1])).toBe('#fde725');
  });
});

/** Width, height, palette and unfiltered samples of a PNG whose rows use filter 0. */
function decode(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    chunks.set(new TextDecoder().decode(png.subarray(at + 4, at + 8)), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const header = chunks.get('IHDR')!;
  const [width, height] = [new DataView(header.buffer, header.byteOffset).getUint32(0), new DataView(header.buffer, header.byteOffset).getUint32(4)];
  const raw = inflateSync(chunks.get('IDAT')!);
  const row = raw.length / height;
  const samples = Array.from({ length: height }, (_, y) => [...raw.subarray(y * row + 1, (y + 1) * row)]);
  return { width, height, depth: header[8], type: header[9], palette: chunks.get('PLTE'), samples, names: [...chunks.keys()], end: [...png.subarray(-4)] };
}

describe('the PNG encoder', () => {
  test('writes palette images that decode to the same samples', () => {
    const png = decode(encodePng(Uint8Array.of(0, 1, 2, 2, 1, 0), 3, 2, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)));
    expect(png).toMatchObject({ width: 3, height: 2, depth: 8, type: 3, samples: [[0, 1, 2], [2, 1, 0]], names: ['IHDR', 'PLTE', 'IDAT', 'IEND'] });
    expect([...png.palette!]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('writes colour images, and closes with the check sum that ISO 15948 gives for an empty IEND', () => {
    const png = decode(encodePng(Uint8Array.of(255, 0, 0, 0, 255, 0), 2, 1));
    expect(png).toMatchObject({ width: 2, height: 1, type: 2, samples: [[255, 0, 0, 0, 255, 0]], end: [0xae, 0x42, 0x60, 0x82] });
  });
});

describe('maps', () => {
  const place: MapPlace = { box: { x: 10, y: 20, width: 100, height: 100 }, nx: 2, ny: 2, window: { x0: -0.5, y0: -0.5, side: 2 } };

  test('put the first spaxel at the lower left and the y axis upwards', () => {
    expect(onMap(place, 0, 0)).toEqual([35, 95]);
    expect(onMap(place, 0, 1)).toEqual([35, 45]);
    const group = rasterItems(place, mapLevels([0, 1, NaN, 0], 0, 1), paletteOf(viridis))[1]!;
    if (group.kind !== 'group' || group.items[0]?.kind !== 'image') throw new Error('no image');
    const { samples, width, height, palette } = decode(group.items[0].png);
    expect([samples[0]![0], samples[0]!.at(-1), samples.at(-1)![0], samples.at(-1)!.at(-1)]).toEqual([255, 0, 0, 254]);
    expect([width, height]).toEqual([480, 480]);
    expect(samples[0]!.slice(0, 240).every((index) => index === 255)).toBe(true);
    // The last colour of the palette is the grey of 'no value'.
    expect([...palette!.subarray(-3)]).toEqual([0xdc, 0xdc, 0xdc]);
  });

  test('show the accepted spaxels and the centre, or the whole grid when there are none', () => {
    expect(windowAround(10, 10, [3, 3], (x, y) => x === 5 && y === 5)).toEqual({ x0: 4 - 1.59, y0: 4 - 1.59, side: 3.18 });
    expect(windowAround(10, 10, [3, 3], () => false).side).toBeCloseTo(10.6, 12);
  });

  test('turn the major axis from north through east', () => {
    expect(majorAxis(0, [0, 1], [-1, 0])).toEqual([0, 1]);
    const [x, y] = majorAxis(90, [0, 1], [-1, 0]);
    expect(x).toBeCloseTo(-1, 12);
    expect(y).toBeCloseTo(0, 12);
  });

  test('draw an ellipse through the ends of its major axis', () => {
    const d = ellipsePath(place, { centreX: 0.5, centreY: 0.5, semiMajor: 1, axisRatio: 0.5, direction: [0, 1] });
    expect(d).toBe('M60 20A50 25 -90 0 1 60 120A50 25 -90 0 1 60 20');
  });
});

describe('text', () => {
  test('reads sub- and superscripts and italics', () => {
    expect(parseMarkup('log Σ_{SFR} [kpc^{−2}] *R*')).toMatchObject([
      { text: 'log Σ', level: 0 }, { text: 'SFR', level: -1 }, { text: ' [kpc', level: 0 }, { text: '−2', level: 1 }, { text: '] ', italic: false }, { text: 'R', italic: true },
    ]);
  });

  test('leaves names as they are, and makes them safe', () => {
    const svg = toSvg({ width: 9, height: 9, title: 'a"b', items: [label(1, 2, 'NGC_{1}*<&>', { plain: true })] });
    expect(svg).toContain('>NGC_{1}*&lt;&amp;&gt;</text>');
    expect(svg).toContain('aria-label="a&quot;b"');
  });

  test('returns to the baseline after a subscript', () => {
    const svg = toSvg({ width: 9, height: 9, title: '', items: [label(1, 2, 'a_{b}c', { size: 10 })] });
    expect(svg).toContain('a<tspan dy="1.6" font-size="7">b</tspan><tspan dy="-1.6">c</tspan>');
  });

  test('breaks lines between words, none wider than allowed', () => {
    const lines = wrapText('the star-forming bins span too small a range of radii', 7, 80);
    expect(lines.join(' ')).toBe('the star-forming bins span too small a range of radii');
    for (const line of lines) expect(textWidth(parseMarkup(line), 7)).toBeLessThanOrEqual(80);
  });

  test('widths are those of DejaVu Sans: 10 figures of 1303/2048 em', () => {
    expect(textWidth(parseMarkup('0123456789'), 2048)).toBe(13030);
  });
});

describe('paths', () => {
  test('have three decimals, no exponents, and stop at what is not finite', () => {
    expect(coordinate(1.23456)).toBe('1.235');
    expect(coordinate(-1e-9)).toBe('0');
    expect(polyline([0, 1, NaN, 3, 4], [0, 1, 2, 3, 4])).toBe('M0 0L1 1M3 3L4 4');
  });
});

describe('a histogram', () => {
  test('counts each value once, the upper edge in the last interval', () => {
    expect([...histogram([0, 0.5, 1, 1.5, 2, 3, NaN], Float64Array.of(0, 1, 2))]).toEqual([2, 3]);
  });
});
