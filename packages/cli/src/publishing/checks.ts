import { requireInForce } from '@throughline/agreement';
import { artifactTables, columnsOf, type ErrorCode, safeName, ThroughlineError } from '@throughline/core';
import { namesIn, type ReadArtifact } from '@throughline/engine';
import {
  type AuditRules,
  auditLedger,
  auditRelease,
  type LedgerRelease,
  type LedgerRules,
  type PrintedTable,
  printsAnew,
  publicTotalSets,
  type ReleaseAudit,
  type ReleaseCheck,
  requireNoIdentifier,
  rowsPrintingSensitive,
  type Solver,
} from '@throughline/release';
import type { Project } from '../project/project.js';
import { requireSources } from '../throughline/chains.js';
import { termsOfRelease } from './candidate.js';
import type { Review } from './state.js';

/** Everything that the checks look at. */
export type Ground = {
  readonly project: Project;
  readonly candidate: ReadArtifact<'release'>;
  readonly tables: readonly PrintedTable[];
  readonly earlier: readonly (readonly PrintedTable[])[];
  readonly equations: LedgerRelease;
  readonly ledger: readonly LedgerRelease[];
  readonly review: Review;
  readonly solver: Solver;
};

export type Verdict = 'passed' | 'not-applicable';

/** The checks that come before the log entry; the entry and the rename are the last two. */
export type CheckBefore = Exclude<ReleaseCheck, 'log' | 'in-place'>;

type Check = (ground: Ground) => Verdict | Promise<Verdict>;

const DATES: ReadonlySet<ErrorCode> = new Set(['AGREEMENT_NOT_IN_FORCE', 'AGREEMENT_EXPIRED']);

/** What is said against a document on the day, if it is of the kind asked about. */
function requireEach({ project, candidate }: Ground, isMine: (code: ErrorCode) => boolean): Verdict {
  const { emous, dsas, duls, policies } = project.documents;
  for (const used of candidate.manifest.documents) {
    const filed = [...emous, ...dsas, ...duls, ...policies].find(({ sha256 }) => sha256 === used.sha256);
    try {
      if (filed === undefined)
        throw new ThroughlineError('AGREEMENT_REVOKED', { document: safeName(used.id) });
      requireInForce(filed, project.day);
    } catch (thrown) {
      if (!(thrown instanceof ThroughlineError) || isMine(thrown.code)) throw thrown;
    }
  }
  return 'passed';
}

const policyRules = ({ project }: Ground): AuditRules => {
  const { minCell, minIntervalWidth, zeroCounts } = termsOfRelease(project);
  return { threshold: minCell, minWidth: minIntervalWidth, zeroCounts };
};

const ledgerRules = (ground: Ground): LedgerRules => {
  const { threshold, minWidth } = policyRules(ground);
  const { publicTotals } = termsOfRelease(ground.project);
  return { threshold, minWidth, solver: ground.solver, alreadyPublic: publicTotalSets(publicTotals, threshold) };
};

const unsafe = (details: ConstructorParameters<typeof ThroughlineError>[1]): ThroughlineError =>
  new ThroughlineError('RELEASE_UNSAFE', details);

function requireDeclaredColumns({ manifest }: ReadArtifact<'release'>): void {
  for (const { name, columns } of manifest.tables) {
    const schema = Object.entries(artifactTables.release).find(([table]) => table === name)?.[1];
    const declared = schema === undefined ? [] : columnsOf(schema).map((column) => column.name);
    if (columns.some(([column]) => !declared.includes(column)))
      throw new ThroughlineError('RELEASE_IDENTIFIER', { table: safeName(name) });
  }
}

/** Every file that lies in the folder is one that the manifest names by its hash. */
async function requireNothingBeside({ folder, manifest }: ReadArtifact<'release'>): Promise<void> {
  const known = new Set([
    'manifest.json',
    ...manifest.files.map(({ name }) => name),
    ...manifest.tables.map(({ file }) => file),
  ]);
  const strangers = (await namesIn(folder)).filter((name) => !known.has(name)).length;
  if (strangers > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { files: strangers });
}

function identifiers({ candidate, tables }: Ground): Promise<Verdict> {
  requireDeclaredColumns(candidate);
  requireNoIdentifier(
    tables.flatMap(({ rows }) =>
      rows.map(({ levels }) => ({ level_1: levels[0] ?? null, level_2: levels[1] ?? null })),
    ),
  );
  return requireNothingBeside(candidate).then(() => 'passed');
}

function sources({ project }: Ground): Verdict {
  for (const asked of project.pipeline.release.measures ?? project.pipeline.measures.measures)
    requireSources(project, asked);
  return 'passed';
}

function policyMeet(ground: Ground): Verdict {
  const { project, candidate } = ground;
  const terms = termsOfRelease(project);
  const used = new Set(candidate.manifest.documents.map(({ sha256 }) => sha256));
  const other = terms.documents.filter(({ sha256 }) => !used.has(sha256)).length;
  if (other > 0) throw unsafe({ rule: safeName('made under all agreements of today'), documents: other });
  return 'passed';
}

const audits = new WeakMap<Ground, ReleaseAudit>();

/** One attack serves three checks. */
function audited(ground: Ground): ReleaseAudit {
  const known = audits.get(ground);
  if (known !== undefined) return known;
  const { tables, earlier, solver } = ground;
  const found = auditRelease(tables, earlier, { rules: policyRules(ground), solver });
  audits.set(ground, found);
  return found;
}

function primary(ground: Ground): Verdict {
  const rows = rowsPrintingSensitive(ground.tables, policyRules(ground));
  if (rows > 0) throw unsafe({ rows_printing_sensitive: rows });
  return 'passed';
}

function secondary(ground: Ground): Verdict {
  const exact = Math.max(...audited(ground).attacks.map((each) => each.exact));
  if (exact > 0) throw unsafe({ cells_exact: exact });
  return 'passed';
}

function attackOnTables(ground: Ground): Verdict {
  const small = Math.max(...audited(ground).attacks.map((each) => each.small));
  if (small > 0) throw unsafe({ cells_too_narrow: small });
  return 'passed';
}

function crossTable(ground: Ground): Verdict {
  const { equations } = ground;
  const alone = { ...equations, standing: new Map([...equations.standing].map(([label]) => [label, 0])) };
  const { narrow } = auditLedger([alone], ledgerRules(ground));
  if (narrow > 0) throw unsafe({ sets_too_narrow: narrow });
  return 'passed';
}

function crossRelease(ground: Ground): Verdict {
  const { ledger, equations } = ground;
  const { within, earlier } = audited(ground);
  const changes = [within, ...earlier].reduce((sum, { small }) => sum + small, 0);
  if (changes > 0) throw unsafe({ small_changes: changes });
  if (ledger.length === 0) return 'not-applicable';
  if (!printsAnew(ledger, equations)) return 'passed';
  const { narrow } = auditLedger([...ledger, equations], ledgerRules(ground));
  if (narrow > 0) throw unsafe({ histories_too_narrow: narrow });
  return 'passed';
}

function approvals({ review }: Ground): Verdict {
  switch (review.state) {
    case 'pending':
    case 'withdrawn':
      throw new ThroughlineError('RELEASE_NOT_SUBMITTED');
    case 'rejected':
    case 'returned':
      throw new ThroughlineError('RELEASE_REFUSED_BY_REVIEW', { state: safeName(review.state) });
    case 'approved':
      return 'passed';
    default:
      throw new ThroughlineError('RELEASE_NOT_APPROVED', {
        new_tables: review.newShapes.map(safeName),
        votes: review.votes.length,
      });
  }
}

/** Rows of persons leave by another command, for one licensee, never in a release for everybody. */
const microdata = ({ candidate }: Ground): Verdict => {
  const rows = candidate.manifest.tables.some(({ name }) => !(name in artifactTables.release));
  if (rows) throw unsafe({ rule: safeName('no table of rows in a public release') });
  return 'not-applicable';
};

/** In their order. */
export const checksBefore: readonly (readonly [CheckBefore, Check])[] = [
  ['signatures', (ground) => requireEach(ground, (code) => !DATES.has(code))],
  ['dates', (ground) => requireEach(ground, (code) => DATES.has(code))],
  ['sources', sources],
  ['identifiers', identifiers],
  ['policy-meet', policyMeet],
  ['primary', primary],
  ['secondary', secondary],
  ['attack', attackOnTables],
  ['cross-table', crossTable],
  ['cross-release', crossRelease],
  ['microdata', microdata],
  ['approvals', approvals],
];
