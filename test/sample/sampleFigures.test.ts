import { describe, expect, it } from 'vitest';
import { toSvg } from '../../src/figures/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { columnNeeded, li2025, measureRelations, propertyColumn, readSample, sampleFigures, withColumns } from '../../src/sample/index.js';
import { makeTable } from '../../src/table/index.js';

const draws = 100;
const published = measureRelations(li2025, { draws });
const named = (figures: ReturnType<typeof sampleFigures>, name: string) => figures.find((figure) => figure.name === name)!;

describe('figures of the published sample', () => {
  const figures = sampleFigures(published);

  it('are those of the paper, each drawn or named with what it lacks', () => {
    expect(figures.map(({ paper }) => paper).toSorted()).toEqual(['1', '10', '11', '12', '13', '3', '4', '5', '6', '7', '8', '9'].map((n) => `Fig. ${n}`).toSorted());
    for (const { scene, missing } of figures) expect(scene !== null || missing.length > 0).toBe(true);
    expect(named(figures, 'potential').missing).toEqual(['sigmaStarGradient']);
    expect(columnNeeded('logYeff')).toBe('logYeff (or oh, logMhi and logSfr)');
  });

  it('name every galaxy and print the statistics', () => {
    const svg = toSvg(named(figures, 'mass-gradient').scene!);
    for (const name of li2025.table.columns[0]!.values as readonly string[]) expect(svg).toContain(`<title>${name}</title>`);
    expect(svg).toContain('slope = −0.090');
    expect(svg).toContain('55 galaxies');
  });

  it('draw galaxies without an HI mass hollow where the second assumption gives them a value', () => {
    const svg = toSvg(named(figures, 'baryonic-mass').scene!);
    expect(svg).toContain('HI taken as zero');
    expect(svg).toContain('HI zero: ');
    expect(svg).toContain('<title>FCC119</title>');
  });

  it('warn of relations of the literature that stand in another convention', () => {
    expect(named(figures, 'effective-yield').caption).toContain('yield Tremonti+04: its normalisation is one of all metals; match it');
    expect(named(figures, 'mass-abundance-sfr').caption).toContain('MZR Andrews & Martini 13: its abundances are direct ones.');
  });

  it('have the statistics with HI taken as zero in every panel that rests on it', () => {
    const text = (name: string) => toSvg(named(figures, name).scene!).replaceAll(/<[^>]*>/g, '');
    // Four panels of the yield, and the two correlations of yield and mass of all 55 galaxies.
    expect(text('effective-yield').match(/HI zero: /g)).toHaveLength(4);
    for (const r of ['0.08', '0.38']) expect(text('effective-yield')).toContain(`= ${r}, `);
    expect(text('partial-correlations')).toContain('open: HI zero where missing');
    expect(toSvg(named(figures, 'partial-correlations').scene!).match(/<title>[^<]*±/g)).toHaveLength(4 + 3);
    expect(text('combination')).toContain('n = 55');
  });
});

describe('a sample with every column', () => {
  const n = 40;
  const random = createRandom(1, 'figures');
  const draw = (centre: number, width: number) => Float64Array.from({ length: n }, () => centre + width * random.normal());
  const word = (...words: string[]) => Array.from({ length: n }, (_, i) => words[i % words.length]!);
  const sample = readSample(makeTable([
    propertyColumn('object', Array.from({ length: n }, (_, i) => `G${i}`)), ...([
      ['logMstar', 8.5, 0.6], ['gradient', 0, 0.1], ['oh', 8.1, 0.2], ['logSfr', -1, 0.5], ['logMhi', 8.3, 0.4], ['effectiveRadius', 2, 0.1], ['sfrGradient', -1, 0.3], ['ssfrGradient', 0, 0.3],
      ['sigmaStarGradient', -1, 0.3], ['density', 0, 1], ['ohInner', 8.1, 0.2], ['ohOuter', 8, 0.2],
    ] as const).map(([name, centre, width]) => propertyColumn(name, draw(centre, width))),
    propertyColumn('velocityClass', word('regular', 'irregular')), propertyColumn('environment', word('field', 'group', 'cluster')),
  ]));
  const found = measureRelations(sample, { draws });

  it('has every figure', () => {
    for (const { scene, missing, name } of sampleFigures(found)) {
      expect(missing, name).toEqual([]);
      expect(toSvg(scene!), name).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('shows all three environments with the tests of every pair', () => {
    const svg = toSvg(named(sampleFigures(found), 'environment').scene!).replaceAll(/<[^>]*>/g, '');
    for (const pair of ['cluster/field', 'cluster/group', 'field/group']) expect(svg).toContain(`KS ${pair}`);
  });

  it('lays overlays and a reference under it', () => {
    const bins = [8.2, 8.5, 8.9, 9.5].map((x) => ({ low: x - 0.25, high: x + 0.25, count: 30, kept: 30, x, y: x, band: [x - 0.4, x - 0.2, x + 0.2, x + 0.4] as const }));
    const overlay = withColumns(sample, [propertyColumn('object', Array.from({ length: n }, (_, i) => `other ${i}`))]);
    const figures = sampleFigures(found, { overlays: [{ name: 'others', sample: overlay }], reference: { name: 'survey', massMetallicity: bins, mainSequence: null } });
    expect(toSvg(named(figures, 'mass-gradient').scene!)).toContain('<title>other 3</title>');
    expect(toSvg(named(figures, 'mass-abundance-sfr').scene!)).toContain('survey, line from 8.2 to 9 carried on');
    const high = [8.8, 8.85, 8.9, 9.5].map((x) => ({ ...bins[0]!, x, y: x }));
    const short = sampleFigures(found, { reference: { name: 'survey', massMetallicity: high, mainSequence: null } });
    expect(toSvg(named(short, 'mass-abundance-sfr').scene!)).toContain('survey');
    expect(toSvg(named(short, 'mass-abundance-sfr').scene!)).not.toContain('carried on');
  });
});
