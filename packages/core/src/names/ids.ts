/**
 * A source record's id: 16 bytes as 32 lower-case hexadecimal digits in UUID form, an HMAC under a key that
 * only the owner of the record has. The same every night, meaningless to everybody else.
 */
export type RecordId = string & { readonly __recordId: true };

/**
 * A person's id at the linkage unit, in UUID form: a keyed counter's value, derived from no attribute of the
 * person (34 CFR 99.31(b)(2); 45 CFR 164.514(c)).
 */
export type PersonId = string & { readonly __personId: true };

/** Lower-case hexadecimal SHA-256. */
export type Sha256 = string & { readonly __sha256: true };

const HEX_OF_16_BYTES = /^[0-9a-f]{32}$/;

/**
 * The UUID form of 16 bytes given as 32 hexadecimal digits. Only the form of RFC 9562 is used, since DuckDB and
 * Parquet keep it as 16 fixed bytes; version and variant bits carry no meaning here.
 *
 * @throws RangeError if `hex` is not 32 lower-case hexadecimal digits (the digits are not repeated).
 */
export function uuidForm(hex: string): string {
  if (!HEX_OF_16_BYTES.test(hex)) throw new RangeError('uuidForm: 32 lower-case hexadecimal digits expected');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
