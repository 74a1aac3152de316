/** What canonical JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * JSON with sorted keys and no white space, so that equal values have equal bytes (RFC 8785). What JSON cannot
 * hold is refused, and not dropped or emptied as `JSON.stringify` does: two unlike configurations would have one
 * hash.
 *
 * @throws RangeError for NaN, infinities, undefined in a list, and objects such as Date, Map or Set.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError('canonicalJson: a finite number expected');
  }
  if (value === null || SCALARS.has(typeof value)) return JSON.stringify(value);
  if (!isPlain(value)) throw new RangeError('canonicalJson: a plain value expected');
  if (isList(value)) return `[${Array.from(value, (member) => canonicalJson(member)).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

const SCALARS: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);

const isPlain = (value: Json): value is Exclude<Json, string | number | boolean | null> =>
  typeof value === 'object' &&
  (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value)));

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
