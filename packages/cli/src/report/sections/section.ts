import { html, type Markup } from '@throughline/pages';

/** Counts of records stay inside; cells of the release candidate have been protected. */
export type Standing = 'internal' | 'candidate';

const STANDINGS: Readonly<Record<Standing, string>> = {
  internal: 'Internal: not for publication',
  candidate: 'Protected release candidate',
};

export type SectionText = {
  readonly id: string;
  readonly heading: string;
  readonly standing: Standing;
  readonly says: string;
  readonly cannotSay: string;
};

/** Every section says what it shows and, in the same breath, what nobody should read into it. */
export const section = (text: SectionText, content: readonly Markup[]): Markup => html`
<section id="${text.id}" aria-labelledby="${text.id}-heading">
<header>
<h2 id="${text.id}-heading">${text.heading}</h2>
<p class="standing ${text.standing}">${STANDINGS[text.standing]}</p>
</header>
<p class="says">${text.says}</p>
<p class="cannot"><strong>What it cannot say.</strong> ${text.cannotSay}</p>
${content}
</section>`;
