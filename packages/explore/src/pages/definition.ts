import { html, inWords, type Markup, nothing } from '@throughline/pages';
import type { Definition } from '../release/open-release.js';

/** What a measure means, above whatever shows its numbers. */
export const definitionCard = ({ title, population, source, caveats }: Definition): Markup => html`
<div class="card definition">
<p><strong>${title}.</strong></p>
<dl class="glossary">
${population === '' ? nothing : html`<dt>Population</dt><dd>${inWords(population)}</dd>`}
${source === '' ? nothing : html`<dt>Rule after</dt><dd>${source}</dd>`}
${caveats.map((caveat) => html`<dt>Mind</dt><dd>${caveat}</dd>`)}
</dl>
</div>`;
