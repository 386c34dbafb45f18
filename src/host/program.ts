import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that this program runs from: `dist` of an installation, `src` under a test runner. */
const root = fileURLToPath(new URL('..', import.meta.url));

let digest: string | null = null;

/** SHA-256 of the program's own files: results of another build are never taken for those of this one. */
export function programDigest(): string {
  if (digest === null) {
    const hash = createHash('sha256').update(process.version);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:js|ts)$/.test(name) && !name.endsWith('.d.ts')).sort();
    for (const name of files) hash.update(name).update(readFileSync(join(root, name)));
    digest = hash.digest('hex');
  }
  return digest;
}
