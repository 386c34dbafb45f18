import { bilinear, direct, inverse, iterative, joint, type Calibration, type Polynomial, type RatioPrediction } from './calibration.js';
import { ratios, type Ratio } from './ratio.js';

// To add a calibration, add a row. Numbers that were not checked against their source carry `unverified`.

const solar = (...coefficients: number[]): Polynomial => ({ pivot: 8.69, coefficients });
const absolute = (...coefficients: number[]): Polynomial => ({ pivot: 0, coefficients });
const aboveEight = (...coefficients: number[]): Polynomial => ({ pivot: 8, coefficients });

/** log ratio(O/H) of a published O/H = intercept + slope · log ratio. */
const inverted = (intercept: number, slope: number): Polynomial => ({ pivot: intercept, coefficients: [0, 1 / slope] });

/** log ratio at given O/H, and its scatter [dex]. */
function predicts(ratio: Ratio, polynomial: Polynomial, ratioScatter: number): RatioPrediction & { readonly ratioScatter: number };
function predicts(ratio: Ratio, polynomial: Polynomial, ratioScatter: null): RatioPrediction;
function predicts(ratio: Ratio, polynomial: Polynomial, ratioScatter: number | null): RatioPrediction {
  return { ratio, polynomial, ratioScatter };
}

const dopita = 'Dopita et al. 2016';
const marino = 'Marino et al. 2013';
const pettini = 'Pettini & Pagel 2004';
const pilyugin = 'Pilyugin & Grebel 2016';
const tellsBranch = 'the branch is told by log([N II]/Hα)';

const empirical: readonly Calibration[] = [
  direct('N2S2Ha', ratios.n2s2ha, [8.77, 1], {
    source: dopita, dust: 'insensitive', range: [7.7, 9.05], note: 'the linear form; N2S2Ha-full bends it above 9.05',
  }),
  direct('N2S2Ha-full', ratios.n2s2ha, [8.47, 1, 0, 0, 0, 0.45], { pivot: -0.3, source: dopita, dust: 'insensitive', range: [7.7, null] }),
  direct('N2-M13', ratios.n2, [8.743, 0.462], {
    source: marino, dust: 'insensitive', ratioRange: [-1.6, -0.2], scatter: 0.16, coefficientErrors: [0.027, 0.024],
  }),
  direct('O3N2-M13', ratios.o3n2, [8.533, -0.214], {
    source: marino, dust: 'insensitive', ratioRange: [-1.1, 1.7], scatter: 0.18, coefficientErrors: [0.012, 0.012],
  }),
  direct('N2-PP04', ratios.n2, [8.90, 0.57], { source: pettini, dust: 'insensitive', ratioRange: [-2.5, -0.3], scatter: 0.18 }),
  direct('N2-PP04-cubic', ratios.n2, [9.37, 2.03, 1.26, 0.32], { source: pettini, dust: 'insensitive', ratioRange: [-2.5, -0.3], scatter: 0.18 }),
  direct('O3N2-PP04', ratios.o3n2, [8.73, -0.32], { source: pettini, dust: 'insensitive', ratioRange: [-1, 1.9], scatter: 0.14 }),
  direct('N2-D02', ratios.n2, [9.12, 0.73], {
    source: 'Denicoló, Terlevich & Terlevich 2002', dust: 'insensitive', scatter: 0.2, coefficientErrors: [0.05, 0.10],
  }),
  bilinear('PG16S', {
    x: ratios.s2Hb,
    upper: [8.424, 0.030, 0.751, -0.349, 0.182, 0.508],
    lower: [8.072, 0.789, 0.726, 1.069, -0.170, 0.022],
  }, { source: pilyugin, range: [7.0, 8.8], scatter: 0.1 }),
  bilinear('PG16R', {
    x: ratios.r2,
    upper: [8.589, 0.022, 0.399, -0.137, 0.164, 0.589],
    lower: [7.932, 0.944, 0.695, 0.970, -0.291, -0.019],
  }, { source: pilyugin, range: [7.0, 8.8], scatter: 0.1 }),
  direct('T04-R23', ratios.r23, [9.185, -0.313, -0.264, -0.321], { source: 'Tremonti et al. 2004', upperBranchOnly: true, note: 'upper branch only' }),
  iterative('KK04-R23', { source: 'Kobulnicky & Kewley 2004', note: tellsBranch }),
];

const m08 = {
  r23: predicts(ratios.r23, solar(0.7462, -0.7149, -0.9401, -0.6154, -0.2524), 0.05),
  n2: predicts(ratios.n2, solar(-0.7732, 1.2357, -0.2811, -0.7201, -0.3330), null),
  o3Hb: predicts(ratios.r3, solar(0.1549, -1.5031, -0.9790, -0.0297), 0.10),
  o2Hb: predicts(ratios.r2, solar(0.5603, 0.0450, -1.8017, -1.8434, -0.6549), 0.15),
  o3o2: predicts(ratios.o3o2, solar(-0.2839, -1.3881, -0.3172), 0.22),
  oiiiNii: predicts(ratios.oiiiNii, solar(0.4520, -2.6096, -0.7170, 0.1347), null),
  ne3o2: predicts(ratios.ne3o2, solar(-1.2608, -1.0861, -0.1470), null),
};
const m08Domain = [7.0, 9.2] as const;
const maiolino = { source: 'Maiolino et al. 2008' };
const maiolinoTwoSided = { ...maiolino, branch: m08.n2.polynomial, note: tellsBranch };

const maiolino08: readonly Calibration[] = [
  inverse('M08-R23', m08.r23, m08Domain, maiolinoTwoSided),
  inverse('M08-N2', m08.n2, m08Domain, { ...maiolino, branch: 'lower', dust: 'insensitive' }),
  inverse('M08-O3Hb', m08.o3Hb, m08Domain, { ...maiolinoTwoSided, dust: 'insensitive' }),
  inverse('M08-O2Hb', m08.o2Hb, m08Domain, maiolinoTwoSided),
  inverse('M08-O3O2', m08.o3o2, m08Domain, { ...maiolino, branch: 'upper' }),
  inverse('M08-O3N2', m08.oiiiNii, m08Domain, { ...maiolino, branch: 'upper', note: 'the ratio [O III] 5007/[N II] 6583' }),
  inverse('M08-Ne3O2', m08.ne3o2, m08Domain, { ...maiolino, branch: 'upper', unverified: 'the coefficients' }),
  joint('M08-O3HbO2Hb', [m08.o3Hb, m08.o2Hb], m08Domain, maiolino),
  joint('M08-R23O3O2', [m08.r23, m08.o3o2], m08Domain, maiolino),
];

const j15 = {
  o3Hb: predicts(ratios.r3, absolute(-88.4378, 22.7529, -1.4501), 0.10),
  o2Hb: predicts(ratios.r2, absolute(-154.9571, 36.9128, -2.1921), 0.15),
  r23: predicts(ratios.r23, absolute(-54.1003, 13.9083, -0.8782), 0.06),
  o3o2: predicts(ratios.o3o2, absolute(17.9828, -2.1552), 0.23),
};
const j15Domain = [7.6, 8.4] as const;
const jones = { source: 'Jones, Martin & Cooper 2015', unverified: 'the range' };

const jones15: readonly Calibration[] = [
  inverse('J15-O3Hb', j15.o3Hb, j15Domain, { ...jones, branch: m08.n2.polynomial, dust: 'insensitive' }),
  inverse('J15-O2Hb', j15.o2Hb, j15Domain, { ...jones, branch: m08.n2.polynomial }),
  inverse('J15-R23', j15.r23, j15Domain, { ...jones, branch: m08.n2.polynomial }),
  inverse('J15-O3O2', j15.o3o2, j15Domain, { ...jones, branch: 'upper' }),
  joint('J15-O3HbO2Hb', [j15.o3Hb, j15.o2Hb], j15Domain, jones),
  joint('J15-R23O3O2', [j15.r23, j15.o3o2], j15Domain, jones),
];

// Curti et al. (2020) give the polynomials of Curti et al. (2017) again, but for R2, and add three.
const curti = {
  r2: predicts(ratios.r2, solar(0.418, -0.961, -3.505, -1.949), 0.11),
  r2Of2020: predicts(ratios.r2, solar(0.435, -1.362, -5.655, -4.851, -0.478, 0.736), 0.11),
  r3: predicts(ratios.r3, solar(-0.277, -3.549, -3.593, -0.981), 0.09),
  o32: predicts(ratios.o3o2, solar(-0.691, -2.944, -1.308), 0.15),
  r23: predicts(ratios.r23, solar(0.527, -1.569, -1.652, -0.421), 0.06),
  n2: predicts(ratios.n2, solar(-0.489, 1.513, -2.554, -5.293, -2.867), 0.16),
  o3n2: predicts(ratios.o3n2, solar(0.281, -4.765, -2.268), 0.21),
  s2: predicts(ratios.s2, solar(-0.442, -0.360, -6.271, -8.339, -3.559), 0.11),
  rs32: predicts(ratios.rs32, solar(-0.054, -2.546, -1.970, 0.082, 0.222), 0.07),
  o3s2: predicts(ratios.o3s2, solar(0.191, -4.292, -2.538, 0.053, 0.332), 0.17),
};
const c17Domain = [7.6, 8.85] as const;
const curti17About = { source: 'Curti et al. 2017' };
const recommended = { ...curti17About, unverified: 'the range that is recommended for it' };
const n2OfCurti = { branch: curti.n2.polynomial };

const curti17: readonly Calibration[] = [
  inverse('C17-R2', curti.r2, c17Domain, { ...recommended, ...n2OfCurti, range: [7.6, 8.3] }),
  inverse('C17-R3', curti.r3, c17Domain, { ...recommended, ...n2OfCurti, range: [8.3, 8.85], dust: 'insensitive' }),
  inverse('C17-O32', curti.o32, c17Domain, { ...curti17About, branch: 'upper' }),
  inverse('C17-R23', curti.r23, c17Domain, { ...recommended, ...n2OfCurti, range: [8.4, 8.85] }),
  inverse('C17-N2', curti.n2, c17Domain, { ...curti17About, branch: 'lower', dust: 'insensitive' }),
  inverse('C17-O3N2', curti.o3n2, c17Domain, { ...curti17About, branch: 'upper', dust: 'insensitive' }),
  joint('C17-O3HbO2Hb', [curti.r3, curti.r2], c17Domain, curti17About),
  joint('C17-R23O3O2', [curti.r23, curti.o32], c17Domain, curti17About),
];

const c20Domain = [7.6, 8.9] as const;
const c20 = { source: 'Curti et al. 2020' };
const c20TwoSided = { ...c20, ...n2OfCurti, note: tellsBranch };

const curti20: readonly Calibration[] = [
  inverse('C20-R2', curti.r2Of2020, c20Domain, { ...c20TwoSided, scatter: 0.10 }),
  inverse('C20-R3', curti.r3, c20Domain, { ...c20TwoSided, scatter: 0.07, dust: 'insensitive' }),
  inverse('C20-O32', curti.o32, c20Domain, { ...c20, branch: 'upper', scatter: 0.14 }),
  inverse('C20-R23', curti.r23, c20Domain, { ...c20TwoSided, scatter: 0.12 }),
  inverse('C20-N2', curti.n2, c20Domain, { ...c20, branch: 'lower', scatter: 0.10, dust: 'insensitive' }),
  inverse('C20-O3N2', curti.o3n2, c20Domain, { ...c20, branch: 'upper', scatter: 0.09, dust: 'insensitive' }),
  inverse('C20-S2', curti.s2, c20Domain, { ...c20TwoSided, scatter: 0.06, dust: 'insensitive' }),
  inverse('C20-RS32', curti.rs32, c20Domain, { ...c20TwoSided, scatter: 0.08, dust: 'insensitive' }),
  inverse('C20-O3S2', curti.o3s2, c20Domain, { ...c20, branch: 'upper', scatter: 0.11, dust: 'insensitive' }),
  joint('C20', [curti.r3, curti.n2, curti.s2], c20Domain, {
    ...c20, dust: 'insensitive', note: 'its independent ratios of the lines that an optical cube of a near galaxy holds: R3, N2 and S2 at once',
  }),
];

const b18Domain = [7.8, 8.4] as const;
const b18 = { source: 'Bian, Kewley & Dopita 2018' };
const b18Linear = { ...b18, range: b18Domain };

const bian18: readonly Calibration[] = [
  inverse('B18-R23', predicts(ratios.r23, absolute(138.0430, -54.8284, 7.2954, -0.32293), null), b18Domain, { ...b18, branch: inverted(8.82, 0.49), unverified: 'the N2 relation that tells its branch' }),
  inverse('B18-O3', predicts(ratios.r3Both, absolute(43.9836, -21.6211, 3.4277, -0.1747), null), b18Domain, { ...b18, branch: 'upper', dust: 'insensitive' }),
  direct('B18-O32', ratios.o32Both, [8.54, -0.59], b18Linear),
  direct('B18-Ne3O2', ratios.ne3o2, [7.80, -0.63], b18Linear),
  direct('B18-N2', ratios.n2, [8.82, 0.49], { ...b18Linear, dust: 'insensitive', unverified: 'the coefficients' }),
  direct('B18-O3N2', ratios.o3n2, [8.97, -0.39], { ...b18Linear, dust: 'insensitive', unverified: 'the coefficients' }),
];

const s24Domain = [7.4, 8.3] as const;
const s24 = { source: 'Sanders et al. 2024' };

const sanders24: readonly Calibration[] = [
  inverse('S24-O3', predicts(ratios.r3, aboveEight(0.834, -0.072, -0.453), null), s24Domain, { ...s24, branch: m08.n2.polynomial, dust: 'insensitive' }),
  inverse('S24-O2', predicts(ratios.r2, aboveEight(0.067, 1.069), null), s24Domain, { ...s24, branch: m08.n2.polynomial }),
  inverse('S24-R23', predicts(ratios.r23, aboveEight(1.017, 0.026, -0.331), null), s24Domain, {
    ...s24, branch: m08.n2.polynomial, unverified: 'the constant, chosen so that R23 is the sum of the O3 and O2 relations',
  }),
  inverse('S24-O32', predicts(ratios.o3o2, aboveEight(0.723, -1.153), null), s24Domain, { ...s24, branch: 'upper' }),
  inverse('S24-Ne3O2', predicts(ratios.ne3o2, aboveEight(-0.386, -0.998), null), s24Domain, { ...s24, branch: 'upper' }),
];

const strom = { source: 'Strom et al. 2018' };

const strom18: readonly Calibration[] = [
  // Published as O/H = 8.24 + √(0.85 − 0.87 log R23), the same curve turned round.
  inverse('S18-R23', predicts(ratios.r23, { pivot: 8.24, coefficients: [0.85 / 0.87, 0, -1 / 0.87] }, null), [8.24, 9.2], {
    ...strom, range: [8.24, null], branch: inverted(8.77, 0.34), unverified: 'the N2 relation that tells its branch; upper branch only',
  }),
  direct('S18-N2', ratios.n2, [8.77, 0.34], { ...strom, dust: 'insensitive', unverified: 'the coefficients' }),
  direct('S18-O3N2', ratios.o3n2, [8.75, -0.21], { ...strom, dust: 'insensitive', unverified: 'the coefficients' }),
];

const n06 = { source: 'Nagao, Maiolino & Marconi 2006', unverified: 'the coefficients and the range' };
const n06N2 = absolute(96.641, -39.941, 5.2227, -0.22040);

const nagao06: readonly Calibration[] = [
  inverse('N06-R23', predicts(ratios.r23, absolute(1.2299, -4.1926, 1.0246, -0.063169), null), m08Domain, { ...n06, branch: n06N2 }),
  inverse('N06-N2', predicts(ratios.n2, n06N2, null), m08Domain, { ...n06, branch: 'lower', dust: 'insensitive' }),
  inverse('N06-O3N2', predicts(ratios.o3n2, absolute(-232.18, 84.423, -9.9330, 0.37941), null), m08Domain, { ...n06, branch: 'upper', dust: 'insensitive' }),
];

/**
 * The strong-line calibrations of oxygen abundance. All take dereddened fluxes. Ratios with two O/H are told apart by
 * log([N II] 6583/Hα) against the family's own N2 relation at the maximum of the ratio (Maiolino et al. 2008 where a family
 * has none), and so are regions beyond a relation that ends before its ratio turns; the joint rows need no such help.
 */
export const calibrations: readonly Calibration[] = [
  ...empirical, ...maiolino08, ...jones15, ...curti17, ...curti20, ...bian18, ...sanders24, ...strom18, ...nagao06,
];

const byName = new Map(calibrations.map((row) => [row.name, row]));

/** The calibration of a name, or undefined. */
export function calibrationByName(name: string): Calibration | undefined {
  return byName.get(name);
}
