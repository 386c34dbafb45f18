import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkReadable, writeStreamed } from '../../src/host/index.js';

const folder = mkdtempSync(join(tmpdir(), 'zgrad-files-'));

it('a file that is written in pieces has its name when it is complete', async () => {
  const path = join(folder, 'deep', 'file');
  await writeStreamed(path, async (sink) => {
    await sink.write(Uint8Array.of(0, 2));
    expect(existsSync(path)).toBe(false);
    await sink.write(Uint8Array.of(3));
    await sink.patch(0, Uint8Array.of(1));
  });
  expect([...readFileSync(path)]).toEqual([1, 2, 3]);
});

it('of a file that could not be written nothing is left, and the error names it', async () => {
  const path = join(folder, 'broken', 'file');
  await expect(writeStreamed(path, async (sink) => {
    await sink.write(Uint8Array.of(1));
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  })).rejects.toMatchObject({ code: 'ENOSPC', path });
  expect(readdirSync(join(folder, 'broken'))).toEqual([]);
});

it('a file that is not there is told of', async () => {
  await expect(checkReadable(join(folder, 'nothing'))).rejects.toMatchObject({ tag: 'FileNotFound' });
  await expect(checkReadable(folder)).resolves.toBeUndefined();
});
