import { termsOf } from '@throughline/agreement';
import {
  columnsOf,
  type IdentifierColumn,
  identifierColumns,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import {
  type KeyedIds,
  keyedIds,
  type ReadArtifact,
  type Stage,
  type StageContext,
  sql,
} from '@throughline/engine';
import { z } from 'zod';
import { identifierNames, identifiersOf } from '../emit/identifiers.js';
import { ownIdentifiers, spacesConfig } from '../emit/own-records.js';
import { identifiersJoined, type Space, withFurther } from '../emit/records.js';
import { keyCardSchema } from '../keys/card.js';
import type { Identifiers } from '../tok1/parts.js';
import { type Draw, likenessesOf, madeUp, writtenAgain } from './made-up.js';

const config = z.strictObject({
  spaces: spacesConfig,
  key_card: keyCardSchema.describe('the card of the token key, as the keyholder gave it out'),
  children: z.int().min(1).max(500).describe('how many children who do not exist are planted'),
});
export type PlantConfig = z.infer<typeof config>;
type Context = StageContext<PlantConfig>;

/** More than this share of an owner's records would change what is linked, and not only show it. */
const MOST_SHARE = 0.05;

/**
 * Identifiers -> canaries: children who do not exist, known to their owner alone. They are drawn once an epoch and kept,
 * since records whose tokens change every night would show themselves.
 */
export const plantStage: Stage<PlantConfig> = {
  name: 'plant',
  version: '2',
  config,
  writes: ['planted', 'canaries'],
  secrets: ['record-key'],
  governs: (documents, { of, day }) => {
    const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
    return [emou, dsa];
  },
  run: async (context) => {
    const { step, config: asked } = context;
    requireNothingFurther(context);
    const kept = keptOfEpoch(context);
    if (kept === undefined) await step('plant', () => plantAnew(context));
    else await step('keep', () => keepPlanted(context, kept));
    const { agreement, epoch, check } = asked.key_card;
    for (const kind of ['planted', 'canaries'] as const) {
      context.output(kind).keyCheck({ agreement, epoch, value: check });
      context.output(kind).count('children', asked.children);
    }
  },
};

/**
 * Nothing further is made up, and among records that have it those that never do would show themselves.
 *
 * @throws ThroughlineError CONFIG_INVALID
 */
function requireNothingFurther({ inputs, of }: Context): void {
  const { tables } = ownIdentifiers(inputs('identifiers'), of).manifest;
  if (!tables.some(({ name }) => name === 'further')) return;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName('canaries'),
    rule: safeName(
      'none where city, birth place, suffix or a custom identifier is linked, by which they would be known',
    ),
  });
}

type Kept = { readonly planted: ReadArtifact<'planted'>; readonly canaries: ReadArtifact<'canaries'> };

/** Those of an earlier night of this epoch, as many as are asked for. */
function keptOfEpoch({ previous, config: { key_card, children } }: Context): Kept | undefined {
  const [planted, canaries] = [previous('planted'), previous('canaries')];
  if (planted === undefined || canaries === undefined) return undefined;
  const { producedBy, counts } = planted.manifest;
  const count = counts.find(({ name }) => name === 'children')?.value;
  return producedBy.keyCheck?.value === key_card.check && count === children
    ? { planted, canaries }
    : undefined;
}

async function keepPlanted({ output }: Context, { planted, canaries }: Kept): Promise<number> {
  await output('canaries').table('canaries', sql`SELECT * FROM ${canaries.table('canaries')}`);
  return output('planted').table('identifiers', sql`SELECT * FROM ${planted.table('identifiers')}`);
}

/** Records of each kind, the kind with most of them first. */
type Kind = Space & { readonly rows: readonly Identifiers[] };

async function kindsOf({ session, inputs, of, config: { spaces } }: Context): Promise<Kind[]> {
  const rows = new Map(spaces.map(({ space }) => [space, [] as Identifiers[]]));
  const own = withFurther(ownIdentifiers(inputs('identifiers'), of));
  const all = sql`SELECT space, ${identifiersJoined()} AS identifiers FROM (${own}) ORDER BY record_id`;
  for await (const [kinds = [], joined = []] of session.columns('donors', all)) {
    for (const [row, space] of kinds.entries()) rows.get(String(space))?.push(identifiersOf(joined[row]));
  }
  return spaces
    .map((kind) => ({ ...kind, rows: rows.get(kind.space) ?? [] }))
    .toSorted((one, other) => other.rows.length - one.rows.length || (one.space < other.space ? -1 : 1));
}

/** A record of a child who does not exist. */
type Planted = { readonly child: number; readonly space: string; readonly identifiers: Identifiers };

/**
 * @throws ThroughlineError CONFIG_INVALID where the file is too small for so many.
 */
async function plantAnew(context: Context): Promise<number> {
  const { config: asked, secret, of } = context;
  const kinds = await kindsOf(context);
  const ids = keyedIds(secret('record-key'), 'record');
  const planted = plantedAmong(
    kinds,
    asked.children,
    drawing(keyedIds(secret('record-key'), 'canary'), asked),
  );
  const named = planted.map((record, place) => ({
    ...record,
    record_id: ids(of, 'canary', asked.key_card.epoch, String(place)),
  }));
  return writePlanted(context, named);
}

/** Numbers that follow from the owner's own key, and are equal for equal epochs. */
function drawing(idOf: KeyedIds, { key_card: { epoch } }: PlantConfig): Draw {
  let drawn = 0;
  return (below) => {
    drawn += 1;
    return Number.parseInt(idOf(epoch, String(drawn)).slice(0, 8), 16) % Math.max(1, below);
  };
}

/**
 * Each child has a record of the largest kind, and one with a clerk's errors of the next, or of the same kind where a
 * person may have several; where there is no such kind it has one record, and tells of false links alone. Neither record
 * resembles one of somebody else.
 */
export function plantedAmong(kinds: readonly Kind[], children: number, draw: Draw): Planted[] {
  const [first, second] = kinds.filter(({ rows }) => rows.length > 0);
  const rows = first?.rows ?? [];
  const again = second ?? (first?.duplicate_free === false ? first : undefined);
  const all = kinds.flatMap((kind) => kind.rows);
  if (first === undefined || children > MOST_SHARE * rows.length) throw tooMany();
  const taken = new Set(all.flatMap(likenessesOf));
  const planted: Planted[] = [];
  for (let child = 0; child < children; child += 1) {
    const identifiers = madeUp({ rows, draw, taken });
    if (identifiers === undefined) throw tooMany();
    planted.push({ child, space: first.space, identifiers: asIn(first, identifiers) });
    const other = again && writtenAgain(identifiers, { rows: again.rows, draw, taken });
    if (again !== undefined) {
      if (other === undefined) throw tooMany();
      planted.push({ child, space: again.space, identifiers: asIn(again, other) });
    }
    for (const each of [identifiers, other ?? identifiers]) {
      for (const likeness of likenessesOf(each)) taken.add(likeness);
    }
  }
  return planted;
}

/** A kind of record lacks what none of its records has. */
function asIn({ rows }: Kind, identifiers: Identifiers): Identifiers {
  const has = (column: IdentifierColumn) => rows.some((row) => row[column] !== null);
  const known = identifierNames.map((column) => [column, has(column) ? identifiers[column] : null] as const);
  return { ...identifiers, ...Object.fromEntries(known) };
}

const tooMany = () =>
  new ThroughlineError('CONFIG_INVALID', {
    field: safeName('canaries'),
    rule: safeName('at most one for twenty records, and so few that they resemble nobody'),
  });

async function writePlanted(
  { session, output }: Context,
  planted: readonly (Planted & { readonly record_id: string })[],
): Promise<number> {
  const rows = planted.map(({ identifiers, record_id, space }) => ({ ...identifiers, record_id, space }));
  const columns = columnsOf(identifierColumns).map(({ name }) =>
    rows.map((row) => (row as Readonly<Record<string, string | null>>)[name] ?? null),
  );
  await session.append('planted', { name: 'planted', schema: identifierColumns }, [columns]);
  const schema = { record_id: 'UUID', child: 'INTEGER' } as const;
  await session.append('canaries', { name: 'canaries', schema }, [
    [planted.map(({ record_id }) => record_id), planted.map(({ child }) => child)],
  ]);
  await output('canaries').table('canaries', sql`SELECT * FROM canaries`);
  return output('planted').table('identifiers', sql`SELECT * FROM planted`);
}
