import { join } from 'node:path';
import { requireInForce } from '@throughline/agreement';
import { artifactTables, columnsOf, type ErrorCode, safeName, ThroughlineError } from '@throughline/core';
import { namesIn, type ReadArtifact, readText } from '@throughline/engine';
import {
  type AuditRules,
  auditLedger,
  auditRelease,
  type LedgerRelease,
  type LedgerRules,
  looksLikeSomebody,
  type PrintedRelease,
  printsAnew,
  publicTotalSets,
  type ReleaseAudit,
  type ReleaseCheck,
  requirePageWithoutIdentifier,
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
  readonly printed: PrintedRelease;
  readonly earlier: readonly PrintedRelease[];
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
  const { minCell, minIntervalWidth, zeroCounts, rounding } = termsOfRelease(project);
  return {
    threshold: minCell,
    minWidth: minIntervalWidth,
    zeroCounts,
    rounding: rounding ?? { rule: 'none' },
  };
};

const ledgerRules = (ground: Ground): LedgerRules => {
  const { threshold, minWidth } = policyRules(ground);
  const { publicTotals } = termsOfRelease(ground.project);
  return {
    threshold,
    minWidth,
    solver: ground.solver,
    alreadyPublic: publicTotalSets(publicTotals, threshold),
  };
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

/** Texts of people's own making: names of levels, in whatever table. */
const textsIn = ({ tables, amounts, comparisons }: PrintedRelease): readonly string[] => [
  ...tables.flatMap(({ rows }) => rows.flatMap(({ levels }) => levels.flatMap((level) => level ?? []))),
  ...amounts.flatMap(({ levels }) => levels.flatMap((level) => level ?? [])),
  ...comparisons.map(({ level }) => level),
];

const PAGES = /\.(md|html|json|csv|cff|sql|R|py)$/;

/** Free text, and whatever names a person, in any table, page or name of a file. */
async function requireNoFreeText({ candidate, printed }: Ground): Promise<void> {
  const suspects = textsIn(printed).filter(looksLikeSomebody).length;
  if (suspects > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { texts: suspects });
  for (const { name } of candidate.manifest.files) {
    requirePageWithoutIdentifier('the names of its files', name);
    if (PAGES.test(name)) requirePageWithoutIdentifier(name, await readText(join(candidate.folder, name)));
  }
}

async function identifiers(ground: Ground): Promise<Verdict> {
  requireDeclaredColumns(ground.candidate);
  await requireNothingBeside(ground.candidate);
  await requireNoFreeText(ground);
  return 'passed';
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
  const { printed, earlier, solver } = ground;
  const found = auditRelease(printed, earlier, { rules: policyRules(ground), solver });
  audits.set(ground, found);
  return found;
}

function primary(ground: Ground): Verdict {
  const rows = rowsPrintingSensitive(ground.printed, policyRules(ground));
  if (rows > 0) throw unsafe({ rows_printing_sensitive: rows });
  const { small } = audited(ground).derived;
  if (small > 0) throw unsafe({ counts_that_follow: small });
  return 'passed';
}

function secondary(ground: Ground): Verdict {
  const { attacks, amounts } = audited(ground);
  const exact = Math.max(...[...attacks, amounts].map((each) => each.exact));
  if (exact > 0) throw unsafe({ cells_exact: exact });
  return 'passed';
}

function attackOnTables(ground: Ground): Verdict {
  const { attacks, amounts } = audited(ground);
  const small = Math.max(...[...attacks, amounts].map((each) => each.small));
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
