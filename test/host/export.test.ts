import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { galaxyFigure, toSvg } from '../../src/figures/index.js';
import { label } from '../../src/figures/markup.js';
import { sceneToPdf } from '../../src/host/pdf.js';
import { svgToPng } from '../../src/host/png.js';
import { emptyGalaxy, mockGalaxy } from '../figures/mock.js';

/** Width, height and how many of the pixels are dark, from an RGBA PNG. */
function darkPixels(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const data: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    if (new TextDecoder().decode(png.subarray(at + 4, at + 8)) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = 4 * width;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const left = i >= 4 ? rows[y * stride + i - 4]! : 0;
      const above = y > 0 ? rows[(y - 1) * stride + i]! : 0;
      const corner = i >= 4 && y > 0 ? rows[(y - 1) * stride + i - 4]! : 0;
      const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
      const predicted = [0, left, above, (left + above) >> 1, a <= b && a <= c ? left : b <= c ? above : corner][filter]!;
      rows[y * stride + i] = raw[y * (stride + 1) + 1 + i]! + predicted;
    }
  }
  let dark = 0;
  for (let i = 0; i < rows.length; i += 4) if (rows[i]! < 128) dark += 1;
  return { width, height, dark };
}

describe('PNG export', () => {
  test('has the asked width, the height of the figure, and letters drawn without the fonts of the system', async () => {
    const scene = { width: 60, height: 20, title: '', items: [label(3, 14, 'Hα Σ ☉', { size: 12 })] };
    const { width, height, dark } = darkPixels(await svgToPng(toSvg(scene), 300));
    expect([width, height]).toEqual([300, 100]);
    // Six letters of about 45 × 60 pixels: some hundred dark ones each.
    expect(dark).toBeGreaterThan(1200);
    expect(dark).toBeLessThan(9000);
  });

  test('draws the figure of a galaxy, twice the same', async () => {
    const svg = toSvg(galaxyFigure(mockGalaxy()));
    const png = await svgToPng(svg, 1020);
    expect(darkPixels(png)).toMatchObject({ width: 1020, height: 794 });
    expect(Buffer.compare(Buffer.from(png), Buffer.from(await svgToPng(svg, 1020)))).toBe(0);
  });
});

describe('PDF export', () => {
  test.each([['a galaxy', mockGalaxy], ['an empty one', emptyGalaxy]])('of the figure of %s is a PDF of one page of the right size with DejaVu embedded, twice the same', async (_, galaxy) => {
    const pdf = Buffer.from(await sceneToPdf(galaxyFigure(galaxy())));
    const text = pdf.toString('latin1');
    expect(text.startsWith('%PDF-1.')).toBe(true);
    expect(text.trimEnd().endsWith('%%EOF')).toBe(true);
    expect(text).toMatch(/\/MediaBox \[0 0 510 397\]/);
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
    for (const font of ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSans-Oblique']) expect(text).toMatch(new RegExp(`\\+${font}\\b`));
    expect(text).toContain('/FontFile2');
    expect(text).toContain('(D:19700101000000Z)');
    expect(Buffer.compare(pdf, Buffer.from(await sceneToPdf(galaxyFigure(galaxy()))))).toBe(0);
  });
});
