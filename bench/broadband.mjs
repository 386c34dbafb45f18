/** Images of a cube of MUSE's size through filters, from the file and within little memory. */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { startImage } from '../dist/fits/index.js';
import { fileSink } from '../dist/host/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { bench, inTurns, runNode, startPeer } from './harness.mjs';

/** The flux alone: white light, which reads every plane, and the r band, which reads a third of them; then flux and variance together. */
const sets = [
  { names: ['white'], variance: false }, { names: ['r'], variance: false },
  { names: ['white'], variance: true, goal: 1.4 }, { names: ['white', 'r', 'i', 'box:5300-5700'], variance: true },
];

const cards = [
  { key: 'CTYPE1', value: 'RA---TAN' }, { key: 'CTYPE2', value: 'DEC--TAN' }, { key: 'CUNIT1', value: 'deg' }, { key: 'CUNIT2', value: 'deg' },
  { key: 'CRVAL1', value: 150 }, { key: 'CRVAL2', value: 2 }, { key: 'CD1_1', value: -0.2 / 3600 }, { key: 'CD2_2', value: 0.2 / 3600 },
  { key: 'CTYPE3', value: 'AWAV' }, { key: 'CUNIT3', value: 'Angstrom' }, { key: 'CRPIX3', value: 1 }, { key: 'CRVAL3', value: 4750 }, { key: 'CD3_3', value: 1.25 },
  { key: 'BUNIT', value: '10**(-20)*erg/s/cm**2/Angstrom' },
];

/** Flux and variance of a field of 300 × 300 spaxels: all planes of MUSE where the disk and the page cache can hold them. Each plane is another part of the same noise. */
async function writeField(folder, path, quick) {
  const { bavail, bsize } = statfsSync(folder);
  const planes = quick || Math.min(freemem(), bavail * bsize) < 6e9 ? 600 : 3681;
  const random = createRandom(1, 'field');
  const noise = Float32Array.from({ length: 1_000_000 }, () => 1 + 0.1 * random.normal());
  const sink = await fileSink(path);
  let at = 0;
  for (const name of ['DATA', 'STAT']) {
    const image = await startImage(sink, { name, axes: [300, 300, planes], bitpix: -32, at, cards });
    for (let z = 0; z < planes; z++) {
      const from = random.integer(noise.length - 90_000);
      await image.write(noise.subarray(from, from + 90_000));
    }
    at = await image.close();
  }
  await sink.close();
  // What is still to be written to the disk would disturb what is measured next.
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
  return [300, 300, planes];
}

export async function broadband({ folder, peers, quick }) {
  const path = join(folder, 'broadband.fits');
  const shape = await writeField(folder, path, quick);
  const rows = [];
  for (const { names, variance, goal } of sets) {
    const args = [path, variance ? 'with' : 'without', ...names];
    const ours = async () => JSON.parse((await runNode([join(bench, 'streamBroadband.mjs'), ...args])).stdout);
    const theirs = async () => {
      const peer = startPeer('broadband.py', ...args);
      const answer = await peer.ask('image');
      await peer.close();
      return answer;
    };
    const rounds = await inTurns(quick ? 2 : 3, ours, peers.astropy ? theirs : null);
    const off = rounds.peer && Math.max(...rounds.ours[0].sample.map((value, i) => Math.abs(value / rounds.peer[0].sample[i] - 1)));
    const bytes = (variance ? 8 : 4) * shape[0] * shape[1] * shape[2];
    rows.push({
      what: `image${names.length > 1 ? 's' : ''} through ${names.join(', ')}`, rounds, peer: 'astropy', failed: off > 1e-9,
      note: `${goal ? `goal ${goal} s at 0.2 GB; ` : ''}${variance ? 'flux and variance' : 'flux'} of ${shape.join(' × ')} float32, ${(bytes / 1e9).toFixed(2)} GB, from the page cache, which is copied in one thread while the sums are made in another${off === null ? '' : `; they differ by at most ${off.toExponential(0)}`}`,
    });
  }
  rmSync(path);
  return rows;
}
