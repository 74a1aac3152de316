import type { Description } from './describe.js';

/** A table by one dimension, to show how a table is read; the first of the release. */
const shownTable = ({ cells }: Pick<Description, 'cells'>): string =>
  cells.find(({ dim_1, dim_2 }) => dim_1 !== null && dim_2 === null)?.table_name ?? '';

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const duckdb = (table: string): string => `-- Run beside the files: duckdb < read.sql
-- A withheld count is NULL, never 0; status says so.
SELECT level_1, status, yes, known, unknown, total, rate_percent, coverage_percent, at_least_percent, at_most_percent
FROM 'cells.parquet'
WHERE table_name = ${sqlText(table)}
ORDER BY level_1;

-- The same from the database file, whose tables and columns have comments.
ATTACH 'release.duckdb' AS release (READ_ONLY);
SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'release' ORDER BY table_name;
SELECT dimension, level, status, ratio, gap_points, linked_gap_points FROM release.equity ORDER BY ALL;
SELECT table_name, level_1, unit, status, volume, children, average FROM release.magnitudes ORDER BY ALL;
SELECT access, level, status, compared, observed_percent, expected_percent FROM release.comparisons ORDER BY ALL;

-- Code can be written before anybody has access: made-up rows of the same columns.
SELECT count(*) AS made_up_rows FROM 'synthetic-cells.csv';
`;

const python = (table: string): string => `# Run beside the files; needs: pip install duckdb
import duckdb

cells = duckdb.sql("SELECT * FROM 'cells.parquet'")
table = duckdb.execute(
    "SELECT level_1, status, yes, known, rate_percent, coverage_percent FROM cells WHERE table_name = ? ORDER BY level_1",
    [${JSON.stringify(table)}],
)
# A withheld count is None, never 0.
for row in table.fetchall():
    print(row)

print(duckdb.execute("SELECT count(*) FROM cells WHERE status = 'withheld'").fetchone()[0])
`;

const r = (
  table: string,
): string => `# Run beside the files; needs: install.packages("jsonlite") or base R alone
cells <- read.csv("cells.csv", na.strings = "", check.names = FALSE)
rows <- cells[cells$table_name == ${JSON.stringify(table)}, c("level_1", "status", "yes", "known", "rate_percent", "coverage_percent")]
# A withheld count is NA, never 0.
print(rows, row.names = FALSE)
print(sum(cells$status == "withheld"))
`;

/** How to read the release with DuckDB, R and Python: files that run beside the others. */
export function snippets(description: Pick<Description, 'cells'>): Readonly<Record<string, string>> {
  const table = shownTable(description);
  return { 'read.sql': duckdb(table), 'read.py': python(table), 'read.R': r(table) };
}
