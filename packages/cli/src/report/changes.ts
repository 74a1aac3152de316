import { count, counted, dateInWords, inSentence, inWords, percentOf, percentText } from '@throughline/pages';
import { toldCount } from '../linkage/told.js';
import type { NightChanges } from './night.js';
import type { Reported } from './reported.js';

/** Rows go up and down every night; only what a person would remark on is said. */
const REMARKABLE_SHARE = 0.05;
const REMARKABLE_POINTS = 2;

const names = (...records: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort();

const amount = (share: number): string => percentOf(Math.abs(share) * 1000, 1000);

type Counts = Reported['partners'][string];

const rowWords = (name: string, before: Counts, now: Counts): readonly string[] => {
  const change = before.rows === 0 ? 0 : (now.rows - before.rows) / before.rows;
  if (before.rows === 0 && now.rows > 0) return [`${name} brought rows again: ${count(now.rows)}.`];
  if (Math.abs(change) < REMARKABLE_SHARE) return [];
  return [
    `${name} brought ${amount(change)} ${change < 0 ? 'fewer' : 'more'} rows: ${count(now.rows)}, ${count(before.rows)} before.`,
  ];
};

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

const linkWords = (name: string, before: Counts, now: Counts): readonly string[] => {
  const points = share(now.linked, now.records) - share(before.linked, before.records);
  if (Math.abs(points) < REMARKABLE_POINTS) return [];
  return [
    `${points < 0 ? 'Fewer' : 'More'} records of ${name} are linked: ${percentOf(now.linked, now.records)}, ${percentOf(before.linked, before.records)} before.`,
  ];
};

const rejectWords = (name: string, before: Counts, now: Counts): readonly string[] => {
  const points = share(now.rejected, now.rows) - share(before.rejected, before.rows);
  if (Math.abs(points) < REMARKABLE_POINTS) return [];
  return [
    `${points < 0 ? 'Fewer' : 'More'} rows of ${name} were rejected: ${count(now.rejected)}, ${count(before.rejected)} before.`,
  ];
};

const partnerWords = (before: Reported, now: Reported): readonly string[] =>
  names(before.partners, now.partners).flatMap((partner) => {
    const [then, today] = [before.partners[partner], now.partners[partner]];
    if (today === undefined) return [`${inWords(partner)} is no longer a partner.`];
    if (then === undefined) return [`${inWords(partner)} is a new partner.`];
    return [
      ...rowWords(inWords(partner), then, today),
      ...rejectWords(inSentence(partner), then, today),
      ...linkWords(inSentence(partner), then, today),
    ];
  });

const FEW = 10;

const persons = (number: number): string =>
  number < FEW ? 'A few persons' : `About ${count(toldCount(number))} persons`;

/** Every night makes new persons; that two became one, or one became two, is rare and worth a word, but not a count of few. */
const peopleWords = (before: Reported, now: Reported): readonly string[] => {
  const more = (kind: string): number => Math.max(0, (now.people[kind] ?? 0) - (before.people[kind] ?? 0));
  const [merged, split] = [more('merged'), more('split')];
  return [
    ...(merged > 0 ? [`${persons(merged)} were merged into others.`] : []),
    ...(split > 0 ? [`${persons(split)} were split.`] : []),
  ];
};

const measureWords = (before: Reported, now: Reported): readonly string[] =>
  names(before.measures, now.measures).flatMap((name) => {
    const [then, today] = [before.measures[name], now.measures[name]];
    if (today === undefined) return [`${then?.title ?? name} is no longer in the release candidate.`];
    if (then === undefined) return [`${today.title} is new in the release candidate.`];
    return [
      ...(then.rate === today.rate
        ? []
        : [
            `${today.title} over all children: ${percentText(today.rate)}, ${percentText(then.rate)} before.`,
          ]),
      ...(then.withheld === today.withheld
        ? []
        : [
            `${today.title}: ${count(today.withheld)} of ${counted(today.cells, 'cell', 'cells')} withheld, ${count(then.withheld)} of ${count(then.cells)} before.`,
          ]),
    ];
  });

const agreementWords = (before: Reported, now: Reported): readonly string[] =>
  names(before.agreements, now.agreements).flatMap((id) => {
    const [then, today] = [before.agreements[id], now.agreements[id]];
    if (today === undefined) return [`${then?.title ?? id} is no longer among the agreements.`];
    if (then === undefined) return [`${today.title} is new.`];
    if (then.version === today.version && then.expires === today.expires) return [];
    return [`${today.title} is now version ${today.version}, until ${dateInWords(today.expires)}.`];
  });

const holdWords = (before: Reported, now: Reported): readonly string[] => [
  ...now.holds.filter((id) => !before.holds.includes(id)).map((id) => `A delivery is held: ${id}.`),
  ...before.holds.filter((id) => !now.holds.includes(id)).map((id) => `${inWords(id)} is held no longer.`),
];

const candidateWords = (before: Reported, now: Reported): readonly string[] => [
  ...(now.latest > before.latest ? [`Release ${now.latest} was published.`] : []),
  ...(now.candidate === before.candidate
    ? []
    : [
        `The release candidate is ${inSentence(now.candidate.replaceAll('-', ' '))}; it was ${inSentence(before.candidate.replaceAll('-', ' '))}.`,
      ]),
];

/** What a person would remark on between two reports, what needs somebody first. */
export const changesBetween = (before: Reported | null, now: Reported): NightChanges =>
  before === null
    ? null
    : {
        since: before.day,
        words: [holdWords, partnerWords, peopleWords, measureWords, candidateWords, agreementWords].flatMap(
          (words) => [...words(before, now)],
        ),
      };
