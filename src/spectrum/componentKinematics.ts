import { placeOf, type Parameter } from './blendProblem.js';
import type { Covariance } from './fittedModel.js';

/** One component's velocity distribution: c Δln λ and dispersion [km/s], Gauss–Hermite moments; error NaN for what was not fitted. */
export interface ComponentKinematics {
  readonly velocity: number;
  readonly sigma: number;
  readonly h3: number;
  readonly h4: number;
  readonly velocityError: number;
  readonly sigmaError: number;
  readonly h3Error: number;
  readonly h4Error: number;
}

/**
 * What the parameters of a fit say of component c.
 * @param start where velocity and dispersion are that were not fitted [km/s]
 * @param perSample velocity scale of the grid [km/s]
 */
export function kinematicsOf(c: number, start: { readonly velocity: number; readonly sigma: number }, perSample: number, parameters: readonly Parameter[], theta: Float64Array, covariance: Covariance | null): ComponentKinematics {
  const errorOf = ({ matrix, size }: Covariance, k: number): number => Math.sqrt(matrix[(size - parameters.length + k) * (size + 1)]!);
  const of = (name: Parameter['of'], otherwise: number): { value: number; error: number } => {
    const k = placeOf(parameters, name, c);
    if (k < 0) return { value: otherwise, error: Number.NaN };
    return { value: theta[k]!, error: covariance ? errorOf(covariance, k) : Number.NaN };
  };
  const [velocity, variance, h3, h4] = [of('velocity', start.velocity / perSample), of('variance', (start.sigma / perSample) ** 2), of('h3', 0), of('h4', 0)];
  const sigma = Math.sqrt(variance.value);
  return {
    velocity: velocity.value * perSample, velocityError: velocity.error * perSample, sigma: sigma * perSample,
    // The error of √u, which the linear formula overstates near u = 0.
    sigmaError: (sigma > 0 ? Math.min(variance.error / (2 * sigma), Math.sqrt(variance.error)) : Math.sqrt(variance.error)) * perSample,
    h3: h3.value, h4: h4.value, h3Error: h3.error, h4Error: h4.error,
  };
}
