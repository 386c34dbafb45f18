import { byteCount, duration } from '../host/index.js';
import type { Plan } from './plan.js';

/** A plan for people. */
export function planText(plan: Plan): string {
  const { data, lines, templates, bins, fits, predicted, free, problems, warnings, out } = plan;
  const row = (name: string, text: string): string => `${name.padEnd(12)}${text}`;
  const text: string[] = [];
  if (data) {
    text.push(row('data', `${data.object ?? 'a galaxy'}: ${data.instrument}, ${data.nx} × ${data.ny} spaxels, ${data.spaxels} with data${data.bytes > 0 ? `, ${byteCount(data.bytes)}` : ''}`));
    for (const { name, range, pixels } of data.arms) text.push(row('', `${name}: ${range.map((λ) => λ.toFixed(0)).join('–')} Å, ${pixels} pixels`));
  }
  for (const [i, { label, wavelength, covered, sky, neededFor }] of lines.entries()) {
    text.push(row(i === 0 ? 'lines' : '', `${label} at ${wavelength.toFixed(0)} Å ${covered ? sky === null ? 'in the data' : `in the data, on ${sky}` : 'NOT in the data'} (${neededFor.join(', ')})`));
  }
  if (templates) {
    text.push(row('continuum', templates.method === 'local' ? 'straight lines'
      : `${templates.count} templates of ${templates.library}${templates.range ? `, fitted over ${templates.range.map((λ) => λ.toFixed(0)).join('–')} Å in the rest frame` : ''}`));
  }
  if (bins) {
    text.push(row('bins', `${data!.arms.length > 0 ? `about ${bins.continuum} of the continuum, ${bins.lines} of the lines` : `${bins.lines}`}${bins.within > 1 ? ` (within a factor of ${bins.within})` : ''}`));
  }
  if (fits && fits.lines > 0) text.push(row('fits', `${fits.stars} of stars, ${fits.detections} spaxels looked at, ${fits.lines} of lines`));
  if (predicted) {
    text.push(row('time', `about ${duration(predicted.seconds)} with ${predicted.workers} worker${predicted.workers > 1 ? 's' : ''}: ${predicted.stages.map(({ stage, seconds }) => `${stage} ${duration(seconds)}`).join(', ')}`));
    text.push(row('memory', `about ${byteCount(predicted.peakMemory)} of the ${byteCount(predicted.memory)} allowed${predicted.inMemory ? '' : '; not all of the cube fits into it, the rest stays on disk'}`));
    text.push(row('disk', `about ${byteCount(predicted.disk.products)}${predicted.disk.scratch > 0 ? ` and a scratch file of ${byteCount(predicted.disk.scratch)}` : ''} in ${out}${free === null ? '' : `, where ${byteCount(free)} are free`}`));
  }
  text.push(...warnings.map((warning) => `warning: ${warning}`));
  text.push(...problems.map(({ message }) => `refused: ${message}`));
  text.push(problems.length > 0 ? `measure would refuse this: ${problems.length} problem${problems.length > 1 ? 's' : ''}` : 'nothing stands against it');
  return text.join('\n');
}
