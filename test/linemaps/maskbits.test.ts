import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitNames, describeBits, maskBitMeanings, maskBits, type MaskBitName } from '../../src/linemaps/index.js';

const names = Object.keys(maskBits) as MaskBitName[];

describe('mask bits', () => {
  it('keeps the bits of the MaNGA DAP and puts its own between 11 and 29', () => {
    const { NOCOV, LOWCOV, DEADFIBER, FORESTAR, NOVALUE, UNRELIABLE, MATHERROR, FITFAILED, NEARBOUND, NOCORRECTION, MULTICOMP, DONOTUSE, ...own } = maskBits;
    expect([NOCOV, LOWCOV, DEADFIBER, FORESTAR, NOVALUE, UNRELIABLE, MATHERROR, FITFAILED, NEARBOUND, NOCORRECTION, MULTICOMP, DONOTUSE])
      .toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30]);
    for (const bit of Object.values(own)) expect(bit).toBeGreaterThan(10);
    for (const bit of Object.values(own)) expect(bit).toBeLessThan(30);
    expect(new Set(Object.values(maskBits)).size).toBe(names.length);
  });

  it('has one sentence for each bit', () => {
    for (const name of names) expect(maskBitMeanings[name]).toMatch(/^[A-Z][^]*\.$/);
    expect(Object.keys(maskBitMeanings)).toEqual(names);
  });

  it('describes any status by the sentences of its bits', () => {
    fc.assert(fc.property(fc.subarray(names), (chosen) => {
      const status = chosen.reduce((all, name) => all | (1 << maskBits[name]), 0);
      expect(bitNames(status)).toEqual(chosen);
      expect(describeBits(status)).toEqual(chosen.map((name) => maskBitMeanings[name]));
    }));
  });

  it('has nothing to say of 0 and says that a bit is unknown', () => {
    expect(describeBits(0)).toEqual([]);
    expect(describeBits(1 << 25)).toEqual(['Bits without a known meaning are set (33554432).']);
  });
});
