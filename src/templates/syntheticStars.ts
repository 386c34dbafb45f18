/** Light of a population by the temperature of its stars, and what is left of its mass. Per solar mass formed. */
export interface StellarLight {
  /** [temperatures] luminosity [L☉]. */
  readonly luminosity: Float64Array;
  /** Living stars plus remnants over the mass formed. */
  readonly remaining: number;
}

/** A living star: L☉ and K. */
interface Star {
  readonly luminosity: number;
  readonly temperature: number;
}

const lightest = 0.1;
const heaviest = 100;

/** Number of stars per unit mass [M☉⁻¹], not normalised: slopes 1.3 and 2.3 below and above 0.5 M☉ (Kroupa 2001, MNRAS 322, 231). */
const kroupa = (mass: number): number => (mass < 0.5 ? 2 * mass ** -1.3 : mass ** -2.3);

/** Mass–luminosity relation of the main sequence (Salaris & Cassisi 2005, §5.7), stars poor in metals brighter. */
function mainSequenceLuminosity(mass: number, metallicity: number): number {
  const solar = mass < 0.43 ? 0.23 * mass ** 2.3 : mass < 2 ? mass ** 4 : mass < 55 ? 1.4 * mass ** 3.5 : 32000 * mass;
  return solar * 10 ** (-0.15 * metallicity);
}

/** Life of the heaviest stars [Gyr]. */
const shortest = 0.003;

/** Life on the main sequence [Gyr]: fuel over luminosity. */
const lifetime = (mass: number, metallicity: number): number => 10 * mass / mainSequenceLuminosity(mass, metallicity) + shortest;

/** A star of some age on the main sequence; R ∝ M^0.8 below and M^0.57 above a solar mass, and it brightens and (above 1.3 M☉) cools as it ages. */
function mainSequence(mass: number, metallicity: number, age: number): Star {
  const spent = age / lifetime(mass, metallicity);
  const radius = mass ** (mass < 1 ? 0.8 : 0.57);
  const young = mainSequenceLuminosity(mass, 0);
  const temperature = 5780 * (young / radius ** 2) ** 0.25 * 10 ** (-0.03 * metallicity - (mass > 1.3 ? 0.12 : 0) * spent ** 2);
  return { luminosity: mainSequenceLuminosity(mass, metallicity) * 10 ** (0.35 * spent), temperature };
}

/** Temperature of the giant branch: cooler with luminosity and metals, hotter with mass. */
function giantTemperature(luminosity: number, mass: number, metallicity: number): number {
  return 4900 * (luminosity / 10) ** -0.05 * Math.min(mass, 5) ** 0.2 * 10 ** (-0.03 * metallicity);
}

/** What a dead star leaves: white dwarf, neutron star or black hole (Renzini & Ciotti 1993, ApJ 416, L49). */
function remnant(mass: number): number {
  if (mass < 8.5) return 0.077 * mass + 0.48;
  return mass < 40 ? 1.4 : 0.5 * mass;
}

/** Fuel burnt after the main sequence [L☉ Gyr], a third of it by giants of low mass in the clump (after Renzini & Buzzoni 1986). */
const giantFuel = (mass: number): number => 24 * Math.max(1, mass / 6);

/** Steps of the sum over masses and along the giant branch. */
const massSteps = 240;
const giantSteps = 16;

/**
 * The light of a simple stellar population: a sum over the mass function of stars on the main sequence, and giants as the
 * fuel-consumption theorem counts them, as many as leave the main sequence while they burn their fuel.
 * @param temperatures ascending [K]; the light of a star is shared between the two nearest
 * @param age [Gyr]
 * @param metallicity [M/H]
 */
export function stellarLight(temperatures: Float64Array, age: number, metallicity: number): StellarLight {
  const luminosity = new Float64Array(temperatures.length);
  const shine = (star: Star, count: number): void => share(temperatures, star, count, luminosity);
  const step = Math.log(heaviest / lightest) / massSteps;
  let formed = 0;
  let left = 0;
  for (let k = 0; k < massSteps; k++) {
    const mass = lightest * Math.exp((k + 0.5) * step);
    const stars = kroupa(mass) * mass * step;
    formed += stars * mass;
    if (lifetime(mass, metallicity) > age) {
      shine(mainSequence(mass, metallicity, age), stars);
      left += stars * mass;
    } else {
      left += stars * remnant(mass);
    }
  }
  if (age > lifetime(heaviest, metallicity)) {
    const turnOff = turnOffMass(age, metallicity);
    // Stars that leave the main sequence per Gyr: φ(M) |dM/dt|.
    const rate = kroupa(turnOff) * turnOff / (exponentOfLifetime(turnOff, metallicity) * (age - shortest));
    for (const { star, duration } of giants(turnOff, metallicity)) shine(star, rate * duration);
  }
  return { luminosity: luminosity.map((value) => value / formed), remaining: left / formed };
}

/** −d ln(lifetime − shortest)/d ln(mass). */
function exponentOfLifetime(mass: number, metallicity: number): number {
  return Math.log(mainSequenceLuminosity(mass * 1.05, metallicity) / mainSequenceLuminosity(mass, metallicity)) / Math.log(1.05) - 1;
}

/** The mass [M☉] that leaves the main sequence at an age, by bisection. */
function turnOffMass(age: number, metallicity: number): number {
  let [low, high] = [lightest, heaviest];
  for (let turn = 0; turn < 50; turn++) {
    const middle = Math.sqrt(low * high);
    if (lifetime(middle, metallicity) > age) low = middle;
    else high = middle;
  }
  return low;
}

/** Stars after the main sequence with the time [Gyr] they spend there: equal energy in equal steps of log L, and the clump of low masses. */
function giants(mass: number, metallicity: number): { star: Star; duration: number }[] {
  const bottom = 2 * mainSequence(mass, metallicity, lifetime(mass, metallicity)).luminosity;
  const top = Math.max(2500, 3 * bottom);
  const clump = 50;
  const inClump = bottom < clump ? 1 / 3 : 0;
  const fuel = giantFuel(mass);
  const stage = (luminosity: number, part: number): { star: Star; duration: number } =>
    ({ star: { luminosity, temperature: giantTemperature(luminosity, mass, metallicity) }, duration: part * fuel / luminosity });
  const branch = Array.from({ length: giantSteps }, (_, k) => stage(bottom * (top / bottom) ** ((k + 0.5) / giantSteps), (1 - inClump) / giantSteps));
  return [...branch, stage(clump, inClump)];
}

/** Adds the light of stars to the two temperatures around theirs, by its place in log T. */
function share(temperatures: Float64Array, { luminosity, temperature }: Star, count: number, into: Float64Array): void {
  const last = temperatures.length - 1;
  const above = temperatures.findIndex((node) => node >= temperature);
  const right = above < 0 ? last : Math.max(1, above);
  const part = Math.log(temperature / temperatures[right - 1]!) / Math.log(temperatures[right]! / temperatures[right - 1]!);
  const upper = Math.min(1, Math.max(0, part));
  into[right - 1]! += (1 - upper) * count * luminosity;
  into[right]! += upper * count * luminosity;
}
