import { expect, it } from 'vitest';
import { measureKills } from '../../validate/kills.mjs';

it('runs killed at random moments and resumed leave the products of an undisturbed run: a thin slice of npm run validate', async () => {
  const { kills, runs, different, rows } = await measureKills({ kills: 6 });
  expect(kills).toBe(6);
  expect(runs).toBeGreaterThan(1);
  expect(rows.reduce((sum, row) => sum + row.kills, 0)).toBe(6);
  expect(different).toEqual([]);
}, 300_000);
