/** `npm run bench [-- --quick]`: our speed beside numpy's, scipy's and astropy's, measured in turns in one run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abundances } from './abundances.mjs';
import { binning } from './binning.mjs';
import { broadband } from './broadband.mjs';
import { demo } from './demo.mjs';
import { files } from './files.mjs';
import { gradients } from './gradients.mjs';
import { peerVersions } from './harness.mjs';
import { isophotes } from './isophotes.mjs';
import { kinematics } from './kinematics.mjs';
import { largeCube } from './largeCube.mjs';
import { lineFits } from './lineFits.mjs';
import { samples } from './sample.mjs';
import { spectra } from './spectra.mjs';
import { statistics } from './stats.mjs';
import { machineText, tableText } from './report.mjs';

const unknown = process.argv.slice(2).filter((argument) => argument !== '--quick');
if (unknown.length) {
  process.stderr.write(`bench: found ${unknown.join(' ')}; expected nothing, or --quick for a fast pass.\n`);
  process.exit(2);
}
const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'zgrad-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const peers = peerVersions();
const machine = machineText(peers);
const started = performance.now();
const rows = [];
for (const [what, measure] of [
  ['a large cube', largeCube], ['other files', files], ['line fits', lineFits], ['full-spectrum fits', spectra], ['adaptive bins', binning], ['isophotes', isophotes], ['images through filters', broadband], ['gradients', gradients], ['statistics of samples', statistics], ['abundances', abundances], ['velocity fields', kinematics], ['relations of samples', samples], ['the whole chain', demo],
]) {
  process.stderr.write(`bench: ${what} …\n`);
  rows.push(...await measure({ folder, peers, quick }));
}

process.stdout.write(`zgrad bench${quick ? ' --quick' : ''}\n${machine}

Medians of wall time over several rounds; after one to warm up, ours and the peer took turns.
ratio: how many times as fast as the peer we are (below 1: slower), median of the rounds.
spread: (slowest − fastest)/median, ours / the peer's. memory: largest resident memory of a process of its own.

${tableText(rows)}

${Math.round((performance.now() - started) / 1000)} s in all
`);
// What is not the same work is not worth comparing.
if (rows.some(({ failed }) => failed)) process.exitCode = 1;
