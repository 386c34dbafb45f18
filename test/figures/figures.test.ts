import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  binsFigure, binsNote, bptFigure, budgetFigure, calibrationFigure, colourFigure, cutsFigure, galaxyFigure, geometryFigure, spectrumFigure, starsFigure, stellarMapsFigure, toSvg,
  type BptFigureInput, type CutPoint, type Item, type Scene, type SpectrumWindow, type StarsArm, type StellarMapsInput,
} from '../../src/figures/index.js';
import { binColours } from '../../src/figures/bins.js';
import type { Image } from '../../src/image/index.js';
import { emptyGalaxy, mockBins, mockGalaxy, mockGeometry } from './mock.js';

const ramp = (n: number, f: (t: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i / (n - 1)));

function window(low: number, high: number, line: number): SpectrumWindow {
  const wavelength = ramp(40, (t) => low + t * (high - low));
  const continuum = wavelength.map(() => 1);
  const model = wavelength.map((x) => 1 + 3 * Math.exp(-0.5 * ((x - line) / 2) ** 2));
  return { wavelength, continuum, model, error: wavelength.map(() => 0.1), flux: model.map((value, i) => value + 0.1 * Math.sin(7 * i)) };
}

const cut = (text: string, slope: number | null, bins: number, chosen = false): CutPoint => ({ text, slope, slopeError: slope === null ? null : 0.02, bins, chosen });
const excitation: BptFigureInput = {
  title: 'Mock', logNiiHa: Float64Array.of(-0.8, -0.5, -0.1, 0.2, NaN, -0.4), logOiiiHb: Float64Array.of(0.3, 0.1, 0.2, 0.6, 0.1, 9), classes: [1, 1, 2, 3, 0, 3], compositeShare: 0.2,
  map: { nx: 4, ny: 3, pixelScale: 1, centerX: 1.5, centerY: 1, classes: [-1, 0, 1, 1, 0, 1, 2, 1, -1, 3, 1, 0] },
};
const rows = [
  { calibration: 'N2S2Ha', slope: -0.093, slopeError: 0.01, blockError: 0.02, chosen: true }, { calibration: 'N2-M13', slope: 0.003, slopeError: 0.008, blockError: null, chosen: false },
  { calibration: 'PG16S', slope: null, slopeError: null, blockError: null, chosen: false },
];
function arm(low: number, high: number): StarsArm {
  const wavelength = ramp(30, (t) => low + t * (high - low));
  const model = wavelength.map((x) => 10 + Math.sin(x / 40));
  return { wavelength, model, flux: model.map((value, i) => value + (i === 12 ? 40 : 0.3 * Math.sin(7 * i))), used: Array.from(wavelength, (_, i) => i < 10 || i > 14) };
}
const { nx, ny, pixelScale, disk, velocity, oh } = mockGalaxy();
const starMaps: StellarMapsInput = {
  title: 'Mock', nx, ny, pixelScale, centerX: disk.centerX, centerY: disk.centerY, velocity: velocity.map((v) => v + 500), sigma: velocity.map((v) => 90 - v / 4), rms: oh.map((v) => v / 300),
  logAge: oh.map((v) => v + 0.5), metallicity: oh.map((v) => v - 9), logSigmaStar: oh.map((v) => v - 0.7),
};
/** Three bands of the mock galaxy, redder within. */
const bands = [1, 0.8, 0.5].map((share) => ({ nx, ny, mask: null, data: mockGalaxy().image!.map((light) => share * light + 10 * (1 - share)) })) as unknown as [Image, Image, Image];
const colour = { title: 'Mock', images: bands, bands: 'i, r, g', pixelScale, centerX: disk.centerX, centerY: disk.centerY, kpcPerArcsec: 0.23, north: [0, 1], east: [-1, 0] } as const;
const lines = [['Hβ', 4861.3], ['[O III]', 5006.8]].map(([label, wavelength]) => ({ label: String(label), wavelength: Number(wavelength) }));

const full: Record<string, () => Scene> = {
  galaxy: () => galaxyFigure(mockGalaxy()),
  'galaxy-empty': () => galaxyFigure(emptyGalaxy()),
  spectrum: () => spectrumFigure({ title: 'Mock', medium: 'air', fluxUnit: '10^{−17} erg s^{−1} cm^{−2} Å^{−1}', lines, bins: [{ label: 'bin 0', windows: [window(4830, 4890, 4861.3), window(4980, 5040, 5006.8)] }] }),
  stars: () => starsFigure({ title: 'Mock', medium: 'air', fluxUnit: '10^{−17} erg s^{−1} cm^{−2} Å^{−1}', bins: [{ label: 'bin 0', arms: [arm(4000, 5600), arm(6100, 7200)] }] }),
  'stellar-maps': () => stellarMapsFigure(starMaps),
  calibration: () => calibrationFigure({ title: 'Mock', rows, kpcPerRe: 4 }),
  bpt: () => bptFigure(excitation),
  budget: () => budgetFigure({ title: 'Mock', bootstrap: 0.01, blockBootstrap: 0.02, fluxes: 0.006, geometry: 0.004, calibration: null, draws: { plain: ramp(50, (t) => -0.1 + 0.04 * t), block: ramp(50, (t) => -0.12 + 0.08 * t ** 2) } }),
  cuts: () => cutsFigure({ title: 'Mock', snLine: [cut('3', -0.09, 28, true), cut('10', null, 4)], minEW: [cut('3', -0.08, 30), cut('5', -0.09, 28, true)], composite: [cut('out', -0.09, 28, true), cut('in', -0.04, 33)] }),
  geometry: () => geometryFigure(mockGeometry()),
  'geometry-lower-limit': () => geometryFigure(mockGeometry({
    growth: { ...mockGeometry().growth!, total: 42, lowerLimit: true, effectiveRadius: 3.2, image: 'the r image wide.fits' }, used: null, ellipticityError: 0, sources: [], north: null, east: null,
    gas: { peakX: null, peakY: null, peakOffsetArcsec: null, kinematicPA: null, kinematicPAError: null, misalignment: null },
  })),
  bins: () => binsFigure(mockBins()),
  'bins-one': () => binsFigure({ ...mockBins(), panels: [{ ...mockBins().panels[1]!, heading: 'continuum and lines: every spaxel', target: null, signalToNoise: null }] }),
  colour: () => colourFigure(colour),
};

const nothing: Record<string, { draw: () => Scene; says: string }> = {
  spectrum: { draw: () => spectrumFigure({ title: 'X', medium: 'vacuum', fluxUnit: '', bins: [], lines: [] }), says: 'no bin was fitted' },
  'spectrum of NaN': {
    draw: () => spectrumFigure({ title: 'X', medium: 'air', fluxUnit: '', lines, bins: [{ label: 'bin', windows: [{ wavelength: ramp(9, (t) => t), flux: ramp(9, () => NaN), error: ramp(9, () => NaN), model: ramp(9, () => NaN), continuum: ramp(9, () => NaN) }] }] }), says: 'no data',
  },
  stars: { draw: () => starsFigure({ title: 'X', medium: 'air', fluxUnit: '', bins: [] }), says: 'no bin was fitted' },
  'stars of NaN': { draw: () => starsFigure({ title: 'X', medium: 'air', fluxUnit: '', bins: [{ label: 'bin', arms: [{ ...arm(4000, 5000), flux: ramp(30, () => NaN), model: ramp(30, () => NaN) }] }] }), says: 'no data' },
  'stars of a library without ages': {
    draw: () => stellarMapsFigure({ ...starMaps, velocity: velocity.map(() => NaN), logAge: null, metallicity: null, logSigmaStar: null }), says: 'no value',
  },
  calibration: { draw: () => calibrationFigure({ title: 'X', rows: [], kpcPerRe: null }), says: 'no calibration could be applied' },
  bpt: { draw: () => bptFigure({ title: 'X', logNiiHa: new Float64Array(0), logOiiiHb: new Float64Array(0), classes: [], compositeShare: null, map: { ...excitation.map!, classes: new Int8Array(12).fill(-1) } }), says: 'no bin has all four lines' },
  budget: { draw: () => budgetFigure({ title: 'X', bootstrap: null, blockBootstrap: null, fluxes: null, geometry: null, calibration: null, draws: { plain: [], block: [] } }), says: 'not determined' },
  geometry: { draw: () => geometryFigure(mockGeometry({ image: new Float64Array(nx * ny).fill(NaN), isophotes: [], growth: null, used: null })), says: 'no growth curve' },
  'the image of a geometry': { draw: () => geometryFigure(mockGeometry({ image: new Float64Array(nx * ny).fill(NaN), isophotes: [{ ...mockGeometry().isophotes[0]!, ellipticityError: NaN, positionAngleError: NaN, converged: false }] })), says: 'no image' },
  bins: { draw: () => binsFigure({ ...mockBins(), panels: [{ ...mockBins().panels[0]!, bin: new Int32Array(nx * ny).fill(-1), skyFrom: 0, signalToNoise: [] }] }), says: 'these bins were not made to a S/N' },
  cuts: { draw: () => cutsFigure({ title: 'X', snLine: [], minEW: [], composite: [] }), says: 'not computed' },
};

/** All text of a scene, line by line. */
const textOf = (items: readonly Item[]): string =>
  items.map((item) => (item.kind === 'group' ? textOf(item.items) : item.kind === 'text' ? `${item.runs.map((run) => run.text).join('')}\n` : '')).join('');

beforeEach(() => {
  for (const method of ['warn', 'error', 'log'] as const) vi.spyOn(console, method);
});
afterEach(() => {
  for (const method of ['warn', 'error', 'log'] as const) expect(console[method]).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe('every figure', () => {
  for (const [name, draw] of Object.entries(full)) {
    test(`${name} is drawn as before`, async () => {
      await expect(toSvg(draw())).toMatchFileSnapshot(join('__snapshots__', `${name}.svg`));
    });
    test(`${name} has only finite coordinates, explicit colours, no identifiers, and is the same text twice`, () => {
      const svg = toSvg(draw());
      expect(svg).not.toMatch(/NaN|Infinity|undefined|currentColor| id=|e-\d/);
      expect(toSvg(draw())).toBe(svg);
    });
    test(`${name} keeps its text on the page`, () => {
      const scene = draw();
      for (const item of scene.items) {
        if (item.kind !== 'text') continue;
        expect(item.x).toBeGreaterThan(0);
        expect(item.x).toBeLessThan(scene.width);
        expect(item.y).toBeGreaterThan(item.size * 0.7);
        expect(item.y).toBeLessThan(scene.height);
      }
    });
  }
  for (const [name, { draw, says }] of Object.entries(nothing)) {
    test(`${name} without data says '${says}'`, () => {
      const scene = draw();
      expect(textOf(scene.items)).toContain(says);
      expect(toSvg(scene)).not.toMatch(/NaN|Infinity|undefined/);
    });
  }
});

describe('the figure of the bins', () => {
  test('is drawn of a field of 600 × 600 spaxels, each of them a bin', () => {
    const side = 600;
    const panel = { ...mockBins().panels[0]!, bin: Int32Array.from({ length: side * side }, (_, s) => s), skyFrom: side * side, signalToNoise: new Float64Array(side * side).fill(50) };
    const scene = binsFigure({ ...mockBins(), nx: side, ny: side, panels: [panel] });
    expect(textOf(scene.items)).not.toMatch(/NaN|Infinity/);
  });
});

describe('the figure of a galaxy', () => {
  test('writes slope, error, error with blocks, bins and calibration into panel F', () => {
    const text = textOf(galaxyFigure(mockGalaxy()).items);
    const used = mockGalaxy().bins.used.filter(Boolean).length;
    expect(text).toContain('slope = −0.200 ± 0.012 dex/Re');
    expect(text).toContain('± 0.030 with blocks of the seeing');
    expect(text).toContain(`${used} bins, N2S2Hα`);
  });

  test('says in words what each panel lacks when nothing was measured', () => {
    const text = textOf(galaxyFigure(emptyGalaxy()).items).replaceAll('\n', ' ');
    for (const words of ['no image', 'no Hα flux was measured', 'no velocity was measured', 'no velocity along the axes', 'no spaxel has a trusted abundance', 'No trusted gradient: found 0 star-forming bins; at least 10 are needed']) {
      expect(text).toContain(words);
    }
  });

  test('draws points but no slope when the gradient is refused', () => {
    const scene = galaxyFigure(mockGalaxy({ refused: 'the bins span 0.31 R_e', line: null }));
    expect(textOf(scene.items).replaceAll('\n', ' ')).toContain('No trusted gradient: the bins span 0.31 Re');
    expect(textOf(scene.items)).not.toContain('slope =');
    expect(toSvg(scene)).toContain('<circle');
  });

  test('shows a three-colour image when there is one', () => {
    const rgb = new Uint8Array(3 * 256).fill(120);
    expect(textOf(galaxyFigure(mockGalaxy({ rgb })).items)).toContain('three-colour image');
  });

  test('leaves the compass out without celestial coordinates', () => {
    const letters = (scene: Scene) => scene.items.filter((item) => item.kind === 'text' && item.runs[0]?.text === 'N').length;
    expect(letters(galaxyFigure(mockGalaxy()))).toBe(1);
    expect(letters(galaxyFigure(mockGalaxy({ north: null, east: null })))).toBe(0);
  });

  test('draws ten thousand bins in less than 2 MB of SVG', () => {
    const n = 10_000;
    const radiusRe = ramp(n, (t) => 0.1 + 1.5 * t);
    const bins = {
      x: ramp(n, (t) => 16 * ((t * 97) % 1)), y: ramp(n, (t) => 16 * ((t * 89) % 1)), radiusRe, oh: radiusRe.map((r) => 8.7 - 0.2 * r), ohError: ramp(n, () => 0.05),
      logSigmaSfr: ramp(n, (t) => -t), velocity: ramp(n, (t) => 100 * t), velocityError: ramp(n, () => 5), used: Array.from(radiusRe, () => true),
    };
    expect(toSvg(galaxyFigure(mockGalaxy({ bins }))).length).toBeLessThan(2e6);
  });
});

describe('the excitation diagram', () => {
  test('counts what noise has thrown out of the frame', () => {
    expect(textOf(bptFigure(excitation).items)).toContain('bins outside the frame: 1');
  });

  test('names low S/N and masked in the legend of the map', () => {
    const text = textOf(bptFigure(excitation).items).split('\n');
    expect(text).toContain('masked');
    expect(text.filter((line) => line === 'low S/N')).toHaveLength(2);
  });
});

describe('the figure of the geometry', () => {
  test('says in words that a curve without asymptote gives a lower limit, and on which image', () => {
    const text = textOf(full['geometry-lower-limit']!().items).replaceAll('\n', ' ');
    expect(text).toContain('Re ≥ 3.20 ± 0.15″ the light goes on beyond the image: no asymptote, a lower limit on the r image wide.fits');
    expect(textOf(full.geometry!().items)).toContain('Re = 4.00 ± 0.15″');
  });

  test('tells how far the gas is from the light, and what was masked', () => {
    const text = textOf(full.geometry!().items);
    for (const words of ['Hα peak, 1.30″ from the centre', 'kinematic axis 212.5 ± 1.4°, 2.5° from the major axis', '1 masked star', '1 masked neighbour', 'not converged']) expect(text).toContain(words);
    expect(textOf(full['geometry-lower-limit']!().items)).not.toMatch(/Hα peak|kinematic axis|masked/);
  });

  test('draws position angles on the side of the adopted one: 214° is 34°', () => {
    const numbers = textOf(full.geometry!().items).split('\n').map(Number).filter((value) => value > 60);
    expect(numbers).toEqual([]);
  });

  test('keeps hatchings inside their ellipses', () => {
    const [star] = mockGeometry().sources;
    const inside = (scene: Scene): boolean => scene.items.flatMap((item) => (item.kind === 'group' ? item.items : [])).filter((item) => item.kind === 'path' && item.stroke === '#ff6a3d' && item.strokeWidth === 0.5).every((item) => {
      const points = [...(item as { d: string }).d.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
      const middle = points.reduce(([sx, sy], [x, y]) => [sx + x / points.length, sy + y / points.length] as const, [0, 0] as const);
      const reach = Math.max(...points.map(([x, y]) => Math.hypot(x - middle[0], y - middle[1])));
      // 262 points of the map show 16.96 spaxels at most, 15 at least.
      return points.length > 4 && reach < (star!.a * 262) / 15 + 0.01;
    });
    expect(inside(full.geometry!())).toBe(true);
  });
});

describe('the figure of the bins', () => {
  test('gives bins that touch different colours', () => {
    for (const panel of mockBins().panels) {
      const colours = binColours(panel, nx, ny);
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x + 1 < nx; x++) {
          const [s, right] = [y * nx + x, y * nx + x + 1];
          for (const other of [right, ...(y + 1 < ny ? [s + nx, right + nx] : [])]) {
            const [a, b] = [panel.bin[s]!, panel.bin[other]!];
            if (a !== b && a < panel.skyFrom && b < panel.skyFrom && (a >= 0 || b >= 0)) expect(colours[s]).not.toBe(colours[other]);
          }
        }
      }
    }
  });

  test('says where tiles of sky are', () => {
    expect(textOf(full.bins!().items).match(/white: tiles of sky/g)).toHaveLength(1);
  });

  test('says how many bins there are, how many spaxels reach the S/N alone, how even they are', () => {
    expect(binsNote(833, 605, 0.2531)).toBe('833 bins, 605 of a spaxel that reaches it alone, scatter 25.3 %');
    expect(binsNote(12, 0, null)).toBe('12 bins');
  });
});
