import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { maskBits } from '../../src/linemaps/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { median } from '../../src/stats/index.js';
import { numbers } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { describeShared, shared } from '../support/shared.js';
import { expectUntrusted, gradientOf, mapOf, readRun, signalToNoise, type FinishedRun } from './support/run.js';
import { redshift, samiArm, surveyBins, surveyMap, writeConfiguration } from './support/sami41144.js';

const folder = temporaryFolder('sami');
withoutPictures();
const configuration = writeConfiguration(folder);

interface Measured extends CliResult {
  readonly out: string;
}
function start(command: 'measure' | 'maps', name: string, files: readonly string[], ...more: string[]): Measured {
  const out = join(folder, name);
  return { ...zgrad(command, ...files, '--out', out, '--quiet', ...more), out };
}

describeShared('SAMI 41144, measured from the cube with straight lines for the stars, against the survey\'s one-component sector maps', () => {
  let cube: FinishedRun;

  beforeAll(async () => {
    const result = start('measure', 'cube', [samiArm('41144', 'blue'), samiArm('41144', 'red')], '--config', configuration);
    expect(result.status, result.stderr).toBe(0);
    cube = await readRun(result.out);
  });

  it('recognises the 31 sectors that the survey binned', () => {
    expect(cube.bins.length).toBe(31);
    expect(cube.run.counts.bins).toBe(31);
  });

  // Medians and deviations are the issue's; what is left between them and 1 is the survey's own full-spectrum continuum.
  it.each<[LineName, string, number, number]>([
    ['Ha', 'Halpha', 0.03, 0.04], ['NII6583', 'NII6583', 0.06, 0.04], ['SII6716', 'SII6716', 0.08, 0.04], ['SII6731', 'SII6731', 0.08, 0.04],
    ['Hb', 'Hbeta', 0.08, 0.09], ['OIII5007', 'OIII5007', 0.18, 0.09],
  ])('finds the flux of %s', async (line, file, medianWithin, deviationBelow) => {
    const { value, error } = await surveyBins(cube, surveyMap(file), true);
    const own = numbers(cube.bins, `flux_${line}`);
    const sn = signalToNoise(cube, line);
    const ratios = Float64Array.from(Array.from(own.keys()).filter((b) => sn[b]! > 5 && value[b]! / error[b]! > 5), (b) => own[b]! / value[b]!);
    // Absorption that a straight line does not follow makes the errors of weak [O III] larger: fewer bins reach S/N 5.
    expect(ratios.length).toBeGreaterThanOrEqual(line === 'OIII5007' ? 20 : 27);
    const typical = median(ratios);
    expect(Math.abs(typical - 1)).toBeLessThanOrEqual(medianWithin);
    expect(median(ratios.map((ratio) => Math.abs(ratio - typical)))).toBeLessThan(deviationBelow);
  });

  it('finds the velocities within 3 km/s rms after the survey\'s zero point', async () => {
    const { value } = await surveyBins(cube, surveyMap('gas-velocity'));
    const sn = signalToNoise(cube, 'Ha');
    // The survey's velocities are c(z_obs − z), ours that over 1 + z.
    const difference = numbers(cube.bins, 'velocity').map((v, b) => v - value[b]! / (1 + redshift)).filter((d, b) => sn[b]! > 5 && Number.isFinite(d));
    expect(difference.length).toBeGreaterThanOrEqual(27);
    const offset = median(difference);
    expect(Math.sqrt(difference.reduce((sum, d) => sum + (d - offset) ** 2, 0) / difference.length)).toBeLessThan(3);
  });

  it('measures the gradients of the issue, each within 1 σ of the chain entered at the hub with the survey\'s maps', async () => {
    const maps = readdirSync(shared('data', 'ifu_sami', '41144', 'maps')).filter((name) => name.endsWith('_sectors_1-comp.fits'))
      .map((name) => shared('data', 'ifu_sami', '41144', 'maps', name));
    const result = start('maps', 'hub', maps, '--config', configuration, '--set', 'abundance.also=[N2-M13]');
    expect(result.status, result.stderr).toBe(0);
    const hub = await readRun(result.out);
    for (const [calibration, slope, within] of [['N2S2Ha', -0.093, 0.010], ['N2-M13', 0.003, 0.008]] as const) {
      const own = gradientOf(cube, calibration);
      expect(Math.abs(own.slope! - slope), calibration).toBeLessThanOrEqual(within);
      expect(own.bins).toBeGreaterThanOrEqual(27);
      expect(own.bins).toBeLessThanOrEqual(29);
      expect(Math.abs(own.slope! - gradientOf(hub, calibration).slope!), calibration).toBeLessThan(own.slopeError!);
    }
    // The survey's maps tell nothing of equivalent widths or seeing, and the run says what that costs.
    expect(result.stderr).toMatch(/no cut in EW\(Hα\)/);
    expect(result.stderr).toMatch(/seeing is not known/);
  });

  it('refines the redshift from the lines and says that [S II] lies in a telluric band and the seeing is wide', () => {
    expect((cube.run as unknown as { refinedRedshift: number }).refinedRedshift).toBeCloseTo(redshift, 4);
    expect(cube.run.warnings.join('\n')).toMatch(/\[S II\] 6731 \(O2 B band\)/);
    expect(cube.run.warnings.join('\n')).toMatch(/seeing .* exceeds 0\.3 R_e/);
  });

  it('does not mind the order of the files', async () => {
    const result = start('measure', 'order', [samiArm('41144', 'red'), samiArm('41144', 'blue')], '--config', configuration, '--set', 'abundance.also=[N2-M13]');
    expect(result.status, result.stderr).toBe(0);
    const other = await readRun(result.out);
    for (const name of ['flux_Ha', 'flux_Hb', 'flux_OIII5007_err', 'velocity', 'ew_Ha', 'status', 'oh_N2S2Ha']) {
      expect(numbers(other.bins, name), name).toEqual(numbers(cube.bins, name));
    }
    expect(gradientOf(other, 'N2-M13')).toEqual(gradientOf(cube, 'N2-M13'));
  });
});

describeShared('one arm of SAMI 41144 alone', () => {
  it('red: ends in order without a gradient, says which lines are missing, and masks a sector of which a spaxel is masked', async () => {
    // Image coordinates of DS9 count from 1: this is spaxel (24, 24).
    const region = join(folder, 'centre.reg');
    writeFileSync(region, 'image\ncircle(25,25,0.4)\n');
    const result = start('measure', 'red', [samiArm('41144', 'red')], '--config', configuration, '--set', `mask=${region}`);
    expect(result.status, result.stderr).toBe(3);
    expect(result.stderr).toMatch(/red arm alone: the lines of the blue arm are missing/);
    expectUntrusted(result.out, /The data hold no Hβ and no \[O III\] 5007/);
    const run = await readRun(result.out);
    expect(Math.max(...signalToNoise(run, 'Ha').filter(Number.isFinite))).toBeGreaterThan(100);
    const status = await mapOf(run, 'STATUS');
    const masked = status.filter((bits) => bits & (1 << maskBits.USERMASK));
    expect(masked.length).toBeGreaterThan(4);
    expect(masked.length).toBe(run.run.counts.byStatus.USERMASK);
    expect(run.bins.length).toBe(29);
  });

  it('blue: is refused because Hα is not in it', () => {
    const result = start('measure', 'blue', [samiArm('41144', 'blue')], '--config', configuration);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/zgrad: redshift: found 0\.02964, which puts Hα at 6757 Å; expected Hα inside 3650–5800 Å/);
  });
});

describeShared('SAMI 230776, a red galaxy with Hα below 1 Å', () => {
  it('gets no gradient by the cut in equivalent width, not for want of detections, and says so', async () => {
    const out = join(folder, '230776');
    const result = zgrad('measure', samiArm('230776', 'blue'), samiArm('230776', 'red'), '--out', out, '--set', 'redshift=0.01973', '--set', 'foreground=none',
      '--set', 'effectiveRadius=33.05 arcsec', '--set', 'geometry.positionAngle=101.28', '--set', 'geometry.ellipticity=0.3321');
    expect(result.status, result.stderr).toBe(3);
    const run = await readRun(out);
    const { length } = run.bins;
    expect(result.stdout).toMatch(new RegExp(`^230776: no gradient can be trusted: No star-forming bin has a value; a gradient needs at least 10\\. Of ${length} bins, ${length} have EW\\(Hα\\) below 5 Å`));
    expectUntrusted(out, /EW\(Hα\) below 5 Å/);
    // The assumed constant absorption makes Hα a detection nearly everywhere; its width is that of no star-forming gas.
    expect(signalToNoise(run, 'Ha').filter((sn) => sn > 3).length).toBeGreaterThan(length / 2);
    expect(numbers(run.bins, 'ew_Ha').every((ew) => !(ew >= 5))).toBe(true);
    expect(numbers(run.bins, 'status').every((bits) => bits & (1 << maskBits.LOWEW))).toBe(true);
  });
});
