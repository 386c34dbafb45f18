export type { CelestialWcs, SpectralWcs, Wcs } from './wcs.js';
