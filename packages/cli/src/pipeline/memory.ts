/** The lesser of two limits such as `3GB` and `400MB`. */
export const lesserMemory = (one: string, other: string): string =>
  megabytes(one) <= megabytes(other) ? one : other;

const megabytes = (limit: string): number => Number.parseInt(limit, 10) * (limit.endsWith('GB') ? 1000 : 1);
