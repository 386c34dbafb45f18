import { describe, expect, it } from 'vitest';
import { measureBootstrap, measureSharperData, measureStellarKinematics, measureStellarPopulations } from '../../validate/stellar.mjs';

const names: 'synthetic'[] = ['synthetic'];
const kinds = [true, false].map((known) => ({ library: 'synthetic' as const, known }));

describe('the recovery of the stars, a thin slice of npm run validate', () => {
  it('velocities and dispersions are unbiased, with errors that fit, where the populations are known', async () => {
    const [known, whole] = await measureStellarKinematics({ pairs: 30, kinds, at: [50], sigmas: [60] });
    for (const group of [known!, whole!]) {
      const [{ velocity, sigma }] = group.points as [(typeof group.points)[number]];
      // 5 % of the errors, which 30 pairs of noises of both signs tell to 2 to 3 %; with all populations to choose from, 10 %.
      const most = group === known ? 0.05 : 0.1;
      expect(Math.abs(velocity.mean)).toBeLessThan(most + 2.5 * velocity.meanError);
      expect(Math.abs(sigma.mean)).toBeLessThan(most + 2.5 * sigma.meanError);
      expect(velocity.meanError).toBeLessThan(0.06);
      // 30 independent noises know a width to 13 %.
      for (const { width } of [velocity, sigma]) {
        expect(width).toBeGreaterThan(0.67);
        expect(width).toBeLessThan(1.33);
      }
    }
  });

  it('dispersions are right where the data are sharper than the templates', async () => {
    for (const { offset, error } of await measureSharperData({ pairs: 10 })) {
      expect(Math.abs(offset.mean)).toBeLessThan(0.1 * error + 3 * offset.meanError);
      expect(offset.meanError).toBeLessThan(0.2 * error);
    }
  });

  it('ages and metallicities of composites come back within the scatter aimed at, where the blue is seen', async () => {
    const [{ age, metallicity }] = await measureStellarPopulations({ names, kinds: [{ name: 'from 3700 Å', range: 'whole', pairs: 20 }] }) as [Awaited<ReturnType<typeof measureStellarPopulations>>[number]];
    expect(Math.abs(age.mean)).toBeLessThan(0.05);
    expect(age.width).toBeLessThan(0.15);
    expect(Math.abs(metallicity.mean)).toBeLessThan(0.05);
    expect(metallicity.width).toBeLessThan(0.12);
  });

  it('the bootstrap and the formal errors are as large as the scatter', async () => {
    const [{ velocity, sigma }] = await measureBootstrap({ count: 20, draws: 12, names }) as [Awaited<ReturnType<typeof measureBootstrap>>[number]];
    for (const { scatter, formal, bootstrap } of [velocity, sigma]) {
      // 20 noises know a scatter to 16 %.
      for (const error of [formal, bootstrap]) {
        expect(error / scatter).toBeGreaterThan(0.6);
        expect(error / scatter).toBeLessThan(1.6);
      }
    }
  });

  it('the same mocks come out whatever the number of processes', async () => {
    expect(await measureSharperData({ pairs: 2, workers: 1 })).toEqual(await measureSharperData({ pairs: 2 }));
  });
});
