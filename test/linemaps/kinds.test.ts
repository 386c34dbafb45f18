import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesSource, openFits, type Fits, type HduSpec } from '../../src/fits/index.js';
import { mapsKind, readLineMaps } from '../../src/linemaps/index.js';
import { describeShared, shared } from '../support/shared.js';
import { fitsOf, primaryOf } from './support.js';

const image = (name: string): HduSpec => ({ kind: 'image', name, axes: [2, 2], data: new Float32Array(4) });
const open = (...path: string[]): Promise<Fits> => openFits(bytesSource(readFileSync(shared('data', ...path)), path.at(-1)!));

describeShared('Files of other pipelines', () => {
  it('are told apart by what they hold', async () => {
    expect(mapsKind([await open('ifu_manga', 'manga-8080-12701-MAPS-VOR10-GAU-MILESHC.fits.gz')])).toBe('dap');
    expect(mapsKind([await open('ifu_muse', 'gist_NGC0000', 'NGC0000Example_gas_BIN.fits'), await open('ifu_muse', 'gist_NGC0000', 'NGC0000Example_table.fits')])).toBe('ngist');
    expect(mapsKind([await open('ifu_sami', '41144', 'maps', '41144_A_Halpha_sectors_1-comp.fits')])).toBe('sami');
  });

  it('that are something else give one error that names all that is read', async () => {
    const cube = await open('ifu_muse', 'CUBE.fits');
    for (const call of [() => mapsKind([cube]), () => mapsKind([])]) {
      expect(call).toThrow(/expected MaNGA DAP MAPS, SAMI DR3 maps, Pipe3D .*HDF5\), PHANGS-MUSE MAPS, GIST or nGIST tables .*or one table of line fluxes/);
    }
    await expect(readLineMaps([cube], { redshift: 0 })).rejects.toThrow(/CUBE\.fits: found HDUs/);
  });
});

describe('Files in a pipeline\'s layout', () => {
  it('of PHANGS and Pipe3D are told apart', async () => {
    expect(mapsKind([await fitsOf([primaryOf(), image('HA6562_FLUX'), image('HA6562_FLUX_ERR')], 'a.fits')])).toBe('phangs');
    const lines: HduSpec = { kind: 'image', name: 'FLUX_ELINES', axes: [2, 2, 1], data: new Float32Array(4), cards: [{ key: 'NAME0', value: 'flux [OII]3727' }] };
    expect(mapsKind([await fitsOf([primaryOf(), lines], 'b.fits')])).toBe('pipe3d');
  });

  it('of the DAP that zgrad itself wrote are not taken for the DAP\'s, whose fluxes are means per spaxel', async () => {
    const own = await fitsOf([primaryOf({ key: 'CREATOR', value: 'zgrad' }), image('BINID'), image('EMLINE_GFLUX')], 'maps.fits');
    expect(() => mapsKind([own])).toThrow(/without the header of the MaNGA DAP.*The maps\.fits of a zgrad run are results/);
  });

  it('of several galaxies at once are refused with the way to give them', async () => {
    const phangs = await fitsOf([primaryOf(), image('HA6562_FLUX'), image('HA6562_FLUX_ERR')], 'a.fits');
    expect(() => mapsKind([phangs, phangs])).toThrow(/--galaxies/);
  });
});
