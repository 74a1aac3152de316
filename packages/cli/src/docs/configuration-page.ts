import { crosswalk, documentSchema, preset, presetManifest } from '@throughline/agreement';
import { evaluationConfig } from '@throughline/assess';
import { measureDefinitionFile } from '@throughline/measure';
import { disclosureSchema } from '@throughline/release';
import { z } from 'zod';
import { pipelineSchema } from '../pipeline/pipeline.js';

type JsonSchema = { readonly [key: string]: unknown };

/** The JSON Schemas of everything a person writes, by file name; editors check against them. */
export function configurationSchemas(): ReadonlyMap<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>([
    ['pipeline', asJsonSchema(pipelineSchema)],
    ['measure', asJsonSchema(measureDefinitionFile)],
    ['disclosure', asJsonSchema(disclosureSchema)],
    ['evaluation', asJsonSchema(evaluationConfig)],
  ]);
  for (const option of documentSchema.options) {
    schemas.set(String([...option.shape.kind.values][0]), asJsonSchema(option));
  }
  schemas.set('preset', asJsonSchema(preset));
  schemas.set('manifest-on-preset', asJsonSchema(presetManifest));
  schemas.set('crosswalk', asJsonSchema(crosswalk));
  return schemas;
}

const asJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

const ABOUT: Readonly<Record<string, string>> = {
  pipeline: 'Who delivers what where, and what is made of it: `pipeline.yaml`.',
  measure:
    'The definition of a measure: words, rules, and ten children. [Measures](measures.md) lists the catalogue.',
  disclosure: 'What `throughline evaluate disclosure` protects and attacks.',
  evaluation: 'What `throughline evaluate linkage` encodes, links and judges.',
  emou: 'Enterprise memorandum of understanding: why the parties share, who governs, which token rules they apply.',
  dsa: 'Data-sharing agreement: one partner’s records, for which uses, under which safeguards.',
  dul: 'Data-use licence: one project, one licensee, which measures may be released.',
  'release-policy': 'How tables are protected.',
  manifest: 'Field manifest: every column of one extract and what happens to it.',
  preset: 'Preset: how the usual export of a system is read. A file of its own, named by its id.',
  'manifest-on-preset':
    'A field manifest that builds on a preset: its own terms, and where the export differs.',
  crosswalk:
    'Crosswalk: what the codes of a source stand for. A file of its own, named by its id; manifests and presets name its hash.',
  revocation: 'The end of a document, or of a key, before its time. Signed like the document that it ends.',
  attestation: 'The word of two people, signed, that a document was approved in ink.',
};

/** `configuration.md`: every field of every file that a person writes. */
export function configurationPage(): string {
  return [
    '# Configuration',
    '',
    'All files are YAML 1.2, at most 256 KB, without aliases or merge keys; an unknown field is an error with file, line',
    'and column. The JSON Schemas beside this page (`schemas/`) let an editor check while you write. Quote values such as',
    '`"02155"` and `"01"`, which YAML would otherwise take for numbers.',
    ...[...configurationSchemas()].flatMap(([name, schema]) => section(name, schema)),
    '',
  ].join('\n');
}

function section(name: string, schema: JsonSchema): string[] {
  return [
    '',
    `## ${name}`,
    '',
    ABOUT[name] ?? '',
    '',
    '| field | type | required | what it is |',
    '|---|---|---|---|',
    ...fieldRows(schema, ''),
  ];
}

function fieldRows(schema: JsonSchema, prefix: string): string[] {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = new Set((schema['required'] ?? []) as string[]);
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const about = typeof property['description'] === 'string' ? property['description'] : '';
    const row = `| \`${path}\` | ${typeOf(property)} | ${required.has(name) ? 'yes' : 'no'} | ${about.replaceAll('|', '\\|')} |`;
    return [row, ...nestedRows(property, path)];
  });
}

function nestedRows(property: JsonSchema, path: string): string[] {
  const items = property['items'];
  if (typeof items === 'object' && items !== null) return fieldRows(items as JsonSchema, `${path}[].`);
  const alternatives = (property['oneOf'] ?? property['anyOf'] ?? []) as JsonSchema[];
  if (alternatives.length > 0) return alternatives.flatMap((each) => fieldRows(each, `${path}.`));
  return fieldRows(property, `${path}.`);
}

function typeOf(property: JsonSchema): string {
  const choices = property['enum'] as unknown[] | undefined;
  if (choices !== undefined) return choices.map((choice) => `\`${String(choice)}\``).join(' ');
  if (property['const'] !== undefined) return `\`${String(property['const'])}\``;
  const alternatives = (property['oneOf'] ?? property['anyOf']) as JsonSchema[] | undefined;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(' or ');
  const items = property['items'] as JsonSchema | undefined;
  if (property['type'] === 'array') return items === undefined ? 'list' : `list of ${typeOf(items)}`;
  return String(property['type'] ?? 'any');
}
