/** The limits of what we read; docs/reference/formats.md is printed from this table. */
export const limits = {
  /** Characters of a record of a text, and of a line of JSON. */
  record: 1_000_000,
  /** Columns of an extract. */
  columns: 512,
  /** Bytes of a sheet for people, of a workbook's file, of a JSON document, of an Arrow or Parquet file. */
  sheet: 16 * 1024 ** 2,
  workbook: 64 * 1024 ** 2,
  document: 64 * 1024 ** 2,
  columnar: 1024 ** 3,
  /** A packed file may become so many times larger; small ones may always become `unpackedAtLeast`. */
  unpackedTimes: 50,
  unpackedAtLeast: 8 * 1024 ** 2,
  unpacked: 16 * 1024 ** 3,
  /** Levels of JSON and XML within one another. */
  depth: 64,
  /** Of the process of its own in which a container is opened. */
  guardMegabytes: 1024,
  guardSeconds: 600,
} as const;

/** How many bytes a packed file may become. */
export const unpackedMost = (bytes: number): number =>
  Math.min(limits.unpacked, Math.max(limits.unpackedAtLeast, bytes * limits.unpackedTimes));
