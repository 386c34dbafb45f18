import { ZgradError } from '../errors/index.js';
import { constants } from '../units/index.js';

/** The parameters of a Friedmann model with a cosmological constant and massless neutrinos. */
export interface CosmologyOptions {
  /** Hubble constant [km/s/Mpc]. Default 70. */
  readonly H0?: number;
  /** Matter density parameter. Default 0.3. */
  readonly Om0?: number;
  /** Density parameter of the cosmological constant. Default: what makes space flat. */
  readonly Ode0?: number;
  /** Temperature of the background radiation today [K]. Default 0, no radiation. */
  readonly Tcmb0?: number;
  /** Effective number of massless neutrinos, counted only with radiation. Default 3.04. */
  readonly Neff?: number;
}

/** Distances and times of a cosmology, each a function of redshift. */
export interface Cosmology {
  /** H(z)/H0. */
  E(z: number): number;
  /** Line-of-sight comoving distance [Mpc]. */
  comovingDistance(z: number): number;
  /** [Mpc] */
  luminosityDistance(z: number): number;
  /** [Mpc] */
  angularDiameterDistance(z: number): number;
  /** Angular-diameter distance of z2 seen from z1 [Mpc], as between a lens and a source. */
  angularDiameterDistanceBetween(z1: number, z2: number): number;
  /** Distance modulus [mag]. */
  distanceModulus(z: number): number;
  /** Proper kpc in an arcsecond. */
  kpcPerArcsec(z: number): number;
  /** Age of the universe [Gyr]. */
  age(z: number): number;
  /** Lookback time [Gyr]. */
  lookbackTime(z: number): number;
  /** The redshift of a luminosity distance [Mpc]. @throws BadArgument unless it is positive. */
  redshiftOfLuminosityDistance(distance: number): number;
}

/** Nodes and weights of the n-point Gauss–Legendre rule on [0, 1]. */
function gaussLegendre(n: number): readonly (readonly [number, number])[] {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let turn = 0; turn < 8; turn++) {
      let below = 1;
      let p = x;
      for (let k = 1; k < n; k++) [below, p] = [p, ((2 * k + 1) * x * p - k * below) / (k + 1)];
      slope = (n * (x * p - below)) / (x * x - 1);
      x -= p / slope;
    }
    return [(1 + x) / 2, 1 / ((1 - x * x) * slope * slope)] as const;
  });
}

const rule = gaussLegendre(64);
const integrate = (f: (x: number) => number, from: number, to: number) =>
  (to - from) * rule.reduce((sum, [x, weight]) => sum + weight * f(from + (to - from) * x), 0);

/**
 * A cosmology, by default the flat one of H0 = 70 km/s/Mpc, Ωm = 0.3 (Hogg 1999 for the distances). Integrals by a
 * 64-point Gauss–Legendre rule, good to 1e-12 for z < 20.
 */
export function cosmology(options: CosmologyOptions = {}): Cosmology {
  const { H0 = 70, Om0 = 0.3, Tcmb0 = 0, Neff = 3.04 } = options;
  const hubblePerSecond = (H0 * 1e5) / constants.megaparsec;
  // ρ_γ/ρ_crit = (4σT⁴/c³) (8πG/3H0²), and (7/8)(4/11)^(4/3) of that in each neutrino family.
  const photons = ((4 * 5.670374419e-5 * Tcmb0 ** 4) / (constants.c * 1e5) ** 3) * ((8 * Math.PI * 6.6743e-8) / (3 * hubblePerSecond ** 2));
  const Or0 = photons * (1 + (7 / 8) * (4 / 11) ** (4 / 3) * Neff);
  const Ode0 = options.Ode0 ?? 1 - Om0 - Or0;
  const Ok0 = options.Ode0 === undefined ? 0 : 1 - Om0 - Ode0 - Or0;
  const hubbleDistance = constants.c / H0;
  const hubbleTime = 1 / (hubblePerSecond * constants.year * 1e9);

  const E = (z: number) => Math.sqrt((((1 + z) * Or0 + Om0) * (1 + z) + Ok0) * (1 + z) ** 2 + Ode0);
  const comovingDistance = (z: number) => hubbleDistance * integrate((u) => Math.exp(u) / E(Math.expm1(u)), 0, Math.log1p(z));
  /** Comoving distance → transverse comoving distance. */
  const transverse = (distance: number) => {
    if (Ok0 === 0) return distance;
    const root = Math.sqrt(Math.abs(Ok0)) / hubbleDistance;
    return (Ok0 > 0 ? Math.sinh(root * distance) : Math.sin(root * distance)) / root;
  };
  const transverseDistance = (z: number) => transverse(comovingDistance(z));
  const luminosityDistance = (z: number) => (1 + z) * transverseDistance(z);
  const angularDiameterDistance = (z: number) => transverseDistance(z) / (1 + z);
  /** ∫ da/(a E) from 0, with a = s² so that the integrand is smooth at the big bang. */
  const age = (z: number) =>
    hubbleTime * integrate((s) => 2 * s ** 3 / Math.sqrt(Or0 + Om0 * s ** 2 + Ok0 * s ** 4 + Ode0 * s ** 8), 0, (1 + z) ** -0.5);

  return {
    E,
    comovingDistance,
    luminosityDistance,
    angularDiameterDistance,
    angularDiameterDistanceBetween: (z1, z2) => transverse(comovingDistance(z2) - comovingDistance(z1)) / (1 + z2),
    distanceModulus: (z) => 5 * Math.log10(luminosityDistance(z)) + 25,
    kpcPerArcsec: (z) => (1000 * angularDiameterDistance(z)) / constants.arcsecPerRadian,
    age,
    lookbackTime: (z) => hubbleTime * integrate((u) => 1 / E(Math.expm1(u)), 0, Math.log1p(z)),
    redshiftOfLuminosityDistance(distance) {
      if (!(distance > 0 && Number.isFinite(distance))) {
        throw new ZgradError('BadArgument', { where: 'luminosity distance', found: `${distance} Mpc`, expected: 'a positive number of Mpc' });
      }
      // Newton: D_L(z) grows ever faster, so that the steps come down to the root from above.
      let z = distance / hubbleDistance;
      for (let turn = 0; turn < 60; turn++) {
        const across = transverseDistance(z);
        const curvature = Math.sqrt(1 + Ok0 * (across / hubbleDistance) ** 2);
        const step = ((1 + z) * across - distance) / (across + ((1 + z) * hubbleDistance * curvature) / E(z));
        z -= step;
        if (Math.abs(step) < 1e-14 * z) break;
      }
      return z;
    },
  };
}
