/** Living stars plus remnants over the mass formed, of populations, and where the numbers come from. */
export interface RemainingMass {
  readonly source: string;
  /** At an age [Gyr] and metallicity [M/H]. */
  at(age: number, metallicity: number): number;
}

/** y at x, linear between ascending nodes, constant beyond them. */
function interpolate(nodes: readonly number[], values: readonly number[], x: number): number {
  const right = nodes.findIndex((node) => node > x);
  if (right === 0) return values[0]!;
  if (right < 0) return values.at(-1)!;
  const share = (x - nodes[right - 1]!) / (nodes[right]! - nodes[right - 1]!);
  return values[right - 1]! * (1 - share) + values[right]! * share;
}

/**
 * M(*+remnants) × 10⁴ of Padova 2000 isochrones with the unimodal mass function of slope 1.3 by [M/H], at the 50 ages
 * 10^(−1.2 + 0.05 k) Gyr (tables of the MILES models, version 10.0; Vazdekis et al. 2012, MNRAS 424, 157).
 */
const padovaUnimodal: readonly (readonly [number, string])[] = [
  [-2.3152, '8578 8535 8491 8447 8403 8357 8309 8262 8220 8176 8130 8085 8039 7993 7948 7905 7861 7817 7778 7738 7698 7658 7618 7583 7547 7507 7459 7417 7382 7345 7314 7281 7249 7224 7197 7168 7141 7113 7088 7062 7041 7019 6997 6976 6957 6939 6894 6834 6786 6731'],
  [-1.7129, '8596 8549 8508 8464 8421 8380 8334 8287 8242 8196 8150 8105 8061 8018 7974 7932 7890 7847 7804 7765 7724 7684 7645 7607 7570 7534 7493 7439 7403 7368 7336 7304 7270 7238 7209 7182 7155 7128 7102 7077 7053 7030 7007 6986 6967 6948 6916 6856 6808 6753'],
  [-1.3146, '8606 8560 8517 8476 8433 8393 8348 8302 8256 8212 8166 8122 8079 8036 7993 7952 7911 7869 7827 7788 7748 7708 7669 7633 7596 7559 7522 7463 7421 7384 7351 7318 7283 7250 7221 7194 7166 7139 7113 7088 7064 7040 7018 6996 6976 6957 6944 6879 6834 6771'],
  [-0.7052, '8612 8570 8529 8490 8450 8409 8369 8326 8282 8241 8198 8156 8115 8076 8038 7998 7960 7923 7886 7848 7811 7773 7734 7696 7658 7619 7581 7542 7467 7429 7395 7362 7327 7294 7264 7236 7207 7182 7152 7125 7102 7078 7055 7033 7011 6990 6970 6952 6920 6874'],
  [-0.3960, '8617 8575 8536 8499 8460 8421 8386 8345 8305 8266 8227 8190 8153 8116 8081 8045 8011 7977 7943 7908 7874 7838 7801 7765 7727 7690 7652 7575 7531 7494 7462 7430 7397 7366 7337 7309 7282 7254 7226 7201 7177 7157 7136 7114 7093 7073 7055 7037 7019 6989'],
  [0, '8615 8578 8540 8504 8469 8434 8400 8363 8326 8291 8254 8223 8190 8156 8122 8088 8057 8025 7994 7962 7929 7897 7863 7828 7794 7759 7724 7689 7622 7584 7550 7517 7487 7456 7428 7401 7372 7344 7319 7297 7274 7253 7233 7214 7195 7175 7155 7136 7116 7097'],
  [0.2223, '8591 8554 8522 8488 8453 8421 8387 8350 8315 8280 8247 8213 8181 8148 8116 8085 8055 8025 7993 7961 7929 7897 7865 7832 7797 7766 7733 7698 7648 7597 7561 7528 7497 7468 7439 7409 7383 7357 7330 7303 7280 7260 7239 7218 7197 7178 7159 7140 7123 7106'],
];

/** The published table for Padova 2000 isochrones with the unimodal (Salpeter-like) mass function of slope 1.3. */
export const padovaUnimodalRemaining: RemainingMass = {
  source: 'M(*+remnants) of the MILES models for Padova 2000 isochrones and the unimodal IMF of slope 1.3 (Vazdekis et al. 2012)',
  at(age, metallicity) {
    const logAge = Math.log10(age);
    const ages = Array.from({ length: 50 }, (_, k) => -1.2 + 0.05 * k);
    const each = padovaUnimodal.map(([, row]) => interpolate(ages, row.split(' ').map((digits) => Number(digits) / 1e4), logAge));
    return interpolate(padovaUnimodal.map(([at]) => at), each, metallicity);
  },
};

/** Ages [Gyr] of the fractions below. */
const ages = [0.001, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 3, 5, 7, 10, 13, 15];

const fractions = {
  kroupa: [1, 0.9763, 0.9424, 0.8876, 0.8613, 0.8335, 0.8082, 0.773, 0.7406, 0.7221, 0.6988, 0.6837, 0.6678, 0.6388, 0.622, 0.6042, 0.5949, 0.5873, 0.5812, 0.5779],
  chabrier: [1, 0.9444, 0.9089, 0.8535, 0.8279, 0.8014, 0.7735, 0.7348, 0.6992, 0.6788, 0.6532, 0.6366, 0.6191, 0.5874, 0.5695, 0.5509, 0.5414, 0.5339, 0.528, 0.5248],
  salpeter: [1, 0.9857, 0.9639, 0.9276, 0.9098, 0.8908, 0.8733, 0.8486, 0.8255, 0.8122, 0.7953, 0.7842, 0.7725, 0.7509, 0.7384, 0.7249, 0.7178, 0.712, 0.7074, 0.7048],
} as const;

export type StandInImf = keyof typeof fractions;

/**
 * A factor that stands for a table which the library lacks: living stars plus remnants of another model with such a mass
 * function at solar metallicity (Maraston 2005, MNRAS 362, 799), by age. Beyond 30 Myr other metallicities
 * (−2.25 … +0.67) differ from it by at most 3 per cent.
 */
export function standInRemaining(imf: StandInImf): RemainingMass {
  const named = `${imf[0]!.toUpperCase()}${imf.slice(1)}`;
  return {
    source: `no table of this library: the fraction by age of Maraston's (2005) models for a ${named} IMF at solar metallicity stands for it`,
    at: (age) => interpolate(ages.map(Math.log10), fractions[imf], Math.log10(age)),
  };
}
