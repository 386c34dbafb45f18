export { atomicMass, gasFraction, gasMass, molecularMass } from './gas.js';
export { effectiveYield, metalFractions, metallicity } from './effectiveYield.js';
export type { MetalFraction, MetalFractionName } from './effectiveYield.js';
