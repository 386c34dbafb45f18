import { binsNote, type ReportField, type ReportShape } from '../figures/index.js';
import { stopCodes } from '../image/index.js';
import type { Bins } from './adaptiveBins.js';
import type { CubeFacts } from './cubeFacts.js';
import { cubeMagnitude } from './fieldExtent.js';
import type { Products } from './productTypes.js';
import type { Shape } from './shape.js';

/** Total AB magnitude of the growth curve, where the zero point of its image is known. */
function magnitudeOf(shape: Shape, { reference, bands }: CubeFacts): number | null {
  const { growth, growthImage } = shape;
  if (!growth || !(growth.totalFlux > 0)) return null;
  return reference && growthImage === reference.wider.name ? reference.zeroPoint - 2.5 * Math.log10(growth.totalFlux) : bands && cubeMagnitude(shape, bands.r);
}

function shapeOf(shape: Shape, field: CubeFacts): ReportShape {
  const { isophotes: { isophotes, isophotesUsed, innerRadius, outerRadius, asymmetry }, growth, scale, growthScale, errors, image, growthImage } = shape;
  return {
    image, errors, asymmetry, isophotes: isophotes.length, converged: isophotes.filter(({ stopCode }) => stopCode === stopCodes.converged).length, used: isophotesUsed,
    radii: Number.isFinite(innerRadius + outerRadius) ? [innerRadius * scale, outerRadius * scale] : null,
    growth: growth && {
      image: growthImage, effectiveRadius: growth.effectiveRadius * growthScale, effectiveRadiusError: growth.effectiveRadiusError * growthScale, lowerLimit: growth.status.lowerLimit,
      magnitude: magnitudeOf(shape, field), skyKnown: !growth.status.skyAssumed,
    },
  };
}

const outcomes: Readonly<Record<Bins['facts']['status'], string>> = {
  binned: '', given: '', unbinned: ': every spaxel reaches it alone', oneBin: ': together the spaxels do not reach it, they are one bin', empty: ': no spaxel could be binned',
};

function binningSentence(what: string, unit: string, { facts: { method, target, bins, single, scatter, status } }: Bins): string {
  return target === null ? `Bins of ${what}: ${bins}, ${method}.` : `Bins of ${what}: S/N ${target}${unit} was aimed at (method ${method}): ${binsNote(bins, single, scatter)}${outcomes[status]}.`;
}

/** What the report says of the field of a cube. */
export function reportFieldOf({ field, maps: { pixelScale } }: Products): ReportField | null {
  if (!field) return null;
  const { shape, sources, reference, bins: { continuum, lines } } = field;
  return {
    shape: shape && shapeOf(shape, field),
    sources: sources.flatMap(({ x, y, kind, reasons, masked }) => (masked ? [{ x, y, kind, reasons, a: masked.a * pixelScale, b: masked.b * pixelScale }] : [])),
    calibration: reference && { ...reference.calibration, applied: reference.applied },
    binning: continuum === lines ? [binningSentence('continuum and lines', '', lines)]
      : [binningSentence('the continuum', ' per Å near 5500 Å', continuum), binningSentence('the lines', ' in the weakest of the lines needed', lines)],
  };
}
