import { html, preformatted } from '@throughline/pages';
import { documentTitle, page, type Site } from './frame.js';

/** A page of words of the release folder, as it is written. */
export const documentPage = (site: Site, name: string, text: string): string =>
  page(site, documentTitle(name), [html`<pre class="document">${preformatted(text)}</pre>`]);

/** For an address under which there is nothing. */
export const missingPage = (site: Site): string =>
  page(site, 'Nothing here', [
    html`<p class="says">This release has no such page. Its tables or measures may have other names in another release.</p>`,
  ]);
