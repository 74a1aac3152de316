import type { TokenPart, TokenRule } from '@throughline/agreement';
import type { ColumnBatch } from '@throughline/engine';

/** Counts, by space, rule and the part that was missing, the records to which a rule gave no token. */
export type MissingTally = {
  readonly note: (space: string, rule: TokenRule, part: TokenPart) => void;
  /** As columns: space, rule, reason, records. */
  readonly columns: () => ColumnBatch;
};

export function missingTally(): MissingTally {
  const counted = new Map<string, Map<TokenRule, Map<TokenPart, number>>>();
  return {
    note: (space, rule, part) => {
      const rules = counted.get(space) ?? new Map<TokenRule, Map<TokenPart, number>>();
      const parts = rules.get(rule) ?? new Map<TokenPart, number>();
      counted.set(space, rules.set(rule, parts.set(part, (parts.get(part) ?? 0) + 1)));
    },
    columns: () => {
      const rows = [...counted].flatMap(([space, rules]) =>
        [...rules].flatMap(([{ name }, parts]) =>
          [...parts].map(([part, records]) => [space, name, `missing:${part}`, records] as const),
        ),
      );
      return [
        rows.map(([space]) => space),
        rows.map(([, rule]) => rule),
        rows.map(([, , reason]) => reason),
        rows.map(([, , , records]) => records),
      ];
    },
  };
}
