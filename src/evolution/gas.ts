/** Mass of cold gas with the helium mixed into it, over that of its hydrogen. */
const heliumFactor = 1.35;

/** Time in which star formation uses up the molecular gas [yr], over 10⁹: SFR = 1.4 M_H2/10⁹ yr (Li et al. 2025, Eq. 7). */
const molecularDepletion = 1e9 / 1.4;

/**
 * Mass of atomic hydrogen [Msun] from its 21-cm line, optically thin: 2.356×10⁵ D² S (Roberts 1962).
 * @param flux integrated over the line [Jy km/s]
 * @param distance luminosity distance [Mpc]
 */
export function atomicMass(flux: number, distance: number): number {
  return 2.356e5 * distance * distance * flux;
}

/** Mass of molecular hydrogen [Msun] that a star formation rate [Msun/yr] goes with (Li et al. 2025, Eq. 7). */
export function molecularMass(sfr: number): number {
  return sfr * molecularDepletion;
}

/** Mass of gas [Msun], with helium, from the masses of atomic and of molecular hydrogen [Msun] (Li et al. 2025, Section 3.4). */
export function gasMass(atomic: number, molecular: number): number {
  return heliumFactor * (atomic + molecular);
}

/** Share of the gas in the baryons, M_gas/(M_gas + M_*); masses in one unit. */
export function gasFraction(gas: number, stars: number): number {
  return gas / (gas + stars);
}
