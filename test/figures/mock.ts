import type { GalaxyFigureInput, ReportInput, Scene } from '../../src/figures/index.js';

/** A small inclined disc, 16 × 16 spaxels, with a slope of −0.2 dex/R_e, drawn without random numbers. */
export function mockGalaxy(changes: Partial<GalaxyFigureInput> = {}): GalaxyFigureInput {
  const [nx, ny, pixelScale, re] = [16, 16, 1, 4];
  const [centerX, centerY, positionAngle, ellipticity] = [7.4, 7.7, 30, 0.4];
  const cosi = Math.sqrt((0.6 ** 2 - 0.04) / 0.96);
  const angle = (positionAngle * Math.PI) / 180;
  const map = () => new Float64Array(nx * ny).fill(NaN);
  const [image, haFlux, velocity, oh] = [map(), map(), map(), map()];
  const bins: Record<'x' | 'y' | 'radiusRe' | 'oh' | 'ohError' | 'logSigmaSfr' | 'velocity' | 'velocityError', number[]> = {
    x: [], y: [], radiusRe: [], oh: [], ohError: [], logSigmaSfr: [], velocity: [], velocityError: [],
  };
  const used: boolean[] = [];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const i = y * nx + x;
      const [east, north] = [-(x - centerX), y - centerY];
      const along = east * Math.sin(angle) + north * Math.cos(angle);
      const across = (east * Math.cos(angle) - north * Math.sin(angle)) / cosi;
      const radius = Math.hypot(along, across) / re;
      if (Math.hypot(east, north) > 7.6) continue;
      image[i] = 100 * Math.exp(-1.68 * radius);
      if (radius > 2) continue;
      haFlux[i] = 30 * Math.exp(-2 * radius);
      velocity[i] = 80 * Math.tanh(2 * radius) * (along / re / Math.max(radius, 1e-9));
      const inside = radius < 1.6;
      if (inside) oh[i] = 8.7 - 0.2 * radius + 0.03 * Math.sin(5 * x + 3 * y);
      if ((x + y) % 2) continue;
      bins.x.push(x);
      bins.y.push(y);
      bins.radiusRe.push(radius);
      bins.oh.push(8.7 - 0.2 * radius + 0.03 * Math.sin(5 * x + 3 * y));
      bins.ohError.push(0.02 + 0.02 * radius);
      bins.logSigmaSfr.push(-1 - radius);
      bins.velocity.push(velocity[i]!);
      bins.velocityError.push(2 + 4 * radius);
      used.push(inside);
    }
  }
  const columns = Object.fromEntries(Object.entries(bins).map(([name, values]) => [name, Float64Array.from(values)])) as unknown as Omit<GalaxyFigureInput['bins'], 'used'>;
  return {
    title: 'Mock <1> & disc', nx, ny, pixelScale, north: [0, 1], east: [-1, 0], image, rgb: null, haFlux, velocity, oh, calibration: 'N2S2Ha',
    disk: {
      centerX, centerY, ra: 150, dec: 2, positionAngle, ellipticity, thickness: 0.2, inclination: (Math.acos(cosi) * 180) / Math.PI,
      luminosityDistance: 50, angularDistance: 48, effectiveRadiusArcsec: re * pixelScale, effectiveRadiusKpc: 0.93,
    },
    bins: { ...columns, used },
    profile: [0.1, 0.3, 0.5, 0.7].map((radius) => ({ radius, median: 8.7 - 0.2 * radius, std: 0.02, bins: 5 })),
    line: { slope: -0.2, slopeError: 0.012, blockError: 0.03, intercept: 8.7, interceptError: 0.01 }, refused: null, seeing: 2, ...changes,
  };
}

/** The same galaxy in which nothing was measured. */
export function emptyGalaxy(): GalaxyFigureInput {
  const none = new Float64Array(256).fill(NaN);
  const column = new Float64Array(0);
  return mockGalaxy({
    image: none, haFlux: none, velocity: none, oh: none, profile: [], line: null, refused: 'found 0 star-forming bins; at least 10 are needed', seeing: null, north: null, east: null,
    bins: { x: column, y: column, radiusRe: column, oh: column, ohError: column, logSigmaSfr: column, velocity: column, velocityError: column, used: [] },
  });
}

const budget = { bootstrap: 0.012, blockBootstrap: 0.03, fluxes: 0.006, geometry: 0.004, calibration: null };

/** What a run says of the mock galaxy. */
export function mockReport(galaxy: Scene, changes: Partial<ReportInput> = {}): ReportInput {
  const { disk, profile } = mockGalaxy();
  const entry = {
    quantity: 'O/H', calibration: 'N2S2Ha', unit: 'dex/Re' as const, slope: -0.2, slopeError: 0.012, slopeInterval: [-0.212, -0.188] as const, intercept: 8.7,
    interceptError: 0.01, bins: 40, range: [0.1, 1.5] as const, draws: 1000, errorBudget: budget, composite: 0.13, refused: null, profile,
  };
  return {
    object: 'Mock <1> & disc', calibration: 'N2S2Ha', version: '0.1.0', redshift: 0.0115, refinedRedshift: 0.01151, disk, geometrySource: 'given', seeing: { fwhm: 2, source: 'header' },
    gradients: [entry, { ...entry, unit: 'dex/kpc', slope: -0.215, slopeError: 0.0129 }, { ...entry, calibration: 'PG16S', slope: null, refused: 'found 4 bins with every line' }],
    integrated: { oh: { N2S2Ha: [8.55, 0.01] }, logSfr: [-0.3, 0.02], logMstar: null },
    absent: [{ calibration: 'M08-O3HbO2Hb', reason: 'OII3726 lies outside the wavelength range' }],
    figures: { galaxy, calibrations: null, budget: null, cuts: null, excitation: null, spectra: null, stars: null, stellarMaps: null },
    spaxels: { total: 256, used: 100, byStatus: [{ bit: 12, name: 'LOWEW', meaning: 'EW(Hα) below the cut', spaxels: 44 }] },
    continuum: ['Continuum: stellar populations of emiles.'],
    warnings: ['The seeing is 0.50 R_e.'], literature: [{ citation: 'Dopita et al. 2016', usedFor: 'calibration N2S2Ha', url: 'https://doi.org/10.1007/s10509-016-2657-8' }],
    configuration: 'object: <script>alert(1)</script>\nfile: NGC_R_e\n', seed: 1, versions: { Node: '20' }, inputs: [{ name: 'cube_R_e.fits', bytes: 10, sha256: 'ab12' }],
    timings: [{ stage: 'read', seconds: 1.5 }, { stage: 'fit', seconds: 2 }], peakMemory: 300, files: [{ path: 'maps.fits', content: 'maps' }], ...changes,
  };
}
