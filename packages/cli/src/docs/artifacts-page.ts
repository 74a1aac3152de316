import {
  artifactTables,
  attendanceMarks,
  codeListOf,
  columnsOf,
  olderVersions,
  payloadCodes,
  schemaVersions,
  type TableSchema,
} from '@throughline/core';

const ABOUT: Readonly<Record<keyof typeof artifactTables, string>> = {
  identifiers: 'A partner’s source records: identifiers in normal form. Lives at the owner and nowhere else.',
  payload: 'What the field manifests keep of the same records, without identifiers. Owner and analyst desk.',
  tokens: 'Keyed tokens of the records. Owner and linkage unit.',
  interop:
    'What a partner has encoded as another system does, if the agreements consent to it. Lives at the owner.',
  planted:
    'Children who do not exist, by whom an owner judges the linkage. Lives at the owner and nowhere else.',
  canaries: 'Which records those are. Owner, and analyst desk once everybody is linked.',
  duplicates:
    'Which of an owner’s records are likely one person, and what that is judged by in this epoch. Lives at the owner; who is one person is told in its tokens.',
  plan: 'What an owner tells of its file before anything is sealed. Owner and linkage unit.',
  gate: 'What all partners may seal in this epoch. Everybody.',
  slots: 'Sealed fields of the records. Owner and linkage unit.',
  residual:
    'Record-level encodings of the records, each wrapped under a key of its own; under the profile `sealed+clkd` alone. Owner and linkage unit.',
  ledger: 'Which record has which value of a pass for this epoch. Lives at the owner and nowhere else.',
  links: 'Accepted pairs of records and what each pass found. Linkage unit.',
  people:
    'The people index: which records are one person, how sure that is, and how it changed. Linkage unit and analyst desk.',
  findings:
    'What linkage found in the records of a night, so that the next one decides only what has changed. Linkage unit.',
  households:
    'The household index, where a city asks for one: which persons live together, and how that changed. Linkage unit and nobody else.',
  counted: 'Whom the measures count: what each person is in each of them, and at which levels. Analyst desk.',
  equations:
    'The cells of a release with the people behind them, and what is printed of them. The ledger keeps those of every published release, for ever. Analyst desk.',
  frozen: 'Whose records a frozen release counted. Analyst desk.',
  measures: 'Exact, sensitive cells. Analyst desk.',
  row_codes: 'analyst desk, release microdata: whose row is which, in one licence',
  microdata: 'analyst desk, release microdata: rows about single children for one licensee',
  release: 'Cells after disclosure control. Anywhere.',
};

/** `artifacts.md`: every artifact kind with its tables and columns. */
export function artifactsPage(): string {
  const kinds = Object.keys(artifactTables) as (keyof typeof artifactTables)[];
  return [
    '# Artifacts',
    '',
    'An artifact is a folder: one Parquet file a table and `manifest.json`, written last. Without its manifest it does',
    'not exist. The manifest names every file with its SHA-256, the inputs, agreements and approvals by hash, the stage',
    'and version that made it, and counts. Its identity is the SHA-256 of its canonical JSON without the member `run`.',
    '`?` marks a column that may be empty.',
    '',
    'A table beside which there is `later_<table>` is as an earlier night wrote it: a row of it counts while no record that it names is in',
    '`since`, and the rows of `later_<table>` take the place of the others. Whoever reads the files without Throughline reads them so.',
    ...kinds.flatMap((kind) => kindSection(kind)),
    '',
    '## Older and newer versions',
    '',
    'An older version of an artifact is `made again` by the next run; `carried over`, read as it is and written in the new',
    'form; or `refused` with `ARTIFACT_SCHEMA` where nothing can make it again and no older form has been. A newer one than',
    'the software knows is refused with `FORMAT_NEWER` and never replaced, by whichever stage would write it.',
    '',
    '| what | by a newer version | by an older version |',
    '|---|---|---|',
    '| the log | read: its form is that of C2SP tiles | refused, `LOG_BROKEN`, from the first entry of a kind that it does not know |',
    '| a backup | read | refused, `FORMAT_NEWER` |',
    '| `runs.json`, `deliveries.json`, `holds.json` | read | refused, `CONFIG_INVALID`, where they say more than it knows |',
    '| keys, cards, signatures, documents | read: documents have versions of their own | as documents: unknown fields are refused |',
    '',
    '## Marks of a register',
    '',
    'The column `marks` of the table `attendance` has one of these letters for each day:',
    '',
    '| mark | the day |',
    '|---|---|',
    ...Object.entries(attendanceMarks).map(([mark, meaning]) => `| \`${mark}\` | ${meaning} |`),
    '',
    '## Codes',
    '',
    '| column | codes |',
    '|---|---|',
    ...Object.entries(codeListOf).map(
      ([column, list]) => `| \`${column}\` | ${payloadCodes[list].join(', ')} |`,
    ),
    '',
  ].join('\n');
}

function kindSection(kind: keyof typeof artifactTables): string[] {
  const tables: Readonly<Record<string, TableSchema>> = artifactTables[kind];
  return [
    '',
    `## ${kind} (schema version ${schemaVersions[kind]}; an older one is ${olderVersions[kind]})`,
    '',
    ABOUT[kind],
    '',
    '| table | columns |',
    '|---|---|',
    ...Object.entries(tables).map(([name, schema]) => `| \`${name}\` | ${columnList(schema)} |`),
  ];
}

const columnList = (schema: TableSchema): string =>
  columnsOf(schema)
    .map(({ name, type, nullable }) => `\`${name}\` ${type}${nullable ? '?' : ''}`)
    .join(', ');
