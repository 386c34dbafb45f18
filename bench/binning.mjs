/** Adaptive binning of discs from 2000 to 90 000 spaxels, and of lines by the weakest of six. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binAdaptively, signalToNoise, weakestSignalToNoise } from '../dist/binning/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { inTurns, median, startPeer, timed } from './harness.mjs';

/** Spaxels, and whether the peer's quadratic accretion is worth waiting for. */
const sizes = [[2000, true], [10_000, true], [40_000, false], [90_000, false]];
const target = 20;

/** An inclined exponential disc that fills a square field, with noise of photons and sky. */
function simulate(spaxels) {
  const nx = Math.round(Math.sqrt(spaxels));
  const random = createRandom(1, 'binning', spaxels);
  const truth = Float64Array.from({ length: nx * nx }, (_, i) => {
    const [x, y] = [(i % nx) - nx / 2, Math.floor(i / nx) - nx / 2];
    return 100 * Math.exp((-6 * Math.hypot(x, y / 0.6)) / nx) + 1;
  });
  const noise = truth.map((s) => Math.sqrt(s + 20));
  return { nx, ny: nx, noise, signal: truth.map((s, i) => s + noise[i] * random.normal()) };
}

export async function binning({ folder, peers, quick }) {
  const rows = [];
  const repeats = quick ? 3 : 5;
  const seconds = [];
  for (const [spaxels, small] of sizes) {
    const field = simulate(spaxels);
    const file = join(folder, `binning-${spaxels}.f64`);
    writeFileSync(file, Float64Array.from([...field.signal, ...field.noise]));
    const ours = () => timed(() => binAdaptively({ ...field, target, signalToNoise: signalToNoise(field) }));
    const peer = small && peers.scipy ? startPeer('binning.py', file, String(field.nx), String(target)) : null;
    const rounds = await inTurns(repeats, ours, peer && (() => peer.ask('bins')));
    await peer?.close();
    const { binning: { count }, scatter } = rounds.ours[0].answer;
    seconds.push([spaxels, median(rounds.ours.map((round) => round.seconds))]);
    const theirs = rounds.peer ? `; the peer accretes as published in numpy and evens out by Lloyd's method with scipy's k-d tree: ${rounds.peer[0].count} bins, scatter ${(100 * rounds.peer[0].scatter).toFixed(1)} %` : '';
    rows.push({
      what: `bins of ${spaxels} spaxels`, rounds, peer: small ? 'scipy' : null,
      note: `power diagram, S/N ${target}: ${count} bins, S/N scatter ${(100 * scatter).toFixed(1)} %${theirs}`,
    });
  }
  const [[n1, t1], [n2, t2]] = [seconds[1], seconds[3]];
  rows.at(-1).note += `; from ${n1} to ${n2} spaxels time grows as N^${(Math.log(t2 / t1) / Math.log(n2 / n1)).toFixed(2)}`;
  const field = simulate(90_000);
  const random = createRandom(1, 'lines');
  const lines = [3, 1, 1.5, 1, 0.7, 0.6].map((strength) => ({ noise: field.noise, signal: field.signal.map((s, i) => strength * (s + field.noise[i] * random.normal())) }));
  const rounds = await inTurns(repeats, () => timed(() => binAdaptively({ ...field, target: 10, signalToNoise: weakestSignalToNoise(lines) })), null);
  rows.push({ what: 'line bins of 90000 spaxels', rounds, peer: null, note: `weakest of six lines, S/N 10: ${rounds.ours[0].answer.binning.count} bins` });
  return rows;
}
