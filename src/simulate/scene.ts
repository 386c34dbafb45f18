import type { Disk } from '../disk/index.js';
import { lineByName, lineExtinction } from '../nebula/index.js';
import { constants } from '../units/index.js';
import { centerOf, discAt, planeOverLight } from './galaxy.js';
import { makeFineGrid, spread } from './grid.js';
import type { FineGrid } from './grid.js';
import { lineRatios, nuclearRatios, simulatedLines, weakLines } from './lineratios.js';
import type { LineRatios, SimulatedLine } from './lineratios.js';
import { drawRegions, scalePerEffectiveRadius } from './regions.js';
import type { HiiRegion } from './regions.js';
import type { SimulationSettings } from './settings.js';
import { centralBrightness, populations, youngShareAt } from './starlight.js';

/** The galaxy on the sky before telescope and spectrograph: maps on the fine grid, per cell. */
export interface Scene {
  readonly grid: FineGrid;
  readonly disk: Disk;
  readonly regions: readonly HiiRegion[];
  /** Line-of-sight velocity [km/s] relative to the galaxy's redshift. */
  readonly velocity: Float64Array;
  /** Continuum of young and of old stars at rest-frame 5500 Å [1e-20 erg/s/cm²/Å]. */
  readonly young: Float64Array;
  readonly old: Float64Array;
  /** Line fluxes behind the galaxy's own dust [1e-20 erg/s/cm²]. */
  readonly lines: ReadonlyMap<SimulatedLine, Float64Array>;
}

/** Paints the galaxy on the fine grid. */
export function paintScene(settings: SimulationSettings, disk: Disk): Scene {
  const grid = makeFineGrid(settings);
  const disc = paintDisc(settings, disk, grid);
  const { regions, lines } = paintGas(settings, grid, disc);
  return { grid, disk, regions, velocity: disc.velocity, young: disc.young, old: disc.old, lines };
}

/** Stars and smooth properties of the disc, per cell. */
interface PaintedDisc extends Pick<Scene, 'velocity' | 'young' | 'old'> {
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly ebv: Float64Array;
  readonly oxygen: Float64Array;
  /** Continuum at Hα where there is gas, else 0 [1e-20 erg/s/cm²/Å]. */
  readonly continuum: Float64Array;
}

function paintDisc(settings: SimulationSettings, disk: Disk, grid: FineGrid): PaintedDisc {
  const { gas, oversample, pixelScale } = settings;
  const [centerX, centerY] = centerOf(settings);
  const at = discAt(settings, disk);
  const [east, north] = [offsets(grid, centerX, -pixelScale, grid.width), offsets(grid, centerY, pixelScale, grid.height)];
  const map = () => new Float64Array(grid.width * grid.height);
  const disc = { east, north, velocity: map(), young: map(), old: map(), ebv: map(), oxygen: map(), continuum: map() };
  const stars = populations(settings);
  const [youngAtHa, oldAtHa] = [stars.young.continuum(lineByName('Ha').air), stars.old.continuum(lineByName('Ha').air)];
  const brightness = centralBrightness(settings) * (pixelScale / oversample) ** 2;
  // The bar lies in the plane and has a share of the light of a disc that is seen larger than the plane.
  const bar = brightness / planeOverLight(settings, disk);
  for (let row = 0, cell = 0; row < grid.height; row++) {
    for (let column = 0; column < grid.width; column++, cell++) {
      const { radius, azimuth, lightRadius, velocity, ebv, oxygen } = at(east[column]!, north[row]!);
      const light = brightness * Math.exp(-lightRadius / scalePerEffectiveRadius);
      const young = light * youngShareAt(settings, lightRadius);
      disc.young[cell] = young;
      const old = light - young + bar * barAt(settings, radius, azimuth);
      disc.old[cell] = old;
      disc.velocity[cell] = velocity;
      disc.ebv[cell] = ebv;
      disc.oxygen[cell] = oxygen;
      if (gas.radius === null || radius <= gas.radius) disc.continuum[cell] = young * youngAtHa + old * oldAtHa;
    }
  }
  return disc;
}

/** Brightness of the bar over that of the disc's centre: (1 − m²)^1.5 has a mean of 0.4 over the ellipse m < 1. */
function barAt({ stars: { bar } }: SimulationSettings, radius: number, azimuth: number): number {
  if (bar.share === 0) return 0;
  const angle = ((azimuth - bar.angle) * Math.PI) / 180;
  const inside = 1 - (radius * Math.hypot(Math.cos(angle), Math.sin(angle) / bar.axisRatio) / bar.length) ** 2;
  const center = (bar.share * 2 * scalePerEffectiveRadius ** 2) / (0.4 * bar.length ** 2 * bar.axisRatio);
  return inside > 0 ? center * inside ** 1.5 : 0;
}

function paintGas(settings: SimulationSettings, grid: FineGrid, disc: PaintedDisc): Pick<Scene, 'regions' | 'lines'> {
  const { gas, nucleus, pixelScale, redshift } = settings;
  const { continuum, east, north, ebv, oxygen } = disc;
  const [centerX, centerY] = centerOf(settings);
  const names = simulatedLines.filter((name) => gas.weakLines || !weakLines.has(name));
  /** Hα as seen times the dust-free ratios, summed over the components; the reddening comes last, as all share the cell's dust. */
  const lines = new Map(names.map((name) => [name, new Float64Array(continuum.length)]));
  const addGas = (cell: number, ha: number, ratios: LineRatios) => {
    for (const [name, map] of lines) map[cell]! += ha * ratios[name];
  };

  const [farEast, farNorth] = [east, north].map((offset) => Math.max(Math.abs(offset[0]!), Math.abs(offset.at(-1)!))) as [number, number];
  const regions = drawRegions(settings, (e, n) => Math.abs(e) < farEast && Math.abs(n) < farNorth);
  const clumpy = regions.length > 0 ? gas.clumpiness : 0;
  const width = gas.equivalentWidth * (1 + redshift);
  const total = width * continuum.reduce((sum, value) => sum + value, 0);
  continuum.forEach((value, cell) => {
    if (value > 0) addGas(cell, (1 - clumpy) * width * value, lineRatios(oxygen[cell]!));
  });
  for (const region of regions) {
    const ratios = lineRatios(region.oxygen);
    const [x, y] = [centerX - region.east / pixelScale, centerY + region.north / pixelScale];
    const sigma = gas.regionSize / constants.fwhmPerSigma / pixelScale;
    spread(grid, x, y, sigma, (cell, share) => addGas(cell, share * region.share * clumpy * total, ratios));
  }
  if (nucleus.share > 0) spread(grid, centerX, centerY, 0, (cell, share) => addGas(cell, share * nucleus.share * total, nuclearRatios));

  const extinction = lineExtinction();
  for (const [name, map] of lines) {
    const reddening = -0.4 * (extinction[name] - extinction.Ha);
    for (let cell = 0; cell < map.length; cell++) map[cell]! *= 10 ** (reddening * ebv[cell]!);
  }
  return { regions, lines };
}

/** Offsets [arcsec] of the cells of the fine grid along one axis from the galaxy's centre. */
function offsets({ oversample, margin }: FineGrid, center: number, arcsecPerPixel: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => ((i + 0.5) / oversample - 0.5 - margin - center) * arcsecPerPixel);
}
