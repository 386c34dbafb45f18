/** A gzipped cube, a RICE-compressed one and a table of a million rows. */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { findHdu, readImage, readTable, writeFits } from '../dist/fits/index.js';
import { fileSink, openFitsFile } from '../dist/host/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { makeTable, numbers } from '../dist/table/index.js';
import { inTurns, startPeer, timed } from './harness.mjs';

const axes = [300, 300, 100];
const megabytes = (path) => `${Math.round(statSync(path).size / 1e6)} MB`;

async function write(path, hdu) {
  const sink = await fileSink(path);
  await writeFits(sink, [hdu]);
  await sink.close();
  return path;
}

/** Smooth light with noise, as a cube has it. */
function simulateCube(random) {
  const [nx, ny, nz] = axes;
  return Float32Array.from({ length: nx * ny * nz }, (_, i) => {
    const [x, y] = [i % nx - nx / 2, Math.floor(i / nx) % ny - ny / 2];
    return 100 * Math.exp(-Math.hypot(x, y) / 60) + 5 * random.normal();
  });
}

function simulateTable(random, rows) {
  const column = (name, Type, scale) => ({ name, unit: null, description: null, values: Type.from({ length: rows }, () => scale * random.normal()) });
  return makeTable([
    ...['RA', 'DEC', 'FLUX', 'ERR'].map((name) => column(name, Float64Array, 1)), ...['VEL', 'SIG', 'EW', 'SN'].map((name) => column(name, Float32Array, 1)),
    ...['BIN', 'MASK'].map((name) => column(name, Int32Array, 1000)),
  ]);
}

const pixelsOf = async (path, name) => {
  const fits = await openFitsFile(path);
  return (await readImage(fits, findHdu(fits, name))).data;
};

async function columnsOf(path) {
  const fits = await openFitsFile(path);
  const table = await readTable(fits, fits.hdus[1]);
  return numbers(table, 'BIN');
}

/** A hundred of the values, for a comparison. */
const sampleOf = (values) => Array.from({ length: 100 }, (_, i) => values[Math.floor((values.length * i) / 100)]);

export async function files({ folder, peers, quick }) {
  const random = createRandom(1, 'files');
  const rows = quick ? 200_000 : 1_000_000;
  const cube = await write(join(folder, 'cube.fits'), { kind: 'image', name: 'CUBE', axes, data: simulateCube(random) });
  const gzipped = `${cube}.gz`;
  await pipeline(createReadStream(cube), createGzip({ level: 4 }), createWriteStream(gzipped));
  const rice = join(folder, 'rice.fits');
  const table = await write(join(folder, 'table.fits'), { kind: 'table', table: simulateTable(random, rows) });

  const peer = peers.astropy ? startPeer('files.py') : null;
  // We do not write compressed images.
  await peer?.ask('compress', { cube, to: rice });
  const size = axes.join(' × ');
  const tasks = [
    { what: 'gzipped cube read', task: 'image', path: gzipped, name: 'PRIMARY', read: pixelsOf, note: `${size} float32, ${megabytes(gzipped)} for ${megabytes(cube)}` },
    ...(peer ? [{ what: 'RICE cube read', task: 'image', path: rice, name: 'CUBE', read: pixelsOf, note: `the same cube with astropy's RICE_1, a row a tile, ${megabytes(rice)}` }] : []),
    { what: 'table read', task: 'table', path: table, read: columnsOf, note: `${rows} rows of 10 numbers, ${megabytes(table)}, every column to native numbers` },
  ];
  const measured = [];
  for (const { what, task, path, name, read, note } of tasks) {
    const ours = async () => {
      const { answer, seconds } = await timed(() => read(path, name));
      return { seconds, sample: sampleOf(answer) };
    };
    const rounds = await inTurns(quick ? 2 : 5, ours, peer && (() => peer.ask(task, { path, name })));
    measured.push({ what, rounds, peer: 'astropy', note: note + likeness(rounds) });
  }
  await peer?.close();
  if (!peer) measured.at(-1).note += '; RICE was left out: astropy makes its input';
  return measured;
}

function likeness({ ours, peer }) {
  if (!peer) return '';
  const largest = Math.max(...ours[0].sample.map((value, i) => Math.abs(value - peer[0].sample[i])));
  return largest === 0 ? '; 100 values are the same' : `; 100 values differ by ${largest.toExponential(1)} at most`;
}
