import { termsOf } from '@throughline/agreement';
import { slotLayout, ThroughlineError } from '@throughline/core';
import type { ReadArtifact, Stage, StageContext } from '@throughline/engine';
import { z } from 'zod';
import { crewOf } from '../crew/crew.js';
import { numberOwnRecords, spacesConfig } from '../emit/own-records.js';
import { type Allowed, allowedTo } from '../gate/read-gate.js';
import { keyCardSchema, requireKey } from '../keys/card.js';
import { boundTerms, type LinkageTerms } from '../keys/derive.js';
import { encodingFor, findPersons } from '../plan/plan.js';
import { decideSlots, type LastDelivery } from './decide.js';
import { sealChanged } from './encode.js';
import { sealHand } from './hand.js';
import { countReal, writeLedger, writeSlots } from './write.js';

const config = z.strictObject({
  spaces: spacesConfig,
  key_card: keyCardSchema.describe('the card of the token key, as the keyholder gave it out'),
});
export type SealConfig = z.infer<typeof config>;
type Context = StageContext<SealConfig>;

const VERSION = '1';

/** Identifiers -> sealed fields, at their owner, as the gate of the epoch allows. */
export const sealStage: Stage<SealConfig> = {
  name: 'seal',
  version: VERSION,
  config,
  writes: ['slots', 'ledger'],
  secrets: ['token-key', 'record-key'],
  governs: (documents, { of, day }) => {
    const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
    return [emou, dsa];
  },
  run: async (context) => {
    const { step, config, session, inputs, of } = context;
    const terms = termsOf(context.documents, of, { day: context.day, use: 'linkage' }).emou.document;
    requireKey({ root: context.secret('token-key').bytes, terms, card: config.key_card });
    const allowed = await step('gate', () => allowedNow(context, terms));
    const before = lastDelivery(context);
    const records = await step('records', () =>
      numberOwnRecords({
        session,
        inputs: inputs('identifiers'),
        of,
        spaces: config.spaces,
        planted: inputs('planted'),
      }),
    );
    await step('persons', () => findPersons(context, terms, { sealing: allowed.sealing, records }));
    await step('decide', () => decideSlots(session, allowed.sealing.passes, before));
    await step('seal', () => sealRecords(context, terms, allowed));
    await step('write', () => writeArtifacts(context, allowed));
  },
};

const allowedNow = ({ session, inputs, of, config }: Context, terms: LinkageTerms): Promise<Allowed> =>
  allowedTo({ session, gates: inputs('gate'), of, encoding: encodingFor(terms), card: config.key_card });

/**
 * The slots and the ledger of the last night of this epoch. Slots count only if they were made by this version under
 * this gate; the ledger always does.
 *
 * @throws ThroughlineError LEDGER_MISSING where slots were delivered and what is taken is not known any more: deciding
 *   again would show which slots were real.
 */
function lastDelivery({ previous, inputs, config }: Context): LastDelivery {
  const [slots, ledger] = [previous('slots'), previous('ledger')];
  const [gate] = inputs('gate');
  const ofEpoch = (artifact: ReadArtifact | undefined) =>
    artifact?.manifest.producedBy.keyCheck?.value === config.key_card.check;
  if (ofEpoch(slots) && !ofEpoch(ledger)) throw new ThroughlineError('LEDGER_MISSING', {});
  if (!ofEpoch(ledger)) return { slots: undefined, ledger: undefined };
  const { producedBy, inputs: madeOf = [] } = slots?.manifest ?? {};
  const sameGate = madeOf.some(({ kind, sha256 }) => kind === 'gate' && sha256 === gate?.sha256);
  const current = ofEpoch(slots) && producedBy?.version === VERSION && sameGate;
  return { slots: current ? slots : undefined, ledger };
}

async function sealRecords(context: Context, terms: LinkageTerms, allowed: Allowed): Promise<number> {
  const { session, secret, threads } = context;
  const { sealing, decoys } = allowed;
  const [root, recordKey] = [secret('token-key').bytes, secret('record-key').bytes];
  const work = { sealing, decoys, terms: boundTerms(terms), root, recordKey };
  const script = new URL('./worker.js', import.meta.url);
  const crew = crewOf({ work, hand: sealHand, script }, threads);
  const row = sealing.passes.length * slotLayout(sealing).width;
  try {
    return await sealChanged({ session, crew, row, atOnce: 2 * threads });
  } finally {
    await crew.dismiss();
  }
}

async function writeArtifacts({ session, output, config }: Context, { sealing }: Allowed): Promise<number> {
  const { agreement, epoch, check } = config.key_card;
  const [slots, ledger] = [output('slots'), output('ledger')];
  for (const each of [slots, ledger]) each.keyCheck({ agreement, epoch, value: check });
  await countReal(ledger, session);
  await writeLedger(ledger);
  return writeSlots({ session, slots, sealing });
}
