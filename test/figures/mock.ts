import type { BinsFigureInput, GalaxyFigureInput, GeometryFigureInput, ReportField, ReportInput, Scene } from '../../src/figures/index.js';

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

/** How the mock galaxy's geometry was measured: eight isophotes, one of which did not converge, a star and a neighbour. */
export function mockGeometry(changes: Partial<GeometryFigureInput> = {}): GeometryFigureInput {
  const { title, nx, ny, pixelScale, image, north, east, disk } = mockGalaxy();
  const radius = Float64Array.from({ length: 12 }, (_, i) => 0.8 * (i + 1));
  return {
    title, nx, ny, pixelScale, image: image!, imageName: 'the r image of the cube', north, east, disk, seeing: 2,
    sources: [{ x: 12, y: 12.5, a: 1.6, b: 1.6, angle: 0, kind: 'star' }, { x: 3.5, y: 11, a: 1.8, b: 1, angle: 40, kind: 'neighbour' }],
    isophotes: Array.from({ length: 8 }, (_, i) => ({
      radius: 0.9 * (i + 1), ellipticity: 0.4 - 0.2 * Math.exp(-i), ellipticityError: 0.02 + 0.004 * i, positionAngle: (30 + 4 * Math.sin(2 * i) + (i === 3 ? 180 : 0)), positionAngleError: 2, converged: i !== 6,
    })),
    ellipticityError: 0.015, positionAngleError: 1.2, used: [2.7, 7.2],
    growth: { radius, flux: radius.map((a) => 50 * (1 - (1 + a / 2.4) * Math.exp(-a / 2.4))), fluxError: radius.map((a) => 0.1 * a), total: 50, effectiveRadius: 4, effectiveRadiusError: 0.15, lowerLimit: false, image: null },
    gas: { peakX: 8.6, peakY: 8.2, peakOffsetArcsec: 1.3, kinematicPA: 212.5, kinematicPAError: 1.4, misalignment: 2.5 }, ...changes,
  };
}

/** Bins of the mock galaxy: blocks of 3 × 3 for the continuum with sky about them, single spaxels and pairs for the lines. */
export function mockBins(): BinsFigureInput {
  const { title, nx, ny, pixelScale, disk } = mockGalaxy();
  const map = (of: (x: number, y: number) => number): Int32Array => Int32Array.from({ length: nx * ny }, (_, s) => of(s % nx, Math.floor(s / nx)));
  const inside = (x: number, y: number): boolean => x >= 3 && y >= 3 && x < 12 && y < 12;
  const block = (x: number, y: number): number => Math.floor((x - 3) / 3) + 3 * Math.floor((y - 3) / 3);
  return {
    title, nx, ny, pixelScale, centerX: disk.centerX, centerY: disk.centerY,
    panels: [
      { heading: 'continuum: S/N 50 per Å', bin: map((x, y) => (inside(x, y) ? block(x, y) : y > 13 ? -1 : 9 + (x > 7 ? 1 : 0))), skyFrom: 9, target: 50, signalToNoise: [48, 51, 50, 53, 60, 49, 50, 47, 52], note: '9 bins, scatter 6 %' },
      { heading: 'lines: S/N 10', bin: map((x, y) => (inside(x, y) ? (x < 8 ? 5 * (y - 3) + x - 3 : 45 + 2 * (y - 3) + Math.floor((x - 8) / 2)) : -1)), skyFrom: 63, target: 10, signalToNoise: Array.from({ length: 63 }, (_, b) => (b < 45 ? 12 + (b % 7) : 10 + 2 * Math.sin(b))), note: '63 bins' },
    ],
  };
}

/** What the report says of the field of the mock galaxy. */
export const mockField: ReportField = {
  shape: {
    image: 'the r image of the cube', isophotes: 8, converged: 7, used: 6, radii: [2.7, 7.2], asymmetry: 0.034, errors: { center: 0.05, positionAngle: 1.2, ellipticity: 0.015, effectiveRadius: 0.04 },
    growth: { image: 'the r image wide<1>.fits', effectiveRadius: 4, effectiveRadiusError: 0.15, lowerLimit: true, magnitude: 15.42, skyKnown: false },
  },
  sources: [{ x: 12, y: 12.5, a: 1.6, b: 1.6, kind: 'star', reasons: ["line at the galaxy's redshift 0.1 ± 0.2 Å", 'shaped like a point'] }],
  calibration: {
    kind: 'centre', applied: 1.12, trend: { slope: -0.05, error: 0.01 }, warnings: ['Flux calibration in r: the reference is 1.120 ± 0.010 times the cube, outside 0.9–1.1.'],
    bands: [{ name: 'r', pivot: 6177, factor: 1.12, error: 0.01, places: 1, partial: false }, { name: 'g', pivot: 4770, factor: NaN, error: NaN, places: 0, partial: true }],
  },
  binning: ['Bins of the continuum: S/N 50 per Å near 5500 Å was aimed at (method power): 9 bins, scatter 6 %.', 'Bins of the lines: 81, every spaxel.'],
};

const budget = { bootstrap: 0.012, blockBootstrap: 0.03, fluxes: 0.006, geometry: 0.004, calibration: null };

/** What a run says of the mock galaxy. */
export function mockReport(galaxy: Scene, changes: Partial<ReportInput> = {}): ReportInput {
  const { disk, profile } = mockGalaxy();
  const entry = {
    quantity: 'O/H', calibration: 'N2S2Ha', unit: 'dex/Re' as const, slope: -0.2, slopeError: 0.012, slopeInterval: [-0.212, -0.188] as const, intercept: 8.7,
    interceptError: 0.01, bins: 40, range: [0.1, 1.5] as const, draws: 1000, errorBudget: budget, composite: 0.13, refused: null, profile,
  };
  return {
    object: 'Mock <1> & disc', calibration: 'N2S2Ha', version: '0.1.0', redshift: 0.0115, refinedRedshift: 0.01151, disk, geometrySource: 'given', gas: { peakX: 7, peakY: 8, peakOffsetArcsec: 0.5, kinematicPA: 31.2, kinematicPAError: 1.4, misalignment: 1.2 }, field: null, seeing: { fwhm: 2, source: 'header' },
    gradients: [entry, { ...entry, unit: 'dex/kpc', slope: -0.215, slopeError: 0.0129 }, { ...entry, calibration: 'PG16S', slope: null, refused: 'found 4 bins with every line' }],
    integrated: { oh: { N2S2Ha: [8.55, 0.01] }, ohInner: { N2S2Ha: [8.6, 0.02] }, ohOuter: {}, logSfr: [-0.3, 0.02], bins: 44 },
    kinematics: {
      sentences: ['The velocity field of 40 bins is regular.'], criteria: [{ text: 'k5/k1 < 0.04', value: 0.02, met: true }, { text: 'misaligned < 30', value: Number.NaN, met: null }],
      curve: [{ radius: 2, velocity: 61.2, error: 2.1, bins: 30 }],
    },
    localRelation: ['At fixed radius O/H goes with Σ(SFR).'],
    masses: {
      rows: [
        { name: 'log M(stars) [M☉]', estimate: { value: 9.14, error: null, interval: null }, from: 'given' },
        { name: 'log M(HI) [M☉]', estimate: { value: 8.33, error: null, interval: [-Infinity, 8.6] }, from: 'a<b>.csv, row 3' },
        { name: 'log effective yield, L25 (leads)', estimate: null, from: 'N2S2Ha' },
      ],
      assumption: 'M_HI = 0', notes: ['Effective yield: no O/H.'],
    },
    absent: [{ calibration: 'M08-O3HbO2Hb', reason: 'OII3726 lies outside the wavelength range' }],
    figures: { galaxy, calibrations: null, budget: null, cuts: null, excitation: null, spectra: null, stars: null, stellarMaps: null, colour: null, geometry: null, bins: null },
    spaxels: { total: 256, used: 100, byStatus: [{ bit: 12, name: 'LOWEW', meaning: 'EW(Hα) below the cut', spaxels: 44 }] },
    continuum: ['Continuum: stellar populations of emiles.'],
    warnings: ['The seeing is 0.50 R_e.'], literature: [{ citation: 'Dopita et al. 2016', usedFor: 'calibration N2S2Ha', url: 'https://doi.org/10.1007/s10509-016-2657-8' }],
    configuration: 'object: <script>alert(1)</script>\nfile: NGC_R_e\n', seed: 1, versions: { Node: '20' }, inputs: [{ name: 'cube_R_e.fits', bytes: 10, sha256: 'ab12' }],
    files: [{ path: 'maps.fits', content: 'maps' }], ...changes,
  };
}
