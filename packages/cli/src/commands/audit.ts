import { basename, join, resolve } from 'node:path';
import { type AgreementDocument, documentSchema, parseYaml } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { openSession, readArtifact, readText, removeFolder } from '@throughline/engine';
import {
  type AuditRules,
  auditRelease,
  LEAST_INTERVAL_WIDTH,
  loadSolver,
  type PrintedRelease,
  type PublicTotals,
  publicTotalsSchema,
  REPORTABLE_FROM,
  readPrintedRelease,
} from '@throughline/release';
import type { Effects } from '../effects.js';
import type { AuditOptions } from '../program.js';

/**
 * Attacks a release folder with nothing but what is printed in it, and prints what was found as JSON. Needs no
 * project, key or agreement.
 *
 * @throws ThroughlineError ARTIFACT_*, CONFIG_*, and RELEASE_UNSAFE, after printing, if something is given away.
 */
export async function audit(folder: string, options: AuditOptions, effects: Effects): Promise<void> {
  const { workingFolder } = effects;
  const place = (path: string) => resolve(workingFolder, path);
  const rules = options.policy === undefined ? STRICT : await rulesIn(place(options.policy));
  const release = await printedIn(place(folder), effects);
  const earlier: PrintedRelease[] = [];
  for (const each of options.earlier ?? []) earlier.push(await printedIn(place(each), effects));
  const publicTotals =
    options.publicTotals === undefined ? undefined : await publicTotalsIn(place(options.publicTotals));
  const found = auditRelease(release, earlier, { rules, publicTotals, solver: await loadSolver() });
  const held = {
    threshold: rules.threshold,
    min_width: rules.minWidth,
    zero_counts: rules.zeroCounts,
    rounding: rules.rounding,
  };
  effects.stdout(`${JSON.stringify({ ...found, ...held }, undefined, 2)}\n`);
  if (found.verdict === 'withstands') return;
  throw new ThroughlineError('RELEASE_UNSAFE', {
    cells_exact: Math.max(...[...found.attacks, found.amounts].map(({ exact }) => exact)),
    cells_too_narrow: Math.max(...[...found.attacks, found.amounts].map(({ small }) => small)),
    counts_that_follow: found.derived.small,
    small_changes: [found.within, ...found.earlier].reduce((sum, { small }) => sum + small, 0),
  });
}

const STRICT: AuditRules = {
  threshold: REPORTABLE_FROM,
  minWidth: LEAST_INTERVAL_WIDTH,
  zeroCounts: 'publish-structural',
  rounding: { rule: 'none' },
};

/** The rules of a release policy. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
async function rulesIn(path: string): Promise<AuditRules> {
  const file = safeName(basename(path));
  const document: AgreementDocument = parseYaml({ file, text: await readText(path) }, documentSchema);
  if (document.kind === 'release-policy')
    return {
      threshold: document.min_cell,
      minWidth: document.min_interval_width,
      zeroCounts: document.zero_counts,
      rounding: document.rounding ?? { rule: 'none' },
    };
  throw new ThroughlineError('CONFIG_INVALID', { file, rule: safeName('a release policy') });
}

/** Totals that everybody has. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
async function publicTotalsIn(path: string): Promise<PublicTotals> {
  return parseYaml({ file: safeName(basename(path)), text: await readText(path) }, publicTotalsSchema);
}

async function printedIn(folder: string, { workingFolder, processId }: Effects): Promise<PrintedRelease> {
  const release = await readArtifact(folder, 'release');
  const spill = join(workingFolder, `.audit-${processId}`);
  const session = await openSession({ folders: [folder], spill, memory: '1GB', threads: 1 });
  try {
    return await readPrintedRelease(release, session);
  } finally {
    session.close();
    await removeFolder(spill);
  }
}
