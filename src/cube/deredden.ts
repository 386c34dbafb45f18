import { airToVacuum, dereddeningFactor, extinctionLaws } from '../light/index.js';
import type { Cube } from './cube.js';

/**
 * What the flux in each pixel is multiplied by to undo foreground dust: 10^(0.4 k(λ) E(B−V)) at the observed vacuum
 * wavelength, for `extractSpectrum`.
 *
 * @param ebv Galactic E(B−V) [mag].
 * @param law Default 'ccm89' (Cardelli, Clayton & Mathis 1989).
 * @param rv Default 3.1.
 * @returns one array per arm, of the arm's length.
 */
export function dereddenFactors(
  cube: Pick<Cube, 'arms'>, ebv: number, law: 'ccm89' | 'odonnell94' = 'ccm89', rv = 3.1,
): Float64Array[] {
  return cube.arms.map(({ axis: { wavelength, medium } }) =>
    wavelength.map((λ) => dereddeningFactor(ebv, extinctionLaws[law](medium === 'air' ? airToVacuum(λ) : λ, rv))));
}
