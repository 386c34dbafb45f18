import { base64 } from './base64.js';
import { scriptShift, scriptSize } from './markup.js';
import { coordinate, type DotsItem, type Item, type PathItem, type Run, type Scene, type TextItem } from './scene.js';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe for XML and HTML, in content and in attributes; control characters, which XML forbids, are dropped. */
export const escapeText = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"']/g, (character) => escapes[character]!);

/**
 * The scene as SVG text. The same scene gives the same text: coordinates have three decimals, colours are explicit,
 * and there are no identifiers, so that several figures can stand in one page.
 */
export function toSvg(scene: Scene): string {
  const { width, height } = scene;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${coordinate(width)}pt" height="${coordinate(height)}pt" `
    + `viewBox="0 0 ${coordinate(width)} ${coordinate(height)}" font-family="DejaVu Sans, Verdana, sans-serif" role="img" `
    + `aria-label="${escapeText(scene.title)}">\n<rect width="100%" height="100%" fill="#ffffff"/>\n${draw(scene.items)}</svg>\n`;
}

const draw = (items: readonly Item[]): string => items.map(drawItem).join('');

function drawItem(item: Item): string {
  switch (item.kind) {
    case 'path': return drawPath(item);
    case 'dots': return drawDots(item);
    case 'text': return drawText(item);
    case 'image': {
      const { x, y, width, height } = item.box;
      return `<image x="${coordinate(x)}" y="${coordinate(y)}" width="${coordinate(width)}" height="${coordinate(height)}" `
        + `preserveAspectRatio="none" href="data:image/png;base64,${base64(item.png)}"/>\n`;
    }
    case 'group': {
      const { x, y, width, height } = item.clip;
      const box = [x, y, width, height].map(coordinate);
      // A nested svg cuts at its edges without needing an identifier.
      return `<svg x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" viewBox="${box.join(' ')}">\n${draw(item.items)}</svg>\n`;
    }
  }
}

function drawPath(item: PathItem): string {
  if (!item.d) return '';
  const stroke = item.stroke
    ? ` stroke="${item.stroke}" stroke-width="${coordinate(item.strokeWidth)}" stroke-linejoin="round"`
      + (item.dash ? ` stroke-dasharray="${item.dash.map(coordinate).join(' ')}"` : '')
    : '';
  // On the paint alone where that is the same: a layer for the whole element can be too large for renderers.
  const property = item.fill && item.stroke ? 'opacity' : item.fill ? 'fill-opacity' : 'stroke-opacity';
  const opacity = item.opacity < 1 ? ` ${property}="${coordinate(item.opacity)}"` : '';
  const end = item.name === null ? '/>' : `><title>${escapeText(item.name)}</title></path>`;
  return `<path d="${item.d}" fill="${item.fill ?? 'none'}"${stroke}${opacity}${end}\n`;
}

function drawDots({ x, y, radius, fill, outline }: DotsItem): string {
  if (!x.length) return '';
  if (!outline) return manyDots(x, y, radius, fill);
  const r = coordinate(radius);
  const circles = x.map((_, i) => {
    const own = typeof fill === 'string' ? '' : ` fill="${fill[i]!}"`;
    return `<circle cx="${coordinate(x[i]!)}" cy="${coordinate(y[i]!)}" r="${r}"${own}/>`;
  });
  return `<g${typeof fill === 'string' ? ` fill="${fill}"` : ''} stroke="${outline}" stroke-width="0.4">${circles.join('')}</g>\n`;
}

/** Dots without a rim, in few bytes: one path per colour, whose round caps are the discs. */
function manyDots(x: readonly number[], y: readonly number[], radius: number, fill: string | readonly string[]): string {
  const byColour = new Map<string, string>();
  for (let i = 0; i < x.length; i++) {
    const colour = typeof fill === 'string' ? fill : fill[i]!;
    byColour.set(colour, `${byColour.get(colour) ?? ''}M${coordinate(x[i]!)} ${coordinate(y[i]!)}h.01`);
  }
  const paths = [...byColour].map(([colour, d]) => `<path d="${d}" stroke="${colour}"/>`);
  return `<g fill="none" stroke-linecap="round" stroke-width="${coordinate(2 * radius)}">${paths.join('')}</g>\n`;
}

function drawText(item: TextItem): string {
  const { x, y, size, anchor, rotate, halo } = item;
  const turn = rotate ? ` transform="rotate(${coordinate(rotate)} ${coordinate(x)} ${coordinate(y)})"` : '';
  const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const rim = halo
    ? ` stroke="${halo}" stroke-width="${coordinate(size * 0.28)}" stroke-linejoin="round" paint-order="stroke"` : '';
  return `<text x="${coordinate(x)}" y="${coordinate(y)}" font-size="${coordinate(size)}" fill="${item.colour}"${place}${rim}${turn}>`
    + `${spans(item.runs, size)}</text>\n`;
}

function spans(runs: readonly Run[], size: number): string {
  let shift = 0;
  return runs.map((run) => {
    const wanted = run.level > 0 ? -scriptShift.up * size : run.level < 0 ? scriptShift.down * size : 0;
    const style = (wanted === shift ? '' : ` dy="${coordinate(wanted - shift)}"`)
      + (run.level ? ` font-size="${coordinate(size * scriptSize)}"` : '')
      + (run.italic ? ' font-style="italic"' : '') + (run.bold ? ' font-weight="bold"' : '');
    shift = wanted;
    return style ? `<tspan${style}>${escapeText(run.text)}</tspan>` : escapeText(run.text);
  }).join('');
}
