import type { ColumnBatch } from '@throughline/engine';

/** Counts, by space, rule and reason, the records to which a rule gave no token. */
export type MissingTally = {
  readonly note: (space: string, rule: string, reason: string) => void;
  /** As columns: space, rule, reason, records. */
  readonly columns: () => ColumnBatch;
};

export function missingTally(): MissingTally {
  const counted = new Map<string, { space: string; rule: string; reason: string; records: number }>();
  return {
    note: (space, rule, reason) => {
      const key = `${rule} ${reason} ${space}`;
      const found = counted.get(key);
      if (found === undefined) counted.set(key, { space, rule, reason, records: 1 });
      else found.records += 1;
    },
    columns: () => {
      const rows = [...counted.values()];
      return [
        rows.map(({ space }) => space),
        rows.map(({ rule }) => rule),
        rows.map(({ reason }) => reason),
        rows.map(({ records }) => records),
      ];
    },
  };
}
