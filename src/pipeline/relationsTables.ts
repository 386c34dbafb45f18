import { valuesOf, type RelationSet, type Selection } from '../sample/index.js';
import { makeTable, type Column, type Table } from '../table/index.js';

/** Units as FITS and astropy spell them: the effective radius is no unit, the description names it. */
const spelled: Readonly<Record<string, string | null>> = { 'dex/Re': 'dex', 'dex/kpc': 'dex / kpc', Re: null };

/** Columns that hang on what is assumed of missing HI. */
const assumed = ['logMgas', 'gasFraction', 'logMbaryon', 'logYeff', 'logYeffComputed'] as const;

/** sample.ecsv: the table that the relations were made of, with everything derived, and under '…HiZero' what becomes of it where missing HI is taken as zero. */
export function sampleTable([first, zero]: readonly RelationSet[]): Table {
  const { table } = first!.sample;
  const more = (zero ? assumed : []).flatMap((name): Column[] => {
    const values = valuesOf(zero!.sample, name);
    const own = zero!.sample.table.columns.find((column) => column.name === name);
    return values && own ? [{ ...own, name: `${name}HiZero`, description: `${own.description ?? name}, with HI taken as zero where it is missing` }] : [];
  });
  // Those of an earlier sample.ecsv that was read make way.
  const columns = [...table.columns.filter(({ name }) => !more.some((column) => column.name === name)), ...more].map((column) => ({ ...column, unit: column.unit === null ? null : column.unit in spelled ? spelled[column.unit]! : column.unit }));
  return makeTable(columns, table.meta, 'sample.ecsv');
}

/** selection.ecsv: a row for each galaxy that was dropped, in the order of the cuts. */
export function droppedTable({ cuts }: Selection): Table {
  const rows = cuts.flatMap(({ query, dropped }, i) => dropped.map((one) => ({ ...one, query, cut: i + 1 })));
  return makeTable([
    { name: 'object', unit: null, description: 'name of the galaxy', values: rows.map(({ object }) => object) },
    { name: 'cut', unit: null, description: 'number of the cut that dropped it', values: Int32Array.from(rows, ({ cut }) => cut) },
    { name: 'query', unit: null, description: 'the cut', values: rows.map(({ query }) => query) },
    { name: 'reason', unit: null, description: 'its values that decided', values: rows.map(({ reason }) => reason) },
  ], {}, 'selection.ecsv');
}
