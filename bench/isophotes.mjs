/** Isophotes of a galaxy on 300 × 300 pixels, from the centre to where its light is lost in the noise. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitIsophotes, growthCurve, measureIsophotalGeometry } from '../dist/image/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { inTurns, median, startPeer, timed } from './harness.mjs';

const side = 300;
const start = { x: 150, y: 150, a: 20, ellipticity: 0.3, angle: 50 };

/** An exponential disc of ellipticity 0.42 with noise of 1. */
function simulate() {
  const random = createRandom(1, 'isophotes');
  const [cos, sin] = [Math.cos(57 * Math.PI / 180), Math.sin(57 * Math.PI / 180)];
  return Float64Array.from({ length: side * side }, (_, i) => {
    const [dx, dy] = [(i % side) - 152.3, Math.floor(i / side) - 147.6];
    return 300 * Math.exp(-Math.hypot(dx * cos + dy * sin, (dy * cos - dx * sin) / 0.58) / 22) + random.normal();
  });
}

const hasPhotutils = () => spawnSync('/usr/bin/python3', ['-c', 'import photutils']).status === 0;

export async function isophotes({ folder, quick }) {
  const data = simulate();
  const image = { nx: side, ny: side, data, mask: null };
  const file = join(folder, 'isophotes.f64');
  writeFileSync(file, data);
  const repeats = quick ? 3 : 7;
  const peer = hasPhotutils() ? startPeer('isophotes.py', file, String(side)) : null;
  const { x, y, a, ellipticity, angle } = start;
  const fits = await inTurns(quick ? 1 : 3, () => timed(() => fitIsophotes(image, { start })), peer && (() => peer.ask('isophotes', { x, y, a, ellipticity, angle })));
  await peer?.close();
  const own = fits.ours[0].answer;
  const whole = await inTurns(repeats, () => timed(() => {
    const { geometry } = measureIsophotalGeometry(image, { psfFwhm: 3 });
    return growthCurve(image, geometry, { psfFwhm: 3, ellipticityError: geometry.ellipticityError });
  }), null);
  return [
    {
      what: 'isophotes of 300 × 300 pixels', rounds: fits, amount: 1, unit: 'galaxies/s', peer: 'photutils',
      note: `${own.length} isophotes${fits.peer ? ` and ${fits.peer[0].count}` : ''}; ellipticity ${median(own.filter((one) => one.a > 10).map((one) => one.ellipticity)).toFixed(4)}${fits.peer ? ` and ${fits.peer[0].ellipticity.toFixed(4)}` : ''}, made with 0.42`,
    },
    { what: 'geometry and growth curve of 300 × 300 pixels', rounds: whole, amount: 1, unit: 'galaxies/s', peer: null, note: 'centre, ellipticity, angle, R_e with errors' },
  ];
}
