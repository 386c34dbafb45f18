/** A gradient with its 1000 bootstraps, and the bootstrap over blocks of the size of the seeing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blockBootstrap, fitGradient } from '../dist/disk/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { inTurns, startPeer, timed } from './harness.mjs';

/** Bins, and gradients a round: a round shall take some tenths of a second. */
const sizes = [[30, 200], [1000, 15], [5000, 3]];

/** A disc of bins 0.2″ apart with a gradient of −0.1 dex/R_e and 0.05 dex of scatter. */
function simulate(bins) {
  const random = createRandom(1, 'gradient', bins);
  const outer = 0.2 * Math.sqrt(bins / Math.PI);
  const places = Array.from({ length: bins }, () => [outer * Math.sqrt(random.uniform()), 2 * Math.PI * random.uniform()]);
  const radius = Float64Array.from(places, ([r]) => (2 * r) / outer);
  return {
    radius, value: radius.map((r) => 8.6 - 0.1 * r + 0.05 * random.normal()),
    x: Float64Array.from(places, ([r, angle]) => r * Math.cos(angle)), y: Float64Array.from(places, ([r, angle]) => r * Math.sin(angle)),
  };
}

export async function gradients({ folder, peers, quick }) {
  const rows = [];
  const repeats = quick ? 3 : 7;
  for (const [bins, times] of sizes) {
    const { radius, value } = simulate(bins);
    writeFileSync(join(folder, `gradient-${bins}.f64`), Float64Array.from([...radius, ...value]));
    const random = createRandom(1, 'bootstrap');
    const ours = () => timed(() => Array.from({ length: times }, () => fitGradient({ radius, value, random })));
    const peer = peers.numpy ? startPeer('gradients.py', join(folder, `gradient-${bins}.f64`)) : null;
    const rounds = await inTurns(repeats, ours, peer && (() => peer.ask('gradients', { times })));
    await peer?.close();
    const error = rounds.ours[0].answer[0].slopeError;
    rows.push({
      what: `gradients of ${bins} bins`, rounds, amount: times, unit: 'gradients/s', peer: 'numpy',
      note: `1000 bootstraps each${rounds.peer ? `, numpy's with a matrix of indices; slope errors ${error.toPrecision(3)} and ${rounds.peer[0].slopeError.toPrecision(3)}, which chance moves by 2 %` : ''}`,
    });
  }
  for (const [bins, times] of sizes.slice(1)) {
    const { radius, value, x, y } = simulate(bins);
    const random = createRandom(1, 'blocks');
    const plainError = fitGradient({ radius, value, random }).slopeError;
    const ours = () => timed(() => Array.from({ length: times }, () => blockBootstrap({ radius, value, x, y, seeing: 0.8, random, plainError })));
    const rounds = await inTurns(repeats, ours, null);
    rows.push({ what: `block bootstrap of ${bins} bins`, rounds, amount: times, unit: 'gradients/s', peer: null, note: `1000 draws of ${rounds.ours[0].answer[0].blocks.toFixed(0)} blocks` });
  }
  return rows;
}
