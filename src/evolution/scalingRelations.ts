import { cosmology } from '../sky/index.js';

/** A relation between properties of galaxies from the literature, to lay over a sample. */
export interface ScalingRelation {
  readonly name: string;
  /** What stands on the axes, by the names of a sample's columns. */
  readonly x: 'logMstar' | 'logMbaryon' | 'logYeff';
  readonly y: 'oh' | 'logSfr' | 'logYeff';
  /** Range of x in which it was found; null where it is not known. */
  readonly range: readonly [number, number] | null;
  readonly source: string;
  /** True where a coefficient was not checked against its source. */
  readonly unverified: boolean;
  /** What must be matched before points are compared with it; null = nothing. */
  readonly caution: string | null;
  /** @param age of the universe at the galaxies' redshift [Gyr], for the relations that evolve; today's when not given */
  value(x: number, age?: number): number;
}

/** Age of the universe today [Gyr]. */
const today = cosmology().age(0);

/** The yield of oxygen by mass of stellar populations: an effective yield below it means that metals were lost, or gas gained. */
export const trueOxygenYield = { value: 0.0035, source: 'Pilyugin, Thuan & Vílchez 2007', unverified: false } as const;

export const scalingRelations: readonly ScalingRelation[] = [
  {
    name: 'MZR Tremonti+04', x: 'logMstar', y: 'oh', range: [8.5, 11.5], source: 'Tremonti et al. 2004', unverified: true,
    caution: 'Its abundances come from photoionisation models and lie above those of other calibrations.', value: (m) => -1.492 + 1.847 * m - 0.08026 * m * m,
  },
  {
    name: 'MZR Andrews & Martini 13', x: 'logMstar', y: 'oh', range: null, source: 'Andrews & Martini 2013', unverified: true,
    caution: 'Its abundances are direct ones.', value: (m) => 8.798 - Math.log10(1 + 10 ** ((8.901 - m) * 0.64)),
  },
  {
    name: 'MZR Curti+20', x: 'logMstar', y: 'oh', range: null, source: 'Curti et al. 2020', unverified: true,
    caution: 'Its abundances are on the scale of direct ones.', value: (m) => 8.793 - (0.28 / 1.2) * Math.log10(1 + 10 ** (-1.2 * (m - 10.02))),
  },
  {
    name: 'SFMS Speagle+14', x: 'logMstar', y: 'logSfr', range: null, source: 'Speagle et al. 2014', unverified: false,
    caution: null, value: (m, age = today) => (0.84 - 0.026 * age) * m - (6.51 - 0.11 * age),
  },
  {
    name: 'SFMS Popesso+23', x: 'logMstar', y: 'logSfr', range: null, source: 'Popesso et al. 2023', unverified: true,
    caution: null, value: (m, age = today) => 2.693 - 0.186 * age - Math.log10(1 + 10 ** (-0.99 * (m - (10.85 - 0.0729 * age)))),
  },
  {
    name: 'yield Tremonti+04', x: 'logMbaryon', y: 'logYeff', range: null, source: 'Tremonti et al. 2004', unverified: true,
    caution: 'Its normalisation is one of all metals; match it before comparing yields of oxygen.', value: (m) => Math.log10(0.0104 / (1 + 10 ** ((Math.log10(3.67e9) - m) * 0.57))),
  },
];
