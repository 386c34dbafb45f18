import type { BandImage } from '../cube/index.js';
import type { JudgedSource } from '../image/index.js';
import type { Bins } from './adaptiveBins.js';
import type { Reference } from './reference.js';
import type { Shape } from './shape.js';

/** The images in the bands of SDSS that are built in. */
export type Bands = Readonly<Record<'g' | 'r' | 'i', BandImage>>;

/** What the field of a cube shows besides the lines. */
export interface CubeFacts {
  /** Null where the geometry was given. */
  readonly shape: Shape | null;
  /** Masked stars and neighbours. */
  readonly sources: readonly JudgedSource[];
  /** Null without reference images. */
  readonly reference: Reference | null;
  readonly bins: { readonly continuum: Bins; readonly lines: Bins };
  /** Null where neither geometry nor sources were looked for. */
  readonly bands: Bands | null;
  /** EXPTIME of the header [s]; null where there is none. */
  readonly exposure: number | null;
}
