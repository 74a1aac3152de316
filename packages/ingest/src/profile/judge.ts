import type { ColumnFacts } from './facts.js';
import { CODE_LISTS, type CodeList, folded, type Meaning, meaningOf } from './known-words.js';

/** What a column seems to be. `unsure`: why not. */
export type ColumnJudgement = {
  readonly type: 'id' | 'date' | 'code' | 'integer' | 'hours' | 'text' | 'empty';
  readonly formats: readonly string[];
  readonly pattern: 'digits' | 'letters-digits' | undefined;
  readonly width: number | undefined;
  readonly meaning: Meaning | undefined;
  readonly keyLike: boolean;
  readonly unsure: readonly string[];
};

const MOST_CODES = 40;

/** Judges a column by its name, where that may be told, and by the shapes of its values. */
export function judged(name: string | undefined, facts: ColumnFacts): ColumnJudgement {
  const named = name === undefined ? undefined : meaningOf(name);
  const dates = dateJudgement(facts);
  const meaning = fitting(named, facts, dates.formats.length > 0) ?? meaningByShape(facts);
  const type = typeOf(facts, meaning, dates.formats.length > 0);
  const ids = type === 'id' ? idForm(facts) : { pattern: undefined, width: undefined };
  const isFull = facts.known > 0 && facts.known === facts.rows;
  return {
    type,
    formats: type === 'date' ? dates.formats : [],
    ...ids,
    meaning,
    keyLike: isFull && facts.distinct === facts.rows && facts.rows > 1,
    unsure: [
      ...(type === 'date' ? dates.unsure : []),
      ...(named !== undefined && meaning?.words !== named.words
        ? [`By its name it would be ${named.words}, by what stands in it not.`]
        : []),
      ...valueDoubts(facts, type, meaning),
    ],
  };
}

const most = (count: number, facts: ColumnFacts): boolean => facts.known > 0 && count >= facts.known * 0.9;

/** A meaning by name that the values do not contradict. */
function fitting(named: Meaning | undefined, facts: ColumnFacts, isDate: boolean): Meaning | undefined {
  if (named === undefined || facts.known === 0) return named;
  if ('identifier' in named && named.identifier === 'birth_date')
    return isDate || facts.serials > 0 ? named : undefined;
  if ('column' in named && named.column === 'day') return isDate ? named : undefined;
  const names = ['first', 'last', 'middle', 'guardian', 'full_name_first_last'];
  const isName = 'identifier' in named && names.includes(named.identifier);
  if (isName && most(facts.integers + facts.decimals, facts)) return undefined;
  if (isName && isDate) return undefined;
  if (
    'identifier' in named &&
    named.identifier === 'full_name_first_last' &&
    facts.shapes[0]?.shape.startsWith('A, A')
  )
    return { ...named, identifier: 'full_name_last_first' };
  return named;
}

/** Some values say what they are whatever their column is called. */
function meaningByShape({ shapes, known }: ColumnFacts): Meaning | undefined {
  const share = (form: RegExp) =>
    shapes.filter(({ shape }) => form.test(shape)).reduce((sum, { rows }) => sum + rows, 0) /
    Math.max(1, known);
  if (share(/^999-99-9999$/) > 0.5) return { unwanted: 'refuse', words: 'a social-security number' };
  if (share(/^[A9._-]+@[A9.-]+$/) > 0.8) return { identifier: 'email', words: 'an e-mail address' };
  if (share(/^(?:\(999\) ?999-9999|999-999-9999|999\.999\.9999)$/) > 0.8)
    return { identifier: 'phone', words: 'a telephone number' };
  return undefined;
}

function typeOf(facts: ColumnFacts, meaning: Meaning | undefined, isDate: boolean): ColumnJudgement['type'] {
  if (facts.known === 0) return 'empty';
  const role = meaning !== undefined && 'identifier' in meaning ? meaning.identifier : undefined;
  if (role === 'state_id' || role === 'district_id') return 'id';
  if (isDate) return 'date';
  if (role !== undefined && role !== 'sex') return 'text';
  if (meaning !== undefined && 'column' in meaning && meaning.column === 'minutes') return 'hours';
  if (role === 'sex' || (meaning !== undefined && 'list' in meaning)) return 'code';
  if (meaning !== undefined && 'column' in meaning && meaning.column === 'school')
    return most(facts.integers, facts) ? 'id' : 'text';
  if (facts.distinct <= MOST_CODES && facts.distinct * 5 <= facts.known && facts.longest <= 60) return 'code';
  if (facts.leadingZeros > 0 || (most(facts.integers, facts) && facts.shortest >= 4)) return 'id';
  if (most(facts.integers, facts)) return 'integer';
  return 'text';
}

/** A width only where zeros lead: then shorter ones have lost theirs. */
function idForm(facts: ColumnFacts): Pick<ColumnJudgement, 'pattern' | 'width'> {
  const digits = most(facts.integers + facts.scientific, facts);
  return {
    pattern: digits ? 'digits' : 'letters-digits',
    width: digits && facts.leadingZeros > 0 ? facts.longest : undefined,
  };
}

type DateJudgement = { readonly formats: readonly string[]; readonly unsure: readonly string[] };

/** Formats that together take in what the column has; two that take in the same days are not chosen between. */
function dateJudgement(facts: ColumnFacts): DateJudgement {
  const [best, second] = facts.dates;
  if (best === undefined || best.rows < facts.known * 0.5) return { formats: [], unsure: [] };
  const isBare = !/[^%A-Za-z]/.test(best.format);
  if (isBare && best.rows < facts.known * 0.95) return { formats: [], unsure: [] };
  const isRival = second !== undefined && second.rows === best.rows && sameDays(second.format, best.format);
  const rival = isRival ? second : undefined;
  if (rival !== undefined) {
    return {
      formats: [best.format],
      unsure: [
        `Day and month could be either way round in every value: ${best.format} or ${rival.format}. Ask whoever runs the system; a wrong choice makes other birth dates.`,
      ],
    };
  }
  const short = best.format.includes('%y')
    ? ['Years have two digits: 69 to 99 are read as 1969 to 1999, all others as 20..']
    : [];
  const rest = facts.known - best.rows;
  const more = facts.dates
    .slice(1)
    .find(({ rows, format }) => rows >= rest * 0.9 && rest > 0 && !sameDays(format, best.format));
  return {
    formats: more === undefined ? [best.format] : [best.format, more.format],
    unsure: [
      ...short,
      ...(more === undefined
        ? []
        : ['Dates are written in two ways: both are declared, and a column should have one.']),
      ...(rest > 0 && more === undefined
        ? [
            `${rest} value${rest === 1 ? '' : 's'} of the column ${rest === 1 ? 'is' : 'are'} no date in this format.`,
          ]
        : []),
      ...(facts.eitherWay > 0 && /%[md]\/%[md]/.test(best.format)
        ? [
            `${facts.eitherWay} of them could be read with day and month the other way round; the others show which it is.`,
          ]
        : []),
    ],
  };
}

const sameDays = (a: string, b: string): boolean => a.replace(/%[md]/g, '') === b.replace(/%[md]/g, '');

function valueDoubts(
  facts: ColumnFacts,
  type: ColumnJudgement['type'],
  meaning: Meaning | undefined,
): string[] {
  const isBirth = meaning !== undefined && 'identifier' in meaning && meaning.identifier === 'birth_date';
  return [
    ...(facts.scientific > 0
      ? [
          `${facts.scientific} value${facts.scientific === 1 ? ' was' : 's were'} spoilt by a spreadsheet (as 9.99E+99): they are lost, export again as text.`,
        ]
      : []),
    ...(facts.serials > 0 && (type === 'date' || isBirth)
      ? [
          `${facts.serials} value${facts.serials === 1 ? ' looks' : 's look'} like day numbers of a spreadsheet; they are no dates until the export writes them as such.`,
        ]
      : []),
    ...(type === 'id' && facts.shortest !== facts.longest && facts.leadingZeros > 0
      ? [
          'Some are shorter than others and some begin with zeros: lost zeros are put back to the width, if that is right.',
        ]
      : []),
    ...(type === 'id' && facts.distinct === 1 && facts.known > 1
      ? ['Every row has the same value: it names nobody.']
      : []),
    ...(type === 'code' && listOf(meaning) === undefined
      ? ['A list of few words that we do not know: say what each stands for.']
      : []),
  ];
}

/** The list of codes that a column's words may come from. */
export function listOf(meaning: Meaning | undefined): CodeList | undefined {
  if (meaning === undefined) return undefined;
  if ('identifier' in meaning) return meaning.identifier === 'sex' ? 'sex' : undefined;
  return 'list' in meaning ? meaning.list : undefined;
}

export const wordsOfList = (list: CodeList): readonly string[] => [...CODE_LISTS[list].keys()];

/** Whether a column of a file is one of some names: alike but for case and punctuation. */
export const isAmong = (column: string, names: readonly string[]): boolean =>
  names.some((name) => folded(name) === folded(column));
