/** Column types that artifacts use; a subset of DuckDB's that Parquet, Arrow and other engines share. */
export const columnTypes = [
  'UUID',
  'VARCHAR',
  'DATE',
  'BOOLEAN',
  'INTEGER',
  'BIGINT',
  'DOUBLE',
  'BLOB',
] as const;
export type ColumnType = (typeof columnTypes)[number];

/** A table's declared columns, in order: `name: type`, a trailing `?` where a row may lack the value. */
export type TableSchema = Readonly<Record<string, ColumnType | `${ColumnType}?`>>;

/** A table's columns with the `?` resolved. */
export function columnsOf(schema: TableSchema): { name: string; type: ColumnType; nullable: boolean }[] {
  return Object.entries(schema).map(([name, type]) => {
    const nullable = type.endsWith('?');
    return { name, type: (nullable ? type.slice(0, -1) : type) as ColumnType, nullable };
  });
}
