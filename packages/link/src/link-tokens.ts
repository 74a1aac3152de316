import type { Session } from '@throughline/engine';
import type { TokenTables } from './admit/admit.js';
import type { Clusters } from './cluster/clusters.js';
import { linkExactly } from './decide/exact.js';
import { linkProbably } from './decide/link-probably.js';
import { agreeingPairs, evidence, nameOf, sharedTokens } from './evidence/agreement.js';
import { records, requireUniqueRecords, sources } from './evidence/records.js';
import type { Pass } from './passes/passes.js';

/** What tokens have made of the records. */
export type TokenLinked = {
  readonly clusters: Clusters;
  /** By exact person: bits of the passes of the numbers that it holds. */
  readonly numbers: ReadonlyMap<number, number>;
};

export type TokenLinking = {
  readonly session: Session;
  readonly deliveries: readonly TokenTables[];
  readonly passes: readonly Pass[];
};

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Links records by exact tokens: the passes in their order, first those that link on their own, then those that
 * link where nothing contradicts. Leaves tables `records` and `persons` (record, person), and the evidence.
 */
export async function linkTokens(
  { session, deliveries, passes }: TokenLinking,
  step: Step,
): Promise<TokenLinked> {
  await step('records', async () => {
    await session.make('sources', 'sources', sources(deliveries));
    const made = await session.make('records', 'records', records(deliveries));
    await requireUniqueRecords(session);
    return made;
  });
  for (const pass of passes) {
    await step(`pass ${pass.name}`, async () => {
      await session.make('shared tokens', nameOf('shared', pass), sharedTokens(deliveries, pass));
      return session.make('agreeing pairs', nameOf('pairs', pass), agreeingPairs(pass));
    });
  }
  await step('evidence', () => session.make('evidence', 'evidence', evidence(passes)));
  const clusters = await step('exact links', () => linkExactly(session, passes));
  const { numbers } = await step('probable links', () =>
    linkProbably({ session, passes, deliveries, clusters }),
  );
  return { clusters, numbers };
}
