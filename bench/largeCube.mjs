/** A cube of the size of a MUSE field (or as much of one as there is room for), written, and read as spectra. */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../dist/numeric/index.js';
import { startImage } from '../dist/fits/index.js';
import { fileSink } from '../dist/host/index.js';
import { bench, inTurns, runNode, startPeer, timed } from './harness.mjs';

const gigabyte = 1e9;

/** Wavelengths of the cube: all 3681 of MUSE where 4 GB of memory and of disk are free, else what a third of the room holds. */
function planesFor(folder, spaxels, quick) {
  const { bavail, bsize } = statfsSync(folder);
  const room = Math.min(freemem(), bavail * bsize);
  const whole = quick ? 600 : 3681;
  return room >= 4 * gigabyte ? whole : Math.min(whole, Math.floor(room / 3 / (4 * spaxels)));
}

/** Writes noise plane by plane; each plane is another part of the same million numbers, which costs nothing to make. */
async function writeCube(path, [nx, ny, nz]) {
  const random = createRandom(1, 'cube');
  const noise = Float32Array.from({ length: 1_000_000 }, () => random.normal());
  const sink = await fileSink(path);
  const image = await startImage(sink, { axes: [nx, ny, nz], bitpix: -32 });
  for (let z = 0; z < nz; z++) {
    const at = random.integer(noise.length - nx * ny);
    await image.write(noise.subarray(at, at + nx * ny));
  }
  await image.close();
  await sink.close();
}

/** What is still to be written to the disk would disturb what is measured next. */
function settle(path) {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

export async function largeCube({ folder, peers, quick }) {
  const path = join(folder, 'large.fits');
  const [nx, ny] = [300, 300];
  const nz = planesFor(folder, nx * ny, quick);
  const size = `${nx} × ${ny} × ${nz} float32, ${((4 * nx * ny * nz) / gigabyte).toFixed(2)} GB`;
  const writing = await timed(() => writeCube(path, [nx, ny, nz]));
  settle(path);
  const ours = async () => JSON.parse((await runNode([join(bench, 'readLargeCube.mjs'), path])).stdout);
  const theirs = async () => {
    const peer = startPeer('large_cube.py', path);
    const answer = await peer.ask('read');
    await peer.close();
    return answer;
  };
  const rounds = await inTurns(quick ? 2 : 3, ours, peers.astropy ? theirs : null);
  rmSync(path);
  const same = rounds.peer && rounds.ours[0].sample.every((value, i) => value === rounds.peer[0].sample[i]);
  return [
    {
      what: 'cube read and transposed', rounds, peer: 'astropy', failed: same === false,
      note: `${size}, from the page cache, into spectra; without the start of the process${same === null ? '' : `; 100 values ${same ? 'are the same' : 'DIFFER'}`}; astropy maps the file into memory, which counts as its own`,
    },
    { what: 'cube written', rounds: { ours: [writing], peer: null }, peer: null, note: 'the same cube, streamed with CHECKSUM and DATASUM; once' },
  ];
}
