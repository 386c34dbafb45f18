import { beforeAll, describe, expect, it } from 'vitest';
import { measureRecovery, recoverySettings } from '../../validate/recovery.mjs';

/** A thin slice of the recovery curves: 300 mocks a point instead of 2000. */
const settings = recoverySettings.filter(({ name }) => ['Hα alone, kinematics fixed', 'Hα alone, 20 km/s', 'Hα alone, 45 km/s', 'Hβ, absorption wrong by its error, kinematics fixed'].includes(name));

describe('the recovery of one line, a thin slice', () => {
  let rows: Awaited<ReturnType<typeof measureRecovery>>;
  beforeAll(async () => { rows = await measureRecovery({ count: 300, settings, signals: [3, 7, 10, 20] }); });
  const points = (free: boolean, least: number) => rows.filter((row) => row.free === free && row.signal >= least);

  it('gives fluxes with right errors: from S/N 3 at fixed kinematics, from 10 at free ones', () => {
    for (const row of [...points(false, 3), ...points(true, 10)]) {
      // Three times the chance scatter of 300 pulls, 0.041 for the width and 0.07 for the median.
      expect(Math.abs(row.flux!.width - 1), `${row.setting}, S/N ${row.signal}`).toBeLessThan(0.14);
      expect(Math.abs(row.flux!.median), `${row.setting}, S/N ${row.signal}`).toBeLessThan(0.22);
    }
  });

  it('gives equivalent widths, velocities and dispersions with right errors', () => {
    for (const row of points(false, 3)) if (row.ew) expect(Math.abs(row.ew.width - 1)).toBeLessThan(0.14);
    for (const row of points(true, 7)) {
      expect(Math.abs(row.velocity!.width - 1), `${row.setting}, S/N ${row.signal}`).toBeLessThan(0.2);
      if (row.signal >= 20) expect(Math.abs(row.dispersion!.width - 1), `${row.setting}, S/N ${row.signal}`).toBeLessThan(0.2);
    }
  });

  it('gives fluxes that are less biased than those of a plain fit at low S/N', () => {
    for (const row of points(true, 7).filter(({ signal }) => signal <= 10)) {
      // The mean of 300 with errors of 12 to 18 %: known to 1 %.
      expect(Math.abs(row.bias!.mean), `${row.setting}, S/N ${row.signal}`).toBeLessThan(0.03);
    }
    const narrow = rows.find(({ setting, signal }) => setting === 'Hα alone, 20 km/s' && signal === 7)!;
    expect(narrow.plain!.mean).toBeGreaterThan(narrow.bias!.mean + 0.025);
  });

  it('gives the same numbers whatever the number of processes', async () => {
    const one = await measureRecovery({ count: 50, settings: settings.slice(0, 1), signals: [5], workers: 1 });
    expect(one).toEqual(await measureRecovery({ count: 50, settings: settings.slice(0, 1), signals: [5], workers: 2 }));
  });
});
