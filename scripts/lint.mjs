/** `npm run lint`: writes .oxlintrc.json from the table of floors, runs oxlint, and type-checks the pure floors and everything else. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintConfig } from './floors.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, '.oxlintrc.json');
const wanted = JSON.stringify(lintConfig(), null, 2) + '\n';
if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) writeFileSync(file, wanted);

const steps = [
  ['oxlint/bin/oxlint', '--deny-warnings', 'src', 'test', 'scripts', 'bench', 'validate', 'bin'],
  ['typescript/bin/tsc', '-p', 'tsconfig.pure.json'],
  ['typescript/bin/tsc', '-p', 'tsconfig.json'],
];
let failed = 0;
for (const [tool, ...args] of steps) {
  const run = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) failed++;
}
process.exit(failed ? 1 : 0);
