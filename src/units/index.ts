export { constants } from './constants.js';
export { convert, parseUnit, sameDimension, unitOrNull } from './unit.js';
export type { Dimension, Unit } from './symbols.js';
export { fluxDensityFactor, lineFluxFactor, surfaceBrightnessFactor } from './flux.js';
export { parseQuantity } from './quantity.js';
export type { Quantity } from './quantity.js';
export { redshiftOfVelocity, velocityOfRedshift } from './velocity.js';
export type { VelocityConvention } from './velocity.js';
