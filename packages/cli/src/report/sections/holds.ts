import { counted, dateInWords, html, inWords, type Markup, nothing, withCode } from '@throughline/pages';
import type { Night, NightHold } from '../night.js';
import { section } from './section.js';

const reasonOf = ({ name, meaning, look }: NightHold['reasons'][number]): Markup => html`
<dt>${inWords(name)}</dt><dd>${meaning} <span class="beside">${look}</span></dd>`;

const commandsOf = ({ id, rejected, acceptable }: NightHold, file: string): Markup => {
  const accept = html`
throughline hold accept ${file} ${id} --reason "…"`;
  const reject = html`
throughline hold reject ${file} ${id} --reason "…"`;
  return html`<pre class="commands">throughline hold show ${file} ${id}${acceptable ? accept : nothing}${rejected ? nothing : reject}</pre>`;
};

const holdCard = (hold: NightHold, file: string): Markup => html`
<article class="card">
<h3>${inWords(hold.partner)}: ${hold.id}</h3>
<p class="beside">${hold.rejected ? 'Rejected; waits for another delivery' : 'Waits for a decision'}, since ${dateInWords(hold.opened)}</p>
<p>${hold.meaning}</p>
${hold.reasons.length === 0 ? nothing : html`<dl class="glossary">${hold.reasons.map(reasonOf)}</dl>`}
<h4>What to do</h4>
<p>${withCode(hold.remedy)}</p>
${commandsOf(hold, file)}
</article>`;

export const holdsSection = ({ holds, file }: Pick<Night, 'holds' | 'file'>): Markup =>
  section(
    {
      id: 'holds',
      heading: 'What is held',
      standing: 'internal',
      says:
        holds.length === 0
          ? 'No delivery is held.'
          : `${counted(holds.length, 'delivery waits', 'deliveries wait')} for a person. Until somebody decides, the last good data stay in use. The opt-outs in a held delivery wait with it, so decide soon.`,
      cannotSay:
        'Whether a delivery is wrong. It looks unlike its manifest, the calendar or the one before, and only its owner can say why.',
    },
    holds.length === 0 ? [] : [html`<div class="cards">${holds.map((hold) => holdCard(hold, file))}</div>`],
  );
