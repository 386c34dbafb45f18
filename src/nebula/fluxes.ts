import type { LineName } from './lines.js';

/** A number for each line, usually its flux in any common unit. A line that is not there, or is NaN, was not measured. */
export type LineFluxes = Readonly<Partial<Record<LineName, number>>>;
