import { stringify } from 'yaml';
import { reportPage } from '../figures/index.js';
import { median } from '../stats/index.js';
import { maskBitMeanings, maskBits, type MaskBitName } from '../linemaps/index.js';
import type { LineFitDetails } from './fitBins.js';
import type { GalaxyFigures } from './galaxyFigures.js';
import type { Citation } from './literature.js';
import type { Products } from './productTypes.js';
import { runFiles } from './runDirectory.js';
import type { MeasureSummary } from './summary.js';
import { version } from './version.js';

const beside: readonly { readonly path: string; readonly content: string }[] = [
  { path: runFiles.gradient, content: 'every gradient with its error budget, the effect of the cuts, integrated values' },
  { path: runFiles.bins, content: 'a row a bin: position, line fluxes, kinematics, stars, dust, classes, star formation, abundances' },
  { path: runFiles.maps, content: 'maps in the layout of the MaNGA DAP' },
  { path: runFiles.dictionary, content: 'what every column, extension and status bit means' },
  { path: runFiles.run, content: 'configuration, versions, checksums, timings, counts, warnings' },
  { path: `${runFiles.figures}/`, content: 'the figures as SVG, PNG and PDF' },
];

/** How the continuum was fitted, and with what. */
function continuumSentences({ continuum: { library, sentence, medianErrorFactor }, noiseFactor }: LineFitDetails): string[] {
  const factors = noiseFactor.filter(Number.isFinite);
  const lines = factors.length ? ` The errors beside the lines were multiplied by ${median(factors).toFixed(2)} (median) to fit the residuals` : '';
  if (!library) return [`Continuum: ${sentence}.${lines && `${lines}.`}`];
  const { source, sha256, templates } = library;
  return [
    `Continuum: ${sentence}, ${templates} templates: ${source}. SHA-256 of the library ${sha256}.`,
    ...(lines ? [`${lines.trim()}${medianErrorFactor === null ? '' : `, those of the stars by ${medianErrorFactor.toFixed(2)}`}.`] : []),
  ];
}

/** report.html of a run. */
export function reportOf(
  products: Products, figures: GalaxyFigures, summary: MeasureSummary, cite: readonly Citation[], inputs: readonly { name: string; bytes: number; sha256: string }[],
): string {
  const { maps, disk, gradients, seeing, counts, config, leading } = products;
  return reportPage({
    object: maps.object, calibration: leading.name, version, redshift: maps.redshift, refinedRedshift: products.details?.refinedRedshift ?? null, disk,
    geometrySource: 'given in the configuration; centre from the light when none is given',
    seeing, gradients: gradients.gradients, integrated: gradients.integrated,
    absent: gradients.absent.map(({ name, reason }) => ({ calibration: name, reason })),
    figures: { ...figures, spectra: figures.spectra ?? null, stars: figures.stars ?? null, stellarMaps: figures.stellarMaps ?? null },
    spaxels: {
      total: counts.spaxels, used: counts.usedSpaxels,
      byStatus: (Object.entries(counts.byStatus) as [MaskBitName, number][])
        .map(([name, spaxels]) => ({ bit: maskBits[name], name, meaning: maskBitMeanings[name], spaxels })).sort((a, b) => a.bit - b.bit),
    },
    continuum: products.details ? continuumSentences(products.details) : [],
    warnings: summary.warnings,
    literature: cite.map((one) => ({ ...one, url: null })),
    configuration: stringify(config), seed: config.seed, versions: { zgrad: version, Node: process.versions.node },
    inputs, timings: summary.times, peakMemory: summary.peakMemory / 1e6,
    files: products.details?.stars ? [...beside, { path: runFiles.histories, content: 'a row a bin: the share of light and mass at each age' }] : beside,
  });
}
