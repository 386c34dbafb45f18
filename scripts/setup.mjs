/**
 * Everything that a fresh checkout needs, with nothing but Node and npm: installs when the lock file has changed,
 * builds when a source has changed, and is instant otherwise. After the installation nothing needs the network.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`zgrad: found Node ${process.versions.node}; expected 20.19 or newer. Install a newer Node.js.\n`);
  process.exit(2);
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function step(what, stamp, wanted, command, args) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write(`zgrad: ${what} …\n`);
  // npm is a shell script on Unix and a .cmd file on Windows, which only a shell can start.
  const run = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' && command === 'npm' });
  if (run.status !== 0) {
    process.stderr.write(`zgrad: ${what} failed (${command} ${args.join(' ')}); the lines above say why.\n`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

const generated = join(root, 'src', 'kernels', 'module.generated.ts');
step('installing the packages of package-lock.json', join(root, 'node_modules', '.zgrad-installed'),
  digest([join(root, 'package-lock.json')]), 'npm', ['ci', '--no-audit', '--no-fund']);
const sources = [...filesBelow(join(root, 'src')).filter((file) => file !== generated), ...filesBelow(join(root, 'scripts')),
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name))];
step('building', join(root, 'dist', '.built-from'), digest(sources), process.execPath, ['scripts/build.mjs']);
