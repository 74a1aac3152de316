import { basename, join } from 'node:path';
import { keyOfLine } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { makePrivateFolder, readText, writeDurably } from '@throughline/engine';
import { templates } from './templates.js';

/** A partner of one's own: a school, or a programme, with the public key of who approves for it. */
export type OwnPartner = {
  readonly kind: 'school' | 'programme';
  readonly name: string;
  readonly key: string;
};

export type OwnCity = {
  readonly city: string;
  readonly partners: readonly OwnPartner[];
  /** First and last day that the measures are about; the last is also the day on which children are counted. */
  readonly from: string;
  readonly to: string;
  /** ISO date on which the drafts take effect. */
  readonly today: string;
  /** Whether nobody in the files exists. */
  readonly madeUp: boolean;
};

/** What each kind of partner brings: the extracts under the names that `throughline profile` gives them. */
const EXTRACTS = {
  school: ['students', 'enrollments'],
  programme: ['sessions'],
} as const satisfies Record<OwnPartner['kind'], readonly string[]>;

/**
 * Writes the drafts of all documents of a city, for partners of its own, and a pipeline; no data and no signature.
 *
 * @throws ThroughlineError USAGE (a key that is none), CONFIG_UNREADABLE, OUTPUT_UNWRITABLE.
 */
export async function makeOwnProject(place: string, city: OwnCity): Promise<void> {
  const approvers = new Map<string, string>();
  for (const partner of city.partners) approvers.set(partner.name, await approverOf(partner, city));
  const words = wordsOf(city, approvers);
  await makePrivateFolder(place);
  await fill('pipeline.yaml', join(place, 'pipeline.yaml'), words);
  await makePrivateFolder(join(place, 'agreements'));
  for (const name of ['emou', 'dul', 'release-policy'])
    await fill(`${name}.yaml`, join(place, 'agreements', `${name}.yaml`), words);
  for (const { kind, name } of city.partners) {
    const own = { ...words, PARTNER: name, APPROVER: approvers.get(name) ?? '' };
    await fill(`dsa-${kind}.yaml`, join(place, 'agreements', `dsa-${name}.yaml`), own);
    await makePrivateFolder(join(place, 'manifests', name));
    await makePrivateFolder(join(place, 'inbox', name));
  }
}

async function fill(template: string, place: string, words: Readonly<Record<string, string>>): Promise<void> {
  const text = await readText(join(templates.starter, template));
  await writeDurably(
    place,
    text.replace(/__([A-Z_]+?)__/g, (_, word: string) => words[word] ?? ''),
    0o644,
  );
}

/** Whose key it is, is the name of its file: `ann.pub` is of ann. */
const personOf = ({ key }: OwnPartner): string => basename(key).replace(/\.pub$/, '');

const PERSON = /^[a-z][a-z0-9-]{0,60}$/;

async function approverOf(partner: OwnPartner, { today }: OwnCity): Promise<string> {
  const line = (await readText(partner.key)).trim().split(/\s+/).slice(0, 2).join(' ');
  const person = personOf(partner);
  if (typeof keyOfLine(line) === 'string' || !PERSON.test(person))
    throw new ThroughlineError('USAGE', {
      partner: safeName(partner.name),
      rule: safeName('a public SSH key in a file that is named after its person, such as ann.pub'),
    });
  return [
    `  - person: ${person}`,
    `    name: ${person.charAt(0).toUpperCase()}${person.slice(1)}`,
    `    role: approves for ${partner.name}`,
    '    keys:',
    `      - public_key: ${line}`,
    `        valid_from: ${today}`,
    `        valid_until: ${yearAfter(today)}`,
  ].join('\n');
}

const ALL = '[emou, dsa, dul, release-policy, attestation]';

/** In the memorandum an approver is of a party and may approve everything. */
const inMemorandum = (approver: string, party: string): string =>
  approver.replace('\n    keys:', `\n    party: ${party}\n    approves: ${ALL}\n    keys:`);

const yearAfter = (day: string): string =>
  `${Number(day.slice(0, 4)) + 1}${day.slice(4).replace('-02-29', '-02-28')}`;

/** A name of a pipeline: letters without their marks, and a letter first. */
function idOf(city: string): string {
  const plain = city
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `${/^[a-z]/.test(plain) ? '' : 'city-'}${plain.replace(/^-/, '')}`.slice(0, 50).replace(/-$/, '');
}

function wordsOf(
  { city, partners, from, to, today, madeUp }: OwnCity,
  approvers: ReadonlyMap<string, string>,
): Record<string, string> {
  const named = (kind: OwnPartner['kind']): string =>
    partners.flatMap((each) => (each.kind === kind ? [each.name] : [])).join(', ');
  return {
    CITY: city,
    CITY_ID: idOf(city),
    TODAY: today,
    IN_A_YEAR: yearAfter(today),
    EPOCH: `${today.slice(0, 4)}-1`,
    FROM: from,
    TO: to,
    COUNT: String(partners.length),
    PARTIES: partners.map(({ name }) => name).join(', '),
    SCHOOLS: named('school'),
    PROGRAMMES: named('programme'),
    APPROVERS: [...approvers].map(([party, approver]) => inMemorandum(approver, party)).join('\n'),
    SYNTHETIC: madeUp
      ? 'synthetic: true # nobody in the files exists; take this line out before the first real one\n'
      : '',
    MANIFEST_FOLDERS: partners.map(({ name }) => `  - manifests/${name}`).join('\n'),
    PARTNERS: partners.map(inPipeline).join('\n'),
  };
}

const inPipeline = ({ kind, name }: OwnPartner): string =>
  [
    `  - name: ${name}`,
    `    inbox: inbox/${name}`,
    `    record_key: state/keys/${name}/record.key`,
    '    token_key: state/keys/token.key',
    '    extracts:',
    ...EXTRACTS[kind].map((extract) => `      - { manifest: ${name}-${extract}, file: ${extract}.csv }`),
  ].join('\n');
