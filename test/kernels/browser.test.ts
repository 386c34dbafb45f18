import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as room from '../../src/kernels/index.js';
import { temporaryFolder } from '../support/cli.js';
import { describeChromium } from '../support/shared.js';
import { runKernels } from './browser/program.mjs';

const folder = temporaryFolder('chromium');

/** Runs the kernels in the page and in a worker of it, and sends home what they gave. */
const page = `<!doctype html><script type="module">
import * as room from '/dist/kernels/index.js';
import { runKernels } from '/program.mjs';
const send = (results) => fetch('/results', { method: 'POST', body: JSON.stringify(results) });
try {
  const own = runKernels(room);
  const worker = new Worker('/worker.mjs', { type: 'module' });
  worker.onmessage = ({ data }) => send({ page: own, worker: data });
  worker.onerror = ({ message }) => send({ error: 'in the worker: ' + message });
} catch (error) {
  send({ error: String(error) });
}
</script>`;
const worker = `import * as room from '/dist/kernels/index.js'; import { runKernels } from '/program.mjs'; postMessage(runKernels(room));`;

type Outcomes = ReturnType<typeof runKernels>;

/** What a headless chromium makes of the built kernels. */
async function inBrowser(): Promise<{ page: Outcomes; worker: Outcomes }> {
  let arrived: (body: string) => void;
  let failed: (cause: Error) => void;
  const results = new Promise<string>((resolve, reject) => { [arrived, failed] = [resolve, reject]; });
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (part: Buffer) => { body += part.toString(); }).on('end', () => {
        response.end();
        arrived(body);
      });
      return;
    }
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(page);
    const script = path === '/worker.mjs' ? worker : path === '/program.mjs' ? readFileSync('test/kernels/browser/program.mjs') : /^\/dist\/[\w/.]+\.js$/.test(path) ? readFileSync(path.slice(1)) : null;
    response.writeHead(script === null ? 404 : 200, { 'content-type': 'text/javascript' }).end(script);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  // As root, as in a container, chromium wants no sandbox.
  const browser = spawn('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${join(folder, 'profile')}`, `http://127.0.0.1:${port}/`], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => { browser.on('close', () => resolve()); });
  browser.on('error', (cause) => failed(cause)).on('exit', (code) => failed(new Error(`chromium ended with ${code} before it answered`)));
  try {
    const found = JSON.parse(await results) as { page: Outcomes; worker: Outcomes } | { error: string };
    if ('error' in found) throw new Error(found.error);
    return found;
  } finally {
    browser.kill();
    await gone;
    server.close();
  }
}

describe('every kernel in Node', () => {
  it('is within 1e-12 of its plain twin', () => {
    // Rounding times the condition of 12 random columns, below 100.
    for (const { name, apart } of runKernels(room)) expect(apart, name).toBeLessThan(1e-12);
  });
});

describeChromium('every kernel in a browser', () => {
  let found: Awaited<ReturnType<typeof inBrowser>>;
  beforeAll(async () => { found = await inBrowser(); });

  it.each(['page', 'worker'] as const)('gives in a %s what it gives in Node, bit for bit where the platform\'s cosine has no part', (place) => {
    // As the results of the browser travelled: JSON knows no −0.
    const own = JSON.parse(JSON.stringify(runKernels(room))) as Outcomes;
    expect(found[place].map(({ name }) => name)).toEqual(own.map(({ name }) => name));
    found[place].forEach(({ name, values, apart }, i) => {
      expect(apart, name).toBeLessThan(1e-12);
      // The roots of the Fourier transforms come from Math.cos, whose last digit is the engine's own.
      if (name === 'transforms') values.forEach((value, k) => expect(Math.abs(value - own[i]!.values[k]!)).toBeLessThan(1e-13));
      else expect(values, name).toEqual(own[i]!.values);
    });
  });
});
