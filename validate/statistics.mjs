/** Statistics of pulls: (measured − truth)/error of many measurements. */

import { mean, standardDeviation } from '../dist/stats/index.js';

/**
 * @typedef {object} PullStatistics
 * @property {number} count
 * @property {number} mean
 * @property {number} width standard deviation of the pulls: 1 when the errors are right, larger when they are too small
 * @property {number} meanError what chance alone does to the mean
 * @property {number} widthError what chance alone does to the width, for Gaussian pulls
 */

/**
 * @param {readonly number[]} pulls
 * @returns {PullStatistics}
 */
export function describePulls(pulls) {
  const width = standardDeviation(pulls);
  return { count: pulls.length, mean: mean(pulls), width, meanError: width / Math.sqrt(pulls.length), widthError: width / Math.sqrt(2 * pulls.length) };
}

/**
 * Root of the mean of squares.
 * @param {readonly number[]} values
 */
export const rms = (values) => Math.sqrt(mean(values.map((value) => value * value)));
