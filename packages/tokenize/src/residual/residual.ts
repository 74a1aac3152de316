import { termsOf } from '@throughline/agreement';
import { safeName, ThroughlineError, uuidForm } from '@throughline/core';
import { type AppendBatch, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { answersInOrder, crewOf } from '../crew/crew.js';
import { numberOwnRecords, spacesConfig } from '../emit/own-records.js';
import { identifiersJoined } from '../emit/records.js';
import { allowedTo } from '../gate/read-gate.js';
import { keyCardSchema, requireKey, requireWrapKey } from '../keys/card.js';
import { boundTerms, type LinkageTerms } from '../keys/derive.js';
import { encodingFor } from '../plan/plan.js';
import { ROW_BYTES, residualHand } from './hand.js';
import { NONCE_BYTES } from './wrap.js';

const config = z.strictObject({
  spaces: spacesConfig,
  key_card: keyCardSchema.describe('the card of the token key, as the keyholder gave it out'),
});
type ResidualConfig = z.infer<typeof config>;
type Context = StageContext<ResidualConfig>;

/** Identifiers -> record-level encodings, each wrapped under a key of its own, at their owner. */
export const residualStage: Stage<ResidualConfig> = {
  name: 'residual',
  version: '2',
  config,
  writes: ['residual'],
  secrets: ['token-key', 'record-key', 'wrap-key'],
  governs: (documents, { of, day }) => {
    const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
    return [emou, dsa];
  },
  run: async (context) => {
    const { step, config, session, inputs, of, secret } = context;
    const terms = termsOf(context.documents, of, { day: context.day, use: 'linkage' }).emou.document;
    requireKey({ root: secret('token-key').bytes, terms, card: config.key_card });
    requireWrapKey({ root: secret('wrap-key').bytes, terms, card: config.key_card });
    await step('gate', () => requireAllowed(context, terms));
    const identifiers = inputs('identifiers');
    const own = { session, inputs: identifiers, of, spaces: config.spaces, planted: inputs('planted') };
    await step('records', () => numberOwnRecords(own));
    await step('wrap', () => wrapRecords(context, terms));
    await step('write', () => writeRows(context));
  },
};

/** @throws ThroughlineError RESIDUAL_REFUSED where memorandum or gate do not let the partner send any. */
async function requireAllowed({ session, inputs, of, config }: Context, terms: LinkageTerms): Promise<void> {
  const encoding = encodingFor(terms);
  const asked = { session, gates: inputs('gate'), of, encoding, card: config.key_card };
  const { sealing } = await allowedTo(asked);
  if (encoding.profile === 'sealed+clkd' && sealing.passes.length > 0) return;
  throw new ThroughlineError('RESIDUAL_REFUSED', {
    of: safeName(of),
    rule: safeName('the profile sealed+clkd, and a partner that may seal'),
  });
}

const ROWS = { record_id: 'UUID', nonce: 'UUID', wrapped: 'BLOB' } as const;

/** Makes the table `wrapped_rows`. @returns how many records have a row. */
async function wrapRecords(context: Context, terms: LinkageTerms): Promise<number> {
  const { session, secret, threads, of } = context;
  const [root, recordKey, wrapKey] = ['token-key', 'record-key', 'wrap-key'].map(
    (name) => secret(name).bytes,
  );
  if (root === undefined || recordKey === undefined || wrapKey === undefined)
    throw new RangeError('residual: three keys expected');
  const diffusion = encodingFor(terms).clkd_diffusion;
  const work = { partner: of, diffusion, terms: boundTerms(terms), root, recordKey, wrapKey };
  const script = new URL('./worker.js', import.meta.url);
  const crew = crewOf({ work, hand: residualHand, script }, threads);
  const records = sql`SELECT CAST(record_id AS VARCHAR) AS record_id, ${identifiersJoined()} AS identifiers FROM numbered ORDER BY record`;
  const batches = async function* (): AsyncGenerator<AppendBatch> {
    const columns = session.columns('records to wrap', records);
    for await (const { batch, answer } of answersInOrder(columns, crew, 2 * threads))
      yield rowsOf(batch[0] ?? [], answer);
  };
  try {
    return await session.append('wrapped rows', { name: 'wrapped_rows', schema: ROWS }, batches());
  } finally {
    await crew.dismiss();
  }
}

function rowsOf(records: readonly unknown[], bytes: Uint8Array): AppendBatch {
  const rows = records
    .map((record, at) => ({
      record: String(record),
      row: bytes.subarray(at * ROW_BYTES, (at + 1) * ROW_BYTES),
    }))
    .filter(({ row }) => row[0] === 1);
  const nonce = (row: Uint8Array) => uuidForm(Buffer.from(row.subarray(1, 1 + NONCE_BYTES)).toString('hex'));
  return [
    rows.map(({ record }) => record),
    rows.map(({ row }) => nonce(row)),
    rows.map(({ row }) => row.subarray(1 + NONCE_BYTES)),
  ];
}

function writeRows({ output, config }: Context): Promise<number> {
  const { agreement, epoch, check } = config.key_card;
  const residual = output('residual');
  residual.keyCheck({ agreement, epoch, value: check });
  return residual.table('rows', sql`SELECT * FROM wrapped_rows`);
}
