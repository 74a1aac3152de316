import { interopTermsOf, oltRuleName, type PartnerTerms, termsOf } from '@throughline/agreement';
import { keyedIds, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { readFilters } from './filters.js';
import { readTokens } from './tokens.js';

const file = z.string().min(1).max(200);
const config = z.strictObject({
  files: z
    .array(
      z.discriminatedUnion('profile', [
        z.strictObject({ profile: z.literal('olt-2'), space: file, file }),
        z.strictObject({ profile: z.literal('clk-v3'), space: file, file, records: file, schema: file }),
      ]),
    )
    .min(1)
    .describe('the files of other systems, by the names of the extracts that hold them'),
});
export type InteropConfig = z.infer<typeof config>;
type Context = StageContext<InteropConfig>;
type Entry = InteropConfig['files'][number];

/** What a file of another system says of records, which it calls what their source calls them. */
export type ForeignRows = {
  readonly keys: readonly string[];
  readonly tokens: readonly { readonly key: string; readonly rule: string; readonly token: string }[];
  readonly filters: readonly { readonly key: string; readonly filter: Uint8Array }[];
};

/** Files of other systems' profiles -> their tokens and filters under the owner's record ids, at their owner. */
export const interopStage: Stage<InteropConfig> = {
  name: 'interop',
  version: '1',
  config,
  writes: ['interop'],
  secrets: ['record-key'],
  governs: (documents, { of, day, config: { files } }) => {
    const terms = termsOf(documents, of, { day, use: 'linkage' });
    for (const { profile } of files) interopTermsOf(terms, profile);
    return [terms.emou, terms.dsa];
  },
  run: async (context) => {
    const { step, config, documents, of, day } = context;
    const terms = termsOf(documents, of, { day, use: 'linkage' });
    const read: { entry: Entry; rows: ForeignRows }[] = [];
    for (const entry of config.files) {
      await step(`read ${entry.file}`, async () => {
        const rows = await rowsOf(context, entry, terms);
        read.push({ entry, rows });
        return rows.keys.length;
      });
    }
    await step('write', () => write(context, read));
  },
};

function rowsOf({ extracts }: Context, entry: Entry, terms: PartnerTerms): Promise<ForeignRows> {
  if (entry.profile === 'olt-2') {
    const admitted = interopTermsOf(terms, 'olt-2').tokens.map(({ token }) => token);
    return readTokens(extracts, entry.file, (rule) =>
      admitted.includes(rule) ? oltRuleName(rule) : undefined,
    );
  }
  return readFilters(extracts, entry, interopTermsOf(terms, 'clk-v3').schema_sha256);
}

const RECORDS = { record_id: 'UUID', space: 'VARCHAR' } as const;
const TOKENS = { rule: 'VARCHAR', token: 'UUID', record_id: 'UUID' } as const;
const FILTERS = { record_id: 'UUID', filter: 'BLOB' } as const;

async function write(
  { session, output, secret, of }: Context,
  read: readonly { readonly entry: Entry; readonly rows: ForeignRows }[],
): Promise<number> {
  const ids = keyedIds(secret('record-key'), 'record');
  const named = read.map(({ entry: { space }, rows }) => ({
    space,
    rows,
    idOf: (key: string) => ids(of, space, key),
  }));
  await session.append(
    'records',
    { name: 'foreign_records', schema: RECORDS },
    named.map(({ space, rows, idOf }) => [rows.keys.map(idOf), rows.keys.map(() => space)]),
  );
  await session.append(
    'tokens',
    { name: 'foreign_tokens', schema: TOKENS },
    named.map(({ rows: { tokens }, idOf }) => [
      tokens.map(({ rule }) => rule),
      tokens.map(({ token }) => token),
      tokens.map(({ key }) => idOf(key)),
    ]),
  );
  await session.append(
    'filters',
    { name: 'foreign_filters', schema: FILTERS },
    named.map(({ rows: { filters }, idOf }) => [
      filters.map(({ key }) => idOf(key)),
      filters.map(({ filter }) => filter),
    ]),
  );
  const interop = output('interop');
  await interop.table('tokens', sql`SELECT DISTINCT * FROM foreign_tokens`);
  await interop.table('filters', sql`SELECT * FROM foreign_filters`);
  return interop.table('records', sql`SELECT DISTINCT * FROM foreign_records`);
}
