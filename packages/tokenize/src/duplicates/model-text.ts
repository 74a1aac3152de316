import { type ExactPart, exactParts, slotParts } from '@throughline/agreement';
import { comparing, type PerLevel } from '@throughline/model';
import { z } from 'zod';
import { similarFields } from './fields.js';
import type { DuplicateModel } from './local-persons.js';

const perLevel = z.array(z.array(z.number().gt(0).max(1)));
const slotPart = z.enum(slotParts);
const exactPart = z.enum(exactParts) as z.ZodType<ExactPart>;

/** A model as its owner keeps it for an epoch. */
const modelSchema = z.strictObject({
  fields: z.strictObject({ similar: z.array(z.enum(similarFields)), exact: z.array(exactPart) }),
  passes: z.array(z.strictObject({ name: z.string(), parts: z.array(slotPart) })),
  comparisons: z.array(z.strictObject({ name: z.string(), levels: z.array(z.string()) })),
  m: perLevel,
  u: perLevel,
  related: z.array(z.strictObject({ share: z.number(), u: perLevel })),
  matches: z.number().gt(0),
  records: z.int().min(0),
  nameless: z.boolean(),
});

const plain = (values: PerLevel): number[][] => values.map((of) => [...of]);
const typed = (values: readonly (readonly number[])[]): Float64Array[] =>
  values.map((of) => Float64Array.from(of));

export function modelText({ fields, passes, m, others, matches, records, nameless }: DuplicateModel): string {
  const kept: z.infer<typeof modelSchema> = {
    fields: { similar: [...fields.similar], exact: [...fields.exact] },
    passes: passes.map(({ name, parts }) => ({ name, parts: [...parts] })),
    comparisons: comparing(fields).comparisons.map(({ name, levels }) => ({ name, levels: [...levels] })),
    m: plain(m),
    u: plain(others.strangers),
    related: others.kinds.map(({ share, u }) => ({ share, u: plain(u) })),
    matches,
    records,
    nameless,
  };
  return JSON.stringify(kept);
}

/** The model of a text; undefined where it was kept by software that compared in another way. */
export function modelOf(text: string): DuplicateModel | undefined {
  const { data } = modelSchema.safeParse(JSON.parse(text));
  if (data === undefined) return undefined;
  const { fields, passes, m, u, related, matches, records, nameless } = data;
  const now = comparing(fields).comparisons.map(({ name, levels }) => `${name} ${levels.join()}`);
  const then = data.comparisons.map(({ name, levels }) => `${name} ${levels.join()}`);
  if (now.join(' ') !== then.join(' ')) return undefined;
  return {
    fields,
    passes,
    m: typed(m),
    others: { strangers: typed(u), kinds: related.map((kind) => ({ share: kind.share, u: typed(kind.u) })) },
    matches,
    records,
    nameless,
  };
}
