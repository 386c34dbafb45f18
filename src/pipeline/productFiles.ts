import { join } from 'node:path';
import { toSvg, type Scene } from '../figures/index.js';
import { sceneToPdf, svgToPng, writeAtomically, writeStreamed } from '../host/index.js';
import { ecsvBlocks, type Table } from '../table/index.js';

/** A product that takes long to put into a file's form. */
export type ProductFile = { readonly kind: 'figure'; readonly name: string; readonly scene: Scene } | { readonly kind: 'table'; readonly name: string; readonly table: Table };

/** Pixels of a picture per unit of its figure: sharp on a screen and in print at column width. */
const pngScale = 3;

/** Writes products into a folder: tables as ECSV, figures as SVG, PNG and PDF. */
export function makeProductWork(folder: string): (product: ProductFile) => Promise<void> {
  return async (product) => {
    const path = join(folder, product.name);
    if (product.kind === 'table') {
      await writeStreamed(path, async (sink) => {
        const encoder = new TextEncoder();
        for (const block of ecsvBlocks(product.table)) await sink.write(encoder.encode(block));
      });
      return;
    }
    const { scene } = product;
    const svg = toSvg(scene);
    await writeAtomically(`${path}.svg`, svg);
    await writeAtomically(`${path}.png`, await svgToPng(svg, Math.round(pngScale * scene.width)));
    await writeAtomically(`${path}.pdf`, await sceneToPdf(scene));
  };
}
