import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CompoundMember, Dataset, Entity } from 'h5wasm';
import { parse as parseYaml } from 'yaml';
import { ZgradError } from '../errors/index.js';
import { makeTable, type Column, type Table } from '../table/index.js';
import { fileSource } from './files.js';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether a file is HDF5, told by its first bytes. Throws FileNotFound. */
export async function isHdf5File(path: string): Promise<boolean> {
  const source = await fileSource(path);
  const first = await source.read(0, Math.min(signature.length, source.size));
  return signature.every((byte, i) => first[i] === byte);
}

/**
 * Reads every table (one-dimensional dataset of records) of an HDF5 file by its path in the file: numbers as float64, integers as int32,
 * texts as strings; other members are left out. Units and descriptions are those that astropy stores beside a table
 * (NAME.__table_column_meta__). The library is loaded on the first call; it works on a copy of the file in memory.
 * Throws FileNotFound, BadTable when the file cannot be read.
 */
export async function readHdf5Tables(path: string): Promise<Map<string, Table>> {
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  const inside = `/${basename(path)}`;
  FS.writeFile(inside, await readFile(path));
  try {
    const file = new File(inside, 'r');
    try {
      const all = file.paths().map((name) => [name.replace(/^\//, ''), file.get(name)] as const)
        .filter((entry): entry is readonly [string, Dataset] => isDataset(entry[1]));
      const texts = new Map(all.filter(([name]) => name.endsWith(metaSuffix)));
      return new Map(all.flatMap(([name, dataset]): [string, Table][] => {
        const members = dataset.metadata.compound_type?.members;
        return members && dataset.shape?.length === 1 ? [[name, tableOf(dataset, members, describedBy(texts.get(name + metaSuffix)), `${path}, ${name}`)]] : [];
      }));
    } finally {
      file.close();
    }
  } catch (cause) {
    if (cause instanceof ZgradError) throw cause;
    throw new ZgradError('BadTable', { where: path, found: `what HDF5 cannot read (${String(cause)})`, expected: 'a complete HDF5 file', remedy: 'The file may be truncated: copy it again.', cause });
  } finally {
    FS.unlink(inside);
  }
}

const metaSuffix = '.__table_column_meta__';

const isDataset = (entity: Entity | null): entity is Dataset => entity !== null && 'type' in entity && entity.type === 'Dataset';

type Description = Pick<Column, 'unit' | 'description'>;

/** Unit and description of each column, from the lines of YAML that astropy writes. */
function describedBy(meta: Dataset | undefined): ReadonlyMap<string, Description> {
  const lines = (meta?.value ?? []) as readonly string[];
  // What follows the columns has tags of Python's.
  const end = lines.findIndex((line) => line.startsWith('meta:'));
  const tree = parseYaml(lines.slice(0, end < 0 ? lines.length : end).join('\n')) as { datatype?: readonly { name: string; unit?: string; description?: string }[] } | null;
  return new Map((tree?.datatype ?? []).map(({ name, unit, description }) => [name, { unit: unit ?? null, description: description ?? null }]));
}

/** HDF5's classes of members. */
const [integer, float, string] = [0, 1, 3];

function tableOf(dataset: Dataset, members: readonly CompoundMember[], described: ReadonlyMap<string, Description>, where: string): Table {
  const rows = dataset.value as readonly (readonly unknown[])[];
  const columns = members.flatMap(({ name, type, size }, i): Column[] => {
    const values = type === string ? rows.map((row) => String(row[i]))
      : type === float ? Float64Array.from(rows, (row) => Number(row[i]))
        : type === integer && size <= 4 ? Int32Array.from(rows, (row) => Number(row[i])) : null;
    return values ? [{ name, unit: null, description: null, ...described.get(name), values }] : [];
  });
  return makeTable(columns, {}, where);
}
