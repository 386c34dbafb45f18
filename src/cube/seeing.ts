import type { Header } from '../fits/index.js';
import type { Cube } from './cube.js';

type Seeing = NonNullable<Cube['seeing']>;

/** Where headers tell the FWHM of the seeing [arcsec], the best first; several keys are averaged. */
const sources: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ['PSFFWHM'], what: 'Moffat fit to the star observed with the galaxy' },
  { keys: ['RFWHM'], what: 'point-spread function of the cube in r' },
  { keys: ['ESO OCS SGS FWHM MED'], what: 'median on the slow guiding system' },
  { keys: ['ESO OCS SGS AG FWHMX MED', 'ESO OCS SGS AG FWHMY MED'], what: 'median on the autoguider' },
  { keys: ['ESO TEL IA FWHMLINOBS'], what: 'active optics, along the line of sight' },
  { keys: ['ESO TEL AMBI FWHM START', 'ESO TEL AMBI FWHM END'], what: 'seeing monitor of the observatory, at zenith' },
];

/**
 * The FWHM of the seeing as a header tells it: SAMI's PSFFWHM (or the Moffat profile of PSFALPHA, PSFBETA:
 * FWHM = 2α√(2^(1/β) − 1)), MaNGA's RFWHM, MUSE's slow guiding system, autoguider, active optics or the observatory's monitor, in this order.
 * Zero and negative values are unfilled cards. Null when nothing is told.
 */
export function seeingFromHeader(header: Header): Seeing | null {
  for (const { keys, what } of sources) {
    const values = keys.flatMap((key) => header.number(key) ?? []).filter((value) => value > 0);
    if (values.length > 0) {
      const found = keys.filter((key) => (header.number(key) ?? 0) > 0);
      return { fwhm: values.reduce((sum, value) => sum + value, 0) / values.length, source: `header, ${found.join(' and ')}: ${what}` };
    }
  }
  const [alpha, beta] = [header.number('PSFALPHA') ?? 0, header.number('PSFBETA') ?? 0];
  if (!(alpha > 0 && beta > 0)) return null;
  return { fwhm: 2 * alpha * Math.sqrt(2 ** (1 / beta) - 1), source: 'header, PSFALPHA and PSFBETA: Moffat fit to the star observed with the galaxy' };
}
