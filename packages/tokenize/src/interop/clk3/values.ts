import type { Clk3Format, Clk3Hashed } from './schema.js';

/** A value as sent -> what is hashed of it; null where the value does not have the declared form. */
export type FormatValue = (value: string) => string | null;

/** Python's strptime and int accept more than is written here (other scripts' digits); those values are refused. */
export function valueFormat({ format, hashing: { missingValue } }: Clk3Hashed): FormatValue {
  const formatted = formats(format);
  if (missingValue === undefined) return formatted;
  const { sentinel, replaceWith = sentinel } = missingValue;
  return (value) => (value === sentinel ? replaceWith : formatted(value));
}

function formats(format: Clk3Format): FormatValue {
  switch (format.type) {
    case 'string':
      return textFormat(format);
    case 'integer':
      return (value) => integer(value, format);
    case 'date':
      return dateFormat(format.format);
    case 'enum':
      return (value) => (format.values.includes(value) ? value : null);
  }
}

function textFormat(format: Extract<Clk3Format, { type: 'string' }>): FormatValue {
  const fits = 'pattern' in format ? patternTest(format.pattern) : lengthTest(format);
  const encodable = format.encoding === 'ascii' ? isAscii : isWellFormed;
  return (value) => (encodable(value) && fits(value) ? value : null);
}

const isAscii = (value: string): boolean => [...value].every((letter) => letter < '\u0080');
const isWellFormed = (value: string): boolean => !/\p{Surrogate}/u.test(value);

function patternTest(pattern: string): (value: string) => boolean {
  const whole = new RegExp(`^(?:${pattern})$`, 'u');
  return (value) => whole.test(value);
}

type Lengths = {
  case: 'upper' | 'lower' | 'mixed';
  minLength?: number | undefined;
  maxLength?: number | undefined;
};

function lengthTest({ case: letters, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Lengths) {
  return (value: string): boolean => {
    const length = [...value].length;
    if (length < minLength || length > maxLength) return false;
    if (letters === 'upper') return value.toUpperCase() === value;
    return letters === 'mixed' || value.toLowerCase() === value;
  };
}

type Range = { minimum?: number | undefined; maximum?: number | undefined };

/** `+13`, ` 13` and `013` are 13. */
function integer(value: string, { minimum, maximum }: Range): string | null {
  const [, sign = '', digits] = /^\s*([+-]?)(\d+(?:_\d+)*)\s*$/.exec(value) ?? [];
  if (digits === undefined) return null;
  const number = BigInt(digits.replaceAll('_', '')) * (sign === '-' ? -1n : 1n);
  if (minimum !== undefined && number < BigInt(minimum)) return null;
  return maximum !== undefined && number > BigInt(maximum) ? null : String(number);
}

const DIRECTIVES: Readonly<Record<string, string>> = {
  '%Y': '(?<Y>\\d{4})',
  '%y': '(?<y>\\d{2})',
  '%m': '(?<m>1[0-2]|0[1-9]|[1-9])',
  '%d': '(?<d>3[01]|[12]\\d|0[1-9]|[1-9]| [1-9])',
};

/** Gives YYYYMMDD. */
function dateFormat(format: string): FormatValue {
  const pieces = format.split(/(%[Yymd]|\s+)/);
  const form = new RegExp(`^${pieces.map((piece) => DIRECTIVES[piece] ?? literal(piece)).join('')}$`, 'i');
  return (value) => {
    const { Y, y, m, d } = form.exec(value)?.groups ?? {};
    if (m === undefined || d === undefined) return null;
    const year = Y ?? (Number(y) > 68 ? `19${y}` : `20${y}`);
    const [month, day] = [m.padStart(2, '0'), d.trim().padStart(2, '0')];
    return isDate(`${year}-${month}-${day}`) ? `${year}${month}${day}` : null;
  };
}

const literal = (piece: string): string =>
  /^\s+$/.test(piece) ? '\\s+' : piece.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function isDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) && date >= '1000';
}
