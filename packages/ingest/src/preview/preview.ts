import {
  type FieldManifest,
  leavesAnything,
  type ManifestField,
  treatmentWords,
} from '@throughline/agreement';
import { columnsOf, type PayloadTable, payloadTables } from '@throughline/core';
import {
  type ExtractFile,
  ident,
  type Row,
  type Session,
  type Sql,
  sql,
  sqlJoin,
  type Workspace,
} from '@throughline/engine';
import { makeOutcomes } from '../account/outcomes.js';
import { payloadTable } from '../keep/payload.js';
import { loadRejected } from '../load/load-rejected.js';
import { loadingFile } from '../load/loading.js';
import { isUnreadable, textColumn } from '../load/values.js';
import { type PlannedExtract, plannedExtract } from '../plan/plan.js';
import { openedDelivery } from '../read/delivery.js';
import { readExtract } from '../read/read-extract.js';

/** What would become of an extract under a field manifest: columns and shapes. */
export type Preview = {
  /** Rows of the file, and how many would be kept, rejected and left out by their own words. */
  readonly rows: {
    readonly read: number;
    readonly kept: number;
    readonly rejected: number;
    readonly excluded: number;
  };
  /** Why rows would not be kept, the most frequent first, and the first line of each reason. */
  readonly reasons: readonly PreviewedReason[];
  readonly columns: readonly PreviewedColumn[];
  /** The payload table, column by column; empty where nothing leaves but tokens. */
  readonly payload: readonly PreviewedValue[];
  /** The first rows of the payload as they would leave, where they were asked for. */
  readonly sample: readonly Row[];
};

export type PreviewedReason = {
  readonly reason: string;
  readonly rows: number;
  readonly line: number;
};

/** A column of the file. */
export type PreviewedColumn = {
  readonly name: string;
  readonly treatment: string;
  readonly leaves: boolean;
  /** Rows that hold something; null where the column is not read. */
  readonly filled: number | null;
  /** Rows of those that cannot be read as the manifest says. */
  readonly unread: number | null;
};

/** A column of the payload: its type, and lengths and number of different values of what it would hold. */
export type PreviewedValue = {
  readonly column: string;
  readonly type: string;
  readonly filled: number;
  readonly different: number;
  readonly shortest: number;
  readonly longest: number;
};

export type PreviewRequest = {
  readonly manifest: FieldManifest;
  readonly file: ExtractFile;
  /** How many rows of the payload to give with their values. */
  readonly sampled: number;
  /** The owner's age identity, where the pipeline names one. */
  readonly identity?: string | undefined;
};

/**
 * Takes a sample extract through the very steps of the intake, for one extract alone: opt-out lists and other
 * extracts are not looked at, and no record is named.
 *
 * @throws ThroughlineError as the intake does.
 */
export async function previewExtract(
  { session, scratch }: Workspace,
  { manifest, file, sampled, identity }: PreviewRequest,
): Promise<Preview> {
  const extract = plannedExtract(manifest, file, 0);
  const opening = { delivery: manifest.delivery, scratch, name: extract.tables.values, identity };
  const rows = loadingFile({ session, scratch }, extract);
  const tally = await readExtract(await openedDelivery(file, opening), manifest, rows);
  await loadRejected(session, extract, tally);
  await makeOutcomes(session, extract, undefined);
  const payload = await makePayload(session, extract);
  return {
    rows: await countRows(session, extract, tally.rows),
    reasons: await previewReasons(session, extract),
    columns: await previewColumns(session, extract),
    payload: payload === undefined ? [] : await previewPayload(session, extract, payload),
    sample: payload === undefined ? [] : await sampleOf(session, payload, sampled),
  };
}

const STEP = 'preview';
const PAYLOAD = 'payload';

async function makePayload(session: Session, extract: PlannedExtract): Promise<PayloadTable | undefined> {
  const table = extract.manifest.payload_table;
  if (table === null) return undefined;
  await session.make(STEP, PAYLOAD, payloadTable(table, [extract]));
  return table;
}

async function countRows(
  session: Session,
  { tables }: PlannedExtract,
  read: number,
): Promise<Preview['rows']> {
  const counted = await session.rows(
    STEP,
    sql`SELECT outcome, count(*) AS rows FROM ${ident(tables.outcomes)} GROUP BY outcome`,
  );
  const of = (outcome: string) => Number(counted.find((row) => row['outcome'] === outcome)?.['rows'] ?? 0);
  const [kept, excluded] = [of('kept'), of('excluded')];
  return { read, kept, excluded, rejected: read - kept - excluded };
}

async function previewReasons(session: Session, { tables }: PlannedExtract): Promise<PreviewedReason[]> {
  const rows = await session.rows(
    STEP,
    sql`SELECT reason, count(*) AS rows, min(line) AS line FROM (
        SELECT reason, line FROM ${ident(tables.outcomes)} WHERE outcome <> 'kept'
        UNION ALL SELECT reason, line FROM ${ident(tables.rejected)})
      GROUP BY reason ORDER BY rows DESC, reason`,
  );
  return rows.map((row) => ({
    reason: String(row['reason']),
    rows: Number(row['rows']),
    line: Number(row['line']),
  }));
}

async function previewColumns(session: Session, extract: PlannedExtract): Promise<PreviewedColumn[]> {
  const { layout, tables, manifest } = extract;
  const counts = layout.fields.flatMap((_, index) => [
    sql`count(${textColumn(index)}) AS ${ident(`filled_${index}`)}`,
    sql`count(*) FILTER (${isUnreadable(index)}) AS ${ident(`unread_${index}`)}`,
  ]);
  const [counted = {}] =
    counts.length === 0
      ? []
      : await session.rows(STEP, sql`SELECT ${sqlJoin(counts)} FROM ${ident(tables.outcomes)}`);
  return manifest.fields.map((field) => columnOf(field, layout.fields.indexOf(field), counted));
}

function columnOf(field: ManifestField, index: number, counted: Row): PreviewedColumn {
  const count = (name: string) => (index < 0 ? null : Number(counted[`${name}_${index}`]));
  return {
    name: field.name,
    treatment: treatmentWords(field),
    leaves: leavesAnything(field),
    filled: count('filled'),
    unread: count('unread'),
  };
}

async function previewPayload(
  session: Session,
  { manifest }: PlannedExtract,
  table: PayloadTable,
): Promise<PreviewedValue[]> {
  const sent = new Set([...manifest.fields.map(({ column }) => column), ...Object.keys(manifest.constants)]);
  const columns = columnsOf(payloadTables[table]).filter(({ name }) => sent.has(name));
  const values: PreviewedValue[] = [];
  for (const { name, type } of columns)
    values.push({ column: name, type, ...(await shapeOf(session, ident(name))) });
  return values;
}

async function shapeOf(session: Session, column: Sql): Promise<Omit<PreviewedValue, 'column' | 'type'>> {
  const [shape = {}] = await session.rows(
    STEP,
    sql`SELECT count(${column}) AS filled, count(DISTINCT ${column}) AS different,
      coalesce(min(length(${column}::VARCHAR)), 0) AS shortest, coalesce(max(length(${column}::VARCHAR)), 0) AS longest
      FROM ${ident(PAYLOAD)}`,
  );
  const of = (name: string) => Number(shape[name] ?? 0);
  return {
    filled: of('filled'),
    different: of('different'),
    shortest: of('shortest'),
    longest: of('longest'),
  };
}

/** Record ids are left out: a preview names no record. */
async function sampleOf(session: Session, table: PayloadTable, sampled: number): Promise<readonly Row[]> {
  if (sampled === 0) return [];
  const columns = columnsOf(payloadTables[table]).filter(({ name }) => name !== 'record_id');
  return session.rows(
    STEP,
    sql`SELECT ${sqlJoin(columns.map(({ name }) => ident(name)))} FROM ${ident(PAYLOAD)} LIMIT ${sampled}::BIGINT`,
  );
}
