import type { Row } from '@throughline/engine';

export const text = (row: Row, column: string): string => String(row[column] ?? '');
export const number = (row: Row, column: string): number => Number(row[column] ?? 0);
export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : text(row, column);
