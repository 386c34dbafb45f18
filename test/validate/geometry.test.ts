import { expect, it } from 'vitest';
import { measureGeometryPulls } from '../../validate/geometry.mjs';

it('geometries of simulated galaxies are right within their errors, or flagged: a thin slice of npm run validate', async () => {
  const { table, good, rows } = await measureGeometryPulls({ count: 24, first: 5001 });
  expect(good).toBeGreaterThan(12);
  for (const { parameter, width, mean } of table) {
    // Some 17 galaxies tell a width to 17 % and a mean to 0.25.
    expect(width, parameter).toBeGreaterThan(0.4);
    expect(width, parameter).toBeLessThan(1.9);
    expect(Math.abs(mean), parameter).toBeLessThan(0.9);
  }
  for (const row of rows.filter(({ flagged }) => !flagged)) {
    for (const pull of Object.values(row.pulls!) as number[]) expect(Math.abs(pull), `galaxy ${row.seed}`).toBeLessThan(7);
  }
});
