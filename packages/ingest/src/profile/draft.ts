import { isAmong, listOf } from './judge.js';
import { CODE_LISTS } from './known-words.js';
import type { ColumnProfile, PresetMatch, Profile } from './profile.js';

/** What a draft is told; dates and the agreement are the person's to fill in. */
export type Drafting = { readonly partner: string; readonly extract: string; readonly day: string };

const quoted = (text: string): string => JSON.stringify(text);
const FILL_IN = 'To be filled in by the owner of the records.';

/** A manifest to be edited by a person: on a preset, if one fits, else every column of the file. */
export function draftManifest(profile: Profile, drafting: Drafting): string {
  const [match] = profile.matches;
  const head = headOf(profile, drafting);
  return [...head, ...(match === undefined ? wholeLines(profile) : presetLines(profile, match)), ''].join(
    '\n',
  );
}

function headOf({ guess, days }: Profile, { partner, extract, day }: Drafting): string[] {
  const year = Number(day.slice(0, 4));
  const { packed } = guess.delivery;
  return [
    '# A draft from `throughline profile`. Nothing in it is decided: edit every line, then have the owner approve it.',
    ...guess.unsure.map((doubt) => `# Unsure: ${doubt}`),
    'kind: manifest',
    `id: ${partner}-${extract}`,
    'version: 1',
    `title: ${quoted(`Extract ${extract} of ${partner}`)}`,
    `effective: ${day}`,
    `expires: ${year + 1}${day.slice(4).replace('-02-29', '-02-28')}`,
    `partner: ${partner}`,
    `agreement: dsa-${partner}`,
    `extract: ${extract}`,
    `purpose: ${quoted(FILL_IN)}`,
    ...(packed === undefined ? [] : [`delivery: { packed: ${packed} }`]),
    '# What the export covers. Ask the owner: whether only active children, or only exceptions, are in it cannot be seen.',
    `scope: { covers_from: ${days?.first ?? day}, covers_to: ${days?.last ?? day}, active_only: false, exceptions_only: false }`,
    'limits: { rejected_share: 0.05, unmapped_share: 0.02 }',
  ];
}

function presetLines(profile: Profile, match: PresetMatch): string[] {
  const { guess } = profile;
  const { preset, sha256, more, lacks, renamed, refused } = match;
  const differs = formatDifferences(preset.format, guess.format);
  return [
    `preset: ${preset.id}`,
    `preset_sha256: ${sha256}`,
    'basis: owner-programme-records',
    ...(Object.keys(differs).length === 0 ? [] : [`format: ${flow(differs)}`]),
    ...(renamed.size === 0
      ? []
      : [
          '# The name in the preset, and what seems to be the same column of the file.',
          `rename: ${flow(Object.fromEntries([...renamed].map(([ours, theirs]) => [quoted(ours), theirs])))}`,
        ]),
    ...(refused.length === 0
      ? []
      : [
          `# The preset refuses what the file has: ${refused.map(quoted).join(', ')}. Have it taken out of the export.`,
        ]),
    ...(lacks.length === 0 ? [] : [`without: [${lacks.map(quoted).join(', ')}]`]),
    ...(more.length === 0
      ? []
      : [
          '# Columns that the preset does not know. Dropped unread; list under fields what is needed.',
          `drop: [${more.map(quoted).join(', ')}]`,
        ]),
    ...dateLines(profile, match),
  ];
}

/** Columns whose dates are written otherwise than the preset has it: a wrong format reads no date, or another one. */
function dateLines({ guess, columns, days }: Profile, { preset, renamed }: PresetMatch): string[] {
  const theirs = (name: string) => renamed.get(name) ?? name;
  const foundOf = (name: string): readonly string[] => {
    if (days !== undefined && preset.unpivot?.heading === name) return [days.format];
    const at = guess.columns.findIndex((column) => isAmong(column, [theirs(name)]));
    const judgement = columns[at]?.judgement;
    return judgement?.type === 'date' ? judgement.formats : [];
  };
  const others = preset.fields.flatMap(({ name, type, format = [], treatment }) => {
    const found = foundOf(name);
    const isRead = type === 'date' && !treatment.includes('drop') && !treatment.includes('refuse');
    return isRead && found.some((each) => !format.includes(each))
      ? [`  - { name: ${quoted(theirs(name))}, format: ${JSON.stringify(found)} }`]
      : [];
  });
  return others.length === 0
    ? []
    : ['# Dates that are written otherwise than the preset has it.', 'fields:', ...others];
}

type Format = Readonly<Record<string, unknown>>;

/** What the file has otherwise than the preset, of what the preset says about formats of its kind. */
function formatDifferences(preset: Format, found: Format): Format {
  if (preset['type'] !== found['type']) return found;
  const open =
    preset['encoding'] === 'utf-8-or-windows-1252' &&
    ['utf-8', 'windows-1252'].includes(String(found['encoding']));
  const told = [
    'delimiter',
    'quote',
    'escape',
    'title_rows',
    'sheet',
    'header_row',
    'layout',
    ...(open ? [] : ['encoding']),
  ];
  return Object.fromEntries(
    told.flatMap((key) => (key in found && found[key] !== preset[key] ? [[key, found[key]]] : [])),
  );
}

const flow = (value: Format): string =>
  `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${JSON.stringify(each)}`)
    .join(', ')} }`;

function wholeLines({ guess, columns, days }: Profile): string[] {
  const fields = columns
    .map((column, index) => ({ column, name: guess.columns[index] ?? '' }))
    .filter((_, index) => days?.places.includes(index) !== true);
  const key = columns.findIndex(({ judgement }) => judgement.keyLike && judgement.type === 'id');
  const keyName = key < 0 ? undefined : guess.columns[key];
  return [
    `format: ${JSON.stringify(guess.format)}`,
    `nulls: ${JSON.stringify(['', ...new Set(columns.flatMap(({ facts }) => facts.nullWords.map(({ word }) => word)))])}`,
    'records:',
    '  space: person # the kind of record; the same in every extract that names the same records',
    `  key: ${JSON.stringify(keyName === undefined ? [] : [keyName])} # ${keyName === undefined ? 'no column names each row once: every row would be a record' : 'one for each row in this file'}`,
    '  identifiers: true',
    '  one_row_each: false',
    '  duplicate_free: false',
    ...(days === undefined
      ? []
      : [
          '# Each cell under a day becomes a row. Ask whether a blank one means that the child was not expected (left-out) or nothing (unknown).',
          `unpivot: { heading: ${DAY}, cell: ${MARK}, empty: left-out }`,
        ]),
    'payload_table: null # choose one of docs/reference/artifacts.md, then keep what it needs',
    'excludes: [test-names]',
    'fields:',
    ...fields.flatMap(({ column, name }) => fieldLines(column, { name, isKey: name === keyName })),
    ...(days === undefined ? [] : dayFieldLines(days.format)),
  ];
}

const DAY = 'day of the column';
const MARK = 'mark under the day';

/** The two fields that the columns of days become; a key over all rows is the sheet's, so nothing is kept yet. */
const dayFieldLines = (format: string): string[] => [
  `  - name: ${DAY}`,
  '    description: "The day that heads a column."',
  '    type: date',
  `    format: ${JSON.stringify([format])}`,
  '    sensitivity: indirect',
  '    treatment: [internal]',
  '    # to keep it: treatment [keep], column: day',
  `    purpose: ${quoted(FILL_IN)}`,
  '    basis: owner-programme-records',
  `  - name: ${MARK}`,
  '    description: "What stands under the day."',
  '    type: text',
  '    sensitivity: indirect',
  '    treatment: [internal]',
  '    # to keep it: type code, codes { P: yes, A: no } as the programme writes them, treatment [keep], column: attended',
  `    purpose: ${quoted(FILL_IN)}`,
  '    basis: owner-programme-records',
];

type Field = { readonly name: string; readonly isKey: boolean };

/** Identifiers are linked; everything else is dropped until a person decides that it is needed. */
function fieldLines({ judgement, codes, otherCodes }: ColumnProfile, { name, isKey }: Field): string[] {
  const { meaning, type } = judgement;
  const role = meaning !== undefined && 'identifier' in meaning ? meaning.identifier : undefined;
  const refused = meaning !== undefined && 'unwanted' in meaning && meaning.unwanted === 'refuse';
  const treatment = refused
    ? ['refuse']
    : [...(isKey ? ['internal'] : []), ...(role === undefined ? [] : ['link'])];
  const final = treatment.length === 0 ? ['drop'] : treatment;
  return [
    ...judgement.unsure.map((doubt) => `  # Unsure: ${doubt}`),
    ...(otherCodes.length === 0 || type !== 'code'
      ? []
      : [`  # Codes that are not known stand at lines ${otherCodes.join(', ')}.`]),
    `  - name: ${quoted(name)}`,
    `    description: ${quoted(meaning === undefined ? FILL_IN : `Likely ${meaning.words}.`)}`,
    ...formLines(judgement, codes, final[0] !== 'drop'),
    `    sensitivity: ${refused || role !== undefined ? 'direct' : 'indirect'}`,
    `    treatment: [${final.join(', ')}]`,
    ...(role === undefined || refused ? [] : [`    identifier: ${role}`]),
    ...(meaning !== undefined && 'column' in meaning
      ? [`    # to keep it: treatment [keep], column: ${meaning.column}`]
      : []),
    `    purpose: ${quoted(role === undefined ? 'No measure uses it.' : "Links a child's records.")}`,
    '    basis: owner-programme-records',
  ];
}

function formLines(
  { type, formats, pattern, width, meaning }: ColumnProfile['judgement'],
  codes: readonly string[],
  isRead: boolean,
): string[] {
  const list = listOf(meaning);
  if (type === 'date') return ['    type: date', `    format: ${JSON.stringify(formats)}`];
  if (type === 'id')
    return [
      '    type: id',
      ...(pattern === undefined ? [] : [`    pattern: ${pattern}`]),
      ...(width === undefined ? [] : [`    width: ${width}`]),
    ];
  if (type === 'code' && list !== undefined && (isRead || codes.length > 0)) {
    const pairs = codes.map((code) => [code, CODE_LISTS[list].get(code)]);
    return ['    type: code', `    codes: ${JSON.stringify(Object.fromEntries(pairs))}`];
  }
  if (type === 'integer' || type === 'hours') return [`    type: ${type}`];
  return ['    type: text'];
}
