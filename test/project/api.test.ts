import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, { default: string }> };

/** The names that a room's face exports, types marked. */
function publicNames(face: string): string[] {
  const source = readFileSync(face, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const names: string[] = [];
  for (const [, type, list] of source.matchAll(/export (type )?\{([^}]*)\}/g)) {
    for (const part of list!.split(',').map((one) => one.trim()).filter(Boolean)) {
      const isType = Boolean(type) || part.startsWith('type ');
      names.push(`${isType ? 'type ' : ''}${part.replace(/^type /, '').replace(/^.* as /, '')}`);
    }
  }
  expect(source, `${face} names what it exports`).not.toMatch(/export \*/);
  return names.sort();
}

describe('the public API', () => {
  for (const [entry, { default: file }] of Object.entries(entries)) {
    it(`of zgrad${entry.slice(1)} changes only knowingly`, () => {
      const face = file.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      expect(publicNames(face)).toMatchSnapshot();
    });
  }
});
