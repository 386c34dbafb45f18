import { describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { simulationDefaults, simulationSettings } from '../../src/simulate/index.js';
import type { SimulationOptions } from '../../src/simulate/index.js';

describe('settings of a simulation', () => {
  it('are the defaults where nothing is said', () => {
    expect(simulationSettings()).toEqual(simulationDefaults);
    const settings = simulationSettings({ oxygen: { slope: 0.12 }, lsf: { kind: 'constant', fwhm: 2 }, star: { x: 1, y: 2, magnitude: 20 } });
    expect(settings.oxygen).toEqual({ ...simulationDefaults.oxygen, slope: 0.12 });
    expect(settings.lsf).toEqual({ kind: 'constant', fwhm: 2 });
    expect(settings.star).toEqual({ x: 1, y: 2, magnitude: 20 });
  });

  it.each<[string, unknown]>([
    ['an unknown key', { oxygen: { gradient: 1 } }],
    ['a number that is not finite', { redshift: NaN }],
    ['no spaxels', { nx: 0 }],
    ['a word for a number', { redshift: 'far' }],
    ['a number for a group of settings', { oxygen: 8.5 }],
    ['half a spaxel', { ny: 10.5 }],
    ['an edge-on disc', { geometry: { inclination: 90 } }],
    ['a Moffat profile of infinite flux', { psf: { beta: 1 } }],
  ])('refuse %s', (_, options) => {
    let caught: unknown;
    try {
      simulationSettings(options as SimulationOptions);
    } catch (error) {
      caught = error;
    }
    expect(isZgradError(caught, 'BadArgument')).toBe(true);
  });
});
