import { termsOf } from '@throughline/agreement';
import { type ErrorCode, ThroughlineError } from '@throughline/core';
import { type MeasureConfig, measureStage, measuresOf, readingsOf } from '@throughline/measure';
import type { Project } from '../project/project.js';
import type { Night } from '../report/night.js';
import type { Throughline } from './throughline.js';

/** A partner whose records a link rests on, and how it stands tonight. */
export type LinkSource = {
  readonly partner: string;
  readonly agreement: string | null;
  readonly expires: string | null;
  readonly rowsKept: number;
  /** Source records, and those of them that are linked to another partner. */
  readonly records: number;
  readonly linked: number;
};

/** An indicator of a chain. Its rate is that of the release candidate; null where it stays at the desk. */
export type Link = {
  readonly title: string;
  readonly caveats: readonly string[];
  readonly rate: { readonly percent: string | null; readonly known: string | null } | null;
  /** Why it may not be counted tonight. */
  readonly refused: ErrorCode | null;
  readonly sources: readonly LinkSource[];
};

export type Chain = Omit<Throughline, 'access' | 'outcome'> & {
  readonly access: readonly Link[];
  readonly outcome: readonly Link[];
};

type Asked = Throughline['access'][number];

/** The chains of a project with tonight's standing of every link. */
export const chainsOf = (project: Project, night: Night): Chain[] =>
  project.pipeline.throughlines.map((throughline) => ({
    ...throughline,
    access: throughline.access.map((asked) => linkOf(project, night, asked)),
    outcome: throughline.outcome.map((asked) => linkOf(project, night, asked)),
  }));

const only = (config: MeasureConfig, asked: Asked): MeasureConfig => ({ ...config, measures: [asked] });

function linkOf(project: Project, night: Night, asked: Asked): Link {
  const { measuring } = project;
  const [measure] = measuresOf(only(measuring, asked));
  const released = night.measures.find(({ name }) => name === measure?.name);
  const everybody = released?.rows.find(({ dimension }) => dimension === '');
  const partners = [...new Set(readingsOf(only(measuring, asked)).map(({ partner }) => partner))];
  return {
    title: measure?.title ?? asked.measure,
    caveats: measure?.caveats ?? [],
    rate:
      everybody === undefined ? null : { percent: everybody.ratePercent, known: everybody.coveragePercent },
    refused: refusalOf(project, asked),
    sources: partners.map((partner) => sourceOf(project, night, partner)),
  };
}

/** @throws ThroughlineError if a source of the measure is under no agreement that allows it. */
export function requireSources({ documents, day, measuring, pipeline }: Project, asked: Asked): void {
  measureStage.governs(documents, { of: pipeline.pipeline, day, config: only(measuring, asked) });
}

/** The code of the first reason why the measure may not be counted; null if it may. */
function refusalOf(project: Project, asked: Asked): ErrorCode | null {
  try {
    requireSources(project, asked);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    return thrown.code;
  }
}

function sourceOf(project: Project, night: Night, partner: string): LinkSource {
  const sent = night.partners.find(({ name }) => name === partner);
  return {
    partner,
    ...agreementOf(project, partner),
    rowsKept: (sent?.extracts ?? []).reduce((sum, { kept }) => sum + kept, 0),
    records: sent?.records ?? 0,
    linked: sent?.linked ?? 0,
  };
}

/** The partner's agreement, where one is in force. */
function agreementOf({ documents, day }: Project, partner: string) {
  try {
    const { id, expires } = termsOf(documents, partner, { day, use: 'linkage' }).dsa.document;
    return { agreement: id, expires };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    return { agreement: null, expires: null };
  }
}
