import { describe, expect, it } from 'vitest';
import { maskFromImage, maskFromRegions, parseRegions, type SpaxelGrid } from '../../src/cube/index.js';
import { Header } from '../../src/fits/index.js';
import { parseWcs, pixelToSky } from '../../src/sky/index.js';
import { describePython, runPython } from '../support/shared.js';
import { fitsOf, skyCards } from './cubes.js';

const [nx, ny] = [20, 15];
const grid: SpaxelGrid = { nx, ny, wcs: parseWcs(new Header([...skyCards])), pixelScale: 0.2 };

/** The masked pixels as 'x,y', zero-based. */
function masked(text: string, on: SpaxelGrid = grid): string[] {
  return Array.from(maskFromRegions(text, on, 'test.reg')).flatMap((value, i) => (value ? [`${i % on.nx},${Math.floor(i / on.nx)}`] : []));
}
/** Every pixel for which the test holds. */
function pixelsWhere(test: (x: number, y: number) => boolean): string[] {
  return Array.from({ length: nx * ny }, (_, i) => [i % nx, Math.floor(i / nx)] as const).filter(([x, y]) => test(x, y)).map(([x, y]) => `${x},${y}`);
}
/** Right ascension and declination of a zero-based pixel, written to a tenth of a milliarcsecond. */
const at = (x: number, y: number) => pixelToSky(grid.wcs!.celestial!, x, y).map((value) => value.toFixed(8)).join(',');

describe('a DS9 region file', () => {
  it('counts image pixels from one and masks the spaxels whose centre lies inside', () => {
    expect(masked('image\ncircle(5,6,1)')).toEqual(['4,4', '3,5', '4,5', '5,5', '4,6']);
    expect(masked('image; box(5,6,3,1,0)')).toEqual(['3,5', '4,5', '5,5']);
    expect(masked('image; box(5,6,3,1,90)')).toEqual(['4,4', '4,5', '4,6']);
    expect(masked('image; ellipse 5 6 2 1 90')).toEqual(['4,3', '4,4', '3,5', '4,5', '5,5', '4,6', '4,7']);
    expect(masked('image; annulus(5,6,1.2,1.5)')).toEqual(['3,4', '5,4', '3,6', '5,6']);
    expect(masked('image; polygon(2.5,2.5,4.5,2.5,4.5,3.5,2.5,3.5)')).toEqual(['2,2', '3,2']);
  });

  it('turns angles counter-clockwise from the x axis', () => {
    // A long thin box at 45° runs from lower left to upper right.
    expect(masked('image; box(6,6,6,0.5,45)')).toEqual(['3,3', '4,4', '5,5', '6,6', '7,7']);
  });

  it('reads what DS9 writes: comments, global, several shapes on a line, properties', () => {
    const text = `# Region file format: DS9 version 4.1
global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman" select=1 include=1 source=1
image
circle(5,6,0.5) # color=red text={a star; not a box(1,1,1,1)}
circle(10,10,0.5);point(3,3) # point=x
# text(4,4) text={label}
`;
    expect(masked(text)).toEqual(['4,5', '9,9']);
  });

  it('finds shapes on the sky, sizes in arcsec, arcmin, degrees or pixels', () => {
    const circle = pixelsWhere((x, y) => Math.hypot(x - 7, y - 8) <= 3.1);
    for (const size of ['0.62"', `${0.62 / 60}'`, `${0.62 / 3600}d`, `${0.62 / 3600}`, '3.1i', '3.1p']) {
      for (const frame of ['fk5', 'icrs', 'J2000']) expect(masked(`${frame}\ncircle(${at(7, 8)},${size})`)).toEqual(circle);
    }
    expect(masked('image\ncircle(8,9,0.62")')).toEqual(circle);
  });

  it('reads sexagesimal positions, right ascension in hours', () => {
    // (150°, 2°) is the pixel (0, 0).
    for (const position of ['10:00:00.0,+2:00:00', '10h00m00.0s,2d00m00s', '150d,2d', '150 2']) expect(masked(`fk5; circle(${position},0.1")`)).toEqual(['0,0']);
    expect(parseRegions('fk5; circle(1:00:00,-0:30:00,1")', 'x')[0]!.points).toEqual([[15, -0.5]]);
  });

  it('turns shapes on the sky with the sky, whatever the orientation of the image', () => {
    // Without rotation, a sky angle θ is an image angle θ where north is up and east left.
    const [a, b, theta] = [4.2, 1.3, 25];
    const upright = masked(`image; ellipse(11,8,${a},${b},${theta})`);
    expect(masked(`fk5; ellipse(${at(10, 7)},${a * 0.2}",${b * 0.2}",${theta})`)).toEqual(upright);
    // The same field turned by 90°: x runs north, y runs east.
    const turned: SpaxelGrid = {
      nx: ny, ny: nx, pixelScale: 0.2,
      wcs: parseWcs(new Header(skyCards.map((card) => ({
        ...card, value: { CD1_1: 0, CD1_2: 0.2 / 3600, CD2_1: 0.2 / 3600, CD2_2: 0, CRPIX1: 1, CRPIX2: nx }[card.key] ?? card.value,
      })))),
    };
    const back = masked(`fk5; ellipse(${at(10, 7)},${a * 0.2}",${b * 0.2}",${theta})`, turned).map((p) => p.split(',').map(Number)).map(([x, y]) => `${nx - 1 - y!},${x}`);
    expect(back.sort()).toEqual([...upright].sort());
  });

  it('reads polygons on the sky', () => {
    const corners = [[2.5, 2.5], [8.5, 2.5], [8.5, 6.5], [2.5, 6.5]].map(([x, y]) => at(x!, y!)).join(',');
    expect(masked(`icrs; polygon(${corners})`)).toEqual(pixelsWhere((x, y) => x > 2.5 && x < 8.5 && y > 2.5 && y < 6.5));
  });

  it('lets a leading minus take away from the mask, in any order', () => {
    const ring = pixelsWhere((x, y) => Math.hypot(x - 9, y - 7) <= 4 && Math.hypot(x - 9, y - 7) > 2);
    expect(masked('image\ncircle(10,8,4)\n-circle(10,8,2)')).toEqual(ring);
    expect(masked('image\n-circle(10,8,2)\n+circle(10,8,4)')).toEqual(ring);
  });

  it('masks all but what is taken away when everything is', () => {
    expect(masked('image\n-circle(10,8,4)')).toEqual(pixelsWhere((x, y) => Math.hypot(x - 9, y - 7) > 4));
  });

  it('takes physical coordinates through LTV and LTM', () => {
    const cut = { ...grid, header: new Header([{ key: 'LTV1', value: -100 }, { key: 'LTV2', value: -50 }]) };
    expect(masked('physical\ncircle(105,56,0.5)', cut)).toEqual(['4,5']);
    expect(masked('physical\ncircle(5,6,0.5)')).toEqual(['4,5']);
  });

  it('names the line of what it cannot read', () => {
    const bad = [
      ['image\n\nhexagon(1,2,3)', /test\.reg, line 3: found 'hexagon\(1,2,3\)'; expected circle, ellipse/],
      ['image\ncircle(1,2)', /line 2: found circle with 2 numbers; expected a centre and 1 size/],
      ['image\ncircle(1,2,3,4)', /line 2: found circle with 4 numbers/],
      ['image\ncircle(1,abc,3)', /line 2: found 'abc' in 'circle\(1,abc,3\)'; expected a pixel/],
      ['fk5\ncircle(1,2,-3")', /line 2: found '-3"' in .*; expected a positive size/],
      ['fk5\nellipse(1,2,3",4",north)', /line 2: found 'north'.*expected an angle/],
      ['image\npolygon(1,2,3,4,5)', /line 2: found polygon with 5 numbers; expected three or more pairs/],
      ['galactic\ncircle(1,2,3)', /line 1: found the coordinate frame 'galactic'; expected fk5, icrs, image or physical/],
      ['# nothing here\n', /test\.reg: found no region/],
    ] as const;
    for (const [text, message] of bad) {
      expect(() => parseRegions(text, 'test.reg')).toThrow(message);
      expect(() => parseRegions(text, 'test.reg')).toThrow(expect.objectContaining({ tag: 'BadMask' }));
    }
    expect(() => maskFromRegions('fk5; circle(1,2,3")', { ...grid, wcs: null }, 'test.reg')).toThrow(/sky coordinates; expected image coordinates/);
  });

  describePython('beside astropy', () => {
    it('agrees on which spaxels lie in circles on the sky', () => {
      const circles = [[150.0003, 2.0002, 0.7], [149.9995, 2.0006, 1.1]] as const;
      const seen = runPython<string[]>(`
import json, sys
import numpy as np
from astropy.wcs import WCS
from astropy.coordinates import SkyCoord
w = WCS(naxis=2)
w.wcs.ctype = ['RA---TAN', 'DEC--TAN']; w.wcs.crpix = [1, 1]; w.wcs.crval = [150, 2]
w.wcs.cd = [[-0.2/3600, 0], [0, 0.2/3600]]
y, x = np.mgrid[0:15, 0:20]
sky = w.pixel_to_world(x, y)
mask = np.zeros((15, 20), bool)
for ra, dec, r in json.loads(sys.argv[1]):
    mask |= sky.separation(SkyCoord(ra, dec, unit='deg', frame=sky.frame.name)).arcsec <= r
print(json.dumps([f'{i},{j}' for j, i in np.argwhere(mask)]))`, JSON.stringify(circles));
      expect(masked(circles.map(([ra, dec, r]) => `fk5; circle(${ra},${dec},${r}")`).join('\n'))).toEqual(seen);
    });
  });
});

describe('a mask image', () => {
  const image = Float32Array.from({ length: nx * ny }, (_, i) => (i === 5 ? 1 : i === 6 ? Number.NaN : i === 7 ? -3 : 0));

  it('masks what is not zero', async () => {
    const mask = await maskFromImage(await fitsOf([{ kind: 'image', axes: [nx, ny], data: image }]), grid);
    expect(Array.from(mask.keys()).filter((i) => mask[i])).toEqual([5, 6, 7]);
  });

  it('is the HDU that is named, or the first of the right size', async () => {
    const fits = await fitsOf([
      { kind: 'image', axes: [], data: null }, { kind: 'image', name: 'SMALL', axes: [2, 2], data: new Uint8Array(4) },
      { kind: 'image', name: 'STARS', axes: [nx, ny], data: image }, { kind: 'image', name: 'NONE', axes: [nx, ny, 2], data: new Uint8Array(2 * nx * ny) },
    ]);
    expect((await maskFromImage(fits, grid)).reduce((sum, value) => sum + value, 0)).toBe(3);
    expect((await maskFromImage(fits, grid, 'NONE')).reduce((sum, value) => sum + value, 0)).toBe(0);
    await expect(maskFromImage(fits, grid, 'SMALL')).rejects.toThrow(/found SMALL \(2 × 2\); expected an image of 20 × 15 pixels/);
    await expect(maskFromImage(fits, { nx: 9, ny: 9 })).rejects.toMatchObject({ tag: 'BadMask' });
  });
});
