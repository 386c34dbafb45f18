import { describe, expect, it } from 'vitest';
import { binCentres, spaxelBinning } from '../../src/binning/index.js';
import { makeDisk } from '../../src/disk/index.js';
import type { LineMap, LineMaps } from '../../src/linemaps/index.js';
import { bptClasses, calibrationByName, classifyBpt, classifyWhad, classifyWhan, type LineName } from '../../src/nebula/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { binsTable } from '../../src/pipeline/binsTable.js';
import { createExecutor } from '../../src/pipeline/executor.js';
import { dictionary } from '../../src/pipeline/dictionary.js';
import { analyseBins, type NebularBins } from '../../src/pipeline/index.js';
import { mapsHdus } from '../../src/pipeline/mapsFits.js';

const disk = makeDisk({
  centerX: 0, centerY: 0, ra: 150, dec: 2, positionAngle: 0, ellipticity: 0.3, thickness: 0.2, luminosityDistance: 20, angularDistance: 20,
  effectiveRadius: { value: 10, unit: 'arcsec' },
});

interface MockLine {
  readonly flux: number;
  readonly error: number;
  readonly ew?: number;
  readonly ewError?: number;
}
interface MockBin {
  readonly lines: Partial<Record<LineName, MockLine>>;
  readonly sigma: number;
  readonly sigmaError: number;
}

/** Line maps of bins of one spaxel each. */
function mapsOf(bins: readonly MockBin[]): LineMaps {
  const binning = spaxelBinning(bins.length, 1, () => true);
  const column = (of: (bin: MockBin) => number): Float64Array => Float64Array.from(bins, of);
  const lines = new Map<LineName, LineMap>((Object.keys(bins[0]!.lines) as LineName[]).map((name) => [name, {
    flux: column((bin) => bin.lines[name]!.flux), fluxError: column((bin) => bin.lines[name]!.error),
    ew: column((bin) => bin.lines[name]!.ew ?? Number.NaN), ewError: column((bin) => bin.lines[name]!.ewError ?? Number.NaN),
  }]));
  return {
    object: 'mock', binning, wcs: null, pixelScale: 0.2, ...binCentres(binning), redshift: 0.005, lines,
    velocity: column(() => 0), velocityError: column(() => 1), sigma: column((bin) => bin.sigma), sigmaError: column((bin) => bin.sigmaError),
    status: new Int32Array(bins.length), image: null, provenance: 'mock', foregroundCorrected: true,
  };
}

const leading = calibrationByName('N2S2Ha')!;
const analyse = (bins: readonly MockBin[], draws: number): Promise<NebularBins> =>
  analyseBins(mapsOf(bins), disk, { calibrations: [leading], leading, snLine: 3, minEW: 5, balmer: 2.86, sfr: 'L25', draws, seed: 3, executor: createExecutor(1, () => null) });

/** A sharp bin of log([N II]/Hα) = −0.3, log([O III]/Hβ) = −0.4: on the star-forming side, 0.028 in [N II]/Hα from Kauffmann's border. */
const sharp: MockBin = {
  lines: {
    Ha: { flux: 300, error: 1, ew: 20, ewError: 0.3 }, Hb: { flux: 100, error: 1 }, OIII5007: { flux: 40, error: 0.4 },
    NII6583: { flux: 150, error: 5, ew: 10, ewError: 0.4 }, SII6716: { flux: 40, error: 1 }, SII6731: { flux: 30, error: 1 },
  },
  sigma: 30, sigmaError: 1,
};

describe('the agreement of the draws with a class', () => {
  it('is null without draws, NaN without class, 1 far from a border', async () => {
    expect((await analyse([sharp], 0)).agreement).toBeNull();
    const clear: MockBin = { ...sharp, lines: { ...sharp.lines, NII6583: { flux: 30, error: 1, ew: 2, ewError: 0.1 } } };
    const undetected: MockBin = { ...sharp, lines: { ...sharp.lines, Hb: { flux: 1, error: 1 } } };
    const found = await analyse([clear, undetected], 100);
    expect(found.bpt[0]).toBe(bptClasses.starForming);
    expect([found.agreement!.bpt[0], found.agreement!.whan[0], found.agreement!.whad[0]]).toEqual([1, 1, 1]);
    expect(found.bpt[1]).toBe(bptClasses.none);
    expect(found.agreement!.bpt[1]).toBeNaN();
  });

  it('is NaN where an error is not known', async () => {
    const unknown: MockBin = { ...sharp, lines: { ...sharp.lines, NII6583: { ...sharp.lines.NII6583!, error: Number.NaN } } };
    const found = await analyse([unknown], 50);
    expect(found.whan[0]).toBeGreaterThan(0);
    expect(found.agreement!.whan[0]).toBeNaN();
  });

  it('counts a metal line that noise draws below zero as weak', async () => {
    const faint: MockBin = { ...sharp, lines: { ...sharp.lines, NII6583: { flux: 5, error: 10, ew: 0.3, ewError: 0.6 } } };
    const found = await analyse([faint], 200);
    expect(found.bpt[0]).toBe(bptClasses.starForming);
    // The border is 13 errors away.
    expect(found.agreement!.bpt[0]).toBe(1);
    expect(found.agreement!.whan[0]).toBe(1);
  });

  /** Truths spread evenly over six errors to each side of a border, measured with noise: the share of right classes against the agreement. */
  async function calibrated(of: 'bpt' | 'whan' | 'whad', truthAt: (random: () => number) => MockBin, noisy: (bin: MockBin, random: ReturnType<typeof createRandom>) => MockBin): Promise<void> {
    const random = createRandom(11, of);
    const truths = Array.from({ length: 2000 }, () => truthAt(() => 2 * random.uniform() - 1));
    const found = await analyse(truths.map((bin) => noisy(bin, random)), 100);
    const classOf = ({ lines, sigma }: MockBin): number => {
      const fluxes = Object.fromEntries(Object.entries(lines).map(([name, { flux }]) => [name, flux]));
      const [ewHa, ewNii] = [lines.Ha!.ew!, lines.NII6583!.ew!];
      return { bpt: classifyBpt(fluxes), whan: classifyWhan({ ewHa, ewNii }, fluxes), whad: classifyWhad({ ewHa, sigma }) }[of];
    };
    for (const [low, high] of [[0.3, 0.65], [0.65, 0.8], [0.8, 0.95], [0.95, 0.999]] as const) {
      let [n, right, claimed] = [0, 0, 0];
      truths.forEach((truth, b) => {
        const share = found.agreement![of][b]!;
        if (!(share >= low && share < high)) return;
        n++;
        claimed += share;
        right += Number(found[of][b] === classOf(truth));
      });
      const mean = claimed / n;
      expect(n, `${of}: bins of agreement ${low} to ${high}`).toBeGreaterThan(50);
      // Four binomial errors.
      expect(Math.abs(right / n - mean), `${of}: agreement ${mean.toFixed(3)}, ${(right / n).toFixed(3)} right`).toBeLessThan(4 * Math.sqrt((mean * (1 - mean)) / n));
    }
  }

  it('is the share of right classes at the border of Kauffmann et al. (2003)', async () => {
    // log([O III]/Hβ) = −0.4: the border is at log([N II]/Hα) = 0.05 − 0.61/1.7.
    const border = 300 * 10 ** (0.05 - 0.61 / (1.3 - Math.log10(0.4)));
    await calibrated('bpt', (even) => ({ ...sharp, lines: { ...sharp.lines, NII6583: { flux: border + 30 * even(), error: 5, ew: 10, ewError: 0.4 } } }),
      (bin, random) => ({ ...bin, lines: { ...bin.lines, NII6583: { ...bin.lines.NII6583!, flux: bin.lines.NII6583!.flux + 5 * random.normal() } } }));
  });

  it('is that of the WHaN diagram where the width of Hα decides, its error of flux and continuum alike', async () => {
    // Between weak and strong nuclei at 6 Å: flux known to 2 %, continuum to 6 %.
    await calibrated('whan', (even) => {
      const ew = 6 + 2.4 * even();
      return { ...sharp, lines: { ...sharp.lines, Ha: { flux: 300, error: 6, ew, ewError: 0.4 }, NII6583: { flux: 250, error: 2, ew: ew * 0.83, ewError: 0.2 } } };
    }, (bin, random) => {
      const { ew } = bin.lines.Ha! as { ew: number };
      const [byFlux, byContinuum] = [random.normal(), random.normal()];
      const shared = (ew * 6) / 300;
      return { ...bin, lines: { ...bin.lines, Ha: { ...bin.lines.Ha!, flux: 300 + 6 * byFlux, ew: ew + shared * byFlux + Math.sqrt(0.4 ** 2 - shared ** 2) * byContinuum } } };
    });
  });

  it('is that of the WHaD diagram where the dispersion decides', async () => {
    await calibrated('whad', (even) => ({ ...sharp, sigma: 57 + 24 * even(), sigmaError: 4 }), (bin, random) => ({ ...bin, sigma: bin.sigma + 4 * random.normal() }));
  });
});

it('the products hold the agreement where there were draws, and the error of the star-formation rate always', async () => {
  const maps = mapsOf([sharp, sharp]);
  for (const draws of [0, 50]) {
    const nebular = await analyse([sharp, sharp], draws);
    const table = binsTable({ maps, disk, nebular, details: null, densities: null });
    const hdus = [...mapsHdus({ maps, nebular, disk, details: null, densities: null, spaxelStatus: null })];
    const columns = new Map(table.columns.map(({ name, values }) => [name, values]));
    expect(columns.get('log_sfr_err')).toEqual(nebular.logSigmaSfrError);
    for (const name of ['bpt', 'whan', 'whad'] as const) expect(columns.get(`${name}_agree`)).toEqual(nebular.agreement?.[name]);
    const own = hdus.find(({ name }) => name === 'EXCITATION_AGREE');
    expect(own !== undefined).toBe(draws > 0);
    if (own?.kind === 'pieces') {
      const [first] = own.pieces();
      expect([own.axes, first![0]]).toEqual([[2, 1, 3], nebular.agreement!.bpt[0]]);
    }
    expect(dictionary(table, hdus.map(({ name }) => name ?? '')).includes('| EXCITATION_AGREE |')).toBe(draws > 0);
  }
});

it('the error of the star-formation rate is that of its draws, formally and by Monte Carlo', async () => {
  const noisy: MockBin = { ...sharp, lines: { ...sharp.lines, Ha: { flux: 400, error: 8 }, Hb: { flux: 100, error: 4 } } };
  const repeats = 400;
  const random = createRandom(5);
  const scattered = (await analyse(Array.from({ length: repeats }, () => ({
    ...noisy, lines: { ...noisy.lines, Ha: { flux: 400 + 8 * random.normal(), error: 8 }, Hb: { flux: 100 + 4 * random.normal(), error: 4 } },
  })), 0)).logSfr;
  const mean = scattered.reduce((sum, value) => sum + value, 0) / repeats;
  const truth = Math.sqrt(scattered.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1));
  // Three errors of a scatter from 400 values, 1/√800 each, of the truth and of the draws.
  expect(Math.abs((await analyse([noisy], 0)).logSigmaSfrError[0]! / truth - 1)).toBeLessThan(3 / Math.sqrt(800));
  expect(Math.abs((await analyse([noisy], 400)).logSigmaSfrError[0]! / truth - 1)).toBeLessThan(3 / Math.sqrt(400));
});
