import { describe, expect, it } from 'vitest';
import {
  bptClasses, classifyBpt, classifyOi, classifySii, classifyWhad, classifyWhan, demarcation, excitationClasses, kauffmann03, kewley01,
  kewley01Oi, kewley01Sii, seyfertBorder, seyfertLinerNii, seyfertLinerOi, seyfertLinerSii, whadClasses, whanClasses,
} from '../../src/nebula/index.js';
import { describeShared } from '../support/shared.js';
import { checkValues } from './check.js';

const bpt = (n2: number, o3: number) => classifyBpt({ Ha: 1, NII6583: 10 ** n2, Hb: 1, OIII5007: 10 ** o3 });

describe('classifyBpt', () => {
  it('puts points between and beside the curves in their classes', () => {
    expect(bpt(-0.5, 0.19)).toBe(bptClasses.starForming);
    expect(bpt(-0.5, 0.20)).toBe(bptClasses.composite);
    expect(bpt(-0.5, 0.55)).toBe(bptClasses.composite);
    expect(bpt(-0.5, 0.57)).toBe(bptClasses.agn);
  });

  it('calls nothing star-forming beyond the pole, however low it lies: the hyperbola changes sign there', () => {
    expect(bpt(0.1, -5)).toBe(bptClasses.composite);
    expect(bpt(0.5, -5)).toBe(bptClasses.agn);
    expect(bpt(0.05, -5)).toBe(bptClasses.composite);
    expect(bpt(0.6, 2)).toBe(bptClasses.agn);
  });

  it('gives none for lines that are missing, NaN, zero or negative', () => {
    const good = { Ha: 1, NII6583: 0.2, Hb: 0.3, OIII5007: 0.3 };
    expect(classifyBpt(good)).toBe(bptClasses.starForming);
    for (const line of ['Ha', 'NII6583', 'Hb', 'OIII5007'] as const) {
      for (const bad of [NaN, 0, -1]) expect(classifyBpt({ ...good, [line]: bad })).toBe(bptClasses.none);
      const { [line]: _, ...without } = good;
      expect(classifyBpt(without)).toBe(bptClasses.none);
    }
  });
});

describe('the [S II] and [O I] diagrams', () => {
  it('divide starburst, Seyfert and LINER', () => {
    const sii = (s2: number, o3: number) => classifySii({ Ha: 1, SII6716: 0.6 * 10 ** s2, SII6731: 0.4 * 10 ** s2, Hb: 1, OIII5007: 10 ** o3 });
    expect(sii(-0.4, 0.29)).toBe(excitationClasses.starForming);
    expect(sii(-0.2, 0.9)).toBe(excitationClasses.seyfert);
    expect(sii(0.2, 0.5)).toBe(excitationClasses.liner);
    expect(sii(0.4, -3)).toBe(excitationClasses.liner);
    const oi = (o1: number, o3: number) => classifyOi({ Ha: 1, OI6300: 10 ** o1, Hb: 1, OIII5007: 10 ** o3 });
    expect(oi(-1.2, 0.13)).toBe(excitationClasses.starForming);
    expect(oi(-1.0, 0.9)).toBe(excitationClasses.seyfert);
    expect(oi(-0.4, 0.2)).toBe(excitationClasses.liner);
    expect(classifySii({ Ha: 1, SII6716: 1, Hb: 1, OIII5007: 1 })).toBe(excitationClasses.none);
  });
});

describe('classifyWhan', () => {
  const whan = (ewHa: number, n2: number, ewNii = ewHa * 10 ** n2) => classifyWhan({ ewHa, ewNii }, { Ha: 1, NII6583: 10 ** n2 });
  it('follows the published borders', () => {
    expect(whan(10, -0.5)).toBe(whanClasses.starForming);
    expect(whan(10, -0.3)).toBe(whanClasses.strongAgn);
    expect(whan(5, -0.3)).toBe(whanClasses.weakAgn);
    expect(whan(2, -0.5)).toBe(whanClasses.retired);
    expect(whan(0.3, -0.5, 0.1)).toBe(whanClasses.passive);
    expect(whan(0.3, 0.5, 0.9)).toBe(whanClasses.retired);
    expect(whan(NaN, -0.5)).toBe(whanClasses.none);
    expect(classifyWhan({ ewHa: 20, ewNii: 1 }, { Ha: 1 })).toBe(whanClasses.none);
  });
});

describe('classifyWhad', () => {
  it('follows the published borders', () => {
    expect(classifyWhad({ ewHa: 20, sigma: 30 })).toBe(whadClasses.starForming);
    expect(classifyWhad({ ewHa: 20, sigma: 90 })).toBe(whadClasses.strongAgn);
    expect(classifyWhad({ ewHa: 5, sigma: 90 })).toBe(whadClasses.weakAgn);
    expect(classifyWhad({ ewHa: 5, sigma: 30 })).toBe(whadClasses.unknown);
    expect(classifyWhad({ ewHa: 1, sigma: NaN })).toBe(whadClasses.retired);
    expect(classifyWhad({ ewHa: 20, sigma: NaN })).toBe(whadClasses.none);
    expect(classifyWhad({ ewHa: NaN, sigma: 30 })).toBe(whadClasses.none);
  });
});

describeShared('demarcation curves against the check values', () => {
  it('agree', () => {
    const ch3 = checkValues<Record<string, number>>('ch3');
    expect(demarcation(kauffmann03, -0.5)).toBeCloseTo(ch3['kauffmann03_x-0.5']!, 12);
    expect(demarcation(kewley01, -0.5)).toBeCloseTo(ch3['kewley01_x-0.5']!, 12);
    expect(demarcation(kewley01Sii, -0.4)).toBeCloseTo(ch3['kewley01_sii_x-0.4']!, 12);
    expect(demarcation(kewley01Oi, -1.2)).toBeCloseTo(ch3['kewley01_oi_x-1.2']!, 12);
    expect(seyfertBorder(seyfertLinerSii, 0)).toBeCloseTo(ch3['kewley06_sii_sy_liner_x0']!, 12);
    expect(seyfertBorder(seyfertLinerOi, -0.5)).toBeCloseTo(ch3['kewley06_oi_sy_liner_x-0.5']!, 12);
    expect(seyfertBorder(seyfertLinerNii, 0)).toBeCloseTo(ch3['schawinski07_x0']!, 12);
  });
});
