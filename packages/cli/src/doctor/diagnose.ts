import { duckdbVersion } from '@throughline/engine';
import { type Effects, SOFTWARE } from '../effects.js';
import { type Pipeline, readPipeline } from '../pipeline/pipeline.js';
import { type Folders, foldersOf } from '../project/folders.js';
import { openProject } from '../project/project.js';
import { templates } from '../project/templates.js';
import { requireNoneOverdue } from '../rights/holdings.js';
import { ofDocuments } from './documents.js';
import { type Finding, orRefusal } from './findings.js';
import { type KeyReach, keysWithinReach, ofKeys } from './keys.js';
import { ofMachine, ofPrograms } from './machine.js';
import { ofLog, ofState } from './state.js';

export type Diagnosis = {
  readonly versions: Readonly<Record<'software' | 'node' | 'duckdb', string>>;
  readonly keys: readonly KeyReach[];
  readonly findings: readonly Finding[];
};

/** Examines a machine and a project. Nothing is written, no row is read, and one fault hides no other. */
export async function diagnose(file: string, effects: Effects): Promise<Diagnosis> {
  const findings: Finding[] = [...(await ofMachine(effects, templates.installed))];
  let pipeline: Pipeline | undefined;
  findings.push(
    ...(await orRefusal('the pipeline', async () => {
      pipeline = await readPipeline(file);
      return [];
    })),
  );
  if (pipeline !== undefined) findings.push(...(await ofProject({ file, pipeline }, effects)));
  return {
    versions: { software: SOFTWARE, node: effects.host.node, duckdb: await duckdbVersion() },
    keys: pipeline === undefined ? [] : await keysWithinReach(pipeline),
    findings,
  };
}

type Examined = { readonly file: string; readonly pipeline: Pipeline };

async function ofProject({ file, pipeline }: Examined, effects: Effects): Promise<Finding[]> {
  const folders: Folders = foldersOf(pipeline);
  const examinations: readonly (readonly [string, () => Promise<readonly Finding[]>])[] = [
    ['the documents', () => ofDocuments(file, pipeline)],
    ['programs', () => ofPrograms(pipeline, effects.host)],
    ['keys', () => ofKeys(pipeline, effects)],
    ['the state', () => ofState(pipeline, folders, effects)],
    ['the log', () => ofLog(pipeline, folders, effects)],
    ['the project', () => ofTerms(file, effects)],
  ];
  const found: Finding[] = [];
  for (const [place, examine] of examinations) found.push(...(await orRefusal(place, examine)));
  return found;
}

/** What would refuse every run: documents that cannot be read, records that are there too long. */
async function ofTerms(file: string, effects: Effects): Promise<readonly Finding[]> {
  await requireNoneOverdue(await openProject(file, effects));
  return [];
}
