import type { Scene } from './scene.js';

type Pair = readonly [number, number];

/** A line by one of several fits; null = it has none. */
export interface ReportFit {
  readonly slope: number;
  readonly intercept: number;
  readonly slopeError: number | null;
  readonly slopeInterval: Pair | null;
  readonly scatter: number | null;
}

/** How one property goes with another, as in relations.json. */
export interface ReportRelation {
  readonly x: string;
  readonly y: string;
  readonly n: number;
  readonly slope: number;
  readonly slopeError: number;
  readonly intercept: number;
  readonly interceptError: number;
  readonly spearman: number;
  readonly spearmanError: number;
  readonly p: number;
  readonly q: number | null;
  readonly scatter: number;
  readonly intervals: readonly {
    readonly level: number;
    readonly slope: { readonly percentile: Pair; readonly bca: Pair; readonly studentised: Pair; readonly hc3: Pair };
    readonly spearman: { readonly percentile: Pair; readonly bca: Pair; readonly fisher: Pair };
  }[];
  readonly fits: {
    readonly theilSen: ReportFit; readonly trimmed: ReportFit; readonly orthogonal: ReportFit; readonly weighted: ReportFit | null; readonly withScatter: ReportFit | null;
    readonly posterior: ReportFit | null;
  };
}

/** A rank correlation at fixed mass, as in relations.json. */
export interface ReportPartial {
  readonly x: string;
  readonly y: string;
  readonly n: number;
  readonly r: number;
  readonly rError: number;
  readonly p: number;
  readonly q: number | null;
  readonly intervals: readonly { readonly percentile: Pair; readonly bca: Pair; readonly fisher: Pair }[];
}

/** The combination about which the gradient scatters least, as in relations.json. */
export interface ReportCombination {
  readonly x: readonly [string, string];
  readonly n: number;
  readonly gammaScan: number;
  readonly gamma: number;
  readonly gammaError: number;
  readonly gammaInterval: Pair;
  readonly slope: number;
  readonly spearman: number;
  readonly scatterBefore: number;
  readonly scatterAfter: number;
  readonly measurementError: number;
  readonly explained: number;
}

/** Everything found under one assumption on missing HI. */
export interface ReportSet {
  readonly assumption: { readonly name: string; readonly description: string };
  readonly relations: readonly ReportRelation[];
  readonly residuals: readonly ReportRelation[];
  readonly partial: readonly ReportPartial[];
  readonly combinations: readonly ReportCombination[];
  readonly scaling: readonly ReportRelation[];
}

export interface ReportCut {
  readonly query: string;
  readonly before: number;
  readonly after: number;
  readonly alone: number;
  readonly dropped: readonly { readonly object: string; readonly reason: string }[];
}

/** What report.html of a sample shows. */
export interface SampleReportInput {
  /** What the sample is called: its source, or the names of its files. */
  readonly title: string;
  readonly source: string | null;
  readonly n: number;
  /** How many galaxies have each of some properties. */
  readonly counts: readonly { readonly name: string; readonly count: number }[];
  readonly draws: number;
  readonly sets: readonly ReportSet[];
  readonly subsets: readonly { readonly name: string; readonly query: string; readonly n: number; readonly relations: readonly ReportRelation[] }[];
  readonly massBins: readonly { readonly y: string; readonly bins: readonly { readonly n: number; readonly x: number; readonly y: number; readonly std: number }[] }[];
  readonly classes: readonly {
    readonly by: string; readonly classes: readonly [string, string]; readonly property: string; readonly n: Pair; readonly medians: Pair;
    readonly ks: { readonly d: number; readonly p: number; readonly pAsymptotic: number }; readonly andersonDarling: { readonly p: number }; readonly mannWhitney: { readonly p: number }; readonly q: number;
  }[];
  readonly selection: { readonly query: string; readonly cuts: readonly ReportCut[] } | null;
  readonly figures: readonly { readonly name: string; readonly title: string; readonly caption: string; readonly paper: string; readonly scene: Scene | null; readonly missing: readonly string[] }[];
  /** What a column is called, in the markup of figures. */
  readonly labelOf: (column: string) => string;
  /** A column that is missing, and what it could be derived from. */
  readonly neededOf: (column: string) => string;
  /** What was wrong with the input, and what else the reader should know. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly oddities: readonly string[];
  readonly literature: readonly { readonly citation: string; readonly usedFor: string }[];
  readonly version: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly inputs: Readonly<Record<string, string>>;
  readonly configuration: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
}
