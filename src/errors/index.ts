export { ZgradError, isZgradError } from './error.js';
export type { ErrorDetails, ErrorTag } from './error.js';
