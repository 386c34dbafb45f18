import { pointProfile, type Image, type PointSpread } from '../../src/image/index.js';
import { createRandom } from '../../src/numeric/index.js';

export interface TrueSource {
  readonly kind: 'star' | 'region' | 'neighbour';
  readonly x: number;
  readonly y: number;
  /** Height above the noise of a pixel. */
  readonly height: number;
  /** Equivalent width of the line at the galaxy's redshift [Å]. */
  readonly width: number;
}

/** A disc with H II regions, foreground stars and background galaxies, in two bands of noise 1, and its truth. */
export function simulateField(seed: number, point: PointSpread, size = 240): { blue: Image; red: Image; truth: TrueSource[]; centre: [number, number] } {
  const random = createRandom(seed, 'field');
  const centre: [number, number] = [size / 2 + random.uniform(), size / 2 + random.uniform()];
  const disc = (x: number, y: number) => {
    const [dx, dy] = [x - centre[0], y - centre[1]];
    return 60 * Math.exp(-Math.hypot(dx, dy / 0.6) / 35) + 100 * Math.exp(-Math.hypot(dx, dy) / 4);
  };
  const images = [0, 1].map(() => new Float64Array(size * size));
  /** Adds light, about a place no further than 12 FWHM. */
  const add = (band: number, value: (x: number, y: number) => number, about?: readonly [number, number]) => {
    const [x0, x1, y0, y1] = about ? about.flatMap((p) => [Math.max(0, Math.floor(p - 12 * point.fwhm)), Math.min(size, Math.ceil(p + 12 * point.fwhm))]) as [number, number, number, number] : [0, size, 0, size];
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) images[band]![y * size + x]! += value(x, y);
  };
  const truth: TrueSource[] = [];
  /** A free place, 4 FWHM from all others and from the edge and the centre. */
  const place = (spread: number): [number, number] => {
    for (;;) {
      const [x, y] = [centre[0] + spread * (random.uniform() - 0.5), centre[1] + 0.8 * spread * (random.uniform() - 0.5)];
      const free = [...truth, { x: centre[0], y: centre[1] }].every((other) => Math.hypot(other.x - x, other.y - y) > 4 * point.fwhm);
      if (free && Math.min(x, y, size - 1 - x, size - 1 - y) > 2 * point.fwhm) return [x, y];
    }
  };
  const point2 = (x0: number, y0: number, height: number) => (x: number, y: number) => height * pointProfile(point, Math.hypot(x - x0, y - y0));
  add(0, (x, y) => 0.8 * disc(x, y));
  add(1, disc);
  for (let k = 0; k < 25; k++) {
    const [x, y] = place(0.7 * size);
    const height = 8 * 10 ** (0.9 * random.uniform());
    truth.push({ kind: 'region', x, y, height, width: 10 * 10 ** random.uniform() });
    // Half of them a little larger than a point.
    const wide = { ...point, fwhm: point.fwhm * (k % 2 ? 1 : 1.5) };
    for (const [band, factor] of [[0, 1.3], [1, 1]] as const) add(band, (u, v) => factor * height * pointProfile(wide, Math.hypot(u - x, v - y)), [x, y]);
  }
  for (let k = 0; k < 12; k++) {
    const [x, y] = place(0.95 * size);
    const height = 20 * 10 ** (1.8 * random.uniform());
    truth.push({ kind: 'star', x, y, height, width: 0 });
    add(0, point2(x, y, (0.3 + 0.6 * random.uniform()) * height), [x, y]);
    add(1, point2(x, y, height), [x, y]);
  }
  for (let k = 0; k < 6; k++) {
    const [x, y] = place(0.95 * size);
    const height = 20 + 30 * random.uniform();
    truth.push({ kind: 'neighbour', x, y, height, width: 0 });
    const [scale, ratio, turn] = [point.fwhm * (0.8 + 0.4 * random.uniform()), 0.4 + 0.5 * random.uniform(), Math.PI * random.uniform()];
    for (const [band, factor] of [[0, 0.5], [1, 1]] as const) {
      add(band, (u, v) => {
        const [a, b] = [(u - x) * Math.cos(turn) + (v - y) * Math.sin(turn), (v - y) * Math.cos(turn) - (u - x) * Math.sin(turn)];
        return factor * height * Math.exp(-0.5 * ((a / scale) ** 2 + (b / scale / ratio) ** 2));
      }, [x, y]);
    }
  }
  const image = (data: Float64Array): Image => ({ nx: size, ny: size, mask: null, data: data.map((value) => value + random.normal()) });
  return { blue: image(images[0]!), red: image(images[1]!), truth, centre };
}
