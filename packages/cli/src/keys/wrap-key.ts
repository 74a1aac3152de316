import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { canOpen } from '@throughline/engine';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Project } from '../project/project.js';

/** Whether the memorandum has partners send rows that are wrapped under the wrap key. */
export const wraps = ({ pipeline, documents }: Pick<Project, 'pipeline' | 'documents'>): boolean =>
  documentOf(documents.emous, pipeline.emou, 'emou').document.linkage.encoding?.profile === 'sealed+clkd';

/** The files of the wrap key that the pipeline names. */
export const wrapKeyFiles = ({ partners }: Pick<Pipeline, 'partners'>): string[] => [
  ...new Set(partners.flatMap(({ wrap_key }) => wrap_key ?? [])),
];

export const someWrapKeyOpens = async (pipeline: Pipeline): Promise<boolean> =>
  (await Promise.all(wrapKeyFiles(pipeline).map((path) => canOpen(pipeline.resolve(path))))).includes(true);

/** Where a partner, or the keyholder at the first of them, has the wrap key. @throws ThroughlineError CONFIG_INVALID */
export function wrapKeyOf({ resolve }: Pipeline, partner: Pipeline['partners'][number] | undefined): string {
  if (partner?.wrap_key !== undefined) return resolve(partner.wrap_key);
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName('partners.wrap_key'),
    rule: safeName('a file, as the memorandum has the profile sealed+clkd'),
  });
}
