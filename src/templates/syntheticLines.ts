import { createRandom } from '../numeric/index.js';

/** One cause of absorption: its optical depth is a profile along the wavelengths times a strength that depends on the star. */
export interface Absorber {
  readonly profile: Float64Array;
  /** Of a star of some temperature [K] and metallicity [M/H]; about 1 in a star of solar type and metallicity. */
  strength(temperature: number, metallicity: number): number;
}

/** [air wavelength Å, optical depth at the centre, half width Å]. */
type Line = readonly [number, number, number];

/** Balmer and Paschen lines. */
const hydrogen: readonly Line[] = [
  [6562.79, 1.15, 4], [4861.33, 1.25, 5.5], [4340.46, 1.25, 5.8], [4101.73, 1.25, 6], [3970.07, 1.2, 6], [3889.05, 1.1, 6], [3835.38, 1, 5.5],
  [3797.9, 0.9, 5.5], [3770.63, 0.8, 5.5], [3750.15, 0.7, 5.5], [3734.37, 0.6, 5], [3721.94, 0.5, 5],
  [9229.01, 0.35, 8], [9014.91, 0.32, 8], [8862.78, 0.3, 8], [8750.47, 0.27, 8], [8665.02, 0.25, 8], [8598.39, 0.22, 7], [8545.38, 0.2, 7], [8502.48, 0.18, 6],
];
/** Iron and its like: the strongest of Lick's indices. */
const iron: readonly Line[] = [
  [4045.8, 0.6, 1], [4063.6, 0.5, 1], [4271.8, 0.5, 1.2], [4307.9, 0.4, 1], [4325.8, 0.5, 1], [4383.5, 0.8, 1.3], [4404.8, 0.5, 1], [4415.1, 0.4, 1], [4531, 0.3, 1.5], [4668, 0.3, 2.5],
  [4920.5, 0.3, 1], [4957.6, 0.35, 1], [5015, 0.3, 2], [5269.5, 0.5, 2.2], [5328, 0.45, 2], [5371.5, 0.3, 1.5], [5405.8, 0.3, 1.5], [5429.7, 0.3, 1.5], [5709, 0.15, 1.5], [5782, 0.15, 1.5],
  [6136.6, 0.12, 1], [6191.6, 0.12, 1], [6230.7, 0.12, 1], [6393.6, 0.12, 1], [6495, 0.2, 1.2],
];
const magnesium: readonly Line[] = [[5167.3, 0.2, 1.2], [5172.7, 0.3, 1.4], [5183.6, 0.35, 1.5], [5125, 0.06, 18], [5160, 0.06, 20], [8806.8, 0.2, 1]];
const calcium: readonly Line[] = [[3933.66, 2, 3], [3968.47, 1.6, 3], [8498.02, 0.5, 1.3], [8542.09, 0.9, 1.8], [8662.14, 0.8, 1.7]];
const sodium: readonly Line[] = [[5889.95, 0.45, 1], [5895.92, 0.35, 1], [8183.3, 0.1, 1], [8194.8, 0.12, 1], [4226.7, 0.9, 1.4], [6102.7, 0.1, 1], [6162.2, 0.15, 1.2]];
const molecules: readonly Line[] = [[3860, 0.35, 14], [3880, 0.4, 8], [4170, 0.1, 22], [4295, 0.25, 9], [4309, 0.35, 6], [4322, 0.15, 6]];
const helium: readonly Line[] = [[4026.2, 0.3, 2], [4387.9, 0.15, 1.5], [4471.5, 0.35, 2], [4921.9, 0.15, 1.5], [5015.7, 0.12, 1.5], [5875.6, 0.3, 1.5], [6678.2, 0.25, 1.5], [7065.2, 0.2, 1.5]];
/** Heads of the TiO bands [Å] and their optical depths; they fade to the red. */
const titaniumOxide: readonly (readonly [number, number])[] = [
  [4761, 0.12], [4954, 0.25], [5167, 0.25], [5448, 0.3], [5847, 0.35], [6158, 0.5], [6651, 0.5], [7053, 0.8], [7589, 0.6], [8432, 0.4], [8859, 0.4],
];

const wing = (distance: number): number => 1 / (1 + Math.abs(distance) ** 2.5);
const bell = (distance: number): number => Math.exp(-0.5 * distance * distance);

/** Adds lines with the profile of their distance in half widths; beyond `reach` half widths they are left out. */
function draw(wavelength: Float64Array, lines: readonly Line[], shape: (distance: number) => number, reach: number, into: Float64Array = new Float64Array(wavelength.length)): Float64Array {
  const [start, step] = [wavelength[0]!, wavelength[1]! - wavelength[0]!];
  for (const [centre, depth, width] of lines) {
    const first = Math.max(0, Math.ceil((centre - reach * width - start) / step));
    const last = Math.min(wavelength.length - 1, Math.floor((centre + reach * width - start) / step));
    for (let k = first; k <= last; k++) into[k]! += depth * shape((wavelength[k]! - centre) / width);
  }
  return into;
}

/** Lines at random places of one element group, denser and stronger in the blue; the same in every run. */
function forest(wavelength: Float64Array, name: string, count: number, depth: number): Float64Array {
  const random = createRandom(1, 'synthetic lines', name);
  const [blue, red] = [wavelength[0]!, wavelength.at(-1)!];
  const lines = Array.from({ length: count }, (): Line => {
    // Uniform in λ^−3: eight times as dense at half the wavelength, roughly as the lines of iron are.
    const at = (blue ** -2 + random.uniform() * (red ** -2 - blue ** -2)) ** -0.5;
    return [at, -depth * Math.log(1 - random.uniform()) * (5000 / at) ** 1.5, 0.8];
  });
  return draw(wavelength, lines, bell, 5);
}

/** Neutral metals: stronger in cool stars with a power, gone where they are ionised. */
const neutral = (power: number, metals: number) => (temperature: number, metallicity: number): number =>
  (5000 / temperature) ** power / (1 + (temperature / 7500) ** 8) * 10 ** (metals * metallicity);

/** Once ionised metals: around 7000 K. */
const ionised = (metals: number) => (temperature: number, metallicity: number): number => bell(Math.log(temperature / 6800) / 0.28) * 10 ** (metals * metallicity);

/** Hydrogen lines peak near 9500 K and fade slowly to hotter stars (Gray & Corbally 2009, ch. 4–5). */
const balmer = (temperature: number): number => bell(Math.log(temperature / 9500) / (temperature < 9500 ? 0.34 : 0.75));

/** Helium and the ions of hot stars (Gray & Corbally 2009, ch. 3–4): strongest in early B stars. */
const hot = (metals: number) => (temperature: number, metallicity: number): number => bell(Math.log(temperature / 26000) / 0.5) * 10 ** (metals * metallicity);

/** Smooth step from 1 blueward of an edge [Å] to 0 redward. */
const blueward = (wavelength: Float64Array, edge: number, width: number): Float64Array => wavelength.map((at) => 1 / (1 + Math.exp((at - edge) / width)));

/** What absorbs in the computed stars, on an even grid of air wavelengths [Å]. */
export function absorbers(wavelength: Float64Array): readonly Absorber[] {
  const hydrogenProfile = draw(wavelength, hydrogen, wing, 12);
  const jump = blueward(wavelength, 3700, 8);
  const oxide = wavelength.map((at) => titaniumOxide.reduce((sum, [head, depth]) => sum + (at < head ? 0 : depth * Math.exp((head - at) / 120)), 0));
  const blanketing = blueward(wavelength, 3990, 12).map((value, k) => 0.2 * value + 0.2 * Math.max(0, (4500 - wavelength[k]!) / 1000));
  return [
    { profile: hydrogenProfile.map((value, k) => value + 0.8 * jump[k]!), strength: balmer },
    { profile: draw(wavelength, iron, bell, 5, forest(wavelength, 'iron', 300, 0.13)), strength: neutral(2, 0.4) },
    { profile: forest(wavelength, 'low excitation', 200, 0.1), strength: neutral(4, 0.5) },
    { profile: forest(wavelength, 'ionised', 120, 0.18), strength: ionised(0.4) },
    { profile: draw(wavelength, helium, bell, 5), strength: hot(0) },
    { profile: forest(wavelength, 'hot ions', 150, 0.12), strength: hot(0.5) },
    { profile: draw(wavelength, magnesium, wing, 8), strength: neutral(3, 0.4) },
    { profile: draw(wavelength, calcium, wing, 12), strength: neutral(1, 0.3) },
    { profile: draw(wavelength, sodium, wing, 8), strength: neutral(4, 0.5) },
    { profile: draw(wavelength, molecules, bell, 4), strength: neutral(2, 0.35) },
    { profile: blanketing, strength: neutral(2, 0.35) },
    { profile: oxide, strength: (temperature, metallicity) => Math.min(3, Math.exp((3900 - temperature) / 280)) * 10 ** (0.8 * metallicity) },
  ];
}
