import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binToMap } from '../../src/binning/index.js';
import { bytesSource, openFits, readTable, type Fits } from '../../src/fits/index.js';
import { readNgistTables } from '../../src/linemaps/index.js';
import { makeTable, numbers } from '../../src/table/index.js';
import { describeShared, shared } from '../support/shared.js';
import { fitsOf, primaryOf } from './support.js';

describeShared('The tables of GIST\'s tutorial (NGC0000)', () => {
  const open = (name: string): Promise<Fits> => openFits(bytesSource(readFileSync(shared('data', 'ifu_muse', 'gist_NGC0000', `NGC0000Example_${name}.fits`)), `NGC0000Example_${name}.fits`));

  it('give 28 bins on the grid of 30 × 30 spaxels, without the masked ones', async () => {
    const table = await open('table');
    const maps = await readNgistTables([await open('gas_BIN'), table], { redshift: 0.008 });
    expect([maps.binning.nx, maps.binning.ny, maps.binning.count]).toEqual([30, 30, 28]);
    expect(maps.pixelScale).toBeCloseTo(0.2, 12);
    expect(maps.object).toBe('NGC0000Example');
    const spaxels = await readTable(table, table.hdus[1]!);
    const masked = numbers(spaxels, 'BIN_ID').filter((id) => id < 0).length;
    expect(maps.binning.bin.filter((b) => b < 0).length).toBe(masked);
    // The table has the number of spaxels of each bin; the first row of bin 4 says 27.
    const row = numbers(spaxels, 'BIN_ID').indexOf(4);
    expect(maps.npix[4]).toBe(numbers(spaxels, 'NSPAX')[row]);
  });

  it('put every bin where the table has it: unweighted centres agree with the spaxels of the table', async () => {
    const table = await open('table');
    const maps = await readNgistTables([table, await open('gas_BIN')], { redshift: 0.008 });
    const spaxels = await readTable(table, table.hdus[1]!);
    const [x, y, id] = ['X', 'Y', 'BIN_ID'].map((name) => numbers(spaxels, name)) as [Float64Array, Float64Array, Float64Array];
    for (const b of [0, 7, 27]) {
      const own = Array.from(id.keys()).filter((row) => id[row] === b);
      const mean = (values: Float64Array) => own.reduce((sum, row) => sum + values[row]!, 0) / own.length;
      expect((maps.x[b]! - maps.origin![0]) * 0.2).toBeCloseTo(mean(x), 9);
      expect((maps.y[b]! - maps.origin![1]) * 0.2).toBeCloseTo(mean(y), 9);
    }
  });

  it('hold fluxes of sums over bins; errors come from the amplitude-to-noise ratio, said aloud', async () => {
    const gas = await open('gas_BIN');
    const maps = await readNgistTables([await open('table'), gas], { redshift: 0.008 });
    const table = await readTable(gas, gas.hdus[1]!);
    expect([...maps.lines.keys()]).toEqual(['Hb', 'OIII5007']);
    const { flux, fluxError } = maps.lines.get('Hb')!;
    expect(flux[0]).toBeCloseTo(numbers(table, 'Hb_4861.32_F')[0]! * 1e-3, 9);
    expect(flux[0]! / fluxError[0]!).toBeCloseTo(numbers(table, 'Hb_4861.32_AON')[0]!, 9);
    expect(maps.velocity[2]).toBe(numbers(table, 'Hb_4861.32_V')[2]);
    const spread = binToMap(maps.binning, flux);
    expect(spread.filter(Number.isFinite).length).toBe(900 - 58);
    expect(maps.notes!.join(' ')).toMatch(/north up.*1e-20 erg\/s\/cm² was taken.*amplitude-to-noise.*EBmV.*no cut in EW/);
  });

  it('of which one is missing or too many are refused', async () => {
    const [table, gas] = [await open('table'), await open('gas_BIN')];
    await expect(readNgistTables([table], { redshift: 0 })).rejects.toThrow(/no table of gas; expected NAME_table\.fits with NAME_gas_BIN\.fits/);
    await expect(readNgistTables([gas], { redshift: 0 })).rejects.toThrow(/no table of spaxels/);
    await expect(readNgistTables([table, gas, gas], { redshift: 0 })).rejects.toThrow(/2 tables of gas/);
  });
});

describe('Small tables in the layout of nGIST', () => {
  const column = (name: string, values: Float64Array | Int32Array) => ({ name, unit: null, description: null, values });
  const spaxels = (ids: readonly number[]) => fitsOf([
    primaryOf({ key: 'PIXSIZE', value: 0.5 }),
    {
      kind: 'table', name: 'TABLE', table: makeTable([
        column('ID', Int32Array.from(ids.keys())), column('BIN_ID', Int32Array.from(ids)), column('X', Float64Array.from(ids, (_, i) => -0.5 + 0.5 * (i % 3))), column('Y', Float64Array.from(ids, (_, i) => 0.5 * Math.floor(i / 3))),
        column('FLUX', Float64Array.from(ids, (_, i) => i)), column('XBIN', new Float64Array(ids.length)), column('YBIN', new Float64Array(ids.length)), column('NSPAX', new Int32Array(ids.length)),
      ]),
    },
  ], 'NGC1_table.fits');
  const gas = (rows: number, level: string) => fitsOf([
    {
      kind: 'table', name: 'GAS_DATA', table: makeTable(['HB4861', 'HA6562', 'NII6583', 'SII6730'].flatMap((name, i) => [
        column(`${name}_FLUX`, Float64Array.from({ length: rows }, (_, row) => 1000 * (i + 1) * (row + 1))), column(`${name}_FLUX_ERR`, new Float64Array(rows).fill(10)),
        column(`${name}_VEL`, Float64Array.from({ length: rows }, (_, row) => row)), column(`${name}_VEL_ERR`, new Float64Array(rows).fill(1)), column(`${name}_SIGMA`, new Float64Array(rows).fill(50)),
      ])),
    },
  ], `NGC1_gas_${level}.fits`);

  it('with errors: fluxes and errors per bin, the kinematics of Hα', async () => {
    const maps = await readNgistTables([await spaxels([0, 0, 1, 1, -1, 1]), await gas(2, 'BIN')], { redshift: 0, fluxUnit: '1e-18 erg/s/cm2', foregroundCorrected: true });
    expect([...maps.binning.bin]).toEqual([0, 0, 1, 1, -1, 1]);
    expect([...maps.lines.keys()]).toEqual(['Hb', 'Ha', 'NII6583', 'SII6731']);
    [200, 400].forEach((value, b) => expect(maps.lines.get('Ha')!.flux[b]).toBeCloseTo(value, 9));
    expect(maps.lines.get('Ha')!.fluxError[1]).toBeCloseTo(1, 12);
    expect([...maps.velocity]).toEqual([0, 1]);
    expect(maps.origin).toEqual([1, 0]);
    expect(maps.foregroundCorrected).toBe(true);
    expect(maps.notes!.join(' ')).not.toMatch(/amplitude|was taken/);
  });

  it('spaxel by spaxel: every unmasked spaxel its own bin', async () => {
    const maps = await readNgistTables([await spaxels([0, 0, 1, 1, -1, 1]), await gas(6, 'SPAXEL')], { redshift: 0 });
    expect([...maps.binning.bin]).toEqual([0, 1, 2, 3, -1, 4]);
    [1, 2, 3, 4, 6].forEach((value, b) => expect(maps.lines.get('Hb')!.flux[b]).toBeCloseTo(value, 9));
  });

  it('of different runs are refused', async () => {
    await expect(readNgistTables([await spaxels([0, 0, 1, 1, -1, 1]), await gas(5, 'BIN')], { redshift: 0 })).rejects.toThrow(/5 rows of gas for 2 bins and 6 spaxels/);
  });
});
