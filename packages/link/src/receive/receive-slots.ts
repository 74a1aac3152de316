import { sealingOf } from '@throughline/agreement';
import { safeName, slotLayout, ThroughlineError } from '@throughline/core';
import { type ReadArtifact, type Session, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { linkageTerms, memorandumOf } from '../admit/admit.js';
import { slotDigests, slotTokens } from '../night/marks.js';
import { type Kept, slotsAtRest } from './at-rest.js';
import { cardSchema, requireDelivery, requireSoundSlots, type SlotForm } from './requirements.js';

const config = z.strictObject({ key_card: cardSchema.describe('the public card of the token key') });
export type ReceiveSlotsConfig = z.infer<typeof config>;
type Context = StageContext<ReceiveSlotsConfig>;

/** A partner's slots -> the same under a key that the linkage unit alone has; what is wrong is refused. */
export const receiveSlotsStage: Stage<ReceiveSlotsConfig> = {
  name: 'receive-slots',
  version: '3',
  config,
  writes: ['slots'],
  secrets: ['person-key'],
  governs: (documents, { of, day }) => linkageTerms(documents, { partners: [of], day }),
  run: async (context) => {
    const { config, step, session, inputs, of, output, secret } = context;
    const card = config.key_card;
    const slots = requireDelivery(inputs('slots'), { kind: 'slots', of, card });
    const tokens = requireDelivery(inputs('tokens'), { kind: 'tokens', of, card });
    const form = await step('gate', () => formOf(context));
    const records = sql`SELECT record_id FROM ${tokens.table('records')}`;
    await step('check', () => requireSoundSlots(session, { slots, records }, form));
    await step('re-key', () => rekeySlots(session, { key: secret('person-key'), ...card }, { slots, form }));
    const kept = output('slots');
    kept.keyCheck({ agreement: card.agreement, epoch: card.epoch, value: card.check });
    await step('write', async () => {
      await kept.table('passes', sql`SELECT * FROM ${slots.table('passes')}`);
      await kept.table('fields', sql`SELECT * FROM ${slots.table('fields')}`);
      await kept.table('digests', slotDigests(sql`kept`));
      await kept.table('tokens', slotTokens(sql`kept`, startsOf(form)));
      return kept.table('slots', sql`SELECT record_id, slots FROM kept`);
    });
  },
};

/**
 * What the gate of the epoch lets the partner send.
 *
 * @throws ThroughlineError ARTIFACT_MISSING (no gate), KEY_MISMATCH (of another epoch), DELIVERY_REFUSED (it may send none).
 */
async function formOf({ session, inputs, of, day, documents, config }: Context): Promise<SlotForm> {
  const [gate] = inputs('gate');
  if (gate === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('gate') });
  if (gate.manifest.producedBy.keyCheck?.value !== config.key_card.check)
    throw new ThroughlineError('KEY_MISMATCH', { kind: safeName('gate'), of: safeName(gate.of) });
  const { encoding } = memorandumOf(documents, { partners: [of], day }).document.linkage;
  const [own] = await session.rows(
    'gate',
    sql`SELECT seals FROM ${gate.table('partners')} WHERE partner = ${of}`,
  );
  if (encoding === undefined || own?.['seals'] !== true)
    throw new ThroughlineError('DELIVERY_REFUSED', {
      of: safeName(of),
      rule: safeName('a partner that may seal'),
    });
  const used = await session.rows('gate', sql`SELECT pass FROM ${gate.table('passes')} WHERE used`);
  const names = new Set(used.map(({ pass }) => pass));
  const { passes, similar, exact } = sealingOf(encoding);
  return { passes: passes.map(({ name }) => name).filter((name) => names.has(name)), similar, exact };
}

const startsOf = (form: SlotForm) => {
  const { width } = slotLayout(form);
  return form.passes.map((_, place) => ({ starts: place * width }));
};

const KEPT = { record_id: 'UUID', slots: 'BLOB' } as const;
type Slots = { readonly slots: ReadArtifact<'slots'>; readonly form: SlotForm };

/** Makes the table `kept`. @returns how many rows it has. */
async function rekeySlots(session: Session, key: Kept, { slots, form }: Slots): Promise<number> {
  const { width } = slotLayout(form);
  const row = form.passes.length * width;
  const atRest = slotsAtRest(key, { passes: form.passes, width });
  const batches = async function* () {
    const delivered = session.columns(
      'slots',
      sql`SELECT CAST(record_id AS VARCHAR) AS record_id, hex(slots) AS slots FROM ${slots.table('slots')}`,
    );
    for await (const [record = [], hex = []] of delivered) {
      const rows = Buffer.from(hex.join(''), 'hex');
      atRest(rows);
      yield [record, record.map((_, at) => rows.subarray(at * row, (at + 1) * row))];
    }
  };
  return session.append('slots at rest', { name: 'kept', schema: KEPT }, batches());
}
