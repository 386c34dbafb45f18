import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readGalaxyTable } from '../../src/pipeline/index.js';

it('a table of galaxies names its files, of whatever kind, from where it lies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zgrad-table-'));
  const path = join(folder, 'galaxies.csv');
  writeFileSync(path, 'object,files,redshift,mask,binning.map,foreground.dustMap,reference.images.r\none,a.fits b.fits,0.01,stars.reg,/data/bins.fits,maps,one-r.fits\n');
  const [row] = await readGalaxyTable(path);
  expect(row).toEqual({
    name: 'one', files: [join(folder, 'a.fits'), join(folder, 'b.fits')],
    keys: { object: 'one', redshift: 0.01, mask: join(folder, 'stars.reg'), 'binning.map': '/data/bins.fits', 'foreground.dustMap': join(folder, 'maps'), 'reference.images.r': join(folder, 'one-r.fits') },
  });
});
