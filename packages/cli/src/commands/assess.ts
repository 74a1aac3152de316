import { join, relative, resolve } from 'node:path';
import { attackLimits, type Emou, encodingTerms, sealingOf, termsOf } from '@throughline/agreement';
import {
  type Assessed,
  assessEncoding,
  type Effort,
  type EncodingAssessment,
  FEWEST_RECORDS,
  fittedTo,
  fullEffort,
  type Ground,
  quickEffort,
  type Roll,
  readOwnRoll,
} from '@throughline/assess';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  makePrivateFolder,
  openSession,
  readArtifact,
  removeFolder,
  writeDurably,
} from '@throughline/engine';
import { type RollChild, readRoll, streams } from '@throughline/testkit';
import type { AssessOptions } from '../command-line/assess.js';
import type { Effects } from '../effects.js';
import { openProject, type Project } from '../project/project.js';
import { templates } from '../project/templates.js';
import { renderAssessment } from '../report/assessment-page.js';
import { findingLine } from '../report/assessment-words.js';

/**
 * Attacks the encodings, writes what was found, prints it, and fails where it is more than the memorandum allows.
 *
 * @throws ThroughlineError ENCODING_TOO_WEAK, ASSESSMENT_VOID, CONFIG_INVALID, ARTIFACT_MISSING, USAGE, COVERAGE_GAP.
 */
export async function assess(
  pipeline: string | undefined,
  options: AssessOptions,
  effects: Effects,
): Promise<void> {
  const project = await openProject(pipeline ?? templates.pipeline, effects);
  const assessed = assessedOf(project, pipeline === undefined);
  const own = options.partner === undefined ? undefined : await ownRoll(project, options.partner);
  const asked = effortOf(options, assessed.terms);
  const effort = own === undefined ? asked : fittedTo(asked, own.rows.length);
  const assessment = assessEncoding(assessed, groundOf(own, effects), effort);
  await write(assessment, resolve(effects.workingFolder, options.out), effects);
  for (const finding of assessment.findings) effects.stdout(`${findingLine(finding)}\n`);
  effects.stdout(`\n${assessment.verdict}\n`);
  requirePass(assessment);
}

function effortOf({ quick, seeds, children }: AssessOptions, terms: Assessed['terms']): Effort {
  return quick === true
    ? { ...quickEffort, seeds: seeds.slice(0, 1) }
    : fullEffort(terms, { seeds, children });
}

function assessedOf({ documents, day, pipeline }: Project, everything: boolean): Assessed {
  const emou = memorandumOf(documents, pipeline.partners[0]?.name ?? '', day);
  const { encoding, rules } = emou.linkage;
  const terms = everything
    ? encodingTerms.parse({ profile: 'sealed' })
    : (encoding ?? encodingTerms.parse({ profile: 'tokens' }));
  return { rules, terms, sealing: sealingOf(terms), limits: attackLimits.parse(emou.attack_limits ?? {}) };
}

const memorandumOf = (documents: Project['documents'], partner: string, day: string): Emou =>
  termsOf(documents, partner, { day, use: 'linkage' }).emou.document;

const groundOf = (own: Roll | undefined, effects: Effects): Ground => ({
  rollOf: own === undefined ? madeUpRolls() : (_, children) => firstOf(own, children),
  chanceOf: (seed, name) => streams(seed)(name),
  tell: (done) => effects.stderr(`${done}\n`),
});

/** The roll of a seed is made once; a smaller one is its beginning. */
export function madeUpRolls(): Ground['rollOf'] {
  let made: { seed: number; roll: Roll } | undefined;
  return (seed, children) => {
    if (made?.seed !== seed || made.roll.rows.length < children) {
      made = { seed, roll: rollOf(readRoll(templates.names, { seed, children })) };
    }
    return firstOf(made.roll, children);
  };
}

const firstOf = ({ rows, nicknames }: Roll, children: number): Roll => ({
  rows: rows.slice(0, children),
  nicknames: nicknames.slice(0, children),
});

const rollOf = (children: readonly RollChild[]): Roll => ({
  rows: children.map(({ household: _, nickname: __, ...identifiers }) => ({
    ...identifiers,
    first_root: identifiers.first,
    email: null,
    state_id: null,
    district_id: null,
  })),
  nicknames: children.map(({ nickname }) => nickname),
});

async function ownRoll({ folders, pipeline }: Project, partner: string): Promise<Roll> {
  if (!pipeline.partners.some(({ name }) => name === partner))
    throw new ThroughlineError('USAGE', { unknown_partner: safeName(partner) });
  const identifiers = await readArtifact(folders.partner(partner, 'identifiers'), 'identifiers');
  const spill = join(folders.work, 'assess');
  const session = await openSession({ folders: [folders.state], spill, memory: '1GB', threads: 1 });
  try {
    const roll = await readOwnRoll(identifiers, session);
    const rows = roll.rows.length;
    if (rows < FEWEST_RECORDS)
      throw new ThroughlineError('COVERAGE_GAP', { partner: safeName(partner), rows, least: FEWEST_RECORDS });
    return roll;
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

async function write(assessment: EncodingAssessment, folder: string, effects: Effects): Promise<void> {
  await makePrivateFolder(folder);
  await writeDurably(join(folder, 'encoding.json'), `${JSON.stringify(assessment, undefined, 2)}\n`);
  const page = join(folder, 'encoding.html');
  await writeDurably(page, renderAssessment(assessment));
  effects.stderr(`written: ${relative(effects.workingFolder, page) || page}\n`);
}

function requirePass({ verdict, findings }: EncodingAssessment): void {
  if (verdict === 'pass') return;
  const failed = findings.filter(({ passes }) => passes === false);
  const worst = failed.find(({ gate }) => verdict === 'fail' || gate?.control === true) ?? failed[0];
  throw new ThroughlineError(verdict === 'void' ? 'ASSESSMENT_VOID' : 'ENCODING_TOO_WEAK', {
    attack: safeName(worst?.attack ?? ''),
    encoding: safeName(worst?.encoding ?? ''),
    failed: failed.length,
  });
}
