import { describe, expect, it } from 'vitest';
import { levenbergMarquardt, type LeastSquaresProblem } from '../../src/numeric/index.js';
import { describePython, describeShared, golden, runPython } from '../support/shared.js';

const c = 299792.458;

interface GaussFit {
  x: number[]; lines: number[]; owner: number[]; ratio: number[]; z0: number; lsf_sigma: number[];
  cases: { truth: number[]; y: number[]; err: number[]; p: number[]; chi2: number; perr: number[]; cov: number[][] }[];
}

/** Eight lines tied in velocity, dispersion and doublet ratio on a straight continuum: v, σ, six fluxes, c0, c1. */
function tiedLines(file: GaussFit, data: GaussFit['cases'][number]): LeastSquaresProblem {
  const n = 10;
  return {
    residuals: file.x.length,
    evaluate(p, residuals, jacobian) {
      file.x.forEach((x, i) => {
        const reach = (x - 6000) / 1000;
        const weight = 1 / data.err[i]!;
        const row = new Float64Array(n);
        let model = p[8]! + p[9]! * reach;
        row[8] = weight;
        row[9] = weight * reach;
        file.lines.forEach((rest, k) => {
          const still = rest * (1 + file.z0);
          const centre = still * (1 + p[0]! / c);
          const width = Math.hypot(centre * p[1]! / c, file.lsf_sigma[k]!);
          const t = (x - centre) / width;
          const shape = file.ratio[k]! * Math.exp(-0.5 * t * t) / (width * Math.sqrt(2 * Math.PI));
          const flux = p[2 + file.owner[k]!]!;
          model += flux * shape;
          const perWidth = flux * shape * (t * t - 1) / width;
          const widthPerCentre = centre * (p[1]! / c) ** 2 / width;
          row[0]! += weight * (flux * shape * t / width + perWidth * widthPerCentre) * still / c;
          row[1]! += weight * perWidth * (centre / c) ** 2 * p[1]! / width;
          row[2 + file.owner[k]!]! += weight * shape;
        });
        residuals[i] = weight * (model - data.y[i]!);
        jacobian?.set(row, i * n);
      });
    },
  };
}

describeShared('levenbergMarquardt on the tied eight-line fit', () => {
  // Tolerances of the reference: parameters 1e-5 relative, χ² 1e-8 relative. The sign of σ is free.
  it('finds the parameters, errors and χ² that scipy finds', () => {
    const file = golden<GaussFit>('gaussfit.json');
    expect(file.cases).toHaveLength(6);
    for (const data of file.cases) {
      const fit = levenbergMarquardt(tiedLines(file, data), [0, 80, 100, 100, 500, 100, 100, 100, 0, 0]);
      expect(fit.status).toBe('converged');
      expect(Math.abs(fit.chi2 / data.chi2 - 1)).toBeLessThan(1e-8);
      const sign = data.p.map((_, j) => j === 1 ? Math.sign(data.p[1]! * fit.params[1]!) : 1);
      data.p.forEach((p, j) => {
        expect(Math.abs(sign[j]! * fit.params[j]! - p)).toBeLessThan(1e-5 * Math.max(Math.abs(p), data.perr[j]!));
        data.cov[j]!.forEach((cov, k) => {
          const found = sign[j]! * sign[k]! * fit.covariance[j * 10 + k]!;
          expect(Math.abs(found - cov)).toBeLessThan(1e-4 * data.perr[j]! * data.perr[k]!);
        });
      });
    }
  });
});

/** Residuals and Jacobian of yᵢ = f(xᵢ; p) with unit errors. */
function curve(x: number[], y: number[], f: (x: number, p: Float64Array) => [number, ...number[]]): LeastSquaresProblem {
  return {
    residuals: x.length,
    evaluate(p, residuals, jacobian) {
      x.forEach((xi, i) => {
        const [value, ...slopes] = f(xi, p);
        residuals[i] = value - y[i]!;
        jacobian?.set(slopes, i * p.length);
      });
    },
  };
}

const rosenbrock: LeastSquaresProblem = {
  residuals: 2,
  evaluate(p, residuals, jacobian) {
    residuals.set([10 * (p[1]! - p[0]! ** 2), 1 - p[0]!]);
    jacobian?.set([-20 * p[0]!, 10, -1, 0]);
  },
};

describe('levenbergMarquardt', () => {
  it("follows Rosenbrock's valley to its end from near and far", () => {
    for (const start of [[-1.2, 1], [-12, 10], [120, -1000]]) {
      const fit = levenbergMarquardt(rosenbrock, start);
      expect(fit.status).toBe('converged');
      expect(fit.params[0]).toBeCloseTo(1, 8);
      expect(fit.params[1]).toBeCloseTo(1, 8);
    }
  });

  // Minima of Moré, Garbow & Hillstrom (1981, ACM TOMS 7, 17), as printed there.
  it('finds the minima of the published test problems from their standard starts', () => {
    const helical: LeastSquaresProblem = {
      residuals: 3,
      evaluate(p, residuals, jacobian) {
        const [x, y, z] = p as unknown as [number, number, number];
        const turn = Math.atan(y / x) / (2 * Math.PI) + (x < 0 ? 0.5 : 0);
        const radius = Math.hypot(x, y);
        residuals.set([10 * (z - 10 * turn), 10 * (radius - 1), z]);
        const circle = 2 * Math.PI * radius * radius;
        jacobian?.set([100 * y / circle, -100 * x / circle, 10, 10 * x / radius, 10 * y / radius, 0, 0, 0, 1]);
      },
    };
    expect(levenbergMarquardt(helical, [-1, 0, 0]).params[0]).toBeCloseTo(1, 8);

    const badlyScaled: LeastSquaresProblem = {
      residuals: 3,
      evaluate(p, residuals, jacobian) {
        residuals.set([p[0]! - 1e6, p[1]! - 2e-6, p[0]! * p[1]! - 2]);
        jacobian?.set([1, 0, 0, 1, p[1]!, p[0]!]);
      },
    };
    const brown = levenbergMarquardt(badlyScaled, [1, 1]);
    expect(brown.params[0]).toBeCloseTo(1e6, 6);
    expect(brown.params[1]).toBeCloseTo(2e-6, 15);

    const x = Array.from({ length: 16 }, (_, i) => 50 + 5 * i);
    const y = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];
    const meyer = levenbergMarquardt(curve(x, y, (x, p) => {
      const growth = Math.exp(p[1]! / (x + p[2]!));
      return [p[0]! * growth, growth, p[0]! * growth / (x + p[2]!), -p[0]! * growth * p[1]! / (x + p[2]!) ** 2];
    }), [0.02, 4000, 250]);
    expect(meyer.status).toBe('converged');
    expect(meyer.chi2).toBeCloseTo(87.9458, 3);

    const freudenstein: LeastSquaresProblem = {
      residuals: 2,
      evaluate(p, residuals, jacobian) {
        const [x, y] = p as unknown as [number, number];
        residuals.set([-13 + x + ((5 - y) * y - 2) * y, -29 + x + ((y + 1) * y - 14) * y]);
        jacobian?.set([1, 10 * y - 3 * y * y - 2, 1, 3 * y * y + 2 * y - 14]);
      },
    };
    expect(levenbergMarquardt(freudenstein, [0.5, -2]).chi2).toBeCloseTo(48.9842, 3);
  });

  it('does not care about the units of a parameter', () => {
    const scaled = (unit: number): LeastSquaresProblem => ({
      residuals: 2,
      evaluate(p, residuals, jacobian) {
        rosenbrock.evaluate(Float64Array.of(p[0]!, p[1]! / unit), residuals, jacobian);
        if (jacobian) {
          jacobian[1]! /= unit;
          jacobian[3]! /= unit;
        }
      },
    });
    const plain = levenbergMarquardt(scaled(1), [-1.2, 1]);
    const huge = levenbergMarquardt(scaled(2 ** 60), [-1.2, 2 ** 60]);
    expect(huge.iterations).toBe(plain.iterations);
    expect(huge.params[1]! / 2 ** 60).toBeCloseTo(plain.params[1]!, 12);
  });

  it('stops on a bound, holds the parameter there and gives the errors of the others', () => {
    const fit = levenbergMarquardt(rosenbrock, [-1.2, 1], { upper: [0.5, Infinity] });
    expect(fit.status).toBe('converged');
    expect(fit.params[0]).toBe(0.5);
    expect(fit.params[1]).toBeCloseTo(0.25, 10);
    expect(fit.covariance[0]).toBeNaN();
    expect(fit.covariance[3]).toBeCloseTo(0.01, 12);
  });

  it('leaves a bound that it began on', () => {
    const fit = levenbergMarquardt(rosenbrock, [0, 0], { lower: [0, 0], upper: [3, 3] });
    expect(fit.params[0]).toBeCloseTo(1, 8);
  });

  it('puts a start outside the bounds inside', () => {
    const fit = levenbergMarquardt(rosenbrock, [9, 9], { lower: [-2, -2], upper: [2, 2] });
    expect(fit.params[0]).toBeCloseTo(1, 8);
  });

  it('says so when the data do not determine a parameter, and still fits the rest', () => {
    const fit = levenbergMarquardt(curve([0, 1, 2], [1, 3, 5], (x, p) => [p[0]! + p[1]! * x, 1, x, 0]), [0, 0, 7]);
    expect(fit.status).toBe('degenerate');
    expect(fit.params[0]).toBeCloseTo(1, 6);
    expect(fit.params[1]).toBeCloseTo(2, 6);
    expect(fit.covariance.every(Number.isNaN)).toBe(true);
  });

  it('says so when the model or the data are not numbers', () => {
    const fit = levenbergMarquardt(curve([0, 1], [1, NaN], (x, p) => [p[0]! * x, x]), [1]);
    expect(fit.status).toBe('not finite');
    expect(fit.covariance[0]).toBeNaN();
  });

  it('turns back from where the model is not a number', () => {
    const fit = levenbergMarquardt(curve([1, 2, 3], [1, 2, 3].map((x) => Math.log(2 * x)),
      (x, p) => [Math.log(p[0]! * x), 1 / p[0]!]), [30]);
    expect(fit.status).toBe('converged');
    expect(fit.params[0]).toBeCloseTo(2, 9);
  });

  it('stalls when the steps are used up', () => {
    expect(levenbergMarquardt(rosenbrock, [-1.2, 1], { maxIterations: 3 }).status).toBe('stalled');
  });
});

describePython('levenbergMarquardt beside scipy', () => {
  // Well-conditioned minima: parameters agree to 1e-6 of their errors.
  it('finds the same minimum of decays, with and without bounds', () => {
    const x = Array.from({ length: 40 }, (_, i) => i / 8);
    const y = x.map((x, i) => 5 * Math.exp(-1.5 * x) + 2 * Math.exp(-0.3 * x) + 0.05 * Math.sin(7.1 * i * i));
    const problem = curve(x, y, (x, p) => {
      const [fast, slow] = [Math.exp(-p[1]! * x), Math.exp(-p[3]! * x)];
      return [p[0]! * fast + p[2]! * slow, fast, -p[0]! * x * fast, slow, -p[2]! * x * slow];
    });
    const script = `
import json, sys, numpy as np
from scipy.optimize import least_squares
x, y = (np.array(v) for v in json.loads(sys.argv[1]))
f = lambda p: p[0]*np.exp(-p[1]*x) + p[2]*np.exp(-p[3]*x) - y
free = least_squares(f, [1, 3, 1, 0.1], method='lm', xtol=1e-14, ftol=1e-14, gtol=1e-14)
tied = least_squares(f, [1, 3, 1, 0.2], bounds=([0, 0, 0, 0.1], [4.5, 9, 9, 0.25]), xtol=1e-14, ftol=1e-14, gtol=1e-14)
print(json.dumps([[list(r.x), 2*r.cost] for r in (free, tied)]))`;
    const [free, tied] = runPython<[number[], number][]>(script, JSON.stringify([x, y])) as [[number[], number], [number[], number]];
    const ours = levenbergMarquardt(problem, [1, 3, 1, 0.1]);
    expect(ours.chi2).toBeCloseTo(free[1], 10);
    free[0].forEach((p, j) => expect(ours.params[j]).toBeCloseTo(p, 6));
    const bounded = levenbergMarquardt(problem, [1, 3, 1, 0.2], { lower: [0, 0, 0, 0.1], upper: [4.5, 9, 9, 0.25] });
    expect(bounded.chi2).toBeCloseTo(tied[1], 8);
    tied[0].forEach((p, j) => expect(bounded.params[j]).toBeCloseTo(p, 4));
  });
});
