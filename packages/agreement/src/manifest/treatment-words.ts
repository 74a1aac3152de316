import { type ManifestField, treatments } from './field-manifest.js';

/** A treatment as a person writes it into one cell: `internal + link`, `keep`, `band by month`. */
export type TreatmentWords = string;

type Treated = Pick<ManifestField, 'treatment' | 'band'>;

const inOrder = (treatment: ManifestField['treatment']) =>
  treatments.filter((each) => treatment.includes(each));

export const treatmentWords = ({ treatment, band }: Treated): TreatmentWords =>
  inOrder(treatment)
    .map((each) => (each === 'band' && band !== undefined ? `band by ${band}` : each))
    .join(' + ');

const BAND = /^band by (month|year)$/;

/** What a person meant by a cell; undefined where it is none of our words. Case, spaces and order do not matter. */
export function parseTreatment(words: string): Treated | undefined {
  const parts = words
    .toLowerCase()
    .split(/[+,;]|\band\b/)
    .map((part) => part.trim().replace(/\s+/g, ' '));
  const bands = parts.flatMap((part) => BAND.exec(part)?.[1] ?? []);
  const treatment = treatments.filter((each) => (each === 'band' ? bands.length > 0 : parts.includes(each)));
  const known = treatment.length === parts.length && new Set(parts).size === parts.length;
  if (!known || bands.length > 1) return undefined;
  const [band] = bands;
  return band === 'month' || band === 'year' ? { treatment, band } : { treatment };
}

/** What of a column leaves its owner: whether tokens are made of it, and how much of its value goes. */
export type Leaving = { readonly tokens: boolean; readonly value: 'nothing' | 'year' | 'month' | 'exact' };

export function leavingOf({ treatment, band }: Treated): Leaving {
  const tokens = treatment.includes('link');
  if (treatment.includes('keep')) return { tokens, value: 'exact' };
  return { tokens, value: treatment.includes('band') ? (band ?? 'month') : 'nothing' };
}

const amounts = ['nothing', 'year', 'month', 'exact'] as const;

/** Whether what leaves under one treatment is part of what leaves under another. */
export const leavesNoMore = (one: Leaving, other: Leaving): boolean =>
  (!one.tokens || other.tokens) && amounts.indexOf(one.value) <= amounts.indexOf(other.value);

export const leavesAnything = (field: Treated): boolean => {
  const { tokens, value } = leavingOf(field);
  return tokens || value !== 'nothing';
};

/** The treatments that a column may be given without more of it leaving, its own first. */
export function narrowerTreatments(
  field: Pick<ManifestField, 'treatment' | 'band' | 'type'>,
): TreatmentWords[] {
  const own = treatmentWords(field);
  const unread = field.treatment.includes('refuse') || field.treatment.includes('drop');
  const stays = inOrder(field.treatment).filter((each) => each === 'internal' || each === 'link');
  const bands =
    field.type === 'date' && leavingOf(field).value !== 'nothing' ? (['month', 'year'] as const) : [];
  const banded = bands.map((band) => treatmentWords({ treatment: [...stays, 'band'], band }));
  const shorter = unread ? [] : [...subsetsOf(field), ...banded];
  const all = new Set([own, ...shorter, 'drop', 'refuse']);
  return [...all].filter((words) => {
    const parsed = parseTreatment(words);
    return parsed !== undefined && leavesNoMore(leavingOf(parsed), leavingOf(field));
  });
}

/** Each non-empty part of a treatment. */
function subsetsOf({ treatment, band }: Treated): TreatmentWords[] {
  const parts = inOrder(treatment);
  return Array.from({ length: 2 ** parts.length - 1 }, (_, bits) =>
    parts.filter((_, place) => ((bits + 1) >> place) & 1),
  ).map((part) => treatmentWords({ treatment: part, band: part.includes('band') ? band : undefined }));
}
