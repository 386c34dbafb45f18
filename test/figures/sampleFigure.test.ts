import { describe, expect, it } from 'vitest';
import { sampleFigure, toSvg, type SamplePanel, type SampleSeries } from '../../src/figures/index.js';

const series = (count: number, at: (i: number) => number): SampleSeries => ({
  text: 'all', names: Array.from({ length: count }, (_, i) => `NGC ${i} <a>`), x: Float64Array.from({ length: count }, (_, i) => i), y: Float64Array.from({ length: count }, (_, i) => at(i)),
  xError: null, yError: new Float64Array(count).fill(0.1), colour: null, hue: '#0072b2', shape: 'circle', hollow: false,
});
const scatter = (one: SampleSeries): SamplePanel => ({
  kind: 'scatter', xLabel: 'x', yLabel: 'y', series: [one], lines: [{ text: 'fit', slope: 0.1, intercept: 0, band: null, hue: '#c8321e', dashed: true }], curves: [], medians: null,
  level: 0, upright: null, words: ['*r* = −0.54'], colourLabel: null,
});
const draw = (...panels: SamplePanel[]) => toSvg(sampleFigure({ title: 'A sample', panels }));

describe('a figure of a sample', () => {
  it('names every galaxy where the pointer rests on it', () => {
    const svg = draw(scatter(series(3, (i) => i)));
    expect(svg).toContain('<title>NGC 2 &lt;a&gt;</title>');
    expect(svg.match(/<title>/g)).toHaveLength(3);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('leaves out galaxies without both values and says when none is left', () => {
    expect(draw(scatter(series(3, (i) => (i === 1 ? NaN : i)))).match(/<title>/g)).toHaveLength(2);
    expect(draw(scatter(series(3, () => NaN)))).toContain('no galaxy has both');
  });

  it('draws thousands of galaxies without a name each', () => {
    const svg = draw(scatter(series(4000, (i) => Math.sin(i))));
    expect(svg).not.toContain('<title>');
    expect(svg.length).toBeLessThan(120_000);
  });

  it('draws histograms with medians and bars with errors, and says what is missing', () => {
    const svg = draw(
      { kind: 'histogram', xLabel: 'x', groups: [{ text: 'field', values: Float64Array.of(1, 2, 3, NaN), hue: '#0072b2' }, { text: 'cluster', values: Float64Array.of(), hue: '#c8321e' }], words: ['KS'] },
      { kind: 'bars', yLabel: 'partial *r*', bars: [{ text: 'a', value: -0.4, error: 0.1, assumed: { value: -0.3, error: 0.1 } }, { text: 'b', value: NaN, error: NaN, assumed: null }], words: [] },
      { kind: 'histogram', xLabel: 'x', groups: [{ text: 'none', values: Float64Array.of(NaN), hue: '#0072b2' }], words: [] },
    );
    expect(svg).toContain('field (3)');
    expect(svg).toContain('-0.400 ± 0.100');
    expect(svg).toContain('no galaxy has it');
    expect(svg).toContain('missing');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});
