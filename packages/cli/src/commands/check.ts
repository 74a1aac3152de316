import {
  approvedManifest,
  documentOf,
  type FieldManifest,
  type Filed,
  termsOf,
} from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';

/**
 * Checks every partner's agreements and every manifest's approval on the day, and prints the hash that an approval
 * has to name.
 *
 * @throws the first ThroughlineError found, after all have been listed.
 */
export async function check(project: Project, effects: Effects): Promise<void> {
  const { pipeline, documents, day } = project;
  const failures: ThroughlineError[] = [];
  const checked = (name: string, test: () => string) => {
    const { line, failure } = verdict(name, test);
    effects.stdout(line);
    if (failure !== undefined) failures.push(failure);
  };
  effects.stdout(`${pipeline.pipeline} on ${day}\n`);
  for (const partner of pipeline.partners) {
    checked(`agreement of ${partner.name}`, () => {
      const { dsa } = termsOf(documents, partner.name, { day, use: 'linkage' });
      return `in force until ${dsa.document.expires}`;
    });
    for (const { manifest } of partner.extracts) {
      checked(`manifest ${manifest}`, () => {
        const { approval } = approvedManifest(documents, manifest, day);
        return `approved until ${approval.document.expires}`;
      });
      const filed = documentOf(documents.manifests, manifest, 'manifest');
      effects.stdout(
        `          version ${filed.document.version}, sha256 ${filed.sha256}, ${treatmentsOf(filed)}\n`,
      );
    }
  }
  const first = failures[0];
  if (first !== undefined) throw first;
}

function verdict(name: string, test: () => string): { line: string; failure?: ThroughlineError } {
  try {
    return { line: `  ok      ${name}: ${test()}\n` };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    return { line: `  REFUSED ${name}: ${thrown.code}\n`, failure: thrown };
  }
}

function treatmentsOf({ document }: Filed<FieldManifest>): string {
  const counts = new Map<string, number>();
  for (const treatment of document.fields.flatMap((field) => field.treatment)) {
    counts.set(treatment, (counts.get(treatment) ?? 0) + 1);
  }
  return [...counts].map(([treatment, count]) => `${count} ${treatment}`).join(', ');
}
