import type { Disk } from '../disk/index.js';
import type { AtomicCatalogue } from '../evolution/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { availableCalibrations, calibrationByName, calibrations, type Calibration } from '../nebula/index.js';
import { gasGeometry, type GasGeometry } from './gasGeometry.js';
import { measureGeometry } from './geometry.js';
import { measureGradients, type Gradients } from './gradients.js';
import type { Executor } from './executor.js';
import { measureExtent, type ExtentField, type FieldExtent } from './fieldExtent.js';
import { integrate, type Integrated } from './integrated.js';
import { localRelationOf, measureKinematics, type Kinematics, type LocalRelationOfBins } from './kinematics.js';
import { measureMasses, type Masses } from './masses.js';
import { analyseBins, type NebularBins } from './nebular.js';
import type { Config } from './resolve.js';
import type { FieldLight } from './starMass.js';
import type { StellarBins } from './stellarBins.js';
import { stellarDensities, type StellarDensities } from './stellarMass.js';
import { signed } from './summary.js';

/** FWHM of the seeing [arcsec] and where it comes from. */
export interface Seeing {
  readonly fwhm: number;
  readonly source: string;
}

/** What the line maps of a galaxy say of its metals. */
export interface Analysis {
  readonly disk: Disk;
  readonly gas: GasGeometry;
  readonly leading: Calibration;
  readonly nebular: NebularBins;
  readonly gradients: Gradients;
  readonly integrated: Integrated;
  readonly masses: Masses;
  readonly kinematics: Kinematics;
  readonly localRelation: LocalRelationOfBins;
  readonly extent: FieldExtent;
  /** Null where the stars were not fitted. */
  readonly densities: StellarDensities | null;
}

export interface AnalysisInput {
  readonly maps: LineMaps;
  /** Null where the stars were not fitted. */
  readonly stars: StellarBins | null;
  /** What the field of a cube shows; null at the hub. */
  readonly field: (FieldLight & ExtentField) | null;
  /** Why spaxels of a cube are left out: status bits; null at the hub. */
  readonly spaxelStatus: Int32Array | null;
  /** Catalogues of atomic hydrogen, the preferred first. */
  readonly catalogues: readonly AtomicCatalogue[];
  readonly config: Config;
  readonly seeing: Seeing | null;
  /** Sentences for the user are added. */
  readonly warnings: string[];
  readonly executor: Executor;
  readonly stage: RunStage;
}

/** Runs one stage; the pipeline times it. The work may tell how far it is. */
export type RunStage = <T>(name: string, work: (progress: Progress) => T | Promise<T>) => Promise<T>;

/** How many parts of a stage are done. */
export type Progress = (done: number, total: number) => void;

/** The calibrations to apply, and those that the lines do not allow. */
function chooseCalibrations(maps: LineMaps, config: Config): { leading: Calibration; chosen: Calibration[]; absent: Gradients['absent'] } {
  const { default: first, also } = config.abundance;
  const wanted = (name: string): boolean => also === 'all' || name === first || also.includes(name);
  const leading = calibrationByName(first)!;
  const { available, absent } = availableCalibrations([...maps.lines.keys()]);
  // The leading one is applied even where a line is missing: every bin then says NOVALUE and the gradient says why.
  const chosen = calibrations.filter((one) => one === leading || (wanted(one.name) && available.includes(one)));
  return { leading, chosen, absent: absent.filter(({ name }) => wanted(name)) };
}

/**
 * The second half of the chain, which serves cubes and other pipelines' maps alike: geometry → dust → excitation class →
 * star formation → abundance → deprojection → gradients with their errors → integrated values → masses and yield.
 * Throws BadConfig for a centre outside the field.
 */
export async function analyseMaps({ maps, stars, field, spaxelStatus, catalogues, config, seeing, warnings, executor, stage }: AnalysisInput): Promise<Analysis> {
  const { leading, chosen, absent } = chooseCalibrations(maps, config);
  if (seeing === null) warnings.push('the seeing is not known: give `seeing` for the bootstrap over seeing-sized blocks');
  const disk = await stage('geometry', () => measureGeometry(maps, config, warnings));
  if (seeing && seeing.fwhm > 0.3 * disk.effectiveRadiusArcsec) {
    warnings.push(`the seeing (${seeing.fwhm.toFixed(2)}″) exceeds 0.3 R_e (${(0.3 * disk.effectiveRadiusArcsec).toFixed(2)}″): it flattens the gradient`);
  }
  const nebular = await stage('dust, classes, star formation, abundances', (progress) => analyseBins(maps, disk, {
    calibrations: chosen, leading, snLine: config.lines.snLine, required: config.lines.required, minEW: config.lines.minEW, balmer: config.dust.balmer, sfr: config.starFormation.calibration, draws: config.lines.monteCarlo, seed: config.seed, executor, progress,
  }));
  const densities = stars && stellarDensities(stars, maps, disk, nebular);
  const gradients = await stage('gradients and errors', (progress) => measureGradients({
    maps, disk, bins: nebular, densities, calibrations: chosen, absent, leading, config, seeing: seeing?.fwhm ?? null, executor, progress,
  }));
  const [integrated, masses] = await stage('integrated values, masses', () => {
    const own = integrate({ maps, disk, bins: nebular, calibrations: chosen, leading, config });
    return [own, measureMasses({ maps, disk, stars, densities, field, spaxelStatus, integrated: own, catalogues, leading, config }, warnings)] as const;
  });
  const kinematics = await stage('velocity field', () => measureKinematics(maps, disk, nebular));
  const localRelation = await stage('local relation', () => localRelationOf(maps, disk, nebular, gradients.used, leading.name, seeing?.fwhm ?? null, config));
  const extent = await stage('extent of the field', () => measureExtent(maps, disk, nebular, field, config, seeing?.fwhm ?? null));
  const [configured] = gradients.cuts;
  const byHb = gradients.cuts.find((cut) => cut.byHb);
  if (typeof configured?.slope === 'number' && typeof byHb?.slope === 'number' && Math.abs(byHb.slope - configured.slope) > 2 * Math.max(configured.slopeError!, byHb.slopeError!)) {
    warnings.push(`the slope is ${signed(configured.slope)} dex/R_e with the configured cuts, but ${signed(byHb.slope)} when bins are chosen by Hβ alone (S/N ≥ ${byHb.snLine}): the cut on the weak lines decides it`);
  }
  return { disk, gas: gasGeometry(maps, disk, seeing?.fwhm ?? null), leading, nebular, gradients, integrated, masses, kinematics, localRelation, densities, extent };
}
