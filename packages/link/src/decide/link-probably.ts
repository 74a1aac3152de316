import type { Session } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import { type Clusters, personsOf } from '../cluster/clusters.js';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import {
  candidates,
  doubtful,
  heldName,
  heldTokens,
  lookalikes,
  numberedPersons,
  proposals,
} from '../evidence/candidates.js';
import type { Pass } from '../passes/passes.js';
import { keepPersons } from './exact.js';
import { decideProbable, type Proposals, type Surroundings, type Verdict } from './probable.js';

export type ProbableLinking = {
  readonly session: Session;
  readonly passes: readonly Pass[];
  readonly deliveries: readonly TokenTables[];
  readonly clusters: Clusters;
};

/**
 * Joins the persons that the exact links made where a probable pass proposes it and nothing speaks against it.
 * Makes tables `candidates` (pairs of records), `verdicts` (of pairs of persons) and `persons`.
 *
 * @returns what is known of the persons beside the pairs.
 */
export async function linkProbably(linking: ProbableLinking): Promise<Surroundings> {
  const { session, passes, clusters } = linking;
  await makeCandidates(session, passes);
  const proposed = await readProposals(session);
  const surroundings = await readSurroundings(linking);
  const decided = decideProbable({ proposals: proposed, passes, surroundings, clusters });
  await keepVerdicts(session, proposed, decided);
  await keepPersons(session, 'persons', personsOf(clusters));
  return surroundings;
}

async function makeCandidates(session: Session, passes: readonly Pass[]): Promise<void> {
  const probable = passes.filter(({ basis }) => basis === 'probable');
  const asked = passes.filter((pass) => probable.includes(pass) || pass.marksLookalikes);
  for (const pass of asked) await session.make('held tokens', heldName(pass), heldTokens(pass));
  await session.make('candidates', 'candidates', candidates(probable));
  await session.make('doubtful', 'doubtful', doubtful(probable));
}

async function readProposals(session: Session): Promise<Proposals> {
  const [x = NO_INTEGERS, y = NO_INTEGERS, agreeing = NO_INTEGERS, inDoubt = NO_INTEGERS] =
    await readIntegers(session, { step: 'proposals', select: proposals() });
  return { x, y, agreeing, inDoubt };
}

async function readSurroundings({ session, passes, deliveries }: ProbableLinking): Promise<Surroundings> {
  const [alike = NO_INTEGERS] = await readIntegers(session, {
    step: 'look-alikes',
    select: lookalikes(passes),
  });
  const [person = NO_INTEGERS, bits = NO_INTEGERS] = await readIntegers(session, {
    step: 'numbers',
    select: numberedPersons(deliveries, passes),
  });
  const numbers = new Map([...person].map((each, index) => [each, bits[index] ?? 0]));
  return { numbers, lookalikes: new Set(alike) };
}

async function keepVerdicts(
  session: Session,
  { x, y }: Proposals,
  decided: readonly Verdict[],
): Promise<void> {
  const schema = { x: 'INTEGER', y: 'INTEGER', verdict: 'VARCHAR' } as const;
  await session.append('verdicts', { name: 'verdicts', schema }, [[[...x], [...y], decided]]);
}
