/** A run of kills.mjs: measures one galaxy and writes a dot for every stage that ends. */

import { writeSync } from 'node:fs';
import { measureGalaxy } from '../dist/pipeline/index.js';

const quiet = () => {};
await measureGalaxy({ ...JSON.parse(process.argv[2]), reporter: { say: quiet, warn: quiet, progress: quiet, endStage: () => writeSync(1, '.') } });
