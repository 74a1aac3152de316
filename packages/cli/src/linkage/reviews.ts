import { safeName, ThroughlineError } from '@throughline/core';
import { exists, readText, sha256Of, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import { asJson } from '../project/as-json.js';

/** A pair that may be one person, by the records of its two owners. */
export type PossiblePair = {
  readonly pair: string;
  readonly records: readonly [Owned, Owned];
};
type Owned = { readonly partner: string; readonly record: string };

/** The number of a pair: 12 hexadecimal digits that mean nothing to anybody else. */
export const pairNumber = (a: string, b: string): string =>
  sha256Of(a < b ? `${a} ${b}` : `${b} ${a}`).slice(0, 12);

const answers = z.array(
  z.strictObject({
    a: z.guid(),
    b: z.guid(),
    partner: z.string(),
    /** Whose the other record is. */
    with: z.string(),
    same: z.boolean(),
  }),
);
/** What one owner said of a pair of records. */
export type Answer = z.infer<typeof answers>[number];

/** What owners have said so far. @throws ThroughlineError CONFIG_INVALID where the file is damaged. */
export async function readAnswers(file: string): Promise<readonly Answer[]> {
  if (!(await exists(file))) return [];
  const read = answers.safeParse(asJson(await readText(file)));
  if (read.success) return read.data;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName('reviews'),
    rule: safeName('the file as `review answer` wrote it'),
  });
}

/** Whether an answer is about a record of a partner. */
const concerns = (answer: Answer, partner: string): boolean =>
  answer.partner === partner || answer.with === partner;

/** How many answers are about records of a partner. */
export const answersAbout = async (file: string, partner: string): Promise<number> =>
  (await readAnswers(file)).filter((answer) => concerns(answer, partner)).length;

/** Forgets every answer about a record of a partner. */
export const forgetAnswers = async (file: string, partner: string): Promise<void> =>
  writeAnswers(
    file,
    (await readAnswers(file)).filter((answer) => !concerns(answer, partner)),
  );

const writeAnswers = (file: string, given: readonly Answer[]): Promise<void> =>
  writeDurably(file, `${JSON.stringify(given, undefined, 1)}\n`);

/** Adds what an owner says; it may change its mind. */
export async function keepAnswers(file: string, given: readonly Answer[]): Promise<void> {
  const keyOf = ({ a, b, partner }: Answer) => `${a} ${b} ${partner}`;
  const all = new Map([...(await readAnswers(file)), ...given].map((each) => [keyOf(each), each]));
  const ordered = [...all.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await writeAnswers(
    file,
    ordered.map(([, each]) => each),
  );
}

export type Settled = { readonly a: string; readonly b: string; readonly same: boolean };

/** Two owners must say that it is one person; one is enough to say that it is not. */
export function settled(given: readonly Answer[]): Settled[] {
  const pairs = new Map<string, Answer[]>();
  for (const answer of given) {
    const key = `${answer.a} ${answer.b}`;
    pairs.set(key, [...(pairs.get(key) ?? []), answer]);
  }
  return [...pairs.values()].flatMap((said): Settled[] => {
    const [{ a = '', b = '' } = {}] = said;
    if (said.some(({ same }) => !same)) return [{ a, b, same: false }];
    return new Set(said.map(({ partner }) => partner)).size > 1 ? [{ a, b, same: true }] : [];
  });
}

const HEADER = 'pair,record_id,with,answer';
const LINE = /^([0-9a-f]{12}),([0-9a-f-]{36}),([a-z0-9-]+),(yes|no|)$/;

/** What an owner is sent: for each pair its own record, whose the other one is, and room for `yes` or `no`. */
export const sheetFor = (partner: string, pairs: readonly PossiblePair[]): string => {
  const lines = pairs.flatMap(({ pair, records }) =>
    records.flatMap((own, place) =>
      own.partner === partner ? [`${pair},${own.record},${records[1 - place]?.partner ?? ''},`] : [],
    ),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
};

/**
 * Reads a sheet that an owner has filled in. A pair without an answer is left open.
 *
 * @throws ThroughlineError REVIEW_REFUSED with the line: another form, or a pair that was not sent to this owner.
 */
export function answersIn(sheet: string, partner: string, pairs: readonly PossiblePair[]): readonly Answer[] {
  const [header, ...lines] = sheet.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (header?.trim() !== HEADER) throw refused(1, 'the header of the sheet');
  const known = new Map(pairs.map((each) => [each.pair, each]));
  return lines.flatMap((line, index): Answer[] => {
    if (line.trim() === '') return [];
    const [, pair = '', record = '', , answer = ''] = LINE.exec(line.trim()) ?? [];
    if (pair === '') throw refused(index + 2, 'pair, record id, partner, and yes, no or nothing');
    if (answer === '') return [];
    const asked = known.get(pair);
    const own = asked?.records.find((each) => each.partner === partner && each.record === record);
    if (asked === undefined || own === undefined)
      throw refused(index + 2, 'a pair that was sent to this owner');
    const [a = '', b = ''] = asked.records.map((each) => each.record).sort();
    const other = asked.records.find((each) => each !== own)?.partner ?? '';
    return [{ a, b, partner, with: other, same: answer === 'yes' }];
  });
}

const refused = (line: number, rule: string) =>
  new ThroughlineError('REVIEW_REFUSED', { line, rule: safeName(rule) });
