/** World coordinates of an image or cube, parsed once from its header. */
export interface Wcs {
  /** Null when the header has no celestial axes. */
  readonly celestial: CelestialWcs | null;
  /** Null when the header has no wavelength axis. */
  readonly spectral: SpectralWcs | null;
}

/** The map projections that are read (Calabretta & Greisen 2002). */
export type Projection = 'TAN' | 'SIN' | 'ARC' | 'CAR';

/**
 * The celestial part: a linear map from pixels to the projection plane, then the projection. A pixel (x, y) is
 * counted along the two celestial axes in the order of the file, whichever of them is right ascension.
 */
export interface CelestialWcs {
  readonly projection: Projection;
  /** 0-based FITS axis numbers of longitude and latitude. */
  readonly axes: readonly [number, number];
  /** Reference pixel, zero-based. */
  readonly referencePixel: readonly [number, number];
  /** Reference position: longitude, latitude [deg]. */
  readonly referenceValue: readonly [number, number];
  /** [deg/pixel] row-major 2×2: (dx, dy) → intermediate (ξ, η). */
  readonly matrix: readonly [number, number, number, number];
  /** Native longitude of the celestial pole and native latitude of the celestial pole [deg]. */
  readonly lonPole: number;
  readonly latPole: number;
  /** 'ICRS', 'FK5', …; 'GALACTIC' for GLON/GLAT axes. */
  readonly frame: string;
}

/** The spectral part. */
export interface SpectralWcs {
  /** 0-based FITS axis number. */
  readonly axis: number;
  /** λ = λ₀ + step·d, or λ = λ₀ exp(step·d/λ₀), d = pixel − reference pixel (Greisen et al. 2006). */
  readonly type: 'linear' | 'log';
  readonly medium: 'air' | 'vacuum';
  /** Zero-based reference pixel; wavelength there and step per pixel, in Å. */
  readonly referencePixel: number;
  readonly referenceValue: number;
  readonly step: number;
}
