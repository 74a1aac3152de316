import { fromBase64 } from '@throughline/agreement';
import { OLT2_BLANK, type Olt2Rule, olt2Rules } from './olt2.js';

/** A token as OpenLinkToken delivers it; null where it could not be made. */
export type Olt2Row = { readonly record: string; readonly rule: Olt2Rule; readonly token: string | null };

/** What is wrong with a delivery: the line, counted from 1, and what was expected there. Never what stands there. */
export type Olt2Fault = { readonly line: number; readonly expected: string };

const HEADER = 'RuleId,Token,RecordId';
const TOKEN_BYTES = 32;
/** Record ids are opaque; one that would have to be quoted is refused. */
export const PLAIN_ID = /^[^",\r\n]{1,200}$/;
const isRule = (text: string): text is Olt2Rule => olt2Rules.some((rule) => rule === text);

/** The CSV file of tokens, byte for byte as OpenLinkToken writes it. @throws RangeError for a record id with a comma, quote or line end. */
export function writeOlt2(rows: Iterable<Olt2Row>): string {
  const lines = [HEADER];
  for (const { record, rule, token } of rows) {
    if (!PLAIN_ID.test(record)) throw new RangeError('record: expected no comma, quote or line end');
    lines.push(`${rule},${token ?? OLT2_BLANK},${record}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Reads such a file. A blank token is no token: two records that have one share nothing. */
export function readOlt2(text: string): readonly Olt2Row[] | Olt2Fault {
  const [header, ...lines] = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (header !== HEADER) return { line: 1, expected: HEADER };
  const seen = new Set<string>();
  const rows: Olt2Row[] = [];
  for (const [at, line] of lines.entries()) {
    const row = rowOf(line);
    if (typeof row === 'string') return { line: at + 2, expected: row };
    const place = `${row.rule} ${row.record}`;
    if (seen.has(place)) return { line: at + 2, expected: 'every record and rule once' };
    seen.add(place);
    rows.push(row);
  }
  return rows;
}

function rowOf(line: string): Olt2Row | string {
  const [rule = '', token = '', record = '', ...more] = line.split(',');
  if (!isRule(rule)) return 'a rule from T1 to T5';
  if (more.length > 0 || !PLAIN_ID.test(record)) return 'a record id without comma or quote';
  if (token === OLT2_BLANK) return { record, rule, token: null };
  return fromBase64(token)?.length === TOKEN_BYTES
    ? { record, rule, token }
    : 'a token of 32 bytes in Base64';
}
