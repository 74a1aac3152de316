import { parseYaml } from '@throughline/agreement';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { namesIn, readText } from '@throughline/engine';
import { type Definition, measureDefinitionFile } from './definition.js';

const DEFINITION = /\.ya?ml$/i;

/** A folder of definitions: its name, for errors, and its path. */
export type DefinitionFolder = { readonly name: string; readonly path: string };

/**
 * Reads every definition of the folders given, in order of their names.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID (file:line:column), DOCUMENT_DUPLICATE if two define
 *   one measure: which of them a number follows must not hang on the order of folders.
 */
export async function readDefinitions(folders: readonly DefinitionFolder[]): Promise<readonly Definition[]> {
  const found = new Map<string, { readonly file: SafeName; readonly definition: Definition }>();
  for (const { name, path } of folders) {
    for (const entry of await namesIn(path)) {
      if (!DEFINITION.test(entry)) continue;
      const file = safeName(`${name}/${entry}`);
      const definition = parseYaml({ file, text: await readText(`${path}/${entry}`) }, measureDefinitionFile);
      const rival = found.get(definition.measure);
      if (rival !== undefined) {
        throw new ThroughlineError('DOCUMENT_DUPLICATE', {
          measure: safeName(definition.measure),
          files: [rival.file, file],
        });
      }
      found.set(definition.measure, { file, definition });
    }
  }
  return [...found.values()].map(({ definition }) => definition);
}
