import { lsfSigma, type Medium } from '../light/index.js';
import { balmerRatios, fixedDoublets, type LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import type { SpectralArm } from './spectrum.js';
import type { TemplateGrid } from './templateGrid.js';
import { wavelengthOf } from './windows.js';

/** Emission lines as templates of a full-spectrum fit; the weight of each is the flux of its first line. */
export interface GasTemplates {
  readonly spectra: readonly Float64Array[];
  /** The lines of each template with their flux over that of the first. */
  readonly lines: readonly (readonly { readonly line: LineName; readonly share: number }[])[];
}

export interface GasTemplateOptions {
  readonly redshift: number;
  readonly lines: readonly LineName[];
  /** 'free': each Balmer line a template; 'caseB': one template with the recombination ratios, to be reddened by the fit. Default 'free'. */
  readonly balmer?: 'free' | 'caseB';
}

/** Gaussians reach this many σ. */
const reach = 8;

/**
 * Lines as Gaussians of the instrument's width at their wavelength, on a grid in ln of the rest wavelength in its medium. Doublets of fixed ratio share a template. Values
 * are such that a weight is a flux at the redshift: observed flux density per Å. For lines moved by V it stands for e^(V/c) times as much.
 */
export function gasTemplates(grid: TemplateGrid, medium: Medium, arms: readonly SpectralArm[], options: GasTemplateOptions): GasTemplates {
  const { redshift, lines: names, balmer = 'free' } = options;
  const step = grid.velocityScale / constants.c;
  const inside = names.filter((name) => {
    const place = (Math.log(wavelengthOf(name, medium, 0)) - grid.lnStart) / step;
    return place > 0 && place < grid.length - 1;
  });
  const weakOf = (name: LineName): { line: LineName; share: number }[] => fixedDoublets.flatMap(({ strong, weak, ratio }) => (strong === name && inside.includes(weak) ? [{ line: weak, share: 1 / ratio }] : []));
  const isBalmer = (name: LineName): name is keyof typeof balmerRatios => name in balmerRatios;
  const alone = inside.filter((name) => !fixedDoublets.some(({ strong, weak }) => weak === name && inside.includes(strong)) && !(balmer === 'caseB' && isBalmer(name)));
  const groups = alone.map((line) => [{ line, share: 1 }, ...weakOf(line)]);
  const series = inside.filter(isBalmer);
  if (balmer === 'caseB' && series.length > 0) groups.push(series.map((line) => ({ line, share: balmerRatios[line] / balmerRatios[series[0]!] })));

  const spectra = groups.map((group) => {
    const spectrum = new Float64Array(grid.length);
    for (const { line, share } of group) {
      const rest = wavelengthOf(line, medium, 0);
      const observed = rest * (1 + redshift);
      const arm = arms.find(({ axis: { edges } }) => observed > edges[0]! && observed < edges[edges.length - 1]!) ?? arms[0]!;
      const sigma = lsfSigma(arm.lsf, observed) / observed / step;
      const centre = (Math.log(rest) - grid.lnStart) / step;
      for (let i = Math.max(0, Math.ceil(centre - reach * sigma)); i <= Math.min(grid.length - 1, centre + reach * sigma); i++) {
        const λ = Math.exp(grid.lnStart + i * step) * (1 + redshift);
        spectrum[i]! += (share * Math.exp(-0.5 * ((i - centre) / sigma) ** 2)) / (Math.sqrt(2 * Math.PI) * sigma * step * λ);
      }
    }
    return spectrum;
  });
  return { spectra, lines: groups };
}
