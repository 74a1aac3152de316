/** DuckDB's own version, such as v1.5.5: equal bytes are promised within one version only. */
export const duckdbVersion = async (): Promise<string> => (await import('@duckdb/node-api')).version();
