export { atomicMass, gasFraction, gasMass, molecularMass } from './gas.js';
export { effectiveYield, metalFractions, metallicity } from './effectiveYield.js';
export type { MetalFraction, MetalFractionName } from './effectiveYield.js';
export { massBudget } from './massBudget.js';
export type { DrawnInput, Estimate, MassBudget, MassBudgetInput, MassInput } from './massBudget.js';
export { plainName, readAtomicCatalogue } from './atomicCatalogue.js';
export type { AtomicCatalogue, AtomicColumns } from './atomicCatalogue.js';
export { findAtomic } from './findAtomic.js';
export type { AtomicMatch, AtomicSearch, SoughtGalaxy } from './findAtomic.js';
