import type { Disk } from '../disk/index.js';
import type { LineMaps } from '../linemaps/index.js';
import type { Calibration } from '../nebula/index.js';
import type { LineFitDetails } from './measureBins.js';
import type { CubeFacts } from './cubeFacts.js';
import type { FieldExtent } from './fieldExtent.js';
import type { GasGeometry } from './gasGeometry.js';
import type { Gradients } from './gradients.js';
import type { Integrated } from './integrated.js';
import type { Kinematics, LocalRelationOfBins } from './kinematics.js';
import type { Masses } from './masses.js';
import type { NebularBins } from './nebular.js';
import type { Config } from './resolve.js';
import type { StellarDensities } from './stellarMass.js';
import type { StatusCounts } from './runJson.js';

/** Everything that the products of a run are made from. */
export interface Products {
  readonly entry: 'cube' | 'maps';
  readonly maps: LineMaps;
  readonly nebular: NebularBins;
  readonly disk: Disk;
  readonly gas: GasGeometry;
  /** What only the cube chain knows; null at the hub. */
  readonly details: LineFitDetails | null;
  readonly gradients: Gradients;
  readonly integrated: Integrated;
  readonly masses: Masses;
  readonly kinematics: Kinematics;
  readonly localRelation: LocalRelationOfBins;
  readonly extent: FieldExtent;
  /** Null where the stars were not fitted. */
  readonly densities: StellarDensities | null;
  readonly leading: Calibration;
  readonly config: Config;
  /** FWHM of the seeing [arcsec] and where it comes from. */
  readonly seeing: { readonly fwhm: number; readonly source: string } | null;
  readonly counts: StatusCounts;
  readonly warnings: readonly string[];
  /** Why spaxels are in no bin: status bits; null at the hub. */
  readonly spaxelStatus: Int32Array | null;
  /** What the field of a cube shows besides the lines; null at the hub. */
  readonly field: CubeFacts | null;
}
