import type { ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { encodingOf } from './decode.js';
import type { Reading } from './delimited.js';
import { requireMembers } from './header.js';
import { expectedMembersOf, picksOf } from './layout.js';
import { isBlank, textLines } from './lines.js';
import type { Cell, RowSink } from './rows.js';

type Hl7 = Extract<ExtractFormat, { type: 'hl7' }>;

/** Segments that frame messages: batch and file envelopes, the message's own header, its event. */
const FRAME = new Set(['FHS', 'BHS', 'MSH', 'EVN', 'BTS', 'FTS']);

/**
 * Reads the PID segments of HL7 v2 messages (vertical bars) into the sink, one row each. A PID field that holds
 * something and that no column names is refused like a column that nobody approved; so are other segments.
 *
 * @throws ThroughlineError ENCODING_BROKEN, EXTRACT_OVER_LIMIT, EXTRACT_MALFORMED, HEADER_*, COLUMN_REFUSED.
 */
export async function readHl7({ file, manifest, format }: Reading<Hl7>, sink: RowSink): Promise<void> {
  const encoding = await encodingOf(file, format.encoding);
  sink.readAs(encoding);
  const expected = expectedMembersOf(file.name, manifest);
  const columns = [...expected.columns, ...expected.refused];
  const picks = picksOf(manifest, { header: columns, section: null }).picks;
  const places = columns.map(placeOf);
  const fields = new Map(
    places.flatMap((place, index) => (place === null ? [] : [[columns[index] ?? '', place.field]])),
  );
  const found = { seen: new Set<string>(), others: new Set<string>() };
  let marks: Marks | undefined;
  for await (const { line, text } of textLines(file, encoding, sink.stripped)) {
    const name = text.trimStart().slice(0, 3);
    if (isBlank(text)) continue;
    if (name === 'MSH') marks = marksOf(text.trimStart());
    if (marks === undefined && name !== 'FHS' && name !== 'BHS') throw notHl7(file.name, line);
    if (name === 'PID' && marks !== undefined) {
      const segment = text.trimStart().split(marks.field);
      watch(segment, fields, found);
      const at = marks;
      sink.picked(
        line,
        places.map((place) => (place === null ? null : valueAt(segment, place, at))),
        picks,
      );
    } else if (!FRAME.has(name) && !format.others.includes(name)) found.others.add(name);
    await sink.flush();
  }
  const others = [...found.others].sort();
  requireMembers({ seen: [...found.seen], others, otherCount: others.length }, expected);
}

const notHl7 = (extract: string, line: number) =>
  new ThroughlineError('EXTRACT_MALFORMED', {
    extract: safeName(extract),
    rule: safeName('a message that begins with MSH'),
    line,
  });

/** The marks that a message declares in MSH-1 and MSH-2. */
type Marks = Readonly<Record<'field' | 'component' | 'repetition' | 'escape' | 'subcomponent', string>>;

const marksOf = (text: string): Marks => ({
  field: text[3] ?? '|',
  component: text[4] ?? '^',
  repetition: text[5] ?? '~',
  escape: text[6] ?? '\\',
  subcomponent: text[7] ?? '&',
});

/** `PID-3[5=MR].1`: a field, of its repetitions those of which a component is so, or one by number; a component. */
type Place = {
  readonly field: number;
  readonly repetition: number | { readonly component: number; readonly is: string } | null;
  readonly component: number;
};

const PLACE = /^PID-(\d{1,2})(?:\[(?:(\d{1,2})=([^\]]+)|(\d{1,2}))\])?(?:\.(\d{1,2}))?$/;

function placeOf(column: string): Place | null {
  const [, field, component, is, number, part] = PLACE.exec(column) ?? [];
  if (field === undefined) return null;
  const repetition =
    is !== undefined ? { component: Number(component), is } : number === undefined ? null : Number(number);
  return { field: Number(field), repetition, component: Number(part ?? 1) };
}

type Found = { readonly seen: Set<string>; readonly others: Set<string> };

function watch(
  segment: readonly string[],
  fields: ReadonlyMap<string, number>,
  { seen, others }: Found,
): void {
  const used = segment.flatMap((text, field) => (field > 0 && !isBlank(text) ? [field] : []));
  for (const field of used) {
    const columns = [...fields].filter(([, own]) => own === field).map(([column]) => column);
    for (const column of columns) seen.add(column);
    if (columns.length === 0) others.add(`PID-${field}`);
  }
}

/** Several repetitions are joined by a space; `""` is how HL7 says that there is nothing. */
function valueAt(segment: readonly string[], { field, repetition, component }: Place, marks: Marks): Cell {
  const repetitions = (segment[field] ?? '').split(marks.repetition);
  const chosen = repetitions.filter((text, index) => {
    if (repetition === null) return true;
    if (typeof repetition === 'number') return index === repetition - 1;
    return text.split(marks.component)[repetition.component - 1] === repetition.is;
  });
  const values = chosen
    .map((text) => text.split(marks.component)[component - 1]?.split(marks.subcomponent)[0] ?? '')
    .filter((text) => text !== '' && text !== '""')
    .map((text) => unescaped(text, marks));
  return values.length === 0 ? null : values.join(' ');
}

/** The escapes of HL7 v2.5.1, 2.7: marks by a letter, bytes in hexadecimal, line breaks; formatting is left out. */
function unescaped(text: string, marks: Marks): string {
  if (!text.includes(marks.escape)) return text;
  const letters: Readonly<Record<string, string>> = {
    F: marks.field,
    S: marks.component,
    R: marks.repetition,
    E: marks.escape,
    T: marks.subcomponent,
    '.br': ' ',
  };
  const [first = '', ...rest] = text.split(marks.escape);
  return rest.reduce((whole, part, index) => {
    if (index % 2 === 1) return whole + part;
    const bytes = /^X((?:[0-9A-F]{2})+)$/i.exec(part)?.[1];
    return whole + (bytes === undefined ? (letters[part] ?? '') : latinOf(bytes));
  }, first);
}

const latinOf = (hex: string): string =>
  (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
