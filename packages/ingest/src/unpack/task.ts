import type { GuardedSource, GuardedTask } from '@throughline/engine';
import type { Named } from '../read/decode.js';
import type { JsonJob } from './json-rows.js';
import { type Tell, telling } from './told.js';
import type { WorkbookJob } from './workbook-rows.js';
import type { XmlJob } from './xml-rows.js';

/** What is done in a process of its own. `gzip` and `zip` give bytes, `sheets` a JSON text, the others what they tell. */
export type Job = Plain<'gzip'> | Plain<'zip'> | Plain<'sheets'> | RowsJob;

type Plain<Kind> = { readonly kind: Kind };

type RowsJob =
  | Plain<'parquet'>
  | Plain<'arrow'>
  | ({ readonly kind: 'workbook' } & WorkbookJob)
  | ({ readonly kind: 'json' } & JsonJob)
  | ({ readonly kind: 'xml' } & XmlJob);

export const task: GuardedTask = async (asked, { source, write }) => {
  const job = asked as Job;
  if (job.kind === 'gzip') return (await import('./packed.js')).gunzipped(source, write);
  if (job.kind === 'zip') return (await import('./packed.js')).unzipped(source, write);
  if (job.kind === 'sheets') {
    return write(JSON.stringify(await (await import('./workbook-rows.js')).sheetsOf(source)));
  }
  const { tell, flush } = telling(write);
  await rowsOf(source, job, tell);
  flush();
};

/** Each kind loads its own libraries and no other's. */
async function rowsOf(source: GuardedSource, job: RowsJob, tell: Tell): Promise<void> {
  switch (job.kind) {
    case 'parquet':
      return (await import('./parquet-rows.js')).parquetRows(source, tell);
    case 'arrow':
      return (await import('./arrow-rows.js')).arrowRows(source, tell);
    case 'workbook':
      return (await import('./workbook-rows.js')).workbookRows(source, job, tell);
    case 'json':
      return (await import('./json-rows.js')).jsonRows(namedOf(source), job, tell);
    case 'xml':
      return (await import('./xml-rows.js')).xmlRows(namedOf(source), job, tell);
  }
}

const namedOf = (source: GuardedSource): Named => ({
  name: '',
  read: async function* read() {
    yield* source.pieces();
  },
});
