/** `npm run validate`: the long seeded statistics; writes docs/validation.md and fails when a target is missed. */

import { writeFileSync } from 'node:fs';
import { svgToPng } from '../dist/host/index.js';
import { measureBinning } from './binning.mjs';
import { measureDemos } from './demo.mjs';
import { clumpyPopulation, faintPopulation } from './galaxies.mjs';
import { measureGeometryPulls } from './geometry.mjs';
import { measureSlopes } from './gradients.mjs';
import { measureKills } from './kills.mjs';
import { measureKinematics } from './kinematics.mjs';
import { librariesAvailable, measureWithLibraries } from './libraries.mjs';
import { instruments, measureLinePulls } from './lines.mjs';
import { measureRecovery } from './recovery.mjs';
import { recoveryFigure } from './recoveryFigure.mjs';
import { judge, validationReport } from './report.mjs';
import { measureSamples } from './sample.mjs';
import { measureSampleStatistics } from './sampleStatistics.mjs';
import { seeingCases, seeingRatios, slopeThatRemains } from './seeing.mjs';
import { kinematicKinds, measureBootstrap, measureSharperData, measureStellarKinematics, measureStellarPopulations, otherSignals } from './stellar.mjs';
import { measureThresholds } from './thresholds.mjs';

const lineCount = 6000;

/** Tells on standard error how far a part has come, in tenths. */
function progressOf(what) {
  let told = -1;
  return (done, count) => {
    const tenths = Math.floor((10 * done) / count);
    if (tenths === told) return;
    told = tenths;
    process.stderr.write(`validate: ${what}: ${done} of ${count}\n`);
  };
}

const slopeRows = await measureSlopes({ count: 400, progress: progressOf('galaxies') });
const faintRows = await measureSlopes({ count: 120, population: faintPopulation, progress: progressOf('galaxies at the cut on S/N') });
const clumpyRows = await measureSlopes({ count: 90, population: clumpyPopulation, progress: progressOf('clumpy galaxies') });
const noiselessRows = await measureSlopes({ count: 18, noiseless: true, progress: progressOf('galaxies without noise') });
const lineSets = [];
for (const instrument of Object.keys(instruments)) {
  for (const continuum of [false, true]) {
    for (const free of [false, true]) {
      const kind = { instrument, free, continuum };
      lineSets.push({ ...kind, pulls: await measureLinePulls({ ...kind, count: lineCount, progress: progressOf(`spectra, ${instrument}, ${continuum ? 'continuum' : 'lines only'}, ${free ? 'free' : 'fixed'}`) }) });
    }
  }
}
process.stderr.write('validate: seeing, thresholds, demonstration\n');
const seeing = seeingCases.map((galaxy) => ({
  name: galaxy.name, remaining: seeingRatios.map((ratio) => slopeThatRemains({ ...galaxy, ratio, seeds: galaxy.clumpiness > 0 ? [1, 2, 3, 4, 5, 6] : [1] })),
}));
const thresholds = await measureThresholds({ each: 6 });
const demos = await measureDemos({});
const recovery = await measureRecovery({ count: 2000, progress: progressOf('recovery of a line') });
const stellar = await measureStellarKinematics({ pairs: 1000, kinds: kinematicKinds(), progress: progressOf('stars, kinematics') });
const stellarCurve = await measureStellarKinematics({ pairs: 30, kinds: kinematicKinds().slice(0, 1), at: otherSignals });
const sharper = await measureSharperData({ pairs: 60 });
const populations = await measureStellarPopulations({ progress: progressOf('stars, populations') });
const bootstraps = await measureBootstrap({ count: 60, draws: 30 });
process.stderr.write('validate: bins\n');
const binning = measureBinning();
const geometry = await measureGeometryPulls({ count: 200, first: 6001, progress: progressOf('geometries') });
const kills = await measureKills({ kills: 100, progress: progressOf('chains of killed runs') });
const fields = await measureKinematics({ count: 1000, firstSeed: 2000001, progress: progressOf('velocity fields') });
const samples = await measureSampleStatistics({ progress: progressOf('chunks of samples of 55') });
const relations = await measureSamples({ progress: progressOf('samples') });
const libraryRuns = librariesAvailable() ? await measureWithLibraries() : null;
writeFileSync(new URL('../docs/img/recovery.png', import.meta.url), await svgToPng(recoveryFigure(recovery), 1900));

const results = { slopeRows, faintRows, clumpyRows, noiselessRows, lineSets, lineCount, seeing, thresholds, demos, recovery, stellar, stellarCurve, sharper, populations, bootstraps, binning, geometry, kills, fields, samples, relations, libraryRuns };
writeFileSync(new URL('../docs/validation.md', import.meta.url), validationReport(results));
const verdicts = judge(results);
for (const { name, target, found, met } of verdicts) process.stdout.write(`${met ? 'met    ' : 'NOT MET'} ${name}: ${found} (wanted: ${target})\n`);
process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1;
