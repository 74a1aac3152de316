import type { GuardedSource } from '@throughline/engine';
import { DataType, RecordBatchReader } from 'apache-arrow';
import { limits } from '../read/limits.js';
import { cellOf } from './column-cells.js';
import { malformed, overLimit, type Tell } from './told.js';

/** Tells the header and the rows of an Arrow file or stream without packed buffers. */
export function arrowRows(source: GuardedSource, tell: Tell): void {
  if (source.bytes > limits.columnar) throw overLimit('bytes of an Arrow file', limits.columnar);
  const reader = RecordBatchReader.from(source.read(0, source.bytes));
  reader.open();
  const { fields } = reader.schema;
  if (fields.length > limits.columns) throw overLimit('columns', limits.columns);
  if (!fields.every(({ type }) => isPlain(type))) throw malformed('Arrow columns of plain values');
  tell(['header', fields.map(({ name }) => name)]);
  let row = 0;
  for (const batch of reader) {
    const columns = fields.map((_, index) => batch.getChildAt(index));
    for (let at = 0; at < batch.numRows; at += 1) {
      row += 1;
      tell([
        'row',
        row,
        columns.map((column, index) => arrowCell(column?.get(at), fields[index]?.type, tell)),
      ]);
    }
  }
}

const plainTypes = [
  DataType.isUtf8,
  DataType.isLargeUtf8,
  DataType.isInt,
  DataType.isFloat,
  DataType.isBool,
  DataType.isDate,
  DataType.isTimestamp,
  DataType.isNull,
];

function isPlain(type: DataType): boolean {
  if (DataType.isDictionary(type)) return isPlain(type.dictionary);
  return plainTypes.some((is) => is(type));
}

function arrowCell(value: unknown, type: DataType | undefined, tell: Tell): string | null {
  const own = type !== undefined && DataType.isDictionary(type) ? type.dictionary : type;
  const isMoment = own !== undefined && (DataType.isDate(own) || DataType.isTimestamp(own));
  return cellOf(isMoment && typeof value === 'number' ? new Date(value) : value, tell);
}
