export type { CelestialWcs, Projection, SpectralWcs, Wcs } from './wcs.js';
export { parseCelestial, parseSpectral, parseWcs } from './header.js';
export type { WcsOptions } from './header.js';
export { celestialCards, spectralCards } from './cards.js';
export { northEast, parity, pixelScales, pixelToSky, skyToPixel } from './projection.js';
export { pixelOfWavelength, wavelengthAt } from './spectral.js';
export { icrsToGalactic, positionAngle, separation, skyOffset } from './position.js';
export { cosmology } from './cosmology.js';
export type { Cosmology, CosmologyOptions } from './cosmology.js';
