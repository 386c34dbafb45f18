import { estimateBackground, type Background, type BackgroundOptions } from './background.js';
import type { Image } from './image.js';
import { segment, type SegmentationOptions } from './segmentation.js';
import { measureSources, pointProfile, type ColourPair, type PointSpread, type Source } from './sources.js';

/** What the spectrum of a source, less the light around it, shows at the galaxy's redshift. */
export interface LineEvidence {
  /** Equivalent width of the strongest line covered, rest frame, positive in emission [Å], of the source's own light. */
  readonly equivalentWidth: number;
  readonly error: number;
}

export interface SourceMaskOptions {
  readonly point: PointSpread;
  /** The galaxy's centre [pixels from zero]: what peaks within one FWHM of it is the nucleus. */
  readonly centre: readonly [number, number];
  /** The spectrum's word on a source; null where there is no spectrum. Default: no spectra. */
  readonly lineOf?: (source: Source) => LineEvidence | null;
  /** Colours against the galaxy's own. Default: none. */
  readonly colours?: ColourPair;
  /** A line this strong [Å] at this significance makes a source the galaxy's own. Default 5 Å, 4 σ. */
  readonly minWidth?: number;
  readonly minLine?: number;
  readonly background?: BackgroundOptions;
  readonly segmentation?: Omit<SegmentationOptions, 'fwhm'>;
}

export interface JudgedSource extends Source {
  /** 'galaxy': its nucleus, H II regions, clumps; 'star', 'neighbour' (a background galaxy): masked; 'unclear': not masked. */
  readonly kind: 'galaxy' | 'star' | 'neighbour' | 'unclear';
  /** Why, in words. */
  readonly reasons: readonly string[];
  /** What is masked: an ellipse with these semi-axes [pixels] along and across `angle`; null when the source is kept. */
  readonly masked: { readonly a: number; readonly b: number } | null;
}

export interface SourceMask {
  /** 1 where a foreground star or a background galaxy lies. */
  readonly mask: Uint8Array;
  readonly sources: readonly JudgedSource[];
  readonly background: Background;
}

/**
 * Finds the sources on a galaxy and masks what does not belong to it. In this order: what peaks at the centre is the nucleus; a line at
 * the galaxy's redshift makes a source the galaxy's own, whatever its shape; a spectrum that excludes such a line makes a point a star, and
 * an extended source a neighbour if it has another colour than the light around it or outshines it. Without a telling spectrum only a point that is redder than
 * the galaxy about it, or outshines it ten times, is taken for a star: unresolved H II regions are blue points too.
 */
export function maskSources(image: Image, options: SourceMaskOptions): SourceMask {
  const { point } = options;
  // Wide enough that a star does not count as background, narrow enough to follow the galaxy.
  const cell = Math.max(16, Math.round(6 * point.fwhm));
  const background = estimateBackground(image, { cell, ...options.background });
  const segments = segment(image, background, { fwhm: point.fwhm, ...options.segmentation });
  const mask = new Uint8Array(image.nx * image.ny);
  const sources = measureSources(image, background, segments, point, options.colours).map((source): JudgedSource => {
    const { kind, reasons } = judge(source, options, background.level);
    const masked = kind === 'star' || kind === 'neighbour' ? extentOf(source, kind, point, background.noise[Math.round(source.y) * image.nx + Math.round(source.x)]!) : null;
    if (masked) maskEllipse(mask, image, source, masked);
    return { ...source, kind, reasons, masked };
  });
  return { mask, sources, background };

  function judge(source: Source, { centre, lineOf, minWidth = 5, minLine = 4 }: SourceMaskOptions, level: Float64Array): Pick<JudgedSource, 'kind' | 'reasons'> {
    const distance = Math.hypot(source.x - centre[0], source.y - centre[1]);
    if (distance <= point.fwhm) return { kind: 'galaxy', reasons: ['at the centre of the galaxy'] };
    if (!(source.significance >= 5)) return { kind: 'unclear', reasons: ['too faint to judge'] };
    const isPoint = pointLike(source);
    const shape = isPoint ? 'shaped like a point' : Number.isNaN(source.sizeRatio) ? 'of no clear shape' : `${source.sizeRatio.toFixed(1)} times as wide as a point, axis ratio ${(source.minor / source.major).toFixed(2)}`;
    const around = level[Math.round(source.y) * image.nx + Math.round(source.x)]! + source.surroundings;
    const outshines = source.peak / Math.max(around, 1e-3 * source.peak);
    const colour = Math.abs(source.colourExcess) >= Math.max(0.2, 3 * source.colourError) ? (source.colourExcess > 0 ? 'red' : 'blue') : null;
    const facts = [shape, ...(colour ? [`${Math.abs(source.colourExcess).toFixed(2)} mag ${colour === 'red' ? 'redder' : 'bluer'} than the light around it`] : []), `${outshines < 10 ? outshines.toPrecision(2) : Math.round(outshines)} times as bright as the galaxy there`];
    const line = lineOf?.(source) ?? null;
    if (line) {
      const { equivalentWidth: width, error } = line;
      const told = `line at the galaxy's redshift ${width.toFixed(1)} ± ${error.toFixed(1)} Å`;
      if (width >= minWidth && width >= minLine * error) return { kind: 'galaxy', reasons: [told, ...facts] };
      if (width + 2 * error < minWidth) {
        if (isPoint) return { kind: 'star', reasons: [told, ...facts] };
        const apart = colour !== null || outshines > 1;
        return { kind: apart && !Number.isNaN(source.sizeRatio) ? 'neighbour' : 'unclear', reasons: [told, ...facts] };
      }
    }
    const star = isPoint && colour !== 'blue' && (colour === 'red' || outshines >= 10);
    return { kind: star ? 'star' : 'unclear', reasons: [line ? 'its spectrum is too noisy to tell' : 'no spectrum', ...facts] };
  }
}

/** A point within 20 % of its size and 15 % of roundness, or what the noise allows. */
function pointLike({ sizeRatio, major, minor, significance }: Source): boolean {
  const slack = 4 / significance;
  // Nothing is narrower than a point: where it looks so, the seeing was given too wide.
  return Math.log(sizeRatio) < Math.max(0.2, slack) && 1 - minor / major < Math.max(0.15, slack);
}

/** A star is masked to where its profile falls below the noise of a pixel, 1.5 to 6 FWHM; a neighbour to twice its own FWHM. */
function extentOf({ peak, major, minor }: Source, kind: 'star' | 'neighbour', point: PointSpread, noise: number): { a: number; b: number } {
  if (kind === 'neighbour') return { a: 2 * major, b: 2 * minor };
  let radius = 1.5 * point.fwhm;
  while (radius < 6 * point.fwhm && peak * pointProfile(point, radius) > noise) radius += 0.25 * point.fwhm;
  return { a: radius, b: radius };
}

function maskEllipse(mask: Uint8Array, { nx, ny }: Image, { x, y, angle }: Source, { a, b }: { a: number; b: number }): void {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  for (let v = Math.max(0, Math.floor(y - a)); v <= Math.min(ny - 1, y + a); v++) {
    for (let u = Math.max(0, Math.floor(x - a)); u <= Math.min(nx - 1, x + a); u++) {
      const [dx, dy] = [u - x, v - y];
      if (((dx * cos + dy * sin) / a) ** 2 + ((dy * cos - dx * sin) / b) ** 2 <= 1) mask[v * nx + u] = 1;
    }
  }
}
