/** A run of kills.mjs: measures one galaxy and writes a dot for every stage that ends. */

import { writeSync } from 'node:fs';

const quiet = () => {};
const { library, ...request } = JSON.parse(process.argv[2]);
const { measureGalaxy } = await import(library);
await measureGalaxy({ ...request, reporter: { say: quiet, warn: quiet, progress: quiet, endStage: () => writeSync(1, '.') } });
