import { scriptShift, scriptSize, type Item, type Run, type Scene, type TextItem } from '../figures/index.js';
import { openFonts } from './fonts.js';

type Document = PDFKit.PDFDocument;

/**
 * A scene as a one-page PDF: vectors and text with DejaVu Sans embedded, maps as images. The same scene gives the same bytes.
 */
export async function sceneToPdf(scene: Scene): Promise<Uint8Array> {
  const [{ default: PDFDocument }, fonts] = await Promise.all([import('pdfkit'), openFonts()]);
  const document = new PDFDocument({
    size: [scene.width, scene.height], margin: 0, font: fonts.get('regular') as string,
    // A fixed date: the file's identifier is made of it, and the same figure must be the same file.
    info: { Title: scene.title, Creator: 'zgrad', Producer: 'zgrad', CreationDate: new Date(0) },
  });
  const pieces: Uint8Array[] = [];
  const written = new Promise<void>((resolve, reject) => {
    document.on('data', (piece: Uint8Array) => pieces.push(piece));
    document.on('end', () => resolve());
    document.on('error', reject);
  });
  for (const [name, font] of fonts) document.registerFont(name, font);
  drawItems(document, scene.items);
  document.end();
  await written;
  return Uint8Array.from(Buffer.concat(pieces));
}

function drawItems(document: Document, items: readonly Item[]): void {
  for (const item of items) {
    document.save();
    draw(document, item);
    document.restore();
  }
}

function draw(document: Document, item: Item): void {
  switch (item.kind) {
    case 'path': {
      if (!item.d) return;
      document.path(item.d).lineWidth(item.strokeWidth).lineJoin('round').opacity(item.opacity);
      if (item.dash) document.dash(item.dash[0]!, { space: item.dash[1] ?? item.dash[0]! });
      if (item.fill && item.stroke) document.fillAndStroke(item.fill, item.stroke);
      else if (item.fill) document.fill(item.fill);
      else if (item.stroke) document.stroke(item.stroke);
      return;
    }
    case 'dots':
      document.lineWidth(0.4);
      item.x.forEach((x, i) => {
        document.circle(x, item.y[i]!, item.radius);
        const fill = typeof item.fill === 'string' ? item.fill : item.fill[i]!;
        if (item.outline) document.fillAndStroke(fill, item.outline);
        else document.fill(fill);
      });
      return;
    case 'image':
      document.image(Buffer.from(item.png), item.box.x, item.box.y, { width: item.box.width, height: item.box.height });
      return;
    case 'group':
      document.rect(item.clip.x, item.clip.y, item.clip.width, item.clip.height).clip();
      drawItems(document, item.items);
      return;
    case 'text':
      drawText(document, item);
  }
}

function drawText(document: Document, item: TextItem): void {
  const { x, y, size, anchor, rotate, halo, colour, runs } = item;
  const sizeOf = (run: Run) => (run.level ? size * scriptSize : size);
  const widths = runs.map((run) => select(document, run, sizeOf(run)).widthOfString(run.text));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  if (rotate) document.rotate(rotate, { origin: [x, y] });
  const start = x - (anchor === 'middle' ? whole / 2 : anchor === 'end' ? whole : 0);
  const write = (options: { stroke: boolean; fill: boolean }) => {
    let at = start;
    runs.forEach((run, i) => {
      const shift = run.level > 0 ? -scriptShift.up * size : run.level < 0 ? scriptShift.down * size : 0;
      select(document, run, sizeOf(run)).text(run.text, at, y + shift, { lineBreak: false, baseline: 'alphabetic', ...options });
      at += widths[i]!;
    });
  };
  if (halo) {
    document.lineWidth(size * 0.28).lineJoin('round').strokeColor(halo);
    write({ stroke: true, fill: false });
  }
  document.fillColor(colour);
  write({ stroke: false, fill: true });
}

const select = (document: Document, run: Run, size: number): Document =>
  document.font(run.bold ? 'bold' : run.italic ? 'oblique' : 'regular').fontSize(size);
