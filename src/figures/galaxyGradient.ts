import { frame, plotIn, type Plot } from './axes.js';
import { calibrationText } from './calibrationText.js';
import { colourBar } from './colourBar.js';
import { plasma, colourOf } from './colourMap.js';
import type { GalaxyFigureInput, GradientLine } from './galaxyInput.js';
import { extent, finite, robustLimits } from './limits.js';
import { band, curve, errorBars, markers } from './marks.js';
import { label, withSymbols, wrapText } from './markup.js';
import { clipped, type Box, type Item } from './scene.js';
import { fixed } from './scale.js';
import { fontSize, hues, ink } from './theme.js';

const lineHeight = 8.8;
/** More points than this are drawn without rims and error bars, which would only blacken the panel. */
const crowded = 600;

/** Panel F: O/H against deprojected radius, coloured by log Σ_SFR, with ring medians, the best line, its 1σ band and the numbers. */
export function gradientPanel(input: GalaxyFigureInput, box: Box): Item[] {
  const { bins, profile, disk, line, refused } = input;
  const known = indices(bins.oh.length, (i) => Number.isFinite(bins.oh[i]!) && Number.isFinite(bins.radiusRe[i]!));
  const used = known.filter((i) => bins.used[i]);
  const unused = known.filter((i) => !bins.used[i]);
  const words = statistics(input, used.length, box.width - 12);
  // Bins that do not count must not squeeze those that do: they are drawn where they fit, and clipped where not.
  const framed = used.length ? used : known;
  const central = robustLimits(framed.map((i) => bins.oh[i]!), framed.length > 100 ? 0.003 : 0, [8, 9]);
  const [low, high] = extent([
    ...central, ...(framed.length > 100 ? [] : used).flatMap((i) => { const e = Math.min(bins.ohError[i]! || 0, 0.1); return [bins.oh[i]! - e, bins.oh[i]! + e]; }),
  ], 0.05, [8, 9]);
  const room = (words.length * lineHeight + 6) / box.height;
  const reach = extent([0, ...framed.map((i) => bins.radiusRe[i]!), ...profile.flatMap((row) => (row.median === null ? [] : [row.radius]))], 0.05, [0, 1.5])[1] || 1.5;
  const plot = plotIn(box, [0, reach], [low, low + (high - low) / (1 - room)]);
  const names = { xLabel: '*R* / *R*_{e}', yLabel: '12 + log(O/H)' };
  const text = words.map((sentence, i) => label(box.x + 6, box.y + 10 + i * lineHeight, sentence, { size: fontSize.tick }));
  if (!known.length) return [...text, ...frame(plot, { ...names, xNumbers: false, yNumbers: false })];
  const labels = frame(plot, {
    ...names, ...(disk.effectiveRadiusKpc > 0 ? { top: { domain: [0, reach * disk.effectiveRadiusKpc] as const, label: '*R* [kpc]' } } : {}),
  });
  const colours = robustLimits(finite(used.map((i) => bins.logSigmaSfr[i]!)), 0.02, [-3, -1]);
  const many = known.length > crowded;
  return [
    clipped(box, [
      markers(plot, unused.map((i) => bins.radiusRe[i]!), unused.map((i) => bins.oh[i]!), many ? { shape: 'circle', radius: 0.9, fill: '#b5b5b5', outline: null } : { shape: 'circle', radius: 1.6, fill: null, outline: hues.grey }),
      ...(many ? [] : [errorBars(plot, used.map((i) => bins.radiusRe[i]!), used.map((i) => bins.oh[i]!), used.map((i) => bins.ohError[i]!), hues.grey, 0.4)]),
      {
        kind: 'dots', x: used.map((i) => plot.x.at(bins.radiusRe[i]!)), y: used.map((i) => plot.y.at(bins.oh[i]!)), radius: many ? 1.1 : 2.2,
        fill: used.map((i) => (Number.isFinite(bins.logSigmaSfr[i]!) ? colourOf(plasma, bins.logSigmaSfr[i]!, colours) : '#ffffff')), outline: many ? null : ink,
      },
      ...(line && !refused ? lineItems(plot, line, finite(used.map((i) => bins.radiusRe[i]!)), reach) : []),
      ...medians(plot, profile),
    ]),
    ...text, ...labels, ...(used.length ? colourBar(box, plasma, colours, 'log Σ_{SFR} [M_{☉} yr^{−1} kpc^{−2}]', 21) : []),
  ];
}

const indices = (n: number, keep: (i: number) => boolean) => Array.from({ length: n }, (_, i) => i).filter(keep);

function statistics({ line, refused, calibration }: GalaxyFigureInput, n: number, width: number): string[] {
  if (refused || !line) return wrapText(`No trusted gradient: ${withSymbols(refused ?? 'no line was fitted')}`, fontSize.tick, width);
  return [
    `slope = ${fixed(line.slope, 3)} ± ${fixed(line.slopeError, 3)} dex/*R*_{e}`,
    ...(line.blockError === null ? [] : [`± ${fixed(line.blockError, 3)} with blocks of the seeing`]),
    `${n} bins, ${calibrationText(calibration)}`,
  ];
}

function lineItems(plot: Plot, line: GradientLine, radii: readonly number[], reach: number): Item[] {
  const { radius, low, high } = line.band ?? bandOfErrors(line, radii, reach);
  return [
    band(plot, radius, low, high, hues.red, 0.22),
    curve(plot, [0, reach], [line.intercept, line.intercept + line.slope * reach], { stroke: hues.red, strokeWidth: 1.3 }),
  ];
}

/**
 * The 1σ band of a least-squares line from the errors of its two coefficients: their covariance is −x̄ σ_b², so
 * σ²(x) = σ_a² − 2 x x̄ σ_b² + x² σ_b².
 */
function bandOfErrors({ slope, slopeError, intercept, interceptError }: GradientLine, radii: readonly number[], reach: number) {
  const mean = radii.reduce((sum, radius) => sum + radius, 0) / radii.length;
  const radius = new Float64Array(41).map((_, i) => (reach * i) / 40);
  const sigma = radius.map((x) => Math.sqrt(Math.max(0, interceptError ** 2 + x * (x - 2 * mean) * slopeError ** 2)));
  return { radius, low: radius.map((x, i) => intercept + slope * x - sigma[i]!), high: radius.map((x, i) => intercept + slope * x + sigma[i]!) };
}

function medians(plot: Plot, profile: GalaxyFigureInput['profile']): Item[] {
  const radius = profile.map((row) => row.radius);
  const median = profile.map((row) => row.median ?? NaN);
  const std = profile.map((row) => row.std ?? NaN);
  return [
    errorBars(plot, radius, median, std, '#000000', 1.1),
    markers(plot, radius, median, { shape: 'square', radius: 3, fill: '#ffffff', outline: '#000000' }),
  ];
}
