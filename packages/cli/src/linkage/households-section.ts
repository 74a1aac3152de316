import { count, figure, html, type Markup, nothing, table, withheld, words } from '@throughline/pages';
import type { HouseholdsNight } from './linkage-night.js';

const STANDINGS: Readonly<Record<string, string>> = {
  household: 'In a household of two or more',
  alone: 'With a home that no other child shares',
  crowd: 'Where more children share a home than a household has',
  unknown: 'Of whom no partner that was asked knows a home',
};

const told = (value: number | undefined): string | Markup => (value === undefined ? withheld : count(value));

/** Households by size and reach, in counts that may be told; nothing where the city asks for no household index. */
export const householdsSection = (households: HouseholdsNight | undefined): Markup =>
  households === undefined
    ? nothing
    : html`
<section id="households"><h2>Households</h2>
<p class="says">Children who share an address, a telephone or a guardian, counted once. To the next ten; counts below the threshold of the release are withheld.</p>
${table({
  caption: 'Children by where they are',
  columns: [words('Children'), figure('How many')],
  rows: households.standing.map(({ standing, persons }) => [STANDINGS[standing] ?? standing, told(persons)]),
})}
${table({
  caption: 'Households by their children',
  columns: [words('Children in it'), figure('Households')],
  rows: households.sizes.map(({ children, households: many }) => [
    children < 5 ? String(children) : '5 or more',
    told(many),
  ]),
})}
${table({
  caption: 'Households that a source reaches, and those of which it knows every child',
  columns: [words('Source'), figure('Reached'), figure('Every child')],
  rows: households.reach.map(({ source, households: many, whole }) => [source, count(many), count(whole)]),
})}</section>`;
