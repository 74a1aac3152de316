import { termsOf } from '@throughline/agreement';
import { type ReadArtifact, type Stage, type StageContext, sql } from '@throughline/engine';
import { drawing } from '@throughline/model';
import { z } from 'zod';
import { identifiersOf } from '../emit/identifiers.js';
import { numberOwnRecords, spacesConfig } from '../emit/own-records.js';
import { identifiersJoined } from '../emit/records.js';
import { keyCardSchema } from '../keys/card.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { bigramTable } from '../seal1/bigrams.js';
import type { Identifiers } from '../tok1/parts.js';
import { comparedFields } from './fields.js';
import { type Codes, clearCodes, clearRecords } from './likeness.js';
import { type DuplicateModel, type FoundDuplicates, findDuplicates } from './local-persons.js';
import { NO_VALUE } from './meetings.js';
import { modelOf, modelText } from './model-text.js';
import { type OwnDuplicates, personsBefore, requireToldDuplicates } from './told.js';

const config = z.strictObject({
  spaces: spacesConfig,
  key_card: keyCardSchema.describe('the card of the token key, as the keyholder gave it out'),
});
export type DuplicatesConfig = z.infer<typeof config>;
type Context = StageContext<DuplicatesConfig>;

/** A model is learned anew once a kind of record has so many times as many records, or as few. */
const MOST_GROWTH = 2;

/**
 * Identifiers -> which of an owner's records are likely one person, judged in the clear at the owner, of kinds of record
 * in which a person may occur twice. What it is judged by is learned once an epoch: were it learned anew each night,
 * persons whose records have not changed would come and go.
 */
export const duplicatesStage: Stage<DuplicatesConfig> = {
  name: 'duplicates',
  version: '1',
  config,
  writes: ['duplicates'],
  secrets: ['record-key'],
  governs: (documents, { of, day }) => {
    const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
    return [emou, dsa];
  },
  run: async (context) => {
    const { step } = context;
    const terms = termsOf(context.documents, context.of, { day: context.day, use: 'linkage' }).emou.document;
    requireToldDuplicates(terms);
    await step('records', () => numberRecords(context));
    const found = await step('persons', () => findAll(context, terms));
    if (found.some(({ crowded }) => crowded > 0)) context.warn('own-duplicates-crowded');
    await step('write', () => writeDuplicates(context, found));
  },
};

/** Records are not even read where nobody may have two of any kind. */
function numberRecords({ session, inputs, of, config: { spaces } }: Context): Promise<number> {
  if (spaces.every(({ duplicate_free }) => duplicate_free))
    return session.make('records', 'numbered', sql`SELECT 0 AS record, NULL::UUID AS record_id WHERE false`);
  return numberOwnRecords({ session, inputs: inputs('identifiers'), of, spaces, planted: inputs('planted') });
}

/** Of one kind of record: the numbers of its records, and who of them is one person. */
type Found = FoundDuplicates & { readonly space: string; readonly records: Int32Array };

async function findAll(context: Context, terms: LinkageTerms): Promise<Found[]> {
  const { session, secret, config } = context;
  const last = keptOfEpoch(context);
  const models = await modelsBefore(context, last);
  const before = last === undefined ? new Map<number, number>() : await personsBefore(session, last);
  const own = deriveKeys(secret('record-key').bytes, terms);
  const table = bigramTable(own.key('own-vector', ''));
  try {
    const codes = clearCodes(table);
    const found: Found[] = [];
    for (const { space, duplicate_free } of config.spaces) {
      if (duplicate_free) continue;
      const kind = await readKind(context, space);
      if (kind.rows.length > 1)
        found.push({ ...kind, space, ...foundIn(kind, { codes, before, last: models.get(space) }) });
    }
    return found;
  } finally {
    for (const each of [table, own]) each.erase();
  }
}

/** What was found the night before, if it was in this epoch. */
function keptOfEpoch({ previous, config: { key_card } }: Context): OwnDuplicates | undefined {
  const last = previous('duplicates');
  return last?.manifest.producedBy.keyCheck?.value === key_card.check ? last : undefined;
}

async function modelsBefore(
  { session }: Context,
  last: ReadArtifact<'duplicates'> | undefined,
): Promise<ReadonlyMap<string, DuplicateModel>> {
  if (last === undefined) return new Map();
  const rows = await session.rows('models', sql`SELECT space, model FROM ${last.table('models')}`);
  return new Map(
    rows.flatMap(({ space, model }) => {
      const kept = modelOf(String(model));
      return kept === undefined ? [] : [[String(space), kept] as const];
    }),
  );
}

type Kind = { readonly records: Int32Array; readonly rows: readonly Identifiers[] };

async function readKind({ session }: Context, space: string): Promise<Kind> {
  const records: number[] = [];
  const rows: Identifiers[] = [];
  const asked = sql`SELECT record, ${identifiersJoined()} AS identifiers FROM numbered WHERE space = ${space} ORDER BY record`;
  for await (const [numbers = [], identifiers = []] of session.columns('identifiers', asked)) {
    for (const [index, record] of numbers.entries()) {
      records.push(Number(record));
      rows.push(identifiersOf(identifiers[index]));
    }
  }
  return { records: Int32Array.from(records), rows };
}

type Standing = {
  readonly codes: Codes;
  readonly before: ReadonlyMap<number, number>;
  readonly last: DuplicateModel | undefined;
};

function foundIn({ records, rows }: Kind, { codes, before, last }: Standing): FoundDuplicates {
  const standing = last !== undefined && isOfSize(last, rows.length) ? last : undefined;
  const fields = standing?.fields ?? comparedFields([rows], 1);
  return findDuplicates(
    { rows, records: clearRecords(rows, fields, codes), fields },
    {
      standing,
      before: records.map((record) => before.get(record) ?? NO_VALUE),
      draw: drawing('duplicates'),
    },
  );
}

const isOfSize = ({ records }: DuplicateModel, now: number): boolean =>
  now <= MOST_GROWTH * records && records <= MOST_GROWTH * now;

async function writeDuplicates(
  { session, output, config }: Context,
  found: readonly Found[],
): Promise<number> {
  const duplicates = output('duplicates');
  const { agreement, epoch, check } = config.key_card;
  duplicates.keyCheck({ agreement, epoch, value: check });
  const schema = { record: 'INTEGER', person: 'INTEGER' } as const;
  const columns = found.map(({ records, persons }) => [
    records,
    Int32Array.from(persons, (person) => records[person] ?? 0),
  ]);
  await session.append('likely persons', { name: 'likely', schema }, columns);
  const models = { space: 'VARCHAR', model: 'VARCHAR' } as const;
  await session.append('models', { name: 'models', schema: models }, [
    [found.map(({ space }) => space), found.map(({ model }) => modelText(model))],
  ]);
  for (const { space, crowded } of found) duplicates.count('crowded', crowded, { space });
  await duplicates.table('models', sql`SELECT * FROM models`);
  return duplicates.table(
    'duplicates',
    sql`SELECT numbered.record_id, first.record_id AS person
        FROM likely JOIN numbered USING (record) JOIN numbered AS first ON first.record = likely.person
        QUALIFY count(*) OVER (PARTITION BY likely.person) > 1`,
    ['record_id'],
  );
}
