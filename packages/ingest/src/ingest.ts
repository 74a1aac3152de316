import { keyedIds, type Stage, type StageContext } from '@throughline/engine';
import { type Account, accountFor, rowsOf } from './account/account.js';
import { makeContested } from './account/contested.js';
import { makeOutcomes, outcomes } from './account/outcomes.js';
import { rejectedLines, rejectsOf } from './account/rejects.js';
import { accountingOf, extractsOf } from './account/tables.js';
import { attendanceRows, leftOutMarks, makeRegisters } from './attendance/attendance.js';
import { arrivalRows, makeArrivals } from './hold/arrivals.js';
import { requireExpected } from './hold/hold.js';
import { makeIdentity } from './identify/identity.js';
import {
  carriesIdentifiers,
  conflictsOf,
  countLeftOut,
  furtherOf,
  identifiersOf,
  linksFurther,
  makeLeftOut,
  makeSpellings,
  type Space,
  sourcesOf,
  spacesAmong,
  withdrawnOf,
} from './identify/spaces.js';
import { writePayload } from './keep/payload.js';
import { loadRejected } from './load/load-rejected.js';
import { loadingFile } from './load/loading.js';
import { makeRecords, recordIdsOf } from './name/record-ids.js';
import { type IngestConfig, ingestConfig } from './plan/config.js';
import { governing, type PlannedExtract, plannedExtracts } from './plan/plan.js';
import { openedDelivery } from './read/delivery.js';
import { readExtract } from './read/read-extract.js';
import type { ReadTally } from './read/rows.js';

/**
 * Takes in the extracts of one partner: accounts for every row, and splits what may be used into identifiers, which
 * stay with the partner, and payload. The two share only record ids under the partner's own key.
 */
export const ingestStage: Stage<IngestConfig> = {
  name: 'ingest',
  version: '2',
  config: ingestConfig,
  writes: ['identifiers', 'payload'],
  secrets: ['record-key'],
  identities: ['age-identity'],
  usesDay: true,
  governs: governing,
  run: async (context) => {
    const extracts = plannedExtracts(context.documents, context, context.extracts);
    const spaces = spacesAmong(extracts);
    const tallies = await read(context, extracts);
    await nameRecords(context, extracts);
    await normaliseIdentifiers(context, extracts);
    await leaveOut(context, spaces);
    const accounts = await account(context, { extracts, spaces, tallies });
    await keepRegisters(context, extracts);
    await holdIfUnexpected(context, extracts, spaces);
    await writeIdentifiers(context, extracts, spaces);
    await writeKept(context, accounts);
    await tellCounts(context, accounts, spaces);
  },
};

/** For the owner: the rejected lines of an extract that was refused. */
const REJECTED_LINES = 'rejected-lines.csv';

type Context = StageContext<IngestConfig>;
type Extracts = readonly PlannedExtract[];
type Tallies = ReadonlyMap<string, ReadTally>;

async function read({ session, scratch, identity, step }: Context, extracts: Extracts): Promise<Tallies> {
  const tallies = new Map<string, ReadTally>();
  for (const extract of extracts) {
    await step(`read ${extract.name}`, async () => {
      const { delivery } = extract.manifest;
      const opening = { delivery, scratch, name: extract.tables.values, identity: identity('age-identity') };
      const opened = await openedDelivery(extract.file, opening);
      const tally = await readExtract(opened, extract.manifest, loadingFile({ session, scratch }, extract));
      tallies.set(extract.name, tally);
      await loadRejected(session, extract, tally);
      return tally.rows;
    });
  }
  return tallies;
}

async function nameRecords({ session, secret, of, step }: Context, extracts: Extracts): Promise<void> {
  const ids = recordIdsOf(keyedIds(secret('record-key'), 'record'), of);
  for (const extract of extracts) {
    await step(`name records of ${extract.name}`, () => makeRecords(session, extract, ids));
  }
}

async function normaliseIdentifiers({ session, day, step }: Context, extracts: Extracts): Promise<void> {
  for (const extract of extracts.filter(carriesIdentifiers)) {
    await step(`normalise ${extract.name}`, () => makeIdentity(session, extract, day));
  }
}

async function leaveOut({ session, day, config, step }: Context, spaces: readonly Space[]): Promise<void> {
  for (const space of spaces) {
    await step(`leave out of ${space.name}`, async () => {
      await makeSpellings(session, space);
      await makeContested(session, space);
      return makeLeftOut(session, space, { today: day, withdrawn: config.withdrawn });
    });
  }
}

type Accountable = {
  readonly extracts: Extracts;
  readonly spaces: readonly Space[];
  readonly tallies: Tallies;
};

async function account(
  { aside, session, step }: Context,
  { extracts, spaces, tallies }: Accountable,
): Promise<Account[]> {
  const accounts: Account[] = [];
  for (const extract of extracts) {
    await step(`account for ${extract.name}`, async () => {
      const space = spaces.find(({ name }) => name === extract.manifest.records?.space);
      const rows = await makeOutcomes(session, extract, space);
      const tally = tallies.get(extract.name) ?? { rows: 0, rejected: [], stripped: 0, encoding: null };
      const accounted = accountFor(session, extract, tally).catch(async (refused: unknown) => {
        await aside(REJECTED_LINES, await rejectedLines(session, extract));
        throw refused;
      });
      accounts.push(await accounted);
      return rows;
    });
  }
  return accounts;
}

async function writeIdentifiers(
  { output, step, day, config }: Context,
  extracts: Extracts,
  spaces: readonly Space[],
): Promise<void> {
  const identifiers = output('identifiers');
  await step('write identifiers', async () => {
    await identifiers.table('sources', sourcesOf(spaces));
    await identifiers.table('rejects', rejectsOf(extracts));
    await identifiers.table('arrivals', arrivalRows);
    await identifiers.table('withdrawn', withdrawnOf(spaces, { today: day, withdrawn: config.withdrawn }));
    if (linksFurther(extracts)) await identifiers.table('further', furtherOf(spaces));
    return identifiers.table('identifiers', identifiersOf(spaces));
  });
}

async function keepRegisters({ session, day, step }: Context, extracts: Extracts): Promise<void> {
  await step('registers', () => makeRegisters(session, extracts, day));
}

/** Compares the delivery with its manifests and the last good one, before anything is written. */
async function holdIfUnexpected(
  { config, day, previous, session, step, warn }: Context,
  extracts: Extracts,
  spaces: readonly Space[],
): Promise<void> {
  await step('compare arrivals', async () => {
    const counts = await makeArrivals(session, extracts);
    const last = previous('identifiers');
    await requireExpected(session, { extracts, spaces, today: day, last, accepted: config.accepted, warn });
    return counts;
  });
}

async function writeKept({ output, session, step }: Context, accounts: readonly Account[]): Promise<void> {
  const payload = output('payload');
  await step('write payload', async () => {
    const rows = await writePayload(payload, accounts);
    await payload.table('attendance', attendanceRows);
    await payload.table('extracts', extractsOf(accounts));
    await payload.table('accounting', accountingOf(accounts, await leftOutMarks(session)));
    return rows;
  });
}

/** Counts for the manifests: what an operator compares from night to night. */
async function tellCounts(
  { output, session }: Context,
  accounts: readonly Account[],
  spaces: readonly Space[],
): Promise<void> {
  for (const each of accounts) {
    const by = { extract: each.extract.name };
    output('payload').count('rows_in', each.rowsIn, by);
    for (const outcome of outcomes) {
      const rows = rowsOf(each, outcome);
      // Hardly any delivery has such rows, and one without keeps the identity that it has always had.
      if (outcome === 'quarantined' && rows === 0) continue;
      output('payload').count(`rows_${outcome}`, rows, by);
    }
  }
  for (const space of spaces) {
    const by = { space: space.name };
    output('identifiers').count('identifier_conflicts', await conflictsOf(session, space), by);
    output('identifiers').count('records_left_out', await countLeftOut(session, space), by);
  }
}
