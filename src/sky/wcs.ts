/** World coordinates of an image or cube, parsed once from its header. */
export interface Wcs {
  /** 0-based index of the FITS axes that carry right ascension/longitude and declination/latitude. */
  readonly celestial: CelestialWcs | null;
  readonly spectral: SpectralWcs | null;
}

/** The celestial part: a linear map from pixels to the projection plane, then the projection. */
export interface CelestialWcs {
  readonly projection: 'TAN' | 'SIN' | 'ARC' | 'CAR';
  /** 0-based FITS axis numbers of longitude and latitude. */
  readonly axes: readonly [number, number];
  /** Reference pixel, zero-based. */
  readonly referencePixel: readonly [number, number];
  /** Reference position [deg]. */
  readonly referenceValue: readonly [number, number];
  /** [deg/pixel] row-major 2×2: (dx, dy) → intermediate (ξ, η). */
  readonly matrix: readonly [number, number, number, number];
  readonly lonPole: number;
  readonly latPole: number;
  readonly frame: string;
}

/** The spectral part. */
export interface SpectralWcs {
  /** 0-based FITS axis number. */
  readonly axis: number;
  readonly type: 'linear' | 'log';
  readonly medium: 'air' | 'vacuum';
  /** Zero-based reference pixel; wavelength there and step per pixel, in Å. */
  readonly referencePixel: number;
  readonly referenceValue: number;
  readonly step: number;
}
