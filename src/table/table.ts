/** The values of a column: one number, string or truth value a row, or one array a row. */
export type ColumnValues =
  | Float64Array | Float32Array | Int32Array | Int16Array | Uint8Array | BigInt64Array
  | readonly string[] | readonly boolean[]
  | readonly (ArrayLike<number> | readonly string[])[];

/** One column with its unit (FITS/VOUnit spelling, null = none) and a sentence that says what it holds. */
export interface Column {
  readonly name: string;
  readonly unit: string | null;
  readonly description: string | null;
  readonly values: ColumnValues;
}

/** Named columns of equal length: the form of every per-bin and per-galaxy result. */
export interface Table {
  readonly length: number;
  readonly columns: readonly Column[];
  readonly meta: Readonly<Record<string, unknown>>;
}
