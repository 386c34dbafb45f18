import { beforeAll, describe, expect, it } from 'vitest';
import { judgeSamples, measureSamples, samplesSection } from '../../validate/sample.mjs';

describe('simulated samples through the room of samples, a thin slice', () => {
  let slice: Awaited<ReturnType<typeof measureSamples>>;
  beforeAll(async () => { slice = await measureSamples({ samples: 20, draws: 40 }); }, 120_000);

  it('finds γ, and seldom anything where nothing is once false discoveries are controlled', () => {
    expect(slice.gamma.median).toBeGreaterThan(0.7);
    expect(slice.gamma.median).toBeLessThan(1.6);
    expect(slice.gamma.scanIsClosedForm).toBe(100);
    // 5 % of 20 samples, and four times its chance scatter.
    expect(slice.nothing.anyQ).toBeLessThan(25);
    expect(slice.nothing.anyP).toBeGreaterThan(slice.nothing.anyQ);
  });

  it('flags the densities that the end of a survey changes, and none where it does not end', () => {
    expect(slice.edges.changedFlagged).toBeGreaterThan(95);
    expect(slice.edges.wholeFlagged).toBeLessThan(1);
  });

  it('has targets and a section of the report', () => {
    expect(judgeSamples(slice).map(({ name }) => name).length).toBe(4);
    expect(samplesSection(slice)).toContain('## Relations of simulated samples');
  });
});
