/** A colour map: 255 colours, red, green and blue 0–255 of each; the 256th place of a palette stays free for 'no value'. */
export interface ColourMap {
  readonly name: string;
  readonly rgb: Uint8Array;
}

export const levels = 255;

/** A map through equally spaced colours, written as hexadecimal triplets, joined linearly. */
function through(name: string, colours: string): ColourMap {
  const knots = colours.match(/.{6}/g)!.map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  const rgb = new Uint8Array(3 * levels);
  for (let i = 0; i < levels; i++) {
    const t = (i / (levels - 1)) * (knots.length - 1);
    const k = Math.min(Math.floor(t), knots.length - 2);
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.round(knots[k]![c]! + (t - k) * (knots[k + 1]![c]! - knots[k]![c]!));
  }
  return { name, rgb };
}

/** viridis, magma and plasma (Smith & van der Walt 2015): lightness rises evenly, for every kind of eye. */
export const viridis = through('viridis',
  '440154470d6048186a482374472d7b4536814240863f49893b528b375a8d33638d2f6a8e2c728e297a8e26818e23898e21908c1f988b1f9f8821a685'
  + '28ae8031b57b3ebc744cc26c5dc9636ece5882d34c96d83fabdc32c0df24d5e21aeae51afde725');
export const magma = through('magma',
  '0000040303110a0822130d331d114628115a36106a430f7650127c5d177f691c817621818226818f2a819c2e7fa9327db63779c33b75cf4170db486a'
  + 'e65163ee5c5ef5695cf9785dfb8761fd9668fea571feb47bfec387fed194fde0a2fceeb0fcfdbf');
export const plasma = through('plasma',
  '0d08872206903105963f049c4c02a15901a56600a77201a87e03a88909a69511a29f1a9ca92396b22c8ebb3587c33e80cb4778d25071d9596ae06263'
  + 'e66c5ceb7555f07f4ff48a48f89441fb9f3afdab33feb72dfdc328fcd025f9dd25f5eb27f0f921');
/**
 * Blue for approaching, red for receding: equal lightness at equal distance from the middle, which is a pale yellow,
 * not a grey or white that could be taken for a missing value.
 */
export const diverging = through('diverging',
  '133c92144599184ea11d57a82361af2a6bb72f76bf3381c6388dcd4199d452a6da6ab2df8cc2e1b2d5dfd3e6d9edf3d0fbf7c4fff0b3fede9af9c67f'
  + 'f1ae65e99852e28747dd763ed86637d15631c9482bbe3d26b23323a72a219b21208e1b20811821');
export const greyscale = through('greyscale', '0a0a0affffff');

/** The level 0–254 of a value between the limits; values beyond them take the end colours. */
export function levelOf(value: number, low: number, high: number): number {
  const t = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(Math.min(1, Math.max(0, t)) * (levels - 1));
}

/** The colour of a value as '#rrggbb'. */
export function colourOf(map: ColourMap, value: number, [low, high]: readonly [number, number]): string {
  const k = 3 * levelOf(value, low, high);
  return `#${[0, 1, 2].map((c) => map.rgb[k + c]!.toString(16).padStart(2, '0')).join('')}`;
}
