/**
 * Bits of the status of a bin or spaxel: the MaNGA DAP's DAPPIXMASK (Westfall et al. 2019, AJ 158, 231) and, in the range
 * 11–29 that it leaves free, zgrad's own. Status 0 is a bin that is used everywhere.
 */
export const maskBits = {
  NOCOV: 0, LOWCOV: 1, DEADFIBER: 2, FORESTAR: 3, NOVALUE: 4, UNRELIABLE: 5, MATHERROR: 6, FITFAILED: 7, NEARBOUND: 8,
  NOCORRECTION: 9, MULTICOMP: 10,
  LOWSNR: 11, LOWEW: 12, NOTSF: 13, COMPOSITE: 14, OUTOFRANGE: 15, NEGATIVEDUST: 16, SKYLINE: 17, USERMASK: 18,
  DONOTUSE: 30,
} as const;

/** The name of a status bit. */
export type MaskBitName = keyof typeof maskBits;

/** What each bit says of a spaxel, in one sentence. */
export const maskBitMeanings: Readonly<Record<MaskBitName, string>> = {
  NOCOV: 'No data: the spaxel lies outside the field or has no pixel with a finite flux and a positive variance.',
  LOWCOV: 'Low coverage: too small a part of the spectrum around the lines has data.',
  DEADFIBER: 'A dead fibre contributes to the spaxel.',
  FORESTAR: 'A foreground star contaminates the spaxel.',
  NOVALUE: 'No value could be measured here.',
  UNRELIABLE: 'The value is unreliable.',
  MATHERROR: 'A number overflowed or was undefined in the calculation.',
  FITFAILED: 'The fit of the emission lines did not converge.',
  NEARBOUND: 'A fitted parameter lies at the edge of the range allowed to it.',
  NOCORRECTION: 'A correction that the value needs could not be made.',
  MULTICOMP: 'The lines show more than one velocity component.',
  LOWSNR: 'A line that is needed lies below the signal-to-noise cut.',
  LOWEW: 'The equivalent width of Hα lies below the cut: the gas need not be ionised by young stars.',
  NOTSF: 'The line ratios are not those of star formation (BPT diagram), or they cannot be placed in it.',
  COMPOSITE: 'The line ratios lie between the curves of Kauffmann et al. (2003) and Kewley et al. (2001).',
  OUTOFRANGE: 'The abundance lies outside the range in which its calibration was made.',
  NEGATIVEDUST: 'Hα/Hβ is smaller than without dust: E(B−V) was set to zero.',
  SKYLINE: 'A line that is needed falls on a sky emission line or a telluric band.',
  USERMASK: 'The spaxel is masked by the user.',
  DONOTUSE: 'Do not use this spaxel for science.',
};

const names = Object.keys(maskBits) as MaskBitName[];

/** The names of the bits set in a status, lowest first. Bits without a meaning are left out. */
export function bitNames(status: number): MaskBitName[] {
  return names.filter((name) => status & (1 << maskBits[name]));
}

/** What a status says, a sentence for each bit set, lowest bit first; empty for 0. */
export function describeBits(status: number): string[] {
  const known = names.reduce((all, name) => all | (1 << maskBits[name]), 0);
  const unknown = status & ~known;
  const sentences = bitNames(status).map((name) => maskBitMeanings[name]);
  return unknown ? [...sentences, `Bits without a known meaning are set (${unknown >>> 0}).`] : sentences;
}
