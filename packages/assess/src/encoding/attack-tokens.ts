import { deriveKeys, type Identifiers, tok1 } from '@throughline/tokenize';
import type { Drawn } from './attack-files.js';
import { atMost, control, type Outcome } from './findings.js';
import { listAt } from './people/values.js';
import type { Assessed } from './setup.js';
import { dictionaryHits, hex, unkeyedToken } from './tokens/dictionary.js';

/** Children whose tokens are looked up in the dictionary. */
const LOOKED_UP = 100;

/** The attacks on exact tokens one by one: without the key, with it, and on tokens made without any. */
export function attackTokens({ scene, rules: values }: Drawn, { rules, limits }: Assessed): Outcome[] {
  const people = scene.all.slice(0, LOOKED_UP);
  const composites = rules.map(({ parts }) => parts);
  const unkeyed = composites.map((composite) => ({
    composite,
    tokens: new Set(people.map((row) => unkeyedToken(composite, row))),
  }));
  const setting = `${people.length} children`;
  const about = { attack: 'dictionary without the key' as const, setting, of: people.length };
  return [
    {
      ...about,
      encoding: 'tok1',
      count: dictionaryHits(people, keyedTokens(rules, people)),
      gate: atMost(0),
    },
    {
      ...about,
      encoding: 'SHA-256 without a key',
      count: dictionaryHits(people, unkeyed),
      gate: control(limits.control),
    },
    {
      attack: 'with the key',
      encoding: 'tok1',
      setting: 'rows of one file',
      ...nameable(scene, values.of),
      gate: null,
    },
  ];
}

function keyedTokens(rules: Assessed['rules'], people: readonly Identifiers[]) {
  const keys = deriveKeys(
    new Uint8Array(32).map((_, at) => (at * 89 + 3) & 255),
    TERMS,
  );
  const tokenizer = tok1(rules, keys);
  const columns = rules.map((rule) => ({ rule, composite: rule.parts, tokens: new Set<string>() }));
  for (const row of people) {
    tokenizer.tokenize(row, {
      token: (rule, token) => void columns.find((each) => each.rule === rule)?.tokens.add(hex(token)),
      missing: () => undefined,
    });
  }
  tokenizer.erase();
  return columns;
}

const TERMS = { id: 'assessment', linkage: { epoch: '2026-1', rules: [] } };

/** With the key every token of everybody can be computed: a row is named if one of its tokens is its child's alone. */
function nameable({ roll, truth, files }: Drawn['scene'], values: Drawn['rules']['of']) {
  const holders = values.map((lists) => {
    const counted = new Map<number, number>();
    for (let child = 0; child < roll; child += 1) {
      for (const value of listAt(lists, child)) counted.set(value, (counted.get(value) ?? 0) + 1);
    }
    return counted;
  });
  const of = files[0]?.rows.length ?? 0;
  let count = 0;
  for (let row = 0; row < of; row += 1) {
    const own = values.some((lists, rule) =>
      listAt(lists, roll + row).some(
        (value) => holders[rule]?.get(value) === 1 && listAt(lists, truth[row] ?? -1).includes(value),
      ),
    );
    if (own) count += 1;
  }
  return { count, of };
}
