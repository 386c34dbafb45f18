import { doRelationJob, type RelationJob, type RelationResult } from '../sample/index.js';
import { makeNebularWork, type BinRange, type NebularColumns, type NebularJob } from './binNebula.js';
import { makeLinesWork, type LinesJob, type LinesOfBin, type LinesTask } from './fitLines.js';
import { makeStarsWork, type StarsBatch, type StarsJob } from './fitStars.js';
import { makeReadWork, type ReadJob, type Rows, type SpaxelLight } from './heldCube.js';
import { makeProductWork, type ProductFile } from './productFiles.js';
import { makeSlopeWork, type Slope, type SlopeJob, type SlopeTask } from './slope.js';

/** The kinds of work that are shared among workers: what each worker is given once, a task, its result. */
export interface Works {
  readonly read: { readonly data: ReadJob; readonly task: Rows; readonly result: SpaxelLight };
  readonly stars: { readonly data: StarsJob; readonly task: readonly number[]; readonly result: StarsBatch };
  readonly lines: { readonly data: LinesJob; readonly task: LinesTask; readonly result: LinesOfBin[] };
  readonly nebula: { readonly data: NebularJob; readonly task: BinRange; readonly result: NebularColumns };
  readonly slopes: { readonly data: SlopeJob; readonly task: readonly SlopeTask[]; readonly result: Slope[] };
  readonly relations: { readonly data: null; readonly task: RelationJob; readonly result: RelationResult };
  readonly products: { readonly data: string; readonly task: ProductFile; readonly result: void };
}

export type WorkName = keyof Works;
export type WorkData<K extends WorkName> = Works[K]['data'];
export type WorkTask<K extends WorkName> = Works[K]['task'];
export type WorkResult<K extends WorkName> = Works[K]['result'];

type Maybe<T> = T | Promise<T>;

/** What a worker does for each kind of work: made once, then called task by task. A result depends on the data and the task alone. */
export const works: { readonly [K in WorkName]: (data: WorkData<K>) => Maybe<(task: WorkTask<K>) => Maybe<WorkResult<K>>> } = {
  read: makeReadWork, stars: makeStarsWork, lines: makeLinesWork, nebula: makeNebularWork, slopes: makeSlopeWork, relations: () => doRelationJob, products: makeProductWork,
};
