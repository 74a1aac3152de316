import { type AgreedHost, type HostRole, hostRoles } from '@throughline/agreement';
import type { ArtifactKind } from '@throughline/core';

/** Files of ours that are no artifacts, each of one form. */
export const noteKinds = ['standing', 'acknowledgement', 'linked', 'questions', 'answers'] as const;
export type NoteKind = (typeof noteKinds)[number];

/** The kinds of artifact that any host may ever hand to another. Identifiers and ledgers are none of them. */
export const travellingKinds = [
  'tokens',
  'plan',
  'slots',
  'residual',
  'payload',
  'canaries',
  'gate',
  'people',
] as const satisfies readonly ArtifactKind[];
export type TravellingKind = (typeof travellingKinds)[number];

export type ContentKind = TravellingKind | NoteKind;
type Player = 'partner' | HostRole;

export type Flow = { readonly from: Player; readonly to: Player; readonly may: readonly ContentKind[] };

/**
 * All that may go between roles. What is not in this table cannot be sent and is refused where it arrives.
 * `interop` is not: whose CLKs may be compared hangs on the owner's register of withdrawals, which stays there.
 */
export const flows: readonly Flow[] = [
  {
    from: 'partner',
    to: 'linkage-unit',
    may: ['tokens', 'plan', 'slots', 'residual', 'answers', 'standing'],
  },
  { from: 'partner', to: 'analyst-desk', may: ['payload', 'canaries', 'standing'] },
  { from: 'linkage-unit', to: 'partner', may: ['gate', 'questions'] },
  { from: 'linkage-unit', to: 'analyst-desk', may: ['people', 'linked'] },
];

/** Something that is to go, and whose it is: a partner, the pipeline, or a host. */
export type Going = { readonly kind: ContentKind; readonly of: string };
export type Route = { readonly from: AgreedHost; readonly to: AgreedHost; readonly pipeline: string };

const isRole = (word: string): word is HostRole => hostRoles.some((role) => role === word);
const rolesOf = ({ plays }: AgreedHost): Player[] => plays.map((word) => (isRole(word) ? word : 'partner'));

/** The partner that a host is, if it is one. */
export const partnerOf = ({ plays }: AgreedHost): string | undefined => plays.find((word) => !isRole(word));

/** Everything that may go from one host to another. */
export function mayGo({ from, to, pipeline }: Route): Going[] {
  const open = flows.filter(
    (flow) => from !== to && rolesOf(from).includes(flow.from) && rolesOf(to).includes(flow.to),
  );
  const kinds = [...new Set(open.flatMap(({ may }) => may))];
  const acknowledgement: Going[] = from === to ? [] : [{ kind: 'acknowledgement', of: to.host }];
  return [
    ...kinds.map((kind): Going => ({ kind, of: ownerOf(kind, { from, to, pipeline }) })),
    ...acknowledgement,
  ];
}

function ownerOf(kind: ContentKind, { from, to, pipeline }: Route): string {
  if (kind === 'gate' || kind === 'people' || kind === 'linked') return pipeline;
  const owner = kind === 'questions' ? partnerOf(to) : partnerOf(from);
  return owner ?? pipeline;
}
