import { binsNote, type BinsFigureInput, type BinsPanel, type ColourFigureInput, type GeometryFigureInput, type IsophoteRow } from '../figures/index.js';
import { skyPositionAngle, stopCodes } from '../image/index.js';
import { northEast } from '../sky/index.js';
import type { Bins } from './adaptiveBins.js';
import type { Products } from './productTypes.js';

/** North and east on the pixel grid; null without celestial coordinates. */
export function directionsOf({ wcs }: Products['maps']): { readonly north: readonly [number, number] | null; readonly east: readonly [number, number] | null } {
  return wcs?.celestial ? northEast(wcs.celestial) : { north: null, east: null };
}

/** The figure of the geometry; null where it was given. */
export function geometryInput({ maps, disk, gas, field, seeing }: Products): GeometryFigureInput | null {
  const shape = field?.shape;
  if (!field || !shape) return null;
  const { isophotes: { isophotes, innerRadius, outerRadius }, growth, scale, growthScale } = shape;
  const celestial = maps.wcs?.celestial ?? null;
  const image = field.bands && field.bands.r.extent !== 'outside' ? field.bands.r.data : maps.image;
  const ownShape = shape.measured.includes('positionAngle') || shape.measured.includes('ellipticity');
  return {
    title: maps.object, nx: maps.binning.nx, ny: maps.binning.ny, pixelScale: maps.pixelScale, image: image ?? new Float64Array(maps.binning.bin.length).fill(Number.NaN), imageName: shape.image,
    ...directionsOf(maps), disk, gas, seeing: seeing?.fwhm ?? null,
    sources: field.sources.flatMap(({ x, y, angle, masked, kind }) => (masked && (kind === 'star' || kind === 'neighbour') ? [{ x, y, angle, ...masked, kind }] : [])),
    isophotes: isophotes.map((own): IsophoteRow => ({
      radius: own.a * scale, ellipticity: own.ellipticity, ellipticityError: own.ellipticityError, positionAngle: celestial ? skyPositionAngle(own.angle, celestial) : own.angle - 90, positionAngleError: own.angleError,
      converged: own.stopCode === stopCodes.converged,
    })),
    ellipticityError: shape.errors.ellipticity, positionAngleError: shape.errors.positionAngle,
    used: ownShape && Number.isFinite(innerRadius + outerRadius) ? [innerRadius * scale, outerRadius * scale] : null,
    growth: growth && {
      radius: growth.a.map((a) => a * growthScale), flux: growth.flux, fluxError: growth.fluxError, total: growth.totalFlux, effectiveRadius: growth.effectiveRadius * growthScale,
      effectiveRadiusError: growth.effectiveRadiusError * growthScale, lowerLimit: growth.status.lowerLimit, image: shape.growthImage === shape.image ? null : shape.growthImage,
    },
  };
}

const methods: Readonly<Record<string, string>> = { power: 'power diagram', wvt: 'weighted Voronoi', cvt: 'centroidal Voronoi', accretion: 'accretion' };

/** The bins of continuum and lines; null at the hub. */
export function binsInput({ maps, disk, field }: Products): BinsFigureInput | null {
  if (!field) return null;
  const panel = (what: string, unit: string, { binning, signalToNoise, facts }: Bins): BinsPanel => ({
    heading: `${what}: ${facts.target === null ? facts.method : `S/N ${facts.target}${unit}, ${methods[facts.method] ?? facts.method}`}`, bin: binning.bin, skyFrom: facts.bins, target: facts.target, signalToNoise,
    note: binsNote(facts.bins, facts.single, facts.scatter),
  });
  const { continuum, lines } = field.bins;
  return {
    title: maps.object, nx: maps.binning.nx, ny: maps.binning.ny, pixelScale: maps.pixelScale, centerX: disk.centerX, centerY: disk.centerY,
    panels: continuum === lines ? [panel('continuum and lines', '', lines)] : [panel('continuum', ' per Å', continuum), panel('lines', ' in the weakest', lines)],
  };
}

/** The field in i, r, g; null where the cube does not cover them. */
export function colourInput({ maps, disk, field }: Products): ColourFigureInput | null {
  const bands = field?.bands;
  if (!bands || [bands.g, bands.r, bands.i].some(({ extent }) => extent === 'outside')) return null;
  return {
    title: maps.object, images: [bands.i, bands.r, bands.g], bands: 'i, r, g', pixelScale: maps.pixelScale, centerX: disk.centerX, centerY: disk.centerY,
    kpcPerArcsec: disk.effectiveRadiusKpc / disk.effectiveRadiusArcsec, ...directionsOf(maps),
  };
}
