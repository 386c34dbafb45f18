import { describe, expect, it } from 'vitest';
import { calibrateProbability, confusionTable, fieldKinds, measureField, reliability, simulateField } from '../../validate/kinematics.mjs';

describe('classes of simulated velocity fields (a thin slice of the validation)', () => {
  const rows = Array.from({ length: 50 }, (_, i) => measureField({ seed: 4001 + i, kind: i % 2 ? fieldKinds[1 + ((i >> 1) % 5)]! : 'rotator', bins: 150 }));

  it('are right for at least 44 of 50', () => {
    // Of 1000 fields 99 are right of 100; 44 leaves that as good as no chance to fail.
    const right = confusionTable(rows).reduce((sum, { kind, regular, irregular }) => sum + (kind === 'rotator' ? regular : irregular), 0);
    expect(right).toBeGreaterThanOrEqual(44);
    expect(reliability(rows).reduce((sum, { count }) => sum + count, 0)).toBe(50);
  });

  it('come from seeds alone', () => {
    expect(simulateField({ seed: 7, kind: 'outflow', bins: 60 })).toEqual(simulateField({ seed: 7, kind: 'outflow', bins: 60 }));
    expect(simulateField({ seed: 8, kind: 'outflow', bins: 60 }).field).not.toEqual(simulateField({ seed: 7, kind: 'outflow', bins: 60 }).field);
  });

  it('give a regression that parts them', () => {
    const found = calibrateProbability(rows, 1);
    expect(found['turning']).toBeGreaterThan(0);
    expect(found['misalignment']).toBeLessThan(0);
  });
});
