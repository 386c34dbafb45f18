#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  process.stderr.write('zgrad: found no built program; expected dist/. Run `npm run build` (or `npm start`) in the checkout first.\n');
  process.exitCode = 1;
}
