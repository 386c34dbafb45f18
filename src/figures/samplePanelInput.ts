import type { Shape } from './marks.js';

/** Galaxies drawn alike: a point each. Arrays of one length; a galaxy without x or y is not drawn. */
export interface SampleSeries {
  readonly text: string;
  readonly names: readonly string[];
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xError: Float64Array | null;
  readonly yError: Float64Array | null;
  /** What colours the points, on the panel's colour bar; null = `hue`. */
  readonly colour: Float64Array | null;
  readonly hue: string;
  readonly shape: Shape;
  /** Outlines alone: for galaxies that are not measured by us, or are assumed. */
  readonly hollow: boolean;
}

/** A straight line with the 1σ band of its bootstraps. */
export interface SampleLine {
  readonly text: string;
  readonly slope: number;
  readonly intercept: number;
  readonly band: { readonly x: Float64Array; readonly low: Float64Array; readonly high: Float64Array } | null;
  readonly hue: string;
  readonly dashed: boolean;
}

/** A relation of the literature, or binned medians of a reference sample with the limits of its scatter. */
export interface SampleCurve {
  readonly text: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Pairs of limits, the narrow one first. */
  readonly bands: readonly { readonly low: Float64Array; readonly high: Float64Array }[];
  readonly hue: string;
  /** Its coefficients were not checked against their source. */
  readonly unverified: boolean;
}

/** One panel of one property of galaxies against another. */
export interface ScatterPanel {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly SampleSeries[];
  readonly lines: readonly SampleLine[];
  readonly curves: readonly SampleCurve[];
  /** Medians in bins of equal count and the standard deviation in them. */
  readonly medians: { readonly x: Float64Array; readonly y: Float64Array; readonly scatter: Float64Array } | null;
  /** A level y or a value of x to compare with, dotted. */
  readonly level: number | null;
  readonly upright: number | null;
  /** Statistics, a line each. */
  readonly words: readonly string[];
  readonly colourLabel: string | null;
}

/** Distributions of one property in two or more classes. */
export interface HistogramPanel {
  readonly xLabel: string;
  readonly groups: readonly { readonly text: string; readonly values: Float64Array; readonly hue: string }[];
  readonly words: readonly string[];
}

/** One bar a property, with its error; an open one beside it for what rests on an assumption. */
export interface BarPanel {
  readonly yLabel: string;
  readonly bars: readonly { readonly text: string; readonly value: number; readonly error: number; readonly assumed: { readonly value: number; readonly error: number } | null }[];
  readonly words: readonly string[];
}

export type SamplePanel = ({ readonly kind: 'scatter' } & ScatterPanel) | ({ readonly kind: 'histogram' } & HistogramPanel) | ({ readonly kind: 'bars' } & BarPanel);

/** Panels side by side. */
export interface SampleFigureInput {
  readonly title: string;
  readonly panels: readonly SamplePanel[];
}
