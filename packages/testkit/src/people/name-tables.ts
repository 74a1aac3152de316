/** Which list a surname is drawn from. A household's heritage decides the list. */
export type SurnameGroup = 'general' | 'irish_italian' | 'hispanic' | 'asian' | 'black' | 'portuguese';

/** The five text files of the names folder, unparsed. Their columns are described in its README. */
export type NameFiles = {
  readonly surnames: string;
  readonly givenByCohort: string;
  readonly givenByEthnicity: string;
  readonly nicknames: string;
  readonly accents: string;
};

export type NameTables = {
  /** `language` is the one spoken at home where it is not English; empty where the name says nothing. */
  readonly surnames: readonly { spelling: string; count: number; group: SurnameGroup; language: string }[];
  /** Births per five-year cohort, 2000-2004 first. */
  readonly givenByCohort: readonly { name: string; sex: 'F' | 'M'; births: readonly number[] }[];
  /** Ethnicity is the source's letter: a Asian, b Black, h Hispanic, w White. */
  readonly givenByEthnicity: readonly { name: string; sex: 'F' | 'M'; ethnicity: string; count: number }[];
  readonly nicknames: ReadonlyMap<string, readonly string[]>;
  readonly accents: ReadonlyMap<string, string>;
};

const GROUPS: readonly SurnameGroup[] = [
  'general',
  'irish_italian',
  'hispanic',
  'asian',
  'black',
  'portuguese',
];

/** @throws RangeError when a file has no rows or a surname an unknown group. */
export function nameTables(files: NameFiles): NameTables {
  return {
    surnames: rows(files.surnames, 'surnames').map(
      ([census = '', count, group = '', language = '', spelling]) => ({
        spelling: spelling === '' || spelling === undefined ? restoredMc(census) : spelling,
        count: Number(count),
        group: surnameGroup(group),
        language,
      }),
    ),
    givenByCohort: rows(files.givenByCohort, 'givenByCohort').map(([name = '', sex, ...births]) => ({
      name: capitalised(name),
      sex: sex === 'F' ? 'F' : 'M',
      births: births.map(Number),
    })),
    givenByEthnicity: rows(files.givenByEthnicity, 'givenByEthnicity').map(
      ([name = '', sex, ethnicity = '', count]) => ({
        name,
        sex: sex === 'f' ? 'F' : 'M',
        ethnicity,
        count: Number(count),
      }),
    ),
    nicknames: nicknames(files.nicknames),
    accents: new Map(rows(files.accents, 'accents').map(([name = '', spelling = '']) => [name, spelling])),
  };
}

export const capitalised = (name: string): string =>
  name.replace(/(^|[\s-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

/** The Census prints Mcdonald; families write McDonald. */
const restoredMc = (name: string): string =>
  name.replace(/^Mc([a-z])/, (_, letter: string) => `Mc${letter.toUpperCase()}`);

function rows(text: string, table: string): string[][] {
  const lines = text.split('\n').slice(1);
  const parsed = lines.filter((line) => line !== '').map((line) => line.split(','));
  if (parsed.length === 0) throw new RangeError(`${table}: expected rows below the header`);
  return parsed;
}

function surnameGroup(text: string): SurnameGroup {
  const group = GROUPS.find((each) => each === text);
  if (group === undefined) throw new RangeError('surnames: expected a known group');
  return group;
}

function nicknames(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name = '', nickname = ''] of rows(text, 'nicknames')) {
    const known = found.get(name) ?? [];
    known.push(capitalised(nickname));
    found.set(name, known);
  }
  return found;
}
