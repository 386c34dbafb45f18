import { describe, expect, it } from 'vitest';
import { scalingRelations, trueOxygenYield } from '../../src/evolution/index.js';

const value = (name: string, x: number, age?: number) => scalingRelations.find((relation) => relation.name === name)!.value(x, age);

describe('the scaling relations', () => {
  it.each([
    ['MZR Tremonti+04', 9, undefined, 8.62994], ['MZR Andrews & Martini 13', 8.5, undefined, 8.349962371], ['MZR Curti+20', 9, undefined, 8.501523645],
    ['SFMS Speagle+14', 9, 3.2266270600643443, 0.6498982446], ['SFMS Popesso+23', 9, 3.2266270600643443, 0.4834084486], ['yield Tremonti+04', 9, undefined, Math.log10(0.003356720947)],
  ] as const)('%s at %s is the reference value to 1e-8', (name, x, age, expected) => {
    expect(value(name, x, age)).toBeCloseTo(expected, 8);
  });

  it('that evolve are today’s when no age is given', () => {
    expect(value('SFMS Speagle+14', 9)).toBeCloseTo(value('SFMS Speagle+14', 9, 13.467), 4);
  });

  it('say what could not be checked against their source', () => {
    expect(scalingRelations.filter(({ unverified }) => !unverified).map(({ name }) => name)).toEqual(['SFMS Speagle+14']);
    expect(trueOxygenYield).toMatchObject({ value: 0.0035, unverified: false });
  });
});
