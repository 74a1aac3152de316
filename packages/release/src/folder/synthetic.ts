import { candidateOf, groupOf } from '../candidate/tables.js';
import { type Printing, releasedCells } from '../cells/released-cells.js';
import { publishedCells } from '../protect/protect.js';
import { type ReleaseTableName, releaseTables } from './columns.js';
import { csvOf } from './table-files.js';

const EXAMPLE = 'example_measure_rule';

const row = (level: string | null, yes: number, no: number, unknown: number) => ({
  levels: [level],
  yes,
  no,
  unknown,
});

const table = {
  name: `${EXAMPLE}.school`,
  measure: EXAMPLE,
  population: 'example_population',
  dims: ['school'],
  rows: [
    row('School A', 40, 100, 5),
    row('School B', 60, 90, 0),
    row('School C', 30, 70, 10),
    row(null, 130, 260, 15),
  ],
};

/** Made-up rows in the shape of a release: some counts are withheld, and the others add up. */
function exampleCells() {
  const candidate = candidateOf([table]);
  const withheld = new Set(
    ['School A', 'School C'].flatMap((level) => {
      const { yes, no } = groupOf(table, [level]);
      return [yes, no];
    }),
  );
  const printing: Printing = {
    decimals: 0,
    unlinkedAtMost: new Map([[EXAMPLE, 11]]),
    links: new Map(),
    rounding: { rule: 'none' },
    ranges: new Map(),
  };
  return releasedCells([table], publishedCells(candidate, withheld), printing);
}

const place = { measure: EXAMPLE, table_name: table.name, dim_1: 'school', dim_2: null, level_2: null };

const examples = (): Readonly<Record<ReleaseTableName, readonly object[]>> => ({
  cells: exampleCells(),
  magnitudes: [
    {
      ...place,
      level_1: 'School A',
      status: 'withheld',
      unit: 'services',
      volume: null,
      children: null,
      average: null,
    },
    {
      ...place,
      level_1: 'School B',
      status: 'published',
      unit: 'services',
      volume: 150,
      children: 60,
      average: '2.5',
    },
  ],
  equity: [
    {
      measure: EXAMPLE,
      dimension: 'school',
      level: 'School B',
      status: 'published',
      share_of_reached_percent: '46.2',
      share_of_children_percent: '38.5',
      ratio: '1.20',
      gap_points: '7.7',
      linked_percent: '71.0',
      linked_gap_points: '-2.0',
    },
  ],
  comparisons: [
    {
      measure: 'example_by_access_rule',
      outcome: EXAMPLE,
      access: 'example_bands',
      level: 'band_1',
      status: 'published',
      compared: 80,
      observed_percent: '15',
      expected_percent: '18',
    },
  ],
});

/** `synthetic-<table>.csv`: made-up rows of each table's columns, so that code can be written before access. */
export async function syntheticTables(): Promise<Readonly<Record<string, string>>> {
  const rows = examples();
  const files: Record<string, string> = {};
  for (const { name, columns } of releaseTables) {
    const values = rows[name].map((each) =>
      columns.map(
        (column) => (each as Readonly<Record<string, string | number | null>>)[column.name] ?? null,
      ),
    );
    files[`synthetic-${name}.csv`] = await csvOf(columns, values);
  }
  return files;
}
