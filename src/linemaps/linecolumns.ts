import { lines, type LineName } from '../nebula/index.js';

/** A line as a column may name it; 'OII' is the blend 3726 + 3729. */
export type ColumnLine = LineName | 'OII';

/** How far the wavelength in a name may lie from the line's [Å]: names round, cut, or give the vacuum wavelength. */
const nearEnough = 1.6;

/**
 * The emission line that a text names, whatever its spelling: Ha, Halpha, H_alpha, NII6584, [N II] 6583, OIII5007, SII6717
 * (air or vacuum wavelength, rounded or cut), OII3727 for the blend. Null for anything else.
 */
export function lineOf(text: string): ColumnLine | null {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '')
    .replace(/^h(alpha|beta|gamma|delta|epsilon)/, (_, letter: string) => `h${letter[0]}`);
  if (/^oii372[78]$/.test(plain)) return 'OII';
  const [, ion, digits] = /^([a-z]+)(\d{4})?$/.exec(plain) ?? [];
  const exact = lines.find(({ name }) => name.toLowerCase() === plain);
  if (exact || ion === undefined || digits === undefined) return exact?.name ?? null;
  const wavelength = Number(digits);
  const near = lines.find(({ name, air, vacuum }) =>
    name.toLowerCase().replace(/\d{4}$/, '') === ion && Math.min(Math.abs(air - wavelength), Math.abs(vacuum - wavelength)) <= nearEnough);
  return near?.name ?? null;
}

/** The line whose flux a column holds: flux_Ha, Ha, Ha_flux; null for any other column. */
export function fluxColumn(name: string): ColumnLine | null {
  return lineOf(name.replace(/^(?:flux|f)_/i, '').replace(/_flux$/i, ''));
}

/** Names that the error of a flux column may have, the likeliest first. */
export function errorColumns(flux: string): string[] {
  const bare = flux.replace(/^(?:flux|f)_/i, '').replace(/_flux$/i, '');
  const suffixed = ['_err', '_error', '_e'].map((suffix) => `${flux}${suffix}`);
  const prefixed = ['e_', 'err_', 'error_'].flatMap((prefix) => [`${prefix}${flux}`, `${prefix}${bare}`]);
  const between = ['flux_err_', 'e_flux_'].map((prefix) => `${prefix}${bare}`);
  const all = /^(?:flux|f)_|_flux$/i.test(flux) ? [...suffixed, ...prefixed] : [...prefixed, ...suffixed];
  return [...new Set([...all, ...between, `${bare}_err`, `${bare}_flux_err`])];
}
