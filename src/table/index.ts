export type { Column, ColumnValues, Table } from './table.js';
