import { fontFiles } from './fonts.js';

/**
 * A figure's SVG as a PNG, `width` pixels wide. Only the fonts of the package are used, so that the picture does not depend on
 * the machine. The renderer is loaded when first asked for.
 */
export async function svgToPng(svg: string, width: number): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const rendered = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: false, fontFiles: Object.values(fontFiles()), defaultFontFamily: 'DejaVu Sans' },
  }).render();
  return rendered.asPng();
}
