/** A work to cite, and what it was used for. */
export interface Citation {
  readonly citation: string;
  readonly usedFor: string;
}

const works = {
  Li25: 'Li et al. 2025, A&A (radial metallicity gradients of dwarf galaxies with MUSE)',
  Cardelli89: 'Cardelli, Clayton & Mathis 1989, ApJ 345, 245',
  Osterbrock06: 'Osterbrock & Ferland 2006, Astrophysics of Gaseous Nebulae and Active Galactic Nuclei',
  Kauffmann03: 'Kauffmann et al. 2003, MNRAS 346, 1055',
  Kewley01: 'Kewley et al. 2001, ApJ 556, 121',
  CidFernandes11: 'Cid Fernandes et al. 2011, MNRAS 413, 1687',
  Sanchez24: 'Sánchez et al. 2024, A&A 682, A71',
  Westfall19: 'Westfall et al. 2019, AJ 158, 231 (layout of maps.fits)',
  Cappellari17: 'Cappellari 2017, MNRAS 466, 798',
  Calzetti00: 'Calzetti et al. 2000, ApJ 533, 682',
  Bacon17: 'Bacon et al. 2017, A&A 608, A1 (line-spread function of MUSE)',
  Croom21: 'Croom et al. 2021, MNRAS 505, 991 (SAMI DR3)',
} as const;

export interface LiteratureInput {
  readonly instrument: string | null;
  readonly foreground: boolean;
  /** Source of the library of stellar populations; null where none was fitted. */
  readonly library: string | null;
  /** Law by which the stars were reddened. */
  readonly starsReddening: 'ccm89' | 'calzetti00' | null;
  readonly museLsf: boolean;
  /** Name and source of each calibration used. */
  readonly calibrations: readonly { readonly name: string; readonly source: string }[];
  readonly starFormation: { readonly name: string; readonly source: string };
}

/** The literature behind what a run used. */
export function literature({ instrument, foreground, library, starsReddening, museLsf, calibrations, starFormation }: LiteratureInput): Citation[] {
  const bySource = new Map<string, string[]>();
  for (const { name, source } of calibrations) bySource.set(source, [...(bySource.get(source) ?? []), name]);
  return [
    { citation: works.Li25, usedFor: 'the method: cuts, deprojection, gradient and its bootstrap error' },
    ...[...bySource].map(([citation, names]) => ({ citation, usedFor: `oxygen abundance: ${names.join(', ')}` })),
    { citation: works.Cardelli89, usedFor: foreground ? 'Galactic and internal dust' : 'internal dust' },
    { citation: works.Osterbrock06, usedFor: 'case-B Balmer ratio' },
    { citation: works.Kauffmann03, usedFor: 'star-forming bins' },
    { citation: works.Kewley01, usedFor: 'composite bins' },
    { citation: works.CidFernandes11, usedFor: 'WHaN classes' },
    { citation: works.Sanchez24, usedFor: 'WHaD classes (thresholds unverified)' },
    { citation: starFormation.source, usedFor: `star-formation rate (${starFormation.name})` },
    ...(library ? [{ citation: works.Cappellari17, usedFor: 'fit of the stars to the full spectrum' }, { citation: library, usedFor: 'library of stellar populations' }] : []),
    ...(library && starsReddening === 'calzetti00' ? [{ citation: works.Calzetti00, usedFor: 'dust of the stars' }] : []),
    ...(museLsf ? [{ citation: works.Bacon17, usedFor: 'line-spread function' }] : []),
    ...(instrument === 'SAMI' ? [{ citation: works.Croom21, usedFor: 'the data' }] : []),
    { citation: works.Westfall19, usedFor: 'the layout of maps.fits and its mask bits' },
  ];
}
