import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The font files that figures are set in; they come with the package, so that every machine draws the same. */
export function fontFiles(): { readonly regular: string; readonly bold: string; readonly oblique: string } {
  const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return { regular: join(folder, 'DejaVuSans.ttf'), bold: join(folder, 'DejaVuSans-Bold.ttf'), oblique: join(folder, 'DejaVuSans-Oblique.ttf') };
}
