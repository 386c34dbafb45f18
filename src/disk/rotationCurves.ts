import { besselScaled } from '../numeric/index.js';

/** The shape of a rotation curve: g and dg/dt at t = R/scale. */
export interface CurveShape {
  /** Writes [g, dg/dt]. */
  readonly evaluate: (t: number, out: Float64Array) => void;
}

/** The names of the rotation curves and what their two numbers mean: see `rotationVelocity`. */
export type RotationModel = 'exponential' | 'arctan';

/** y²(I₀K₀ − I₁K₁) and its slope in y. */
function freeman(y: number): [number, number] {
  const { i0, i1, k0, k1 } = besselScaled(y);
  return [y * y * (i0 * k0 - i1 * k1), 2 * y * i0 * k0 + 2 * y * y * (i1 * k0 - i0 * k1)];
}

/** Radius of the greatest velocity of a thin exponential disc [R_d] (Freeman 1970). */
export const freemanPeak = 2.150053544;
/** V_max / √(πGΣ₀R_d) is twice the root of the greatest y²(I₀K₀ − I₁K₁). */
const peakSquare = freeman(freemanPeak / 2)[0];

/**
 * Circular velocity √(y²[I₀K₀ − I₁K₁] · 4πGΣ₀R_d) of a thin exponential disc in units of its greatest, y = R/2R_d (Freeman 1970, ApJ 160, 811, Eq. 12).
 * @param t R/R_d ≥ 0
 */
export function freemanCurve(t: number): number {
  return t > 0 ? Math.sqrt(freeman(t / 2)[0] / peakSquare) : t === 0 ? 0 : NaN;
}

const tableStep = 0.025;
/** Knots at e^(k·step) from e⁻⁶ to e⁵: [ln g, d ln g/d ln t], whose cubics are right to 1e-9. */
const table = (() => {
  const from = -6;
  const knots = Math.round(11 / tableStep) + 1;
  const values = new Float64Array(2 * knots);
  for (let k = 0; k < knots; k++) {
    const y = Math.exp(from + k * tableStep) / 2;
    const [square, slope] = freeman(y);
    values[2 * k] = 0.5 * Math.log(square / peakSquare);
    values[2 * k + 1] = 0.5 * slope * y / square;
  }
  return { from, knots, values };
})();

export const curveShapes: Readonly<Record<RotationModel | 'flat', CurveShape>> = {
  arctan: {
    evaluate(t, out) {
      out[0] = (2 / Math.PI) * Math.atan(t);
      out[1] = (2 / Math.PI) / (1 + t * t);
    },
  },
  exponential: {
    evaluate(t, out) {
      const place = (Math.log(t) - table.from) / tableStep;
      const k = Math.max(0, Math.min(table.knots - 2, Math.floor(place)));
      const s = Math.max(-1e3, Math.min(1e3, place - k));
      const { values } = table;
      const [a, b] = [values[2 * k]!, values[2 * k + 2]!];
      const [ma, mb] = [values[2 * k + 1]! * tableStep, values[2 * k + 3]! * tableStep];
      // Beyond the table the curve goes on as a power of t.
      const [logG, slope] = s < 0 ? [a + ma * s, ma] : s > 1 ? [b + mb * (s - 1), mb] : [
        a + s * (ma + s * (3 * (b - a) - 2 * ma - mb + s * (2 * (a - b) + ma + mb))),
        ma + s * (2 * (3 * (b - a) - 2 * ma - mb) + 3 * s * (2 * (a - b) + ma + mb)),
      ];
      const g = Math.exp(logG);
      out[0] = g;
      out[1] = g * slope / tableStep / t;
    },
  },
  flat: {
    evaluate(_, out) {
      out[0] = 1;
      out[1] = 0;
    },
  },
};

/**
 * The rotation curves: `exponential`, that of a thin exponential disc, V_max · freeman(R/R_d), V_max its peak at 2.15 R_d;
 * `arctan`, (2/π) V_max arctan(R/r_t), V_max its asymptote (Courteau 1997).
 * @param scale R_d or r_t, in the unit of R
 */
export function rotationVelocity(model: RotationModel, radius: number, maximum: number, scale: number): number {
  return maximum * (model === 'arctan' ? (2 / Math.PI) * Math.atan(radius / scale) : freemanCurve(radius / scale));
}
