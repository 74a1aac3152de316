import { safeName } from '@throughline/core';
import { shown } from './guess-format.js';
import type { ColumnProfile, PresetMatch, Profile } from './profile.js';

/** The profile as a page of plain text: counts, shapes, and words of our own lists. */
export function profilePage(profile: Profile): string {
  return [
    ...formatLines(profile),
    '',
    ...matchLines(profile.matches),
    ...dayLines(profile.days),
    ...profile.columns
      .filter((_, index) => profile.days?.places.includes(index) !== true)
      .flatMap((column) => ['', ...columnLines(column)]),
    '',
    ...doubtLines(profile),
    '',
  ].join('\n');
}

const count = (number: number): string => number.toLocaleString('en-US');

function formatLines({ bytes, guess, tally, columns }: Profile): string[] {
  const packed = guess.delivery.packed === undefined ? '' : `, packed by ${guess.delivery.packed}`;
  const rejected = reasonsOf(tally.rejected);
  return [
    `format     ${formatWords(guess.format)}${packed}`,
    ...(tally.encoding === null ? [] : [`encoding   ${tally.encoding}, over the whole file`]),
    `size       ${count(bytes)} bytes, ${count(tally.rows)} rows, ${columns.length} columns`,
    ...(tally.stripped === 0 ? [] : [`stripped   ${count(tally.stripped)} control characters`]),
    ...(rejected === '' ? [] : [`rejected   ${rejected}`]),
    `header     ${guess.named ? 'names the columns' : 'not sure; columns are numbered'}`,
  ];
}

function formatWords(format: Profile['guess']['format']): string {
  if (format.type === 'delimited') {
    const quote = format.quote === null ? 'no quotes' : `quote ${format.quote}`;
    return `delimited by ${shown(format.delimiter)}, ${quote}, ${format.escape === 'backslash' ? 'backslash escapes' : 'doubled quotes'}`;
  }
  if (format.type === 'workbook') return `workbook, header in row ${format.header_row}`;
  if (format.type === 'json')
    return format.layout === 'lines'
      ? 'JSON Lines'
      : `JSON, records at ${format.records === '' ? 'the top' : safeName(format.records)}`;
  if (format.type === 'xml') return `XML, records are ${safeName(format.record)}`;
  return format.type;
}

function reasonsOf(rejected: Profile['tally']['rejected']): string {
  const reasons = new Map<string, number[]>();
  for (const { line, reason } of rejected) reasons.set(reason, [...(reasons.get(reason) ?? []), line]);
  return [...reasons]
    .map(
      ([reason, lines]) =>
        `${count(lines.length)} ${reason} (line ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ', …' : ''})`,
    )
    .join('; ');
}

const matchLines = (matches: readonly PresetMatch[]): string[] =>
  matches.length === 0
    ? ['preset     none fits: the draft lists every column']
    : matches.map(
        ({ preset, share, more, lacks, renamed, refused }) =>
          `preset     ${preset.id}: ${Math.round(share * 100)} % of the columns${named(', not in the preset', more)}${named(', not in the file', lacks)}${named(', under another name', [...renamed.values()])}${named(', refused by the preset', refused)}`,
      );

const dayLines = (days: Profile['days']): string[] =>
  days === undefined
    ? []
    : [
        `days       ${days.places.length} columns are headed by days, written ${days.format}: each of their cells becomes a row (unpivot)`,
      ];

const named = (words: string, names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `${words}: ${names.slice(0, 10).map(safeName).join(', ')}${names.length > 10 ? ', …' : ''}`;

function columnLines({ name, place, facts, judgement, codes, otherCodes }: ColumnProfile): string[] {
  const { type, formats, pattern, width, meaning, keyLike } = judgement;
  const known = facts.rows === 0 ? 0 : (facts.known / facts.rows) * 100;
  return [
    `${place}. ${name === undefined ? '(name withheld)' : safeName(name)}`,
    `   type       ${[type, ...formats, pattern, width === undefined ? undefined : `width ${width}`].filter((part) => part !== undefined).join(', ')}`,
    `   meaning    ${meaning === undefined ? 'not known' : `likely ${meaning.words}`}`,
    `   filled     ${known.toFixed(1)} %, ${count(facts.distinct)} different${keyLike ? ', one for each row: may be a key' : ''}`,
    ...(facts.nullWords.length === 0
      ? []
      : [`   nulls      ${facts.nullWords.map(({ word, rows }) => `${word} (${count(rows)})`).join(', ')}`]),
    ...shapeLines(facts),
    ...(codes.length === 0 ? [] : [`   codes      ${codes.join(', ')}`]),
    ...(otherCodes.length === 0
      ? []
      : [`   codes      others that we do not know, first at lines ${otherCodes.join(', ')}`]),
    ...(facts.padded === 0 ? [] : [`   padded     ${count(facts.padded)} with blanks around`]),
    ...judgement.unsure.map((doubt) => `   unsure     ${doubt}`),
  ];
}

function shapeLines({ shapes, otherShapes, known }: ColumnProfile['facts']): string[] {
  if (known === 0) return [];
  const told = shapes.map(({ shape, rows }) => `${shape} (${count(rows)})`);
  const rest =
    otherShapes === 0 ? [] : [`${told.length === 0 ? 'none frequent' : 'others'} (${count(otherShapes)})`];
  return [`   shapes     ${[...told, ...rest].join('   ')}`];
}

function doubtLines({ guess }: Profile): string[] {
  if (guess.unsure.length === 0)
    return ['Nothing about the format is unsure. Ask the owner about every column all the same.'];
  return ['Unsure:', ...guess.unsure.map((doubt) => `- ${doubt}`)];
}
