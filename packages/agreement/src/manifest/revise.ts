import type { Sha256 } from '@throughline/core';
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { parseYaml, type SourceText } from '../documents/parse.js';
import { type FieldManifest, fieldManifest, type ManifestField } from './field-manifest.js';

/** What the owner of the records wants otherwise about one column. */
export type FieldEdit = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly purpose?: string | undefined;
  readonly basis?: ManifestField['basis'] | undefined;
  readonly treated?: Pick<ManifestField, 'treatment' | 'band'> | undefined;
};

/** A column that the export has and the manifest has not: it may stay in the file unread, or must not be there. */
export type NewColumn = {
  readonly name: string;
  readonly treatment: 'refuse' | 'drop';
  readonly description: string;
  readonly purpose: string;
};

export type Revision = {
  readonly edits: readonly FieldEdit[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly added: readonly NewColumn[];
};

/** A field manifest's next version: its text, and what the text says. */
export type RevisedManifest = { readonly text: string; readonly manifest: FieldManifest };

/** The text of a version, and the hash of its file, which the next version names. */
export type RevisedFrom = SourceText & { readonly sha256: Sha256 };

/**
 * The next version of a field manifest. Comments and order of the text stay; only what is revised changes.
 *
 * @throws ThroughlineError CONFIG_INVALID where the result is no manifest, with the place and the rule.
 */
export function reviseManifest(source: RevisedFrom, { edits, renamed, added }: Revision): RevisedManifest {
  const base = parseYaml(source, fieldManifest);
  const document = parseDocument(source.text, { stringKeys: true, merge: false });
  document.set('version', base.version + 1);
  document.set('supersedes', source.sha256);
  for (const edit of edits) editField(document, base, edit);
  for (const column of added) document.addIn(['fields'], newField(document, base, column));
  for (const names of renamed) renameColumn(document, names);
  const text = document.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: false });
  return { text, manifest: parseYaml({ file: source.file, text }, fieldManifest) };
}

const LINE_WIDTH = 120;

function editField(document: Document, base: FieldManifest, edit: FieldEdit): void {
  const at = base.fields.findIndex(({ name }) => name === edit.name);
  const set = (property: string, value: unknown) => document.setIn(['fields', at, property], value);
  if (edit.description !== undefined) set('description', edit.description);
  if (edit.purpose !== undefined) set('purpose', edit.purpose);
  if (edit.basis !== undefined) set('basis', edit.basis);
  if (edit.treated === undefined) return;
  const { treatment, band } = edit.treated;
  set('treatment', flowList(document, treatment));
  for (const property of fallingAway(treatment)) document.deleteIn(['fields', at, property]);
  if (band !== undefined) set('band', band);
  if (treatment.includes('refuse')) dropFromSections(document, edit.name);
}

function flowList(document: Document, values: readonly string[]) {
  const list = document.createNode(values);
  if (isSeq(list)) list.flow = true;
  return list;
}

/** What a field says about a treatment that it no longer has. */
function fallingAway(treatment: ManifestField['treatment']): string[] {
  const kept = treatment.includes('keep') || treatment.includes('band');
  return [
    ...(treatment.includes('link') ? [] : ['identifier']),
    ...(kept ? [] : ['column']),
    ...(treatment.includes('band') ? [] : ['band']),
    ...(treatment.includes('internal') ? [] : ['only_when']),
  ];
}

function newField(document: Document, base: FieldManifest, column: NewColumn) {
  return document.createNode({
    name: column.name,
    description: column.description,
    type: 'text',
    sensitivity: 'direct',
    treatment: flowList(document, [column.treatment]),
    purpose: column.purpose,
    basis: base.fields[0]?.basis,
  });
}

type Renaming = Revision['renamed'][number];

/** A column's name stands in its field, in the key, in splits, in the headers of sections, and where cells are unpivoted. */
function renameColumn(document: Document, { from, to }: Renaming): void {
  for (const name of namesOfColumns(document)) if (name.value === from) name.value = to;
}

type Name = { value: unknown };

function namesOfColumns(document: Document): Name[] {
  const under = (path: readonly (string | number)[]): unknown => document.getIn(path, true);
  const fields = membersOf(under(['fields'])).map((field) => memberOf(field, 'name'));
  const key = membersOf(under(['records', 'key']));
  const splits = membersOf(under(['splits'])).flatMap((split) => [
    memberOf(split, 'column'),
    ...membersOf(memberOf(split, 'into')),
  ]);
  const headers = membersOf(under(['format', 'sections'])).flatMap((section) =>
    membersOf(memberOf(section, 'columns')),
  );
  const unpivot = ['heading', 'cell'].map((name) => under(['unpivot', name]));
  return [...fields, ...key, ...splits, ...headers, ...unpivot].filter(isScalar);
}

const membersOf = (node: unknown): unknown[] => (isSeq(node) ? node.items : []);
const memberOf = (node: unknown, name: string): unknown => (isMap(node) ? node.get(name, true) : undefined);

/** A section's header must not list what the file must not have. */
function dropFromSections(document: Document, column: string): void {
  for (const section of membersOf(document.getIn(['format', 'sections'], true))) {
    const columns = memberOf(section, 'columns');
    if (isSeq(columns))
      columns.items = columns.items.filter((each) => !(isScalar(each) && each.value === column));
  }
}
