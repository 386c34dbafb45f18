import type { Disk } from '../disk/index.js';
import type { ProfileRow } from './galaxyInput.js';
import type { GasMarks } from './geometryInput.js';
import type { ReportKinematics } from './reportKinematics.js';
import type { ReportIntegrated, ReportMasses } from './reportMasses.js';
import type { Scene } from './scene.js';

/** Everything that report.html says of one run. Numbers that were not determined are null. */
export interface ReportInput {
  /** Name of the galaxy. */
  readonly object: string;
  /** The calibration that the answer is given in: 'N2S2Ha'. */
  readonly calibration: string;
  /** Version of zgrad. */
  readonly version: string;
  readonly redshift: number;
  /** Redshift by the lines; null when none was measured. */
  readonly refinedRedshift: number | null;
  readonly disk: Disk;
  /** 'given' or 'measured', and where from. */
  readonly geometrySource: string;
  /** Where the gas peaks and how it turns beside the light. */
  readonly gas: GasMarks;
  /** What the field of a cube shows besides the lines; null for line maps. */
  readonly field: ReportField | null;
  /** FWHM [arcsec] and where it comes from: 'header', 'configuration'; null when unknown. */
  readonly seeing: { readonly fwhm: number; readonly source: string } | null;
  /** The gradients as in gradient.json, one for each quantity, calibration and unit. */
  readonly gradients: readonly ReportGradient[];
  /** Integrated values with errors, as in gradient.json; null when none was made. */
  readonly integrated: ReportIntegrated | null;
  /** Stars, gas and yield; null when none was made. */
  readonly masses: ReportMasses | null;
  /** The velocity field of the gas; null when it was not looked at. */
  readonly kinematics: ReportKinematics | null;
  /** O/H and Σ_SFR at fixed radius, in sentences. */
  readonly localRelation: readonly string[];
  /** Calibrations that could not be applied, with the reason. */
  readonly absent: readonly { readonly calibration: string; readonly reason: string }[];
  readonly figures: ReportFigures;
  /** Spaxels of the field, spaxels that enter the answer, and how many carry each status bit. */
  readonly spaxels: { readonly total: number; readonly used: number; readonly byStatus: readonly StatusCount[] };
  /** How the continuum under the lines was fitted, in sentences. */
  readonly continuum: readonly string[];
  readonly warnings: readonly string[];
  /** What to cite for what was used. */
  readonly literature: readonly { readonly citation: string; readonly usedFor: string; readonly url: string | null }[];
  /** The resolved configuration, as YAML. */
  readonly configuration: string;
  readonly seed: number;
  /** Name and version of what the run stood on: Node, the packages. */
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Files beside the report: relative path and what is in it. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** Isophotes, sources, reference images and bins of a field. */
export interface ReportField {
  /** Null where the geometry was given. */
  readonly shape: ReportShape | null;
  /** Masked stars and neighbours: zero-based pixels, semi-axes [arcsec], and why. */
  readonly sources: readonly { readonly x: number; readonly y: number; readonly a: number; readonly b: number; readonly kind: string; readonly reasons: readonly string[] }[];
  /** Null without reference images. */
  readonly calibration: ReportCalibration | null;
  /** The binnings, each in a sentence. */
  readonly binning: readonly string[];
}

/** Isophotes and growth curve: lengths in arcsec. */
export interface ReportShape {
  readonly image: string;
  /** Isophotes: all, converged, and used, with the radii of those; no radii where the shape is that of the moments. */
  readonly isophotes: number;
  readonly converged: number;
  readonly used: number;
  readonly radii: readonly [number, number] | null;
  /** Share of the light without counterpart across the centre. */
  readonly asymmetry: number;
  /** Standard errors: centre [arcsec], position angle [deg], ellipticity, R_e as a fraction; 0 = given or unknown. */
  readonly errors: { readonly center: number; readonly positionAngle: number; readonly ellipticity: number; readonly effectiveRadius: number };
  readonly growth: {
    readonly image: string;
    readonly effectiveRadius: number;
    readonly effectiveRadiusError: number;
    readonly lowerLimit: boolean;
    /** Total AB magnitude; null where the image's zero point is not known. */
    readonly magnitude: number | null;
    readonly skyKnown: boolean;
  } | null;
}

/** Fluxes of reference images over those of the cube. */
export interface ReportCalibration {
  readonly kind: 'centre' | 'stars';
  readonly bands: readonly { readonly name: string; readonly pivot: number; readonly factor: number; readonly error: number; readonly places: number; readonly partial: boolean }[];
  /** Change of the factor per 1000 Å. */
  readonly trend: { readonly slope: number; readonly error: number } | null;
  readonly warnings: readonly string[];
  /** What the cube was multiplied by. */
  readonly applied: number;
}

/** One entry of gradient.json. */
export interface ReportGradient {
  /** 'O/H', 'logSigmaSfr', 'logSigmaStar' or 'logSsfr'. */
  readonly quantity: string;
  readonly calibration: string | null;
  readonly unit: 'dex/Re' | 'dex/kpc';
  /** null when the gradient is not trusted. */
  readonly slope: number | null;
  readonly slopeError: number | null;
  readonly slopeInterval: readonly [number, number] | null;
  readonly intercept: number | null;
  readonly interceptError: number | null;
  readonly bins: number;
  /** Radii that the bins span, in the unit's length. */
  readonly range: readonly [number, number] | null;
  readonly draws: number;
  readonly errorBudget: {
    readonly bootstrap: number | null;
    readonly blockBootstrap: number | null;
    readonly fluxes: number | null;
    readonly geometry: number | null;
    readonly calibration: number | null;
  };
  /** The part of the classified bins that are composite, 0 to 1. */
  readonly composite: number | null;
  /** Why the gradient is not trusted. */
  readonly refused: string | null;
  readonly profile: readonly ProfileRow[];
}

/** The figures of the report; null leaves one out. */
export interface ReportFigures {
  readonly galaxy: Scene;
  readonly calibrations: Scene | null;
  readonly budget: Scene | null;
  readonly cuts: Scene | null;
  readonly excitation: Scene | null;
  readonly spectra: Scene | null;
  /** The stars: spectra over the whole fitted range, and maps. */
  readonly stars: Scene | null;
  readonly stellarMaps: Scene | null;
  /** The field in three colours, how the geometry was measured, and the bins. */
  readonly colour: Scene | null;
  readonly geometry: Scene | null;
  readonly bins: Scene | null;
}

export interface StatusCount {
  /** Number of the bit in the mask. */
  readonly bit: number;
  readonly name: string;
  /** What the bit means, in words. */
  readonly meaning: string;
  readonly spaxels: number;
}
