import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type FontName = 'regular' | 'bold' | 'oblique';

/** The font files that figures are set in; they come with the package, so that every machine draws the same. */
export function fontFiles(): Readonly<Record<FontName, string>> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return { regular: join(folder, 'DejaVuSans.ttf'), bold: join(folder, 'DejaVuSans-Bold.ttf'), oblique: join(folder, 'DejaVuSans-Oblique.ttf') };
}

let opened: Promise<ReadonlyMap<string, PDFKit.Mixins.PDFFontSource>> | null = null;

/** The same fonts as pdfkit takes them, opened once: to take them apart for every document anew takes longer than to draw it. */
export function openFonts(): NonNullable<typeof opened> {
  opened ??= import('fontkit').then(({ create }) => new Map(Object.entries(fontFiles()).map(([name, file]) => {
    // pdfkit accepts opened fonts from version 0.20 on, which its types do not say yet.
    return [name, create(readFileSync(file)) as PDFKit.Mixins.PDFFontSource & object];
  })));
  return opened;
}
