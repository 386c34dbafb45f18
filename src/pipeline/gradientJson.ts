import type { Disk } from '../disk/index.js';
import type { CubeFacts } from './cubeFacts.js';
import type { FieldExtent } from './fieldExtent.js';
import type { GasGeometry } from './gasGeometry.js';
import type { Gradients } from './gradients.js';
import type { Integrated } from './integrated.js';
import type { Kinematics, LocalRelationOfBins } from './kinematics.js';
import { pairsOf, type Masses } from './masses.js';
import type { Config } from './resolve.js';
import { shortIsophotes, type Shape } from './shape.js';

/** Where the geometry comes from. */
export interface GeometrySource {
  /** 'given' only where all of it was. */
  readonly source: 'given' | 'measured';
  /** The parts that were measured. */
  readonly measured: readonly ('center' | 'positionAngle' | 'ellipticity' | 'effectiveRadius')[];
  /** Standard errors: [arcsec], [deg], fraction of R_e; null when not known. */
  readonly errors: Config['geometry']['errors'];
  /** What speaks against trusting it. */
  readonly flags: readonly string[];
}

/** @param config as completed by the measured shape */
export function geometrySource(field: CubeFacts | null, { geometry }: Config): GeometrySource {
  const shape = field?.shape;
  if (!shape) return { source: 'given', measured: [], errors: geometry.errors, flags: [] };
  const { isophotes: { status }, growth } = shape;
  return {
    source: 'measured', measured: shape.measured, errors: geometry.errors,
    flags: [
      ...Object.entries(status).filter(([, set]) => set).map(([name]) => name),
      ...(shortIsophotes(shape) !== null ? ['shortIsophotes'] : []),
      ...(shape.measured.includes('effectiveRadius') && growth ? Object.entries(growth.status).filter(([, set]) => set).map(([name]) => `growth ${name}`) : []),
    ],
  };
}

/** Isophotes and growth curve for run.json: lengths in arcsec. */
export function shapeRecord({ isophotes, growth, image, growthImage, growthScale, measured, scale }: Shape): Record<string, unknown> {
  const { source, status, innerRadius, outerRadius, isophotesUsed, asymmetry } = isophotes;
  const list = (values: ArrayLike<number>, unit = 1): (number | null)[] => Array.from(values, (value) => finite(value * unit));
  return {
    measured, image, source, status, innerRadius: finite(innerRadius * scale), outerRadius: finite(outerRadius * scale), isophotesUsed, asymmetry: finite(asymmetry),
    isophotes: isophotes.isophotes.map((own) => ({
      radius: own.a * scale, intensity: finite(own.intensity), x: own.x, y: own.y, ellipticity: own.ellipticity, ellipticityError: finite(own.ellipticityError), angle: own.angle, angleError: finite(own.angleError), stopCode: own.stopCode,
    })),
    growth: growth && {
      image: growthImage, radius: list(growth.a, growthScale), flux: list(growth.flux), fluxError: list(growth.fluxError), sky: growth.skyLevel, skyError: finite(growth.skyError),
      total: finite(growth.totalFlux), totalError: finite(growth.totalFluxError), effectiveRadius: finite(growth.effectiveRadius * growthScale), effectiveRadiusError: finite(growth.effectiveRadiusError * growthScale), status: growth.status,
    },
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** `integrated` of gradient.json: a value and its error each. */
function integratedJson({ oh, ohInner, ohOuter, logSfr, bins }: Integrated, masses: Masses): Record<string, unknown> {
  return { oh, ohInner, ohOuter, logSfr, bins, ...pairsOf(masses) };
}

/** What is said of the galaxy as a whole. */
export interface WholeGalaxy {
  readonly integrated: Integrated;
  readonly masses: Masses;
  readonly kinematics: Kinematics;
  readonly localRelation: LocalRelationOfBins;
  readonly extent: FieldExtent;
}

/** gradient.json: redshift as given and as the lines have it, the disc with the gas beside it, every gradient, the effect of the cuts, the integrated values what the masses come from, how the gas turns, the relation at fixed radius, and what samples are selected by. Numbers are finite; missing = null. */
export function gradientJson(object: string, redshift: { readonly given: number; readonly refined: number | null }, disk: Disk, { gradients, cuts, absent }: Gradients, geometry: GeometrySource, gas: GasGeometry, { integrated, masses, kinematics, localRelation, extent }: WholeGalaxy): Record<string, unknown> {
  return {
    object, redshift,
    geometry: {
      centerX: disk.centerX, centerY: disk.centerY, ra: disk.ra, dec: disk.dec,
      positionAngle: disk.positionAngle, ellipticity: disk.ellipticity, inclination: finite(disk.inclination), thickness: disk.thickness,
      effectiveRadiusKpc: disk.effectiveRadiusKpc, effectiveRadiusArcsec: disk.effectiveRadiusArcsec,
      distanceMpc: disk.luminosityDistance, angularDistanceMpc: disk.angularDistance, ...geometry, gas,
    },
    gradients, cuts, absent, integrated: integratedJson(integrated, masses), masses, kinematics, localRelation, extent,
  };
}
