import { Command } from 'commander';
import { fileDigest } from '../host/index.js';
import { lsfFwhm } from '../light/index.js';
import { dataFolder, describeLibrary, importLibrary, listLibraries, openLibrary, type InstalledLibrary } from '../pipeline/index.js';
import { command, printResult, reporterOf, type CommonOptions, type Done } from './options.js';

interface ImportOptions extends CommonOptions {
  readonly name: string;
  readonly overwrite?: boolean;
}

const different = (values: Float64Array): number[] => [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
const short = (values: readonly number[], digits: number): string => values.map((value) => String(Number(value.toPrecision(digits)))).join(' ');

/** What a machine is told of a library. */
function summaryOf({ head, path }: InstalledLibrary): Record<string, unknown> {
  const { name, source, synthetic, medium, imf, absolute, remainingSource, unverified, range, pixels } = head;
  return {
    name, path, source, synthetic, templates: head.age.length, ages: different(head.age), metallicities: different(head.metallicity),
    range, pixels, medium, resolution: fwhmNodes(head), imf, absolute, remainingSource, unverified,
  };
}

/** FWHM [Å] at the nodes of the resolution that are in the range, or at its ends. */
function fwhmNodes({ resolution, range }: InstalledLibrary['head']): [number, number][] {
  const nodes = resolution.kind === 'table' && resolution.wavelength.length <= 20 ? resolution.wavelength : range;
  return nodes.map((at) => [at, lsfFwhm(resolution, at)]);
}

const lineOf = ({ head }: InstalledLibrary): string =>
  `${head.name}: ${head.age.length} templates, ${head.range.map(Math.round).join('–')} Å (${head.medium}); ${head.source}`;

function textOf({ head, path }: InstalledLibrary, sha256: string): string {
  const { name, source, medium, imf, absolute, remainingSource, unverified, range, pixels, resolution } = head;
  const fwhm = resolution.kind === 'constant' ? `${resolution.fwhm} Å` : fwhmNodes(head).map(([at, width]) => `${width.toPrecision(3)} Å at ${at} Å`).join(', ');
  return [
    `${name}: ${source}`,
    `templates:       ${head.age.length}`,
    `ages [Gyr]:      ${short(different(head.age), 4) || 'none'}`,
    `[M/H]:           ${short(different(head.metallicity), 3) || 'none'}`,
    `range:           ${short(range, 8).replace(' ', '–')} Å (${medium}), ${pixels} wavelengths`,
    `resolution:      FWHM ${fwhm}`,
    `IMF:             ${imf ?? 'not told'}`,
    `units:           ${absolute ? 'L☉/M☉/Å' : 'relative'}`,
    `remaining mass:  ${remainingSource}`,
    ...unverified.map((note) => `unverified:      ${note}`),
    `file:            ${path ?? 'built in, computed'}`,
    `sha256:          ${sha256}`,
  ].join('\n');
}

export function templatesCommand(_done: Done): Command {
  const importing = command('import', 'Make one library of a folder (or of files) as published: E-MILES, MILES, MIUSCAT, BC03, BPASS, Starburst99, MILES-HC or a table.',
    'zgrad templates import emiles_ku_basti --name emiles')
    .argument('<paths...>', 'a folder, or the files of one library')
    .requiredOption('--name <NAME>', 'what continuum.templates will call it')
    .option('--overwrite', 'replace a library of this name')
    .action(async (paths: string[], options: ImportOptions) => {
      reporterOf(options).say(`reading ${paths.join(' ')}`);
      const installed = await importLibrary(paths, options.name, options);
      printResult(options, summaryOf(installed), `${lineOf(installed)}\nwrote ${installed.path}`);
    });
  const listing = command('list', 'The installed libraries and the built-in one.', 'zgrad templates list')
    .action(async (options: CommonOptions) => {
      const installed = await listLibraries();
      printResult(options, installed.map(summaryOf), installed.map(lineOf).join('\n'));
    });
  const informing = command('info', 'What a library holds: ages, metallicities, range, resolution, medium, mass function, masses, checksum.', 'zgrad templates info emiles')
    .argument('<NAME>', 'an installed library, or synthetic')
    .action(async (name: string, options: CommonOptions) => {
      const described = await describeLibrary(name);
      const sha256 = described.path ? await fileDigest(described.path) : (await openLibrary(name)).sha256;
      printResult(options, { ...summaryOf(described), sha256 }, textOf(described, sha256));
    });
  return new Command('templates')
    .description('Libraries of stellar populations for the fit of the continuum.')
    .addHelpText('after', `\nLibraries are kept in ${dataFolder()}/templates: in $ZGRAD_DATA, else $XDG_DATA_HOME/zgrad, else ~/.local/share/zgrad.\n\nExample:\n  zgrad templates import emiles_ku_basti --name emiles\n  zgrad measure cube.fits --out RUN --set continuum.templates=emiles`)
    .addCommand(importing.exitOverride())
    .addCommand(listing.exitOverride())
    .addCommand(informing.exitOverride());
}
