export { factorCholesky, invertSymmetric, solveCholesky, substituteBackward, substituteForward } from './cholesky.js';
export { erf, erfc } from './erf.js';
export { incompleteBeta, incompleteGamma, incompleteGammaUpper, logGamma } from './gamma.js';
export { levenbergMarquardt } from './levenberg-marquardt.js';
export type { LeastSquaresFit, LeastSquaresOptions, LeastSquaresProblem } from './levenberg-marquardt.js';
export { evaluatePolynomial } from './polynomial.js';
export { createRandom } from './random.js';
export type { Random } from './random.js';
export { brent, rootsInInterval } from './roots.js';
