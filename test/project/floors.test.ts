import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { floors } from '../../scripts/floors.mjs';

const house = mkdtempSync(join(tmpdir(), 'zgrad-floors-'));
cpSync('.oxlintrc.json', join(house, '.oxlintrc.json'));
afterAll(() => rmSync(house, { recursive: true }));

/** What the lint says of one file of a room, beside the files that it imports. */
function lint(room: string, text: string, others: Record<string, string> = {}): string {
  rmSync(join(house, 'src'), { recursive: true, force: true });
  for (const [path, content] of Object.entries({ [`src/${room}/probe.ts`]: text, ...others })) {
    mkdirSync(join(house, path, '..'), { recursive: true });
    writeFileSync(join(house, path), content);
  }
  const oxlint = resolve('node_modules/oxlint/bin/oxlint');
  const done = spawnSync(process.execPath, [oxlint, '--deny-warnings', 'src'], { cwd: house, encoding: 'utf8' });
  return done.status === 0 ? 'clean' : done.stdout;
}

describe('the rules of the house', () => {
  it('accept an import from below through the face of a room', () => {
    expect(lint('sky', "import { Header } from '../fits/index.js';\nexport const a = Header;\n")).toBe('clean');
  });

  it('refuse an import from a floor above', () => {
    expect(lint('units', "import { parseWcs } from '../sky/index.js';\nexport const a = parseWcs;\n")).toContain('floor above');
  });

  it('refuse an import past the face of a room', () => {
    expect(lint('sky', "import { Header } from '../fits/header.js';\nexport const a = Header;\n")).toContain('through its face');
  });

  it('refuse Node in the pure floors and allow it above', () => {
    expect(lint('cube', "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n")).toContain('no Node here');
    expect(lint('disk', 'export const a = process.argv;\n')).toContain('process');
    expect(lint('disk', 'export const a = document.title;\n')).toContain('document');
    expect(lint('host', "import { readFileSync } from 'node:fs';\nexport const a = [readFileSync, process.argv];\n")).toBe('clean');
  });

  it('refuse circles, also circles of types', () => {
    const other = { 'src/disk/other.ts': "import type { A } from './probe.js';\nexport interface B { a: A }\n" };
    expect(lint('disk', "import type { B } from './other.js';\nexport interface A { b: B }\n", other)).toContain('no-cycle');
  });

  it('know every room that stands in src', () => {
    const rooms = readdirSync('src').filter((name) => statSync(join('src', name)).isDirectory());
    expect(floors.flat().sort()).toEqual(rooms.sort());
  });
});
