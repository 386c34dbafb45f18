/** [O II] 3729/3726 at 10⁴ K and 100 cm⁻³ (PyNeb; Luridiana, Morisset & Shaw 2015). */
const oiiRatio = 1.3493;

/**
 * Shares of a measured blend [O II] 3726+3729 for its two lines. Only the sum is measured: the two fluxes add up to it, and the
 * two errors, taken as independent, add up in quadrature to its error.
 */
export function splitOii(flux: Float64Array, error: Float64Array): Record<'OII3726' | 'OII3729', { flux: Float64Array; fluxError: Float64Array }> {
  const share = (part: number) => ({
    flux: flux.map((value) => (value * part) / (1 + oiiRatio)),
    fluxError: error.map((value) => (value * part) / Math.hypot(1, oiiRatio)),
  });
  return { OII3726: share(1), OII3729: share(oiiRatio) };
}

/** What the user should know of lines made by `splitOii`. */
export const oiiNote = 'The source has [O II] 3726 + 3729 as one blend: it was divided as at 100 cm⁻³, and only the sum of the two is measured.';
