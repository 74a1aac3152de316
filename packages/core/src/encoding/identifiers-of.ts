/** The identifiers that a part of a record is made of, by the name of the part: first and last name of `names.sorted`. */
export function identifiersOfPart(part: string): readonly string[] {
  const [identifier = ''] = part.split('.');
  if (identifier === 'names' || identifier === 'names3') return ['first', 'last'];
  if (identifier === 'month_day') return ['birth_date'];
  return [identifier === 'first_root' ? 'first' : identifier];
}
