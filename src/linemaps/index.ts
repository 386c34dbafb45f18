export type { LineMap, LineMaps } from './linemaps.js';
