/** Who has which value of a pass at one owner; null where a record has none. All in the order of the record ids. */
export type PassHolders = {
  readonly values: readonly (string | null)[];
  readonly records: readonly string[];
  /** The local person of each record: the owner's own duplicates have one. */
  readonly persons: readonly number[];
};

/** The record that may seal a value for real in this epoch; null where none may. */
export type TakenValues = ReadonlyMap<string, string | null>;

/**
 * Decides the slots of a pass: a value is taken when it is first delivered, by the first record of the one local
 * person who has it, or by nobody if several persons have it. To the end of the epoch it stays so, whoever brings
 * the value later and whether or not the first still has it: what a slot is must not tell of newcomers.
 *
 * @returns the values taken after this delivery: those taken before and the new ones.
 */
export function valuesTaken({ values, records, persons }: PassHolders, before: TakenValues): TakenValues {
  const taken = new Map(before);
  const found = new Map<string, { record: string; person: number }>();
  for (const [index, value] of values.entries()) {
    if (value === null || before.has(value)) continue;
    const first = found.get(value);
    const [record = '', person = 0] = [records[index], persons[index]];
    if (first === undefined) {
      found.set(value, { record, person });
      taken.set(value, record);
    } else if (first.person !== person) taken.set(value, null);
  }
  return taken;
}
