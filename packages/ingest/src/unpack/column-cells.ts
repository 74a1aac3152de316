import { withoutControls } from '../read/decode.js';
import { malformed, type Tell } from './told.js';

/** A date as text; one with a time of day keeps it, so that no format of dates alone takes it in. */
export function isoText(date: Date): string {
  if (Number.isNaN(date.getTime())) return 'not a date';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}

/** A value of a column as text; a moment as ISO. */
export function cellOf(value: unknown, tell: Tell): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return isoText(value);
  if (typeof value === 'object') throw malformed('columns of plain values');
  const { text, stripped } = withoutControls(String(value));
  if (stripped > 0) tell(['stripped', stripped]);
  return text;
}
