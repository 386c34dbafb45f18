/** `node streamBroadband.mjs FILE with|without FILTER...`: images of a cube through filters, in a process of its own for the sake of its peak memory. */
import { streamBroadband, streamFlux } from '../dist/cube/index.js';
import { builtInCurve, linearAxis } from '../dist/light/index.js';
import { openFitsFile } from '../dist/host/index.js';
import { timed } from './harness.mjs';
import { peakMemory } from './peak.mjs';

const [path, variance, ...names] = process.argv.slice(2);
const { answer: images, seconds } = await timed(async () => {
  const fits = await openFitsFile(path);
  const curves = names.map((name) => builtInCurve(name));
  return variance === 'with' ? streamBroadband([fits], curves) : streamFlux(fits, 'DATA', linearAxis(4750, 1.25, fits.hdus[0].axes[2], 'air'), curves);
});
// Units of 1e-20 erg/s/cm²/Å, as in the file.
const unit = variance === 'with' ? 1e-3 : 1;
const sample = images.flatMap(({ data, variance: squares }) => [0, 17, 45000, 89999].flatMap((s) => (variance === 'with' ? [data[s] / unit, squares[s] / unit ** 2] : [data[s]])));
process.stdout.write(JSON.stringify({ seconds, peak: peakMemory(), sample }));
