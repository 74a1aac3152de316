import { basename } from 'node:path';
import type { DocumentSet } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { readDocumentFolders } from '@throughline/engine';
import { definitionsFor, type MeasureConfig, measureConfig, readDefinitions } from '@throughline/measure';
import type { Effects } from '../effects.js';
import { type TokenKeys, tokenKeysOf } from '../keys/token-key.js';
import { type Pipeline, readPipeline } from '../pipeline/pipeline.js';
import { readWithdrawals, type Withdrawals } from '../rights/withdrawals.js';
import { throughlineProblems } from '../throughline/throughline.js';
import { type Folders, foldersOf } from './folders.js';
import { type Here, hereOf } from './host.js';
import { templates } from './templates.js';

/** A pipeline with its documents and folders, on one day. */
export type Project = {
  /** The path of the pipeline file. */
  readonly file: string;
  readonly pipeline: Pipeline;
  readonly documents: DocumentSet;
  /** What to count, with the definitions of it. */
  readonly measuring: MeasureConfig;
  readonly folders: Folders;
  /** Which roles are played on this machine. */
  readonly here: Here;
  readonly tokenKeys: TokenKeys;
  readonly day: string;
  /** Of each partner, the records that its families have withdrawn. */
  readonly withdrawals: ReadonlyMap<string, Withdrawals>;
};

/** The folders in which a pipeline's documents and the signatures beside them lie. */
export const documentFolders = (pipeline: Pipeline) =>
  pipeline.documents.map((path) => ({ name: basename(path), path: pipeline.resolve(path) }));

const anchorOf = ({ emou, anchor }: Pipeline) =>
  anchor === undefined ? undefined : { id: emou, sha256: anchor };

/** Reads a pipeline and its documents. @throws ThroughlineError of exit status 10. */
export async function openProject(file: string, effects: Effects): Promise<Project> {
  const pipeline = await readPipeline(file);
  const folders = documentFolders(pipeline);
  const places = foldersOf(pipeline);
  const day = pipeline.clock ?? effects.now().toISOString().slice(0, 10);
  const documents = await readDocumentFolders(folders, day, {
    presets: templates.presets,
    anchor: anchorOf(pipeline),
  });
  return {
    file,
    pipeline,
    documents,
    here: hereOf(pipeline, documents),
    measuring: await measuringOf(pipeline),
    folders: places,
    tokenKeys: tokenKeysOf(pipeline),
    day,
    withdrawals: await withdrawalsOf(pipeline, places),
  };
}

async function withdrawalsOf(
  { partners }: Pipeline,
  folders: Folders,
): Promise<ReadonlyMap<string, Withdrawals>> {
  const found = new Map<string, Withdrawals>();
  for (const { name } of partners) found.set(name, await readWithdrawals(folders.withdrawals(name)));
  return found;
}

/** The catalogue, the city's own definitions, and what the pipeline asks of them. @throws ThroughlineError CONFIG_INVALID */
async function measuringOf(pipeline: Pipeline): Promise<MeasureConfig> {
  const own = pipeline.definitions.map((path) => ({ name: basename(path), path: pipeline.resolve(path) }));
  const known = await readDefinitions([{ name: 'catalogue', path: templates.catalogue }, ...own]);
  const asked = pipeline.measures;
  const unknown = asked.measures.find(({ measure }) => !known.some((each) => each.measure === measure));
  if (unknown !== undefined) {
    throw new ThroughlineError('CONFIG_INVALID', {
      field: safeName('measures.measures'),
      rule: safeName(`no definition of ${unknown.measure}`),
    });
  }
  const checked = measureConfig.safeParse({ ...asked, definitions: definitionsFor(known, asked.measures) });
  if (checked.success) return withThroughlines(pipeline, checked.data);
  const [issue] = checked.error.issues;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName(['measures', ...(issue?.path ?? [])].join('.')),
    rule: safeName(issue?.message ?? 'another form expected'),
  });
}

/** Every link of every throughline has a measure of its kind. @throws ThroughlineError CONFIG_INVALID */
function withThroughlines({ throughlines }: Pipeline, measuring: MeasureConfig): MeasureConfig {
  const [problem] = throughlineProblems(throughlines, measuring);
  if (problem === undefined) return measuring;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName(problem.path.join('.')),
    rule: safeName(problem.message),
  });
}
