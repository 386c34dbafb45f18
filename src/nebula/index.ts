export { lineByName, lines } from './lines.js';
export type { Line, LineName } from './lines.js';
export { balmerRatios, caseB, densityDoublets, doubletSum, fixedDoublets } from './doublets.js';
export type { DensityDoublet, FixedDoublet } from './doublets.js';
export type { LineFluxes } from './fluxes.js';
export { balmerDust, colorExcess, deredden, dustFactor, lineExtinction } from './dust.js';
export type { BalmerDust, BalmerDustOptions, LineExtinction } from './dust.js';
export {
  bptClasses, classifyBpt, classifyOi, classifySii, classifyWhad, classifyWhan, demarcation, excitationClasses, kauffmann03, kewley01,
  kewley01Oi, kewley01Sii, seyfertBorder, seyfertLinerNii, seyfertLinerOi, seyfertLinerSii, whadClasses, whadThresholds, whanClasses,
} from './excitation.js';
export type { BptClass, ExcitationClass, Hyperbola, SeyfertLine, WhadClass, WhanClass } from './excitation.js';
export { luminosity, sfrCalibrations, starFormationRate, surfaceDensity } from './starformation.js';
export type { SfrCalibration, SfrCalibrationName } from './starformation.js';
export { evaluateRatio, linesOf, ratios } from './ratio.js';
export type { LineSum, Quotient, Ratio, RatioTerm } from './ratio.js';
export { polynomialAt } from './calibration.js';
export type {
  BilinearRelation, Calibration, DirectRelation, InverseRelation, IterativeRelation, JointRelation, Polynomial, Range, RatioPrediction, Relation,
} from './calibration.js';
export { calibrationByName, calibrations } from './calibrations.js';
export { kobulnickyKewley } from './kobulnicky.js';
export { abundance, abundancesThroughDust, abundanceThroughDust, evaluateOH } from './abundance.js';
export type { Abundance, AbundanceFlags } from './abundance.js';
export { availableCalibrations } from './availability.js';
export type { Availability } from './availability.js';
