/** A size as configurations write it: a whole number of megabytes or gigabytes, such as `400MB`. */
export const SIZE = /^[1-9][0-9]{0,5}(MB|GB)$/;

/** A size in bytes; a megabyte is 1,000,000 of them, as DuckDB counts. */
export const bytesOfSize = (size: string): number =>
  Number.parseInt(size, 10) * (size.endsWith('GB') ? 1000 ** 3 : 1000 ** 2);

/** The lesser of two sizes. */
export const lesserSize = (one: string, other: string): string =>
  bytesOfSize(one) <= bytesOfSize(other) ? one : other;
