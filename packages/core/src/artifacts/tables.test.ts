import { describe, expect, it } from 'vitest';
import { columnsOf, columnTypes, type TableSchema } from './columns.js';
import {
  artifactTables,
  codeListOf,
  identifierColumns,
  payloadCodes,
  payloadTables,
  schemaVersions,
} from './tables.js';

const tables: readonly (readonly [string, TableSchema])[] = Object.entries(artifactTables).flatMap(
  ([kind, byName]) => Object.entries(byName).map(([name, schema]) => [`${kind}.${name}`, schema] as const),
);

describe('artifactTables', () => {
  it.each(tables)('%s has columns that are plain words of known types', (_, schema) => {
    for (const { name, type } of columnsOf(schema)) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(columnTypes).toContain(type);
    }
  });

  it('has a schema version for every kind', () => {
    expect(Object.keys(schemaVersions).sort()).toEqual(Object.keys(artifactTables).sort());
  });

  it('keeps identifiers out of everything that leaves the owner', () => {
    const identifying = new Set(Object.keys(identifierColumns));
    const allowed = new Set(['record_id', 'space', 'sex']);
    for (const [table, schema] of tables) {
      if (/^(identifiers|planted)\./.test(table)) continue;
      const found = Object.keys(schema).filter((column) => identifying.has(column) && !allowed.has(column));
      expect({ table, found }).toEqual({ table, found: [] });
    }
  });

  it('keeps record and person ids out of measures and releases', () => {
    for (const [table, schema] of tables.filter(([name]) => /^(measures|release)\./.test(name))) {
      expect({ table, uuids: columnsOf(schema).filter(({ type }) => type === 'UUID') }).toEqual({
        table,
        uuids: [],
      });
    }
  });
});

describe('columnsOf', () => {
  it('resolves the question mark', () => {
    expect(columnsOf({ a: 'UUID', b: 'DATE?' })).toEqual([
      { name: 'a', type: 'UUID', nullable: false },
      { name: 'b', type: 'DATE', nullable: true },
    ]);
  });
});

describe('codeListOf', () => {
  it('speaks of text columns that payload tables have, and of lists that there are', () => {
    const columns = Object.values<TableSchema>(payloadTables).flatMap(columnsOf);
    for (const [column, list] of Object.entries(codeListOf)) {
      const types = columns.filter(({ name }) => name === column).map(({ type }) => type);
      expect({ column, types: [...new Set(types)] }).toEqual({ column, types: ['VARCHAR'] });
      expect(payloadCodes).toHaveProperty(list);
    }
  });

  it('has no word twice in a list', () => {
    for (const words of Object.values(payloadCodes)) expect(new Set(words).size).toBe(words.length);
  });
});
