export { ecsvBlocks, parseEcsv, toEcsv } from './ecsv.js';
export { parseTable } from './parse-table.js';
export { column, hasColumn, makeTable, nearestName, numbers, strings } from './table.js';
export type { Column, ColumnValues, Table } from './table.js';
export { parseCsv, toCsv } from './text-table.js';
export { parseVotable } from './votable.js';
export { toVotable } from './votable-writer.js';
