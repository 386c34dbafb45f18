import { stringify } from 'yaml';
import { reportPage } from '../figures/index.js';
import { median } from '../stats/index.js';
import { maskBitMeanings, maskBits, type MaskBitName } from '../linemaps/index.js';
import type { LineFitDetails } from './measureBins.js';
import type { GalaxyFigures } from './galaxyFigures.js';
import { geometrySource } from './gradientJson.js';
import type { Citation } from './literature.js';
import type { Products } from './productTypes.js';
import { reportFieldOf } from './reportField.js';
import { localRelationSentences, reportKinematicsOf } from './reportKinematics.js';
import { reportMassesOf } from './reportMasses.js';
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

/** The flags of gradient.json in words. */
const flagMeanings: Readonly<Record<string, string>> = {
  fromMoments: 'no isophote converged, the shape is that of the moments of the light', fewIsophotes: 'fewer than five isophotes, errors are poorly known', asymmetric: 'a tenth of the light or more has no counterpart across the centre',
  shortIsophotes: 'the isophotes end so far in that errors of the position angle may be too small by half',
  drifting: 'the isophotes drift along the radius (a bar, a warp, a neighbour)', 'growth lowerLimit': 'the light goes on beyond the image, R_e is a lower limit', 'growth partlyOutside': 'outer ellipses of the growth curve lie partly outside the image',
  'growth contaminated': 'bright spots beyond R_e in the growth curve, perhaps a source that is not masked', 'growth centreMasked': 'the middle of the galaxy is masked, its light was taken as that at the rim of the mask', 'growth skyAssumed': 'the sky about the galaxy could not be measured, 0 was taken',
};

/** Where the geometry comes from, in words. */
function geometrySentence({ field, config }: Products): string {
  const { source, measured, errors, flags } = geometrySource(field, config);
  const shape = field?.shape;
  if (source === 'given' || !shape) return 'given in the configuration; centre from the light when none is given';
  const names = { center: 'centre', positionAngle: 'position angle', ellipticity: 'ellipticity', effectiveRadius: 'effective radius' } as const;
  const { isophotesUsed, source: from } = shape.isophotes;
  const own = measured.map((part) => {
    const error = errors?.[part] ?? 0;
    const shown = { center: `± ${error.toFixed(2)}″`, positionAngle: `± ${error.toFixed(1)}°`, ellipticity: `± ${error.toFixed(3)}`, effectiveRadius: `± ${(100 * error).toFixed(0)} %` }[part];
    return `${names[part]} (${shown})`;
  }).join(', ');
  return `${own} measured on ${shape.image}${from === 'isophotes' ? ` from ${isophotesUsed} isophotes` : ' from the moments of its light'}${measured.includes('effectiveRadius') ? `, the effective radius from the growth curve of ${shape.growthImage}` : ''}${measured.length < 4 ? '; the rest was given' : ''}${flags.length ? `. To bear in mind: ${flags.map((flag) => flagMeanings[flag] ?? flag).join('; ')}` : ''}`;
}

/** report.html of a run. */
export function reportOf(
  products: Products, figures: GalaxyFigures, summary: MeasureSummary, cite: readonly Citation[], inputs: readonly { name: string; bytes: number; sha256: string }[],
): string {
  const { maps, disk, gradients, seeing, counts, config, leading } = products;
  return reportPage({
    object: maps.object, calibration: leading.name, version, redshift: maps.redshift, refinedRedshift: products.details?.refinedRedshift ?? null, disk,
    geometrySource: geometrySentence(products), gas: products.gas, field: reportFieldOf(products),
    seeing, gradients: gradients.gradients, integrated: products.integrated, masses: reportMassesOf(products.masses), kinematics: reportKinematicsOf(products.kinematics), localRelation: localRelationSentences(products.localRelation),
    absent: gradients.absent.map(({ name, reason }) => ({ calibration: name, reason })),
    figures: { ...figures, spectra: figures.spectra ?? null, stars: figures.stars ?? null, stellarMaps: figures.stellarMaps ?? null, colour: figures.colour ?? null, geometry: figures.geometry ?? null, bins: figures.bins ?? null },
    spaxels: {
      total: counts.spaxels, used: counts.usedSpaxels,
      byStatus: (Object.entries(counts.byStatus) as [MaskBitName, number][])
        .map(([name, spaxels]) => ({ bit: maskBits[name], name, meaning: maskBitMeanings[name], spaxels })).sort((a, b) => a.bit - b.bit),
    },
    continuum: products.details ? continuumSentences(products.details) : [],
    warnings: summary.warnings,
    literature: cite.map((one) => ({ ...one, url: null })),
    configuration: stringify(config), seed: config.seed, versions: { zgrad: version, Node: process.versions.node },
    inputs,
    files: [
      ...beside, ...(products.details?.stars ? [{ path: runFiles.histories, content: 'a row a bin: the share of light and mass at each age' }] : []),
      ...(products.field?.sources.length ? [{ path: runFiles.mask, content: 'the masked stars and neighbours as DS9 regions, with the reasons' }] : []),
    ],
  });
}
