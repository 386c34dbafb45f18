/**
 * zgrad: from an integral-field cube to metallicity maps and a radial metallicity gradient with an honest error.
 *
 * @example
 * import { measureGalaxy } from 'zgrad';
 * import { createReporter } from 'zgrad/host';
 * const summary = await measureGalaxy({
 *   entry: 'cube', files: ['cube.fits'], out: 'run', where: 'script', overwrite: false, reporter: createReporter(),
 *   tree: { redshift: 0.0021, effectiveRadius: '0.43 kpc', geometry: { positionAngle: 48.6, ellipticity: 0.286 }, foreground: { ebv: 0.008 } },
 * });
 * console.log(summary.answer);
 *
 * @module
 */
export { ZgradError, isZgradError } from './errors/index.js';
export type { ErrorDetails, ErrorTag } from './errors/index.js';
export { checkConfig, measureGalaxies, measureGalaxy, version } from './pipeline/index.js';
export type { ConfigInput, MeasureRequest, MeasureSummary } from './pipeline/index.js';
