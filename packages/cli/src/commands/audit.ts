import { basename, join, resolve } from 'node:path';
import { type AgreementDocument, documentSchema, parseYaml } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { openSession, readArtifact, readText, removeFolder } from '@throughline/engine';
import {
  type AuditRules,
  auditRelease,
  LEAST_INTERVAL_WIDTH,
  loadSolver,
  type PrintedTable,
  REPORTABLE_FROM,
  readPrintedTables,
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
  const release = await printedTables(place(folder), effects);
  const earlier: PrintedTable[][] = [];
  for (const each of options.earlier ?? []) earlier.push(await printedTables(place(each), effects));
  const found = auditRelease(release, earlier, { rules, solver: await loadSolver() });
  const held = { threshold: rules.threshold, min_width: rules.minWidth, zero_counts: rules.zeroCounts };
  effects.stdout(`${JSON.stringify({ ...found, ...held }, undefined, 2)}\n`);
  if (found.verdict === 'withstands') return;
  throw new ThroughlineError('RELEASE_UNSAFE', {
    cells_exact: Math.max(...found.attacks.map(({ exact }) => exact)),
    cells_too_narrow: Math.max(...found.attacks.map(({ small }) => small)),
    small_changes: [found.within, ...found.earlier].reduce((sum, { small }) => sum + small, 0),
  });
}

const STRICT: AuditRules = {
  threshold: REPORTABLE_FROM,
  minWidth: LEAST_INTERVAL_WIDTH,
  zeroCounts: 'publish-structural',
};

/** The threshold and the width of a release policy. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
async function rulesIn(path: string): Promise<AuditRules> {
  const file = safeName(basename(path));
  const document: AgreementDocument = parseYaml({ file, text: await readText(path) }, documentSchema);
  if (document.kind === 'release-policy')
    return {
      threshold: document.min_cell,
      minWidth: document.min_interval_width,
      zeroCounts: document.zero_counts,
    };
  throw new ThroughlineError('CONFIG_INVALID', { file, rule: safeName('a release policy') });
}

async function printedTables(folder: string, { workingFolder, processId }: Effects): Promise<PrintedTable[]> {
  const release = await readArtifact(folder, 'release');
  const spill = join(workingFolder, `.audit-${processId}`);
  const session = await openSession({ folders: [folder], spill, memory: '1GB', threads: 1 });
  try {
    return await readPrintedTables(release, session);
  } finally {
    session.close();
    await removeFolder(spill);
  }
}
