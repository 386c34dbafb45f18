export type { LineName } from './lines.js';
