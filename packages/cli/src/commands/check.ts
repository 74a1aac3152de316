import {
  approvedManifest,
  type FieldManifest,
  type Filed,
  householdTermsOf,
  interopWarnings,
  isRefused,
  lacksOf,
  licenceLacks,
  manifestLacks,
  releaseTerms,
  requireInForce,
  termsOf,
} from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { requireSources } from '../throughline/chains.js';

type Checked = (name: string, test: () => string) => void;

/**
 * Checks every agreement and manifest on the day: its approvals, its dates, and whether it says what its legal basis
 * asks for, and prints the hash of each manifest.
 *
 * @throws the first ThroughlineError found, after all have been listed.
 */
export async function check(project: Project, effects: Effects): Promise<void> {
  const failures: ThroughlineError[] = [];
  const checked: Checked = (name, test) => {
    const { line, failure } = verdict(name, test);
    effects.stdout(line);
    if (failure !== undefined) failures.push(failure);
  };
  effects.stdout(`${project.pipeline.pipeline} on ${project.day}\n`);
  checkAgreements(project, checked);
  for (const line of [...lacking(project), ...notes(project)]) effects.stdout(line);
  checkPartners(project, effects, checked);
  checkRelease(project, checked);
  checkThroughlines(project, checked);
  const first = failures[0];
  if (first !== undefined) throw first;
}

/** Every measure of every link has its sources under agreements that allow it. */
function checkThroughlines(project: Project, checked: Checked): void {
  for (const { id, access, outcome } of project.pipeline.throughlines) {
    for (const asked of [...access, ...outcome]) {
      checked(`throughline ${id}, ${asked.measure}/${asked.preset}`, () => {
        requireSources(project, asked);
        return 'every source is under an agreement';
      });
    }
  }
}

function checkAgreements({ documents, day }: Project, checked: Checked): void {
  const { emous, dsas, duls, policies } = documents;
  for (const filed of [...emous, ...dsas, ...duls, ...policies]) {
    checked(`${filed.document.kind} ${filed.document.id}`, () => {
      requireInForce(filed, day);
      return `version ${filed.document.version}, in force until ${filed.document.expires}, ${approvedBy(filed)}`;
    });
  }
}

/** What documents lack for the basis that they claim, each with the provision that asks for it. */
function lacking({ documents, day }: Project): string[] {
  const { dsas, duls, manifests } = documents;
  const lacks = [
    ...dsas.flatMap(({ document }) => lacksOf(document, day).map((lack) => ({ id: document.id, ...lack }))),
    ...duls.flatMap(({ document }) => {
      const found = licenceLacks(
        document,
        dsas.map((dsa) => dsa.document),
      );
      return found.map((lack) => ({ id: document.id, ...lack }));
    }),
    ...manifests.flatMap(({ document }) => {
      const dsa = dsas.find((each) => each.document.id === document.agreement);
      const found = dsa === undefined ? [] : manifestLacks(document, dsa.document);
      return found.map((lack) => ({ id: document.id, ...lack }));
    }),
  ];
  return lacks.map(({ id, clause, cites }) => `  LACKS   ${id}: ${clause} (${cites})\n`);
}

const HIGHEST_USEFUL = 30;
const LOWEST_USUAL = 10;

/** What is allowed and still worth a second look. */
function notes({ pipeline, documents }: Project): string[] {
  const thresholds = [...documents.emous, ...documents.dsas, ...documents.duls].map(({ document }) => ({
    id: document.id,
    minCell: document.thresholds.min_cell,
  }));
  return [
    ...thresholds
      .filter(({ minCell }) => minCell < LOWEST_USUAL)
      .map(({ id, minCell }) => `  NOTE    ${id}: ${minCell} is below the ten that most states use (PTAC)\n`),
    ...thresholds
      .filter(({ minCell }) => minCell > HIGHEST_USEFUL)
      .map(
        ({ id, minCell }) =>
          `  NOTE    ${id}: above thirty, ${minCell} withholds most of what a city could learn\n`,
      ),
    ...documents.emous.flatMap(({ document }) =>
      (document.linkage.interop ?? []).map(
        ({ profile }) => `  NOTE    ${document.id}: consents to ${profile}; ${interopWarnings[profile]}\n`,
      ),
    ),
    ...(pipeline.anchor === undefined && !pipeline.synthetic
      ? [
          '  NOTE    the pipeline names no anchor: whoever can write the documents can bring a memorandum of their own\n',
        ]
      : []),
  ];
}

function checkPartners({ pipeline, documents, day }: Project, effects: Effects, checked: Checked): void {
  for (const partner of pipeline.partners) {
    checked(`agreement of ${partner.name}`, () => {
      const { dsa } = termsOf(documents, partner.name, { day, use: 'linkage' });
      return `in force until ${dsa.document.expires}`;
    });
    if (pipeline.households?.includes(partner.name) === true)
      checked(`households by ${partner.name}`, () => {
        const { households } = householdTermsOf(documents, partner.name, day);
        return `granted, by ${households.rules.length} rules`;
      });
    for (const { manifest } of partner.extracts) {
      checked(`manifest ${manifest}`, () => approvedBy(approvedManifest(documents, manifest, day)));
      const filed = documents.manifests.find(({ document }) => document.id === manifest);
      // One that is missing has been told; what else is missing is worth knowing at once.
      if (filed === undefined) continue;
      effects.stdout(
        `          version ${filed.document.version}, sha256 ${filed.sha256}, ${treatmentsOf(filed)}\n`,
      );
    }
  }
}

function checkRelease({ pipeline, documents, day }: Project, checked: Checked): void {
  checked(`release under ${pipeline.release.dul}`, () => {
    const partners = pipeline.partners.map(({ name }) => name);
    const released = pipeline.release.measures ?? pipeline.measures.measures;
    const measures = [...new Set(released.map(({ measure }) => measure))];
    const terms = releaseTerms(documents, { ...pipeline.release, partners, measures, day });
    return `no count below ${terms.minCell} (${terms.minCellFrom}), until ${terms.expires} (${terms.expiresFrom})`;
  });
}

const approvedBy = ({ standing }: Pick<Filed<unknown>, 'standing'>): string =>
  isRefused(standing)
    ? 'not approved'
    : `approved by ${standing.approvals.map(({ person, by }) => (by === 'paper' ? `${person} (on paper)` : person)).join(', ')}`;

function verdict(name: string, test: () => string): { line: string; failure?: ThroughlineError } {
  try {
    return { line: `  ok      ${name}: ${test()}\n` };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    return { line: `  REFUSED ${name}: ${thrown.message}\n`, failure: thrown };
  }
}

function treatmentsOf({ document }: Filed<FieldManifest>): string {
  const counts = new Map<string, number>();
  for (const treatment of document.fields.flatMap((field) => field.treatment)) {
    counts.set(treatment, (counts.get(treatment) ?? 0) + 1);
  }
  return [...counts].map(([treatment, count]) => `${count} ${treatment}`).join(', ');
}
