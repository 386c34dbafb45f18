import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStageCache, type StageCache } from '../../src/pipeline/stageCache.js';

describe('the cache of stages', () => {
  const told: string[] = [];
  const cacheIn = (folder: string, program = 'p'): StageCache => createStageCache(folder, program, (text) => told.push(text));
  const folder = (): string => mkdtempSync(join(tmpdir(), 'zgrad-cache-'));
  const value = { list: Float64Array.of(1, Number.NaN, -0), map: new Map([['Ha', Int32Array.of(3)]]), nothing: null };

  it('names a result after all that it depends on', () => {
    const cache = cacheIn(folder());
    const key = cache.key('lines', 'abc', { tie: 'all' });
    expect(cache.key('lines', 'abc', { tie: 'all' })).toBe(key);
    for (const other of [cache.key('lines', 'abd', { tie: 'all' }), cache.key('lines', 'abc', { tie: 'each' }), cache.key('stars', 'abc', { tie: 'all' }), cacheIn(folder(), 'q').key('lines', 'abc', { tie: 'all' })]) {
      expect(other).not.toBe(key);
    }
  });

  it('gives back what was stored and does no work for it', async () => {
    const path = folder();
    await cacheIn(path).write('a', value);
    const again = await cacheIn(path).stage('a', () => { throw new Error('worked'); });
    expect(again).toEqual(value);
    expect(await cacheIn(path).read('b')).toBeNull();
  });

  it('tells of a damaged or truncated result and makes it anew', async () => {
    const path = folder();
    await cacheIn(path).write('a', value);
    const file = join(path, 'a');
    const bytes = readFileSync(file);
    for (const damaged of [bytes.subarray(0, bytes.length - 1), bytes.subarray(0, 10), Buffer.alloc(0), Buffer.from(bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte)))]) {
      writeFileSync(file, damaged);
      told.length = 0;
      expect(await cacheIn(path).stage('a', () => 5)).toBe(5);
      expect(told.join()).toContain('damaged');
    }
  });

  it('removes what a run has not used, and what a killed one left half-written', async () => {
    const path = folder();
    await cacheIn(path).write('stars-old', 1);
    const next = cacheIn(path);
    await next.write('stars-new', 2);
    writeFileSync(join(path, 'stars-half.0.part'), 'half');
    // The file that says whose stages they are is none of them.
    writeFileSync(join(path, 'galaxy.json'), '{}');
    await next.prune();
    expect(readdirSync(path).sort()).toEqual(['galaxy.json', 'stars-new']);
  });
});
