import { describe, expect, test } from 'vitest';
import { galaxyFigure, reportPage } from '../../src/figures/index.js';
import { emptyGalaxy, mockField, mockGalaxy, mockReport } from './mock.js';

const page = reportPage(mockReport(galaxyFigure(mockGalaxy())));
const words = (html: string) => html.replace(/<style>.*?<\/style>|<[^>]+>/gs, '').replace(/\s+/g, ' ');

describe('report.html', () => {
  test('leads with the answer', () => {
    expect(words(page)).toContain('Mock &lt;1&gt; &amp; disc: metallicity gradient −0.200 ± 0.012 dex/Re (N2S2Hα) from 40 star-forming bins');
    expect(page.indexOf('class="answer"')).toBeLessThan(page.indexOf('<svg'));
  });

  test('gives both bootstraps, dex/kpc, the share of composite bins, absent calibrations and refused ones with their reasons', () => {
    for (const text of ['± 0.030 dex/Re', '−0.2150 ± 0.0129 dex/kpc', '13 % of the classified bins are composite', 'OII3726 lies outside the wavelength range', 'not trusted: found 4 bins with every line', 'EW(Hα) below the cut']) {
      expect(words(page)).toContain(text);
    }
  });

  test('says how the continuum was fitted, and shows the stars where there are some', () => {
    expect(words(page)).toContain('Continuum: stellar populations of emiles.');
    expect(words(page)).not.toContain('Data and stars over the whole fitted range');
    const galaxy = galaxyFigure(mockGalaxy());
    const figures = { ...mockReport(galaxy).figures, stars: galaxy, stellarMaps: galaxy };
    expect(words(reportPage(mockReport(galaxy, { figures })))).toMatch(/Stars from the fit of the continuum.*Data and stars over the whole fitted range/);
  });

  test('holds the gas against the light, and says what the isophotes, the sources, the reference and the bins are', () => {
    const told = words(reportPage(mockReport(galaxyFigure(mockGalaxy()), { field: mockField })).replaceAll('</td>', ' </td>'));
    for (const text of [
      'position angle of the major axis [deg, north through east] 30.0 ± 1.2', '8 on the r image of the cube, 7 converged, 6 used, from 2.70″ to 7.20″', '≥ 4.00 ± 0.16',
      '≥ 4.00 ± 0.15″ on the r image wide&lt;1&gt;.fits: the light goes on beyond the image, a lower limit; the sky could not be measured, 0 was taken', 'brighter than 15.42',
      '0.50″ from the centre, at pixel 7.0, 8.0', '31.2 ± 1.4, 1.2° from the major axis of the light', 'star 12.0 12.5 1.6 × 1.6 line at the galaxy', 'The cube was multiplied by 1.120.', 'changes by −0.050 ± 0.010 per 1000 Å',
      'r 6177 1.120 ± 0.010 1 whole', 'g 4770 – 0 in part', 'Bins of the lines: 81, every spaxel.',
    ]) expect(told).toContain(text);
    expect(told).not.toMatch(/NaN|undefined/);
    // Line maps have no field: nothing is said of one.
    expect(words(page)).not.toMatch(/Stars and neighbours|Flux calibration|Bins of/);
  });

  test('says what the galaxy weighs, what was assumed, and how its gas turns', () => {
    const told = words(page.replaceAll('</td>', ' </td>'));
    for (const text of [
      'From the summed fluxes of 44 star-forming bins', 'log SFR [M☉/yr] = −0.300 ± 0.020', 'N2S2Hα 8.550 ± 0.010 8.600 ± 0.020 –', 'Assumed: M_HI = 0', 'log M(stars) [M☉] 9.140 – – given',
      'log M(HI) [M☉] 8.330 – none … 8.600 a&lt;b&gt;.csv, row 3', 'log effective yield, L25 (leads) missing', 'Effective yield: no O/H.',
      'The velocity field of 40 bins is regular.', 'k5/k1 &lt; 0.04 0.020 yes', 'misaligned &lt; 30 – cannot be told', '2.00 61.2 2.1 30', 'At fixed radius O/H goes with Σ(SFR).',
    ]) expect(told).toContain(text);
    expect(told).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('asks for nothing from outside: no scripts, no style sheets, no remote pictures, no fonts', () => {
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|<img/i);
    for (const [, address] of page.matchAll(/\b(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^data:image\/png;base64,|^https:\/\/doi\.org\/|^maps\.fits$/);
  });

  test('escapes what users wrote and leaves their names alone', () => {
    expect(page).toContain('object: &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('file: NGC_R_e');
    expect(page).toContain('cube_R_e.fits');
    expect(words(page)).toContain('The seeing is 0.50 Re.');
  });

  test('does not link what is not a web address', () => {
    const literature = [{ citation: 'A', usedFor: 'b', url: 'javascript:alert(1)' }];
    expect(reportPage(mockReport(galaxyFigure(mockGalaxy()), { literature }))).not.toContain('javascript:');
  });

  test('closes every element that it opens', () => {
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/gi)) {
      if (selfClosing || ['meta'].includes(name!)) continue;
      if (closing) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });

  test('says that there is no trusted gradient, and why', () => {
    const gradients = mockReport(galaxyFigure(emptyGalaxy())).gradients.map((entry) => ({ ...entry, slope: null, refused: 'found 0 star-forming bins', range: null, profile: [] }));
    const refused = reportPage(mockReport(galaxyFigure(emptyGalaxy()), { gradients, integrated: null, seeing: null }));
    expect(words(refused)).toContain('Mock &lt;1&gt; &amp; disc: no trusted gradient: found 0 star-forming bins');
    expect(words(refused)).toContain('There is no trusted slope to give an error for.');
  });

  test('says so when even the calibration was not available', () => {
    const without = reportPage(mockReport(galaxyFigure(emptyGalaxy()), { gradients: [], warnings: [], absent: [], inputs: [], files: [], literature: [] }));
    expect(words(without)).toContain('no trusted gradient: the calibration N2S2Hα could not be applied');
    expect(words(without)).toContain('No calibration could be applied.');
    expect(without).not.toMatch(/NaN|undefined/);
  });
});
