import type { BandImage } from '../cube/index.js';
import { deproject, type Disk } from '../disk/index.js';
import { segment } from '../image/index.js';
import { abMagnitude, ccm89, perFrequency } from '../light/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { offsetOf } from './geometry.js';
import { starFormingBins } from './integrated.js';
import type { NebularBins } from './nebular.js';
import type { Config } from './resolve.js';
import type { Shape } from './shape.js';

/** What samples are selected by besides the gradient (Li et al. 2025, Section 2.2). */
export interface FieldExtent {
  /** The outermost radius in the plane of the disc at which at least half of the ellipse lies on the field [R_e]; null where no ring does. */
  readonly coverage: number | null;
  /** Peaks of Hα in star-forming bins (`countRegions`); null where the maps hold no Hα. */
  readonly starFormingRegions: number | null;
  /** EXPTIME of the cube's header [s]; null where there is none. */
  readonly exposure: number | null;
  /** AB in the r band of SDSS by the growth curve of the cube's own image, less the foreground dust; null where that was not measured. */
  readonly absoluteMagnitude: number | null;
}

/** What of a cube's field is needed; null at the hub. */
export interface ExtentField {
  readonly shape: Shape | null;
  readonly bands: { readonly r: BandImage } | null;
  readonly exposure: number | null;
}

/** @param seeing FWHM [arcsec]; null = unknown, one spaxel is then taken */
export function measureExtent(maps: LineMaps, disk: Disk, bins: NebularBins, field: ExtentField | null, config: Config, seeing: number | null): FieldExtent {
  return {
    coverage: coverageOf(maps, disk), starFormingRegions: countRegions(maps, starFormingBins(maps, bins, config), Math.max(1, (seeing ?? 0) / maps.pixelScale)),
    exposure: field?.exposure ?? null, absoluteMagnitude: field && absoluteMagnitude(field, disk, config.foreground.ebv),
  };
}

/** Rings one spaxel wide along the major axis: the area of their spaxels with light or in bins over that of the whole ring on the sky. */
function coverageOf(maps: LineMaps, disk: Disk): number | null {
  const { binning: { nx, bin }, image, pixelScale } = maps;
  const seen: number[] = [];
  bin.forEach((b, s) => {
    const light = image?.[s] ?? 0;
    if (b < 0 && !(Number.isFinite(light) && light !== 0)) return;
    const ring = Math.floor(deproject(disk, ...offsetOf(maps, disk, s % nx, Math.floor(s / nx))).radius / pixelScale);
    if (ring >= 0) seen[ring] = (seen[ring] ?? 0) + 1;
  });
  const flattened = Math.PI * Math.cos((disk.inclination * Math.PI) / 180);
  const share = Array.from(seen, (count = 0, ring) => count / (flattened * (2 * ring + 1)));
  const last = share.findLastIndex((own) => own >= 0.5);
  if (last < 0) return null;
  const beyond = share[last + 1] ?? 0;
  // Between the middles of the last ring and the next one.
  return ((last + 0.5 + (share[last]! - 0.5) / Math.max(share[last]! - beyond, 0.5)) * pixelScale) / disk.effectiveRadiusArcsec;
}

/** σ that a peak of Hα must stand out by, and the share of its height, above the saddle to a higher one. */
const peakSignificance = 5;
const peakContrast = 0.15;

/**
 * Star-forming regions: peaks of the Hα surface brightness, smoothed with the seeing, that stand above the saddle to a higher peak (`segment`) and lie in a star-forming bin. All bins
 * take part in the search, or the ragged rim of the star-forming ones would fall into islands.
 */
function countRegions({ binning: { nx, ny, bin }, lines, npix }: LineMaps, rows: readonly number[], fwhm: number): number | null {
  const ha = lines.get('Ha');
  if (!ha) return null;
  const used = new Set(rows);
  const each = (of: (b: number) => number): Float64Array => Float64Array.from(bin, (b) => (b < 0 ? Number.NaN : of(b)));
  // Errors of spaxels that add up to that of their bin.
  const background = { level: new Float64Array(bin.length), noise: each((b) => ha.fluxError[b]! / Math.sqrt(npix[b]!)) };
  return segment({ nx, ny, data: each((b) => ha.flux[b]! / npix[b]!), mask: null }, background, { fwhm, threshold: peakSignificance, contrast: peakContrast }).peaks.filter((s) => used.has(bin[s]!)).length;
}

function absoluteMagnitude({ shape, bands }: ExtentField, { luminosityDistance }: Disk, ebv: number): number | null {
  const apparent = bands && shape && cubeMagnitude(shape, bands.r);
  return apparent === null ? null : apparent - ccm89(bands!.r.pivot) * ebv - 5 * Math.log10(luminosityDistance * 1e5);
}

/** Total AB magnitude of the growth curve on the cube's own r image; null where it was not measured on that, or the cube does not hold the whole band. */
export function cubeMagnitude({ growth, growthImage, image }: Shape, r: BandImage): number | null {
  return growth && growth.totalFlux > 0 && r.extent === 'whole' && growthImage === image ? abMagnitude(perFrequency(growth.totalFlux * 1e-17, r.pivot)) : null;
}
