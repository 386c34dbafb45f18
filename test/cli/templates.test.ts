import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/main.js';
import { temporaryFolder } from '../support/cli.js';
import { describeShared, shared } from '../support/shared.js';

const folder = temporaryFolder('cli-templates');
beforeAll(() => { process.env['ZGRAD_DATA'] = folder; });

async function zgrad(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) => vi.spyOn(process[stream], 'write').mockImplementation((text) => {
    written[stream] += String(text);
    return true;
  }));
  const status = await run(['templates', ...args]);
  for (const spy of spies) spy.mockRestore();
  return { status, ...written };
}

describe('zgrad templates', () => {
  it('explains each of its commands with an example', async () => {
    for (const name of ['import', 'list', 'info']) {
      const { status, stdout } = await zgrad(name, '--help');
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`Example:\\n {2}zgrad templates ${name}`));
    }
    expect((await zgrad('--help')).stdout).toContain('$ZGRAD_DATA, else $XDG_DATA_HOME/zgrad, else ~/.local/share/zgrad');
  });

  it('lists the built-in library and says that it is not of real stars', async () => {
    const { status, stdout } = await zgrad('list');
    expect(status).toBe(0);
    expect(stdout).toBe('synthetic: 40 templates, 3500–9400 Å (air); computed from simple physics by zgrad, for demonstrations and tests: not real stars\n');
    expect((await zgrad('list', '--quiet')).stdout).toBe('');
    expect(JSON.parse((await zgrad('list', '--json')).stdout)).toMatchObject([{ name: 'synthetic', synthetic: true, path: null }]);
  });

  it('stops with status 2 for a missing library, a missing folder and a folder of something else', async () => {
    expect(await zgrad('info', 'emiles')).toMatchObject({ status: 2, stderr: expect.stringContaining('found no library emiles; expected one of synthetic') as string });
    expect((await zgrad('import', join(folder, 'nowhere'), '--name', 'x')).status).toBe(2);
    expect((await zgrad('import', 'docs', '--name', 'x')).stderr).toMatch(/found \d+ files? such as .*expected spectra of one of these: E-MILES/);
  });
});

describeShared('zgrad templates with published files', () => {
  it('imports a folder, tells what it holds, and does not replace it unasked', async () => {
    const dir = shared('data', 'templates', 'miuscat_un_padova');
    const imported = await zgrad('import', dir, '--name', 'miuscat', '--quiet');
    expect(imported).toEqual({ status: 0, stdout: '', stderr: '' });
    const info = await zgrad('info', 'miuscat');
    expect(info.stdout).toMatch(/templates: +200\n/);
    expect(info.stdout).toMatch(/\[M\/H\]: +-0\.71 -0\.4 0 0\.22\n/);
    expect(info.stdout).toMatch(/range: +3464\.9–9468\.8 Å \(air\), 6672 wavelengths\nresolution: +FWHM 2\.51 Å\nIMF: +unimodal, slope 1\.30\n/);
    expect(info.stdout).toMatch(/sha256: +[0-9a-f]{64}\n/);
    const machine = JSON.parse((await zgrad('info', 'miuscat', '--json')).stdout) as Record<string, unknown>;
    expect(machine).toMatchObject({ name: 'miuscat', path: join(folder, 'templates', 'miuscat.fits'), templates: 200, medium: 'air', resolution: [[3464.9, 2.51], [expect.closeTo(9468.8, 6), 2.51]] });
    expect(await zgrad('import', dir, '--name', 'miuscat')).toMatchObject({ status: 2 });
    expect(await zgrad('import', dir, '--name', 'miuscat', '--overwrite')).toMatchObject({ status: 0 });
  });
});
