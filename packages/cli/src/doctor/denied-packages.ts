/** Versions that were published by a thief in September 2025. */
export const deniedPackages = [
  '@duckdb/node-api@1.3.3',
  '@duckdb/node-bindings@1.3.3',
  'duckdb@1.3.3',
  '@duckdb/duckdb-wasm@1.29.2',
] as const;
