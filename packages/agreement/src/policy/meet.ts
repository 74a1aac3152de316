import type { Dsa, Dul, Emou, ReleasePolicy } from '../documents/documents.js';
import type { Filed } from '../documents/set.js';
import type { Prohibition, Recipient, Use } from '../documents/terms.js';

/** Agreements that bear on the same row, table or cell. */
export type Bearing = {
  readonly emous: readonly Filed<Emou>[];
  readonly dsas: readonly Filed<Dsa>[];
  readonly dul?: Filed<Dul> | undefined;
  readonly policy?: Filed<ReleasePolicy> | undefined;
};

/** The strictest of each term over several agreements, and which of them set it. */
export type PolicyMeet = {
  /** Counts below this are never published: the highest threshold of all. */
  readonly minCell: number;
  /** Which document set the threshold. */
  readonly minCellFrom: string;
  /** What every agreement and the licence permit. */
  readonly uses: readonly Use[];
  /** Whom every agreement and the licence let it reach. */
  readonly recipients: readonly Recipient[];
  /** What any agreement prohibits, and which ones do. */
  readonly prohibitions: readonly { readonly prohibition: Prohibition; readonly from: readonly string[] }[];
  /** The earliest last day of all documents. */
  readonly expires: string;
  readonly expiresFrom: string;
};

/** The meet: highest threshold, intersection of uses and recipients, union of prohibitions, earliest end. */
export function meetOf(bearing: Bearing): PolicyMeet {
  const [threshold] = thresholdsOf(bearing).toSorted((a, b) => b.minCell - a.minCell);
  const [end] = documentsOf(bearing).toSorted((a, b) => compare(a.expires, b.expires));
  if (threshold === undefined || end === undefined) throw new RangeError('meetOf: a document expected');
  return {
    minCell: threshold.minCell,
    minCellFrom: threshold.id,
    uses: usesOf(bearing),
    recipients: recipientsOf(bearing),
    prohibitions: prohibitionsOf(bearing),
    expires: end.expires,
    expiresFrom: end.id,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Every document that bears. */
export const documentsOf = ({ emous, dsas, dul, policy }: Bearing) =>
  [...emous, ...dsas, ...(dul === undefined ? [] : [dul]), ...(policy === undefined ? [] : [policy])].map(
    ({ document }) => document,
  );

/** The threshold that each document asks for. */
export const thresholdsOf = (bearing: Bearing) =>
  documentsOf(bearing).map((document) => ({
    id: document.id,
    minCell: document.kind === 'release-policy' ? document.min_cell : document.thresholds.min_cell,
  }));

function usesOf({ dsas, dul }: Bearing): Use[] {
  const permitted = [
    ...dsas.map(({ document }) => document.permitted_uses),
    ...(dul ? [dul.document.uses] : []),
  ];
  return intersection(permitted);
}

function recipientsOf({ dsas, dul }: Bearing): Recipient[] {
  const reached = [
    ...dsas.map(({ document }) => document.recipients),
    ...(dul ? [dul.document.recipients] : []),
  ];
  return intersection(reached);
}

function intersection<T>(sets: readonly (readonly T[])[]): T[] {
  const [first = [], ...rest] = sets;
  return [...new Set(first)].filter((each) => rest.every((set) => set.includes(each)));
}

function prohibitionsOf({ dsas }: Bearing): PolicyMeet['prohibitions'] {
  const found = new Map<Prohibition, string[]>();
  for (const { document } of dsas) {
    for (const each of new Set(document.prohibited_uses))
      found.set(each, [...(found.get(each) ?? []), document.id]);
  }
  return [...found].map(([prohibition, from]) => ({ prohibition, from }));
}
