import { describe, expect, it } from 'vitest';
import { skyFeatureAt, skyFeatures, sodiumNotch } from '../../src/light/index.js';

describe('features of the night sky', () => {
  it.each([
    [5577, '[OI] 5577'], [5586, '[OI] 5577'], [5588, null], [5890, 'NaI 5890'], [6300, '[OI] 6300'], [6563, null], [6900, 'O2 B band'], [7000, null],
    [7250, 'H2O 7250'], [7600, 'O2 A band'], [7700, 'O2 A band'], [8200, 'H2O 8220'], [9069, 'H2O 9400'], [5007, null],
  ])('at %s Å: %s', (wavelength, name) => {
    expect(skyFeatureAt(wavelength)?.name ?? null).toBe(name);
  });

  it('are touched by a line that is broad enough', () => {
    expect(skyFeatureAt(6855)).toBeNull();
    expect(skyFeatureAt(6855, 5)?.name).toBe('O2 B band');
    expect(skyFeatureAt(6966, 6)?.kind).toBe('telluric');
  });

  it('include the gap of the sodium lasers only when asked for', () => {
    expect(skyFeatureAt(5820)).toBeNull();
    expect(skyFeatureAt(5820, 0, [...skyFeatures, sodiumNotch])).toBe(sodiumNotch);
  });
});
