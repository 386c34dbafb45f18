import { constants } from './constants.js';

/** How a redshift is quoted as a velocity: c z, special-relativistic, or c ln(1 + z). */
export type VelocityConvention = 'optical' | 'relativistic' | 'logarithmic';

/** Velocity [km/s] of a redshift; the logarithmic convention is that of Cappellari (2017, eq. 8). */
export function velocityOfRedshift(z: number, convention: VelocityConvention): number {
  if (convention === 'optical') return constants.c * z;
  if (convention === 'logarithmic') return constants.c * Math.log1p(z);
  const square = (1 + z) ** 2;
  return (constants.c * (square - 1)) / (square + 1);
}

/** Redshift of a velocity [km/s], the inverse of `velocityOfRedshift`. */
export function redshiftOfVelocity(velocity: number, convention: VelocityConvention): number {
  const beta = velocity / constants.c;
  if (convention === 'optical') return beta;
  if (convention === 'logarithmic') return Math.expm1(beta);
  return Math.sqrt((1 + beta) / (1 - beta)) - 1;
}
