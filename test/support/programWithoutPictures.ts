/**
 * Made once before the tests: the built program without the means to draw PNG and PDF, most of a small run's time, in two files instead of five hundred, which take longer to load than
 * many a test to run. Figures become SVG as ever. The pen without ink still refuses what the real one refuses: a coordinate that is no number.
 */
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The program to start; empty where nothing is built. */
    readonly programWithoutPictures: string;
    /** The address of its pipeline as a library. */
    readonly pipelineWithoutPictures: string;
  }
}

const pens: Readonly<Record<string, string>> = {
  pdfkit: `
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
}`,
  '@resvg/resvg-js': `
export class Resvg {
  constructor(svg) { if (/ (?:x|y|cx|cy|d|width|height|points|transform)="[^"]*(?:NaN|Infinity|undefined)/.test(svg)) throw new Error('a coordinate of the figure is no number'); }
  render() { return { asPng: () => new Uint8Array(0) }; }
}`,
  fontkit: 'export const create = () => ({});',
};

export default async function make(project: TestProject): Promise<(() => void) | undefined> {
  if (!existsSync('dist/cli/main.js')) {
    project.provide('programWithoutPictures', '');
    project.provide('pipelineWithoutPictures', '');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zgrad-program-'));
  // All in one folder: the worker's module is looked for beside the code that starts it.
  const bundle = await rolldown({
    input: { 'cli/main': 'dist/cli/main.js', 'cli/worker': 'dist/pipeline/worker.js', 'cli/pipeline': 'dist/pipeline/index.js' }, platform: 'node', external: ['h5wasm'],
    plugins: [{ name: 'pens without ink', resolveId: (id) => (id in pens ? `\0${id}` : null), load: (id) => pens[id.slice(1)] ?? null }],
  });
  await bundle.write({ dir: join(folder, 'dist'), entryFileNames: '[name].js', chunkFileNames: 'cli/[name].js' });
  for (const name of ['bin', 'package.json']) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  project.provide('programWithoutPictures', join(folder, 'bin/zgrad.js'));
  project.provide('pipelineWithoutPictures', pathToFileURL(join(folder, 'dist/cli/pipeline.js')).href);
  return () => rmSync(folder, { recursive: true });
}
