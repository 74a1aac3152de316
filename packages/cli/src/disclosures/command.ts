import { resolve } from 'node:path';
import { parseDocuments } from '@throughline/agreement';
import { formulaSafe, safeName, ThroughlineError } from '@throughline/core';
import {
  documentFiles,
  latestEntries,
  type Numbered,
  openLog,
  requireIncluded,
  writeDurably,
} from '@throughline/engine';
import type { DisclosureOptions } from '../command-line/rights.js';
import type { Effects } from '../effects.js';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import { documentFolders, type Project } from '../project/project.js';
import { type DisclosureRecord, disclosureRecords, recordColumns, repeated } from './records.js';
import { readSchools } from './schools.js';

/**
 * Writes the record of disclosures of a partner's records, or of one school of it, as CSV: what a parent may ask to
 * see within 30 days (34 CFR 99.32(a), 603 CMR 23.07(1)). Every line is proved to be in the log.
 */
export async function disclosures(
  project: Project,
  options: DisclosureOptions,
  effects: Effects,
): Promise<void> {
  const partners = project.pipeline.partners.filter(
    ({ name }) => options.partner === undefined || name === options.partner,
  );
  if (partners.length === 0)
    throw new ThroughlineError('USAGE', { unknown_partner: safeName(options.partner ?? '') });
  const entries = await provedEntries(project);
  const documents = new Map(
    parseDocuments(await documentFiles(documentFolders(project.pipeline))).map((each) => [
      each.sha256 as string,
      each,
    ]),
  );
  const records: DisclosureRecord[] = [];
  for (const { name: partner } of partners) {
    const schools = await readSchools(project, partner);
    records.push(...disclosureRecords({ entries, documents, partner, schools, school: options.school }));
  }
  const text =
    options.each === true
      ? csvOf(records, recordColumns)
      : csvOf(repeated(records), [...recordColumns, 'last_date', 'times']);
  if (options.out === undefined) effects.stdout(text);
  else {
    await writeDurably(resolve(effects.workingFolder, options.out), text);
    effects.stdout(`${records.length} disclosures\n`);
  }
}

/** The entries of the log, the earliest first, each proved to be in it. */
async function provedEntries({ pipeline, folders }: Project): Promise<Numbered[]> {
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  const log = await openLog(folders.log, key);
  const found: Numbered[] = [];
  for await (const numbered of latestEntries(log)) {
    await requireIncluded(log, numbered);
    found.unshift(numbered);
  }
  return found;
}

type Row = Readonly<Record<string, string | number>>;

/** RFC 4180. */
function csvOf(rows: readonly Row[], columns: readonly string[]): string {
  const cell = (value: string | number | undefined): string => {
    return `"${formulaSafe(String(value ?? '')).replaceAll('"', '""')}"`;
  };
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}
