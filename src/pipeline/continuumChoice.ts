import { ZgradError } from '../errors/index.js';
import { filters, type SpectralAxis } from '../light/index.js';
import { continuumMask } from '../spectrum/index.js';
import type { Range } from '../templates/index.js';
import { nearestWord } from './nearest.js';
import type { Config } from './resolve.js';
import { dataFolder, libraryNames, openLibrary, type OpenedLibrary } from './templateStore.js';

/** How the continuum under the lines is fitted. */
export type ContinuumChoice = { readonly method: 'local' } | ({ readonly method: 'ssp' } & OpenedLibrary);

/** Room for the stars' velocities about the redshift, as a share of the wavelength. */
const velocityRoom = 0.015;
/** Rest wavelengths that light fractions refer to [Å], with a rim. */
const lightBand = [4990, 5510] as const;
/** Fewer pixels say too little of the stars. */
const fewestPixels = 100;

/** The wavelengths of a library that a fit and its products need. */
function neededRange({ range: [from, to], band }: Config['continuum']): Range {
  const { start, step, response } = filters[band];
  const rim = 2 * step;
  return [Math.min(from * (1 - velocityRoom), lightBand[0], start - rim), Math.max(to * (1 + velocityRoom), lightBand[1], start + step * response.length + rim)];
}

/**
 * Stellar populations where they are asked for, or where `auto` finds the library; else straight lines, with a sentence for the user.
 * @throws BadConfig for a library that is not installed, BadFits for one that cannot be read
 */
export async function chooseContinuum({ continuum }: Config, where: string, warnings: string[]): Promise<ContinuumChoice> {
  const { method, templates } = continuum;
  if (method === 'local') return { method };
  const names = await libraryNames();
  if (!names.includes(templates)) {
    if (method === 'auto') {
      warnings.push(`no library of stellar populations named ${templates} is installed (zgrad templates import DIR --name ${templates}): straight lines with ${continuum.absorption} Å of Balmer absorption stand for the stars`);
      return { method: 'local' };
    }
    throw new ZgradError('BadConfig', {
      where: `${where}: continuum.templates`, found: `no library ${templates} in ${dataFolder()}/templates`, expected: `one of ${names.join(', ')}`,
      remedy: `Did you mean ${nearestWord(templates, names)}? A library is installed with: zgrad templates import DIR --name ${templates}`,
    });
  }
  return { method: 'ssp', ...await openLibrary(templates, neededRange(continuum)) };
}

/** Throws BadConfig when library, range and data leave too few pixels to fit stars to. */
export function checkContinuum(choice: ContinuumChoice, arms: readonly { readonly axis: SpectralAxis }[], { continuum, redshift }: Config, where: string): void {
  if (choice.method === 'local') return;
  const { wavelength, medium } = choice.library;
  const [from, to] = [Math.max(continuum.range[0], wavelength[0]!), Math.min(continuum.range[1], wavelength.at(-1)!)];
  const pixels = arms.reduce((sum, { axis }) => sum
    + continuumMask(axis, redshift, { coverage: { range: [from, to], medium }, ...(continuum.gas === 'fitted' && { lines: [] }) }).reduce((a, b) => a + b, 0), 0);
  if (pixels >= fewestPixels) return;
  const spans = arms.map(({ axis: { wavelength: λ } }) => `${(λ[0]! / (1 + redshift)).toFixed(0)}–${(λ.at(-1)! / (1 + redshift)).toFixed(0)} Å`);
  throw new ZgradError('BadConfig', {
    where: `${where}: continuum.range`, found: `${pixels} pixels in ${continuum.range.join('–')} Å that both the data (${spans.join(' and ')} in the rest frame) and the library ${choice.library.name} (${wavelength[0]!.toFixed(0)}–${wavelength.at(-1)!.toFixed(0)} Å) hold`,
    expected: `at least ${fewestPixels}`, remedy: 'Widen continuum.range, choose another library, or set continuum.method=local.',
  });
}
