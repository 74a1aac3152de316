import type { StageRequest } from '@throughline/engine';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { common } from './requests.js';

/** Households of the persons of tonight, by the tokens of the partners that the pipeline lists for it. */
export function householdsRequest(
  project: Project,
  partners: readonly string[],
  effects: Effects,
): StageRequest {
  const { pipeline, folders } = project;
  return {
    ...common(project, effects),
    of: pipeline.pipeline,
    config: { partners },
    inputs: [
      { kind: 'people', folder: folders.people },
      ...partners.map((name) => ({ kind: 'tokens' as const, folder: folders.received(name, 'tokens') })),
    ],
    carriesOn: ['households'],
    outputs: { households: folders.households },
    secrets: { 'person-key': pipeline.resolve(pipeline.linkage_unit.person_key) },
  };
}

/** Forgetting reads what is there and writes it without a partner. */
export function forgetRequest(
  project: Project,
  {
    partner,
    rowsOf,
    folder,
    number,
  }: {
    readonly partner: string;
    readonly rowsOf: 'people' | 'households' | 'frozen';
    readonly folder: string;
    readonly number: number;
  },
  effects: Effects,
): StageRequest {
  const { pipeline } = project.pipeline;
  const { people } = project.folders;
  return {
    ...common(project, effects),
    of: rowsOf === 'frozen' ? `${pipeline}-${number}` : pipeline,
    config: { partner },
    ...(rowsOf === 'households' ? { inputs: [{ kind: 'people', folder: people }] } : {}),
    carriesOn: [rowsOf],
    outputs: { [rowsOf]: folder },
  };
}

/** Emptying reads how many ids were issued, and keeps nothing else. */
export const emptyHouseholdsRequest = (project: Project, effects: Effects): StageRequest => ({
  ...common(project, effects),
  of: project.pipeline.pipeline,
  config: {},
  carriesOn: ['households'],
  outputs: { households: project.folders.households },
});
