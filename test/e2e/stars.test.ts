import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findHdu, memorySink, writeFits } from '../../src/fits/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { median } from '../../src/stats/index.js';
import { numbers, parseEcsv } from '../../src/table/index.js';
import { temporaryFolder, useDataFolder, withoutPictures, zgrad } from '../support/cli.js';
import { describeShared, shared } from '../support/shared.js';
import { binIds, gradientOf, mapOf, readRun, signalToNoise, textOf, type FinishedRun } from './support/run.js';
import { redshift, samiArm, surveyBins, surveyMap, writeConfiguration } from './support/sami41144.js';

const folder = temporaryFolder('stars');
withoutPictures();
const arms = [samiArm('41144', 'blue'), samiArm('41144', 'red')];
const configuration = writeConfiguration(folder, { abundance: { also: ['N2-M13'] } });

describeShared('SAMI 41144 with E-MILES stars, against the survey\'s one-component sector maps', () => {
  let run: FinishedRun;
  let bin: Float64Array;

  beforeAll(async () => {
    useDataFolder(join(folder, 'data'));
    const imported = zgrad('templates', 'import', shared('data', 'templates', 'emiles_ku_basti'), '--name', 'emiles');
    expect(imported.status, imported.stderr).toBe(0);
    const out = join(folder, 'run');
    const result = zgrad('measure', ...arms, '--out', out, '--quiet', '--config', configuration);
    expect(result.status, result.stderr).toBe(0);
    run = await readRun(out);
    bin = await binIds(run);
  });

  it('takes the stars for the continuum because the library is installed, and says which, its checksum, and where the data are sharper', () => {
    const { continuum, warnings } = run.run;
    expect(continuum).toMatchObject({ method: 'ssp', library: { name: 'emiles', synthetic: false, templates: 128 } });
    expect(continuum.library!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(continuum.medianErrorFactor).toBeCloseTo(0.8, 1);
    // SAMI's red arm (1.59 Å) is sharper than E-MILES (2.51 Å) throughout, its blue arm (2.66 Å) is not.
    expect(continuum.sharper.length).toBe(1);
    expect(continuum.sharper[0]![0]).toBeCloseTo(6240, -1);
    expect(warnings.join('\n')).toMatch(/sharper than the library emiles/);
    expect(warnings.join('\n')).toMatch(/stellar masses .* are mass formed times a factor/);
    const report = textOf(run.out, 'report.html');
    expect(report).toContain('Continuum: stellar populations of emiles');
    expect(report).toContain(continuum.library!.sha256);
  });

  it.each<[LineName, string, number, number]>([
    ['Ha', 'Halpha', 0.03, 0.02], ['NII6583', 'NII6583', 0.03, 0.02], ['SII6716', 'SII6716', 0.03, 0.02], ['SII6731', 'SII6731', 0.03, 0.02],
    ['OIII5007', 'OIII5007', 0.04, 0.03], ['Hb', 'Hbeta', 0.06, 0.07],
  ])('finds the flux of %s', async (line, file, medianWithin, deviationBelow) => {
    const { value, error } = await surveyBins(run, surveyMap(file), true);
    const own = numbers(run.bins, `flux_${line}`);
    const sn = signalToNoise(run, line);
    const ratios = Float64Array.from(Array.from(own.keys()).filter((b) => sn[b]! > 5 && value[b]! / error[b]! > 5), (b) => own[b]! / value[b]!);
    expect(ratios.length).toBeGreaterThanOrEqual(28);
    expect(Math.abs(median(ratios) - 1)).toBeLessThanOrEqual(medianWithin);
    expect(median(ratios.map((ratio) => Math.abs(ratio - median(ratios))))).toBeLessThan(deviationBelow);
  });

  it('finds the gas\'s dispersions within 3 km/s and its velocities within 1 km/s rms after the zero point', async () => {
    const sn = signalToNoise(run, 'Ha');
    const bright = Array.from(sn.keys()).filter((b) => sn[b]! > 5);
    const [velocity, sigma] = [await surveyBins(run, surveyMap('gas-velocity')), await surveyBins(run, surveyMap('gas-vdisp'))];
    const own = numbers(run.bins, 'sigma');
    for (const b of bright) expect(Math.abs(own[b]! - sigma.value[b]!), `bin ${b}`).toBeLessThan(3);
    // The survey's gas velocities are c(z_obs − z), ours that over 1 + z.
    const differences = Float64Array.from(bright, (b) => numbers(run.bins, 'velocity')[b]! - velocity.value[b]! / (1 + redshift));
    const offset = median(differences);
    expect(Math.sqrt(differences.reduce((sum, d) => sum + (d - offset) ** 2, 0) / differences.length)).toBeLessThan(1);
  });

  it('finds the survey\'s stellar velocities and dispersions within the joint errors after the median offset', async () => {
    for (const [name, file] of [['stellar_velocity', 'stellar-velocity'], ['stellar_sigma', 'stellar-velocity-dispersion']] as const) {
      // The survey fitted spectra brought to rest: its stellar velocities are divided by 1 + z already.
      const { value, error } = await surveyBins(run, surveyMap(file, 'two-moment'));
      const [own, ownError] = [numbers(run.bins, name), numbers(run.bins, `${name}_err`)];
      const trusted = Array.from(own.keys()).filter((b) => numbers(run.bins, 'stellar_status')[b] === 0 && Number.isFinite(value[b]!) && error[b]! > 0);
      expect(trusted.length).toBeGreaterThanOrEqual(24);
      const offset = median(Float64Array.from(trusted, (b) => own[b]! - value[b]!));
      const pulls = Float64Array.from(trusted, (b) => (own[b]! - value[b]! - offset) / Math.hypot(ownError[b]!, error[b]!));
      // Two fits of the same noise with other templates: the typical difference is below the joint error.
      expect(1.4826 * median(pulls.map(Math.abs)), name).toBeLessThan(1.05);
      expect(Math.abs(offset), name).toBeLessThan(6);
    }
  });

  it('agrees with the local continuum on the gradients within 1 σ', () => {
    expect(Math.abs(gradientOf(run, 'N2S2Ha').slope! + 0.101)).toBeLessThan(0.012);
    expect(Math.abs(gradientOf(run, 'N2-M13').slope! - 0.002)).toBeLessThan(0.008);
  });

  it('gives stellar masses, their gradients, populations and histories', async () => {
    const { gradients, integrated } = run.gradient;
    // The survey's input catalogue has log M* = 10.34, from colours and the whole galaxy; the field ends at 1.8 R_e.
    expect(integrated.logMstar![0]).toBeGreaterThan(9.9);
    expect(integrated.logMstar![0]).toBeLessThan(10.6);
    expect(integrated.logMstar![1]).toBeGreaterThan(0);
    const mass = gradients.find(({ quantity, unit }) => quantity === 'logSigmaStar' && unit === 'dex/Re')!;
    expect(mass.slope).toBeLessThan(-0.3);
    expect(gradients.find(({ quantity }) => quantity === 'logSsfr')!.slope).not.toBeNull();
    const histories = parseEcsv(textOf(run.out, 'sfh.ecsv'), 'sfh.ecsv');
    expect(histories.length).toBe(31);
    const light = histories.columns.filter(({ name }) => name.startsWith('light_'));
    expect(light.length).toBe(16);
    // Shares are rounded to four decimals.
    expect(light.reduce((sum, { values }) => sum + (values[0] as number), 0)).toBeCloseTo(1, 2);
  });

  it('writes the stars as the MaNGA DAP does', async () => {
    const names = run.maps.hdus.map(({ name }) => name);
    for (const name of ['STELLAR_VEL', 'STELLAR_SIGMA']) expect(names).toEqual(expect.arrayContaining([name, `${name}_IVAR`, `${name}_MASK`]));
    expect((await mapOf(run, 'STELLAR_SIGMACORR')).filter(Number.isFinite).every((value) => value === 0)).toBe(true);
    const velocity = await mapOf(run, 'STELLAR_VEL');
    const own = numbers(run.bins, 'stellar_velocity');
    bin.forEach((b, spaxel) => { if (b >= 0) expect(velocity[spaxel]).toBe(own[b]); });
    expect((await mapOf(run, 'STELLAR_FOM', 'rchi2'))[bin.indexOf(0)]).toBe(numbers(run.bins, 'stellar_rchi2')[0]);
    for (const name of ['STELLAR_POP', 'STELLAR_MASS', 'ERROR_FACTOR', 'EMLINE_GANR', 'EMLINE_LIMIT']) {
      expect(findHdu(run.maps, name)).toBeDefined();
      expect(textOf(run.out, 'dictionary.md')).toContain(`| ${name} |`);
    }
    for (const figure of ['stars', 'stellarMaps']) expect(existsSync(join(run.out, 'figures', `${figure}.png`))).toBe(true);
  });

  it('does not start again when nothing changed', () => {
    const again = zgrad('measure', ...arms, '--out', run.out, '--config', configuration);
    expect(again.stderr).toMatch(/already holds this run/);
  });

  it('takes the stars from bins of their own when they are given', async () => {
    const map = join(folder, 'quadrants.fits');
    const sink = memorySink();
    await writeFits(sink, [{ kind: 'image', axes: [50, 50], data: Int32Array.from({ length: 2500 }, (_, s) => 1 + Number(s % 50 > 24) + 2 * Number(s > 1249)) }]);
    writeFileSync(map, sink.bytes());
    const out = join(folder, 'quadrants');
    const result = zgrad('measure', ...arms, '--out', out, '--quiet', '--config', configuration, '--set', `continuum.bins=${map}`);
    expect(result.status, result.stderr).toBe(0);
    const other = await readRun(out);
    expect(Object.keys(other.run.inputs)).toContain(map);
    expect(new Set(numbers(other.bins, 'continuum_bin'))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set((await mapOf(other, 'BINID', 'Stellar continua')).filter((c) => c >= 0))).toEqual(new Set([0, 1, 2, 3]));
    const [own, whole] = [numbers(run.bins, 'flux_Ha'), numbers(other.bins, 'flux_Ha')];
    expect(Math.abs(median(whole.map((flux, b) => flux / own[b]!).filter(Number.isFinite)) - 1)).toBeLessThan(0.01);
  });

  it('fits lines with kinematics of their own, a second component and Monte-Carlo errors when asked', async () => {
    const out = join(folder, 'options');
    const result = zgrad('measure', ...arms, '--out', out, '--quiet', '--config', configuration,
      '--set', 'lines.tie=balmer-forbidden', '--set', 'lines.components=2', '--set', 'lines.monteCarlo=10', '--set', 'continuum.moments=4');
    expect(result.status, result.stderr).toBe(0);
    const other = await readRun(out);
    const [ha, oiii] = ['Ha', 'OIII5007'].map((name) => numbers(other.bins, `velocity_${name}`));
    expect(ha!.some((v, b) => v !== oiii![b])).toBe(true);
    expect(numbers(other.bins, 'velocity_SII6716')).toEqual(oiii);
    expect(other.bins.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['flux_Ha_1', 'flux_Ha_2', 'sigma_2', 'stellar_h3', 'stellar_h4_err']));
    const ratioOf = (name: string): number => {
      const [covariance, drawn] = [run, other].map(({ bins }) => numbers(bins, `${name}_err`)) as [Float64Array, Float64Array];
      return median(covariance.map((error, b) => drawn[b]! / error).filter(Number.isFinite));
    };
    // 10 draws tell an error to 24 %, the median of 29 bins to 5 %.
    expect(Math.abs(ratioOf('flux_OIII5007') - 1)).toBeLessThan(0.25);
    // Also of all that is derived; a second component that some draws have and others not changes the errors of the brightest lines.
    for (const name of ['ew_Ha', 'ebv', 'sfr_density', 'oh_N2S2Ha', 'oh_N2-M13']) {
      expect(ratioOf(name), name).not.toBe(1);
      expect(ratioOf(name), name).toBeGreaterThan(0.5);
      expect(ratioOf(name), name).toBeLessThan(2);
    }
  }, 180_000);

  it('fits the lines with the stars when asked, to the same fluxes', async () => {
    const out = join(folder, 'gas');
    const result = zgrad('measure', ...arms, '--out', out, '--quiet', '--config', configuration, '--set', 'continuum.gas=fitted');
    expect(result.status, result.stderr).toBe(0);
    const [own, other] = [numbers(run.bins, 'flux_Ha'), numbers((await readRun(out)).bins, 'flux_Ha')];
    expect(Math.abs(median(other.map((flux, b) => flux / own[b]!).filter(Number.isFinite)) - 1)).toBeLessThan(0.01);
  }, 180_000);
});

describe('a library that is not there', () => {
  it('stops the run within the first second, naming the nearest library', () => {
    useDataFolder(join(folder, 'empty'));
    const start = performance.now();
    const result = zgrad('measure', 'nothing.fits', '--out', join(folder, 'none'), '--set', 'redshift=0.01', '--set', 'effectiveRadius=5 arcsec', '--set', 'geometry.positionAngle=0',
      '--set', 'geometry.ellipticity=0.3', '--set', 'continuum.method=ssp', '--set', 'continuum.templates=synthtic');
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/continuum\.templates: found no library synthtic.*Did you mean synthetic\?.*zgrad templates import/);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
