import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'zgrad-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  expect(done.status, `${command} ${args.join(' ')}\n${done.stdout}\n${done.stderr}`).toBe(0);
  return done.stdout;
}

describe('the packed tarball', () => {
  it('installs in an empty project and measures a simulated galaxy there', () => {
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], '.')) as [{ filename: string }];
    writeFileSync(join(folder, 'package.json'), '{"name": "user", "type": "module", "private": true}\n');
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`], folder);
    run(process.execPath, ['node_modules/zgrad/bin/zgrad.js', 'demo', '--out', 'demo', '--quiet'], folder);
    const result = JSON.parse(readFileSync(join(folder, 'demo/run/gradient.json'), 'utf8')) as { gradients: { slope: number | null }[] };
    expect(result.gradients[0]!.slope).toBeTypeOf('number');
    expect(readFileSync(join(folder, 'demo/mass-gradient.svg'), 'utf8')).toContain('<title>Demo galaxy</title>');
    const probe = "import { openFits } from 'zgrad/fits'; import { version } from 'zgrad'; console.log(typeof openFits, version);";
    expect(run(process.execPath, ['--input-type=module', '-e', probe], folder)).toMatch(/^function \d+\.\d+\.\d+/);
  }, 240_000);
});
