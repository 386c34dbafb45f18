import { evaluatePolynomial } from './polynomial.js';

// Rational approximations of Cody (1969, Math. Comp. 23, 631), coefficients of ascending powers.
const nearNumerator = [3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315];
const nearDenominator = [2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1];
const middleNumerator = [
  1230.3393547979972, 2051.0783778260716, 1712.0476126340707, 881.952221241769, 298.6351381974001,
  66.11919063714163, 8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8];
const middleDenominator = [
  1230.3393548037495, 3439.3676741437216, 4362.619090143247, 3290.7992357334597, 1621.3895745666903,
  537.1811018620099, 117.6939508913125, 15.744926110709835, 1];
const farNumerator = [
  0.0006587491615298378, 0.016083785148742275, 0.12578172611122926, 0.36034489994980445, 0.30532663496123236,
  0.016315387137302097];
const farDenominator = [
  0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234673, 2.568520192289822, 1];

/** Error function, to about 1e-15 (Cody 1969). */
export function erf(x: number): number {
  if (Math.abs(x) <= 0.46875) return x * evaluatePolynomial(nearNumerator, x * x) / evaluatePolynomial(nearDenominator, x * x);
  return x > 0 ? 1 - tail(x) : tail(-x) - 1;
}

/** Complementary error function 1 − erf(x), with full relative accuracy far into the tail (Cody 1969). */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - erf(x);
  return x > 0 ? tail(x) : 2 - tail(-x);
}

/** erfc for x > 0.46875. */
function tail(x: number): number {
  if (x > 27) return 0;
  // exp(−x²) in two factors: the square of x cut to a multiple of 1/16 is exact.
  const cut = Math.trunc(x * 16) / 16;
  const exponential = Math.exp(-cut * cut) * Math.exp(-(x - cut) * (x + cut));
  if (x <= 4) return exponential * evaluatePolynomial(middleNumerator, x) / evaluatePolynomial(middleDenominator, x);
  const z = 1 / (x * x);
  const correction = z * evaluatePolynomial(farNumerator, z) / evaluatePolynomial(farDenominator, z);
  return exponential * (1 / Math.sqrt(Math.PI) - correction) / x;
}
