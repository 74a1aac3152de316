/** The rules by which values of identifiers become equal; named in every artifact made with them. */
export const NORMAL_FORM = 'norm-1';

/**
 * Why a value was set aside or mended on the way to its normal form. Counted by column, never shown.
 * - `placeholder`: it says that nothing is known.
 * - `bad_date`, `bad_value`: it is not of the declared form.
 * - `ambiguous_date`: two declared formats read it as two dates.
 * - `unmapped_code`: the manifest has no code for it.
 * - `half_a_name`: a full name of which one half only is there.
 * - `repaired`: lost leading zeros were put back, or a spreadsheet's `.0` taken off.
 * - `hidden_characters`: it held characters without width or a direction mark.
 * - `mixed_scripts`: a word mixes Latin with Greek or Cyrillic letters that look alike.
 */
export type Note =
  | 'placeholder'
  | 'bad_date'
  | 'ambiguous_date'
  | 'bad_value'
  | 'unmapped_code'
  | 'half_a_name'
  | 'repaired'
  | 'hidden_characters'
  | 'mixed_scripts';

/** A value in normal form, never the empty string; null where nothing is known. */
export type Normal = { readonly value: string | null; readonly note: Note | null };

export const known = (value: string, note: Note | null = null): Normal => ({ value, note });
export const unknown = (note: Note | null): Normal => ({ value: null, note });
