import { count, counted, figure, html, inWords, type Markup, table, words } from '@throughline/pages';
import type { Night } from '../night.js';
import { section } from './section.js';

const changes = ({ people }: Night): Markup =>
  people.changes.length === 0
    ? html`<p>No change to a person is on record.</p>`
    : table({
        caption: 'Changes on record',
        columns: [words('Change'), figure('Count')],
        rows: people.changes.map(({ name, value }) => [inWords(name), count(value)]),
      });

export const peopleSection = (night: Night): Markup =>
  section(
    {
      id: 'people',
      heading: 'How persons changed',
      standing: 'internal',
      says: `${counted(night.people.persons, 'person is', 'persons are')} known from ${counted(night.people.records, 'record', 'records')}. A person keeps a number from night to night; when records join or part, the index of persons keeps the change and its reason.`,
      cannotSay:
        'How many children live in the city: a child whose records could not be linked is counted as two persons, and a child whom no partner knows is not counted at all.',
    },
    [html`<article class="card narrow">${changes(night)}</article>`],
  );
