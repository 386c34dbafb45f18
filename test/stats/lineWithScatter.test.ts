import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { fitLine, fitLineWeighted, fitLineWithScatter, lineWithScatterPosterior, mean, standardDeviation } from '../../src/stats/index.js';

/** True line y = 1 + 2 x with scatter 0.5 about it and errors of both axes that differ from point to point. */
function drawPoints(n: number, seed = 1, xError = 0.3) {
  const random = createRandom(seed, 'scatter');
  const truth = Float64Array.from({ length: n }, () => 5 + random.normal());
  const [sx, sy] = [truth.map(() => xError * (0.5 + random.uniform())), truth.map(() => 0.2 + 0.4 * random.uniform())];
  return {
    x: truth.map((value, i) => value + sx[i]! * random.normal()), y: truth.map((value, i) => 1 + 2 * value + 0.5 * random.normal() + sy[i]! * random.normal()),
    xError: sx, yError: sy,
  };
}

/** −½ Σ [ln 2πV + (y − a − bx)²/V], V = σ_y² + b²σ_x² − 2bσ_xy + s². */
function logLikelihood(points: ReturnType<typeof drawPoints> & { errorCovariance?: Float64Array }, b: number, a: number, s: number): number {
  return points.x.reduce((sum, x, i) => {
    const V = points.yError[i]! ** 2 + b * b * points.xError[i]! ** 2 - 2 * b * (points.errorCovariance?.[i] ?? 0) + s * s;
    return sum - 0.5 * (Math.log(2 * Math.PI * V) + (points.y[i]! - a - b * x) ** 2 / V);
  }, 0);
}

describe('fitLineWithScatter', () => {
  it('is the ordinary line with the scatter about it when there are no errors', () => {
    const { x, y } = drawPoints(40);
    const [fit, line] = [fitLineWithScatter({ x, y }), fitLine(x, y)];
    expect(fit.slope).toBeCloseTo(line.slope, 10);
    expect(fit.intercept).toBeCloseTo(line.intercept, 9);
    expect(fit.scatter).toBeCloseTo(line.residualStd * Math.sqrt(38 / 40), 9);
    expect(fit.slopeError).toBeCloseTo(line.slopeError * Math.sqrt(38 / 40), 9);
    expect(fit.scatterError).toBeCloseTo(fit.scatter / Math.sqrt(80), 9);
  });

  it('is the weighted line when the errors explain more than there is', () => {
    const { x, y, yError } = drawPoints(40);
    const large = yError.map((error) => 5 * error);
    const [fit, line] = [fitLineWithScatter({ x, y, yError: large }), fitLineWeighted(x, y, large)];
    expect(fit).toMatchObject({ scatter: 0, scatterError: NaN });
    expect(fit.slope).toBeCloseTo(line.slope, 10);
    expect(fit.slopeError).toBeCloseTo(line.slopeError, 10);
    expect(fit.interceptError).toBeCloseTo(line.interceptError, 10);
  });

  it('is the maximum of the likelihood, with covariances of the errors too', () => {
    for (const seed of [1, 2, 3]) {
      const plain = drawPoints(60, seed);
      for (const points of [plain, { ...plain, errorCovariance: plain.xError.map((error, i) => 0.6 * error * plain.yError[i]!) }]) {
        const { slope, intercept, scatter, slopeError, logLikelihood: best } = fitLineWithScatter(points);
        expect(best).toBeCloseTo(logLikelihood(points, slope, intercept, scatter), 9);
        for (const [db, da, ds] of [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1], [1, -5, 0], [-1, 5, 0]] as const) {
          expect(logLikelihood(points, slope + 1e-3 * db * slopeError, intercept + 1e-3 * da * slopeError, scatter + 1e-3 * ds * slopeError)).toBeLessThan(best);
        }
      }
    }
  });

  it('has errors that are those of many samples, and no bias when the true x are known to be normal', () => {
    const fits = Array.from({ length: 300 }, (_, k) => drawPoints(100, k + 10, 0.25)).map((points) => ({ normal: fitLineWithScatter({ ...points, trueX: 'normal' }), flat: fitLineWithScatter(points) }));
    const [normal, flat] = [fits.map((fit) => fit.normal), fits.map((fit) => fit.flat)];
    const slopes = normal.map(({ slope }) => slope);
    const width = standardDeviation(slopes);
    // 300 samples tell the mean to 0.06 of the width, which 0.25 allows for with the few per cent of bias of a finite sample.
    expect(Math.abs(mean(slopes) - 2) / width).toBeLessThan(0.25);
    expect(Math.abs(mean(normal.map(({ scatter }) => scatter)) - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(mean(normal.map(({ slopeError }) => slopeError)) / width - 1)).toBeLessThan(0.15);
    // Without it the errors of x make the slope shallower by a sixteenth.
    expect(mean(flat.map(({ slope }) => slope))).toBeLessThan(1.93);
  });

  it('keeps its digits far from the origin and in other units', () => {
    const points = drawPoints(60);
    const fit = fitLineWithScatter(points);
    const moved = fitLineWithScatter({ x: points.x.map((x) => 1000 * x + 1e6), y: points.y, xError: points.xError.map((error) => 1000 * error), yError: points.yError });
    expect(moved.slope * 1000).toBeCloseTo(fit.slope, 8);
    expect(moved.scatter).toBeCloseTo(fit.scatter, 7);
    expect(moved.intercept).toBeCloseTo(fit.intercept - 1e6 * moved.slope, 5);
  });

  it('is NaN for three points, points at one x and values or errors that are not finite; refuses columns of unequal length', () => {
    for (const [x, y, yError] of [[[1, 2, 3], [1, 2, 4], [1, 1, 1]], [[2, 2, 2, 2], [1, 2, 3, 4], [1, 1, 1, 1]], [[1, 2, 3, 4], [1, NaN, 3, 4], [1, 1, 1, 1]], [[1, 2, 3, 5], [1, 2, 3, 4], [1, NaN, 1, 1]]] as number[][][]) {
      expect(fitLineWithScatter({ x: x!, y: y!, yError: yError! })).toMatchObject({ slope: NaN, scatter: NaN, slopeError: NaN });
      expect(lineWithScatterPosterior({ x: x!, y: y!, yError: yError!, random: createRandom(1, 'p') }).slope.median).toBeNaN();
    }
    expect(() => fitLineWithScatter({ x: [1, 2, 3, 4], y: [1, 2, 3, 4], yError: [1] })).toThrow(/equal length/);
  });
});

describe('lineWithScatterPosterior', () => {
  it("is Student's distribution for points without errors", () => {
    const { x, y } = drawPoints(55);
    const line = fitLine(x, y);
    const { slope, intercept, scatter, acceptance } = lineWithScatterPosterior({ x, y, random: createRandom(1, 'p'), steps: 3000 });
    // A prior flat in the scatter leaves n − 3 = 52 degrees of freedom. 3000 steps of 32 walkers, forgotten after 30, tell widths to 2 %.
    const freedom = 52;
    expect(Math.abs(slope.median - line.slope)).toBeLessThan(0.1 * line.slopeError);
    expect(Math.abs(slope.std / (line.slopeError * Math.sqrt(53 / freedom) * Math.sqrt(freedom / (freedom - 2))) - 1)).toBeLessThan(0.06);
    expect(Math.abs(intercept.median - line.intercept)).toBeLessThan(0.1 * line.interceptError);
    expect(Math.abs(scatter.median / line.residualStd - 1)).toBeLessThan(0.03);
    expect(acceptance).toBeGreaterThan(0.3);
    expect(slope.autocorrelationTime).toBeLessThan(60);
  });

  it('gives the same answer for the same seed, and a scatter at or above 0 where the errors explain the points', () => {
    const points = drawPoints(30);
    const posterior = () => lineWithScatterPosterior({ ...points, random: createRandom(7, 'p'), steps: 100 });
    expect(posterior()).toEqual(posterior());
    const { scatter } = lineWithScatterPosterior({ ...points, yError: points.yError.map((error) => 10 * error), random: createRandom(7, 'p'), steps: 500 });
    expect(Math.min(...scatter.draws)).toBeGreaterThanOrEqual(0);
    expect(scatter.intervals[0]!.interval[0]).toBeLessThan(1);
  });
});
