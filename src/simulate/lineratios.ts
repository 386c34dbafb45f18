import { balmerRatios, fixedDoublets } from '../nebula/index.js';
import type { LineName } from '../nebula/index.js';

/** Lines that a simulated nebula emits, in order of wavelength. */
export const simulatedLines = [
  'OII3726', 'OII3729', 'Hd', 'Hg', 'Hb', 'OIII4959', 'OIII5007', 'HeI5876', 'OI6300', 'OI6364', 'NII6548', 'Ha', 'NII6583', 'HeI6678',
  'SII6716', 'SII6731',
] as const satisfies readonly LineName[];

export type SimulatedLine = (typeof simulatedLines)[number];

/** Dust-free line fluxes relative to Hα. */
export type LineRatios = Readonly<Record<SimulatedLine, number>>;

/** Lines that only appear when weak lines are asked for. */
export const weakLines: ReadonlySet<LineName> = new Set<SimulatedLine>(['HeI5876', 'OI6300', 'OI6364', 'HeI6678']);

/** [S II] 6716/6731 and [O II] 3729/3726 near the low-density limit. */
const lowDensity = 1.4;

/**
 * The spectrum of an H II region of oxygen abundance `oh` = 12+log(O/H), so chosen that the N2S2Hα calibration
 * of Dopita et al. (2016), 8.77 + log([NII]/[SII]) + 0.264 log([NII]/Hα), gives back `oh` exactly.
 *
 * log([NII]/Hα) rises with `oh` and levels off at −0.25, as star-forming galaxies do; log([SII]/Hα) follows from the
 * calibration; log([OIII]/Hβ) runs 0.35 dex below the curve of Kauffmann et al. (2003), so every region is star-forming.
 */
export function lineRatios(oh: number): LineRatios {
  const n2 = -0.25 - Math.log10(1 + 10 ** (-1.2 * (oh - 8.55)));
  const s2 = 1.264 * n2 - oh + 8.77;
  const o3 = 0.61 / (n2 - 0.05) + 0.95;
  const o2 = 0.45 - 0.5 * (oh - 8.4) ** 2;
  return ratiosFrom(n2, s2, o3, o2, -1.7);
}

/** The spectrum of an active nucleus of the Seyfert kind: above the maximum-starburst curve of Kewley et al. (2001). */
export const nuclearRatios: LineRatios = ratiosFrom(0, -0.2, 0.9, 0.5, -0.8);

/** From log([NII]6583/Hα), log([SII]6716+6731/Hα), log([OIII]5007/Hβ), log([OII]/Hβ), log([OI]6300/Hα). */
function ratiosFrom(n2: number, s2: number, o3: number, o2: number, o1: number): LineRatios {
  const Hb = 1 / balmerRatios.Ha;
  const OIII5007 = Hb * 10 ** o3;
  const NII6583 = 10 ** n2;
  const OI6300 = 10 ** o1;
  const SII = 10 ** s2;
  const OII = Hb * 10 ** o2;
  return {
    OII3726: OII / (1 + lowDensity), OII3729: (OII * lowDensity) / (1 + lowDensity),
    Hd: balmerRatios.Hd * Hb, Hg: balmerRatios.Hg * Hb, Hb, Ha: 1,
    OIII4959: OIII5007 / strongOverWeak('OIII4959'), OIII5007,
    OI6300, OI6364: OI6300 / strongOverWeak('OI6364'),
    NII6548: NII6583 / strongOverWeak('NII6548'), NII6583,
    SII6716: (SII * lowDensity) / (1 + lowDensity), SII6731: SII / (1 + lowDensity),
    HeI5876: 0.12 * Hb, HeI6678: 0.034 * Hb,
  };
}

function strongOverWeak(weak: LineName): number {
  return fixedDoublets.find((doublet) => doublet.weak === weak)!.ratio;
}
