/**
 * Preloaded (`node --import`) where pictures are not the subject: figures become SVG as ever, but nobody draws their PNG and PDF, which is most of a small run's time.
 * The pen without ink still refuses what the real one refuses: a coordinate that is no number.
 */
import { register } from 'node:module';

const pdf = `
const check = (name, values) => {
  for (const value of values) {
    if (typeof value === 'number' ? !Number.isFinite(value) : name === 'path' && /NaN|Infinity|undefined/.test(value)) throw new Error('unsupported number in ' + name + ': ' + values);
  }
};
export default class {
  constructor() {
    const proxy = new Proxy(this, { get: (own, name) => own[name] ?? ((...values) => (check(name, values), proxy)) });
    return proxy;
  }
  widthOfString() { return 1; }
  on(event, act) { if (event === 'end') this.ended = act; return this; }
  end() { this.ended(); }
}`;
const png = `
export class Resvg {
  constructor(svg) { if (/ (?:x|y|cx|cy|d|width|height|points|transform)="[^"]*(?:NaN|Infinity|undefined)/.test(svg)) throw new Error('a coordinate of the figure is no number'); }
  render() { return { asPng: () => new Uint8Array(0) }; }
}`;
const fonts = 'export const create = () => ({});';
const hooks = `
const stubs = ${JSON.stringify({ pdfkit: pdf, fontkit: fonts, '@resvg/resvg-js': png })};
export const resolve = (name, context, next) => (name in stubs ? { url: 'data:text/javascript,' + encodeURIComponent(stubs[name]), shortCircuit: true } : next(name, context));`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
