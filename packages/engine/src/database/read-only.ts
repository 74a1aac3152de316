import { askerOf } from '../guard/asking.js';
import type { Questions, ReadOnlyLimits } from './questions.js';

/**
 * A DuckDB file of published tables, opened so that the SQL of strangers may run on it: read-only, no other file, no
 * network, no extension, no setting that could be changed, in a process of its own, and with an end to each question.
 */
export type ReadOnlyDatabase = Questions;

/** @throws ThroughlineError DATABASE_FAILED if the file is not a DuckDB database of this version. */
export async function openReadOnly(path: string, limits: ReadOnlyLimits): Promise<ReadOnlyDatabase> {
  const { openQuestions } = await import('./questions.js');
  const own = await openQuestions(path, limits);
  const asker = askerOf({ path, limits });
  return {
    answer: own.answer,
    ask: asker.ask,
    close: () => {
      asker.close();
      own.close();
    },
  };
}
