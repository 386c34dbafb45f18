import { continuumSignal, outlineCube, readRows, whiteLight, type Arm, type Cube, type CubeOptions } from '../cube/index.js';
import { openFitsFiles, openSpectra, writeSpectra, type ArmSpectra, type SpectraFile } from '../host/index.js';
import type { Lsf, SpectralAxis } from '../light/index.js';

/** The values of a cube, in memory that threads share; where that is too little, only those of the first rows, the others in a file of the run directory. It can be sent to workers. */
export interface HeldCube extends Pick<Cube, 'nx' | 'ny' | 'unit' | 'sectors'> {
  readonly arms: readonly { readonly name: string; readonly axis: SpectralAxis; readonly lsf: Lsf }[];
  readonly values: {
    /** Flux and variance of the first spaxels per arm: whole rows. */
    readonly arms: readonly ArmSpectra[];
    /** Null where all are in memory. */
    readonly file: SpectraFile | null;
  };
}

/** The arms of a cube that is held, for reading spaxel by spaxel. */
export function armsOf({ arms, values }: Pick<HeldCube, 'arms' | 'values'>): Arm[] {
  if (!values.file) return arms.map((arm, a) => ({ ...arm, ...values.arms[a]! }));
  const reader = openSpectra(values.file, values.arms);
  return arms.map(({ name, axis, lsf }, a) => {
    const own = reader.arms[a]!;
    return { name, axis, lsf, get flux() { return own.flux; }, get variance() { return own.variance; }, at: own.at };
  });
}

/** What a worker needs to read rows of a cube. */
export interface ReadJob {
  readonly files: readonly string[];
  readonly options: CubeOptions;
  readonly values: HeldCube['values'];
  readonly redshift: number;
}

/** What is told of every spaxel while its spectrum is read. */
export interface SpaxelLight {
  /** Mean flux density clear of the lines [1e-17 erg/s/cm²/Å]. */
  readonly image: Float64Array;
  /** The continuum near 5500 Å and its noise per Å [units of the cube]. */
  readonly signal: Float64Array;
  readonly noise: Float64Array;
}

/** Rows y0 ≤ y < y1, all of them in memory or none. */
export type Rows = readonly [number, number];

/** Reads rows of the files into the held values, and tells of their light. */
export async function makeReadWork({ files, options, values, redshift }: ReadJob): Promise<(rows: Rows) => Promise<SpaxelLight>> {
  const outline = outlineCube(await openFitsFiles(files), options);
  return async ([y0, y1]) => {
    const parts: ArmSpectra[] = [];
    const inMemory = y1 * outline.nx * outline.arms[0]!.axis.wavelength.length <= values.arms[0]!.flux.length;
    for (const [a, arm] of outline.arms.entries()) {
      const n = outline.nx * arm.axis.wavelength.length;
      const part = ({ flux, variance }: ArmSpectra): ArmSpectra => ({ flux: flux.subarray(y0 * n, y1 * n), variance: variance.subarray(y0 * n, y1 * n) });
      parts.push(await readRows(arm, y0, y1, inMemory ? part(values.arms[a]!) : undefined));
    }
    if (values.file && !inMemory) writeSpectra(values.file, y0 * outline.nx, parts);
    const { nx, unit } = outline;
    const cube = { nx, ny: y1 - y0, unit, arms: outline.arms.map(({ name, axis, lsf }, a) => ({ name, axis, lsf, ...parts[a]! })) };
    return { image: whiteLight(cube, { redshift }), ...continuumSignal(cube, redshift) };
  };
}
