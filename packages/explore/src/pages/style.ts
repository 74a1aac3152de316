import { styleText } from '@throughline/pages';

const OWN = `
h2.small { font-size: 1rem; }
.facets { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; margin: 1rem 0; }
.facets details { min-width: 11rem; }
.facet { list-style: none; margin: 0.3rem 0 0.6rem; padding: 0; max-height: 18rem; overflow-y: auto; }
.files { columns: 14rem; padding-left: 1.1rem; }
.grid th, .grid td { white-space: nowrap; }
.definition { margin: 1rem 0; max-width: 50rem; }
.definition p { margin: 0; }
.downloads, .pager { margin: 1rem 0; }
.ask { margin-bottom: 1.5rem; display: grid; gap: 0.5rem; max-width: 60rem; justify-items: start; }
.ask label { font-weight: 600; }
.ask textarea {
  width: 100%; font: 0.95rem/1.5 ui-monospace, Menlo, Consolas, monospace; padding: 0.6rem 0.8rem;
  color: var(--ink); background: var(--card); border: 1px solid var(--muted); border-radius: 6px;
}
.ask button {
  font: inherit; font-weight: 600; padding: 0.5rem 1.4rem; border: 0; border-radius: 6px; cursor: pointer;
  color: var(--page); background: var(--link);
}
.ask textarea:focus-visible, .ask button:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
pre.document { max-width: 80rem; background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 1.25rem 1.4rem; }
`;

/** The style of every page of a site. */
export const siteStyle: string = `${styleText}${OWN}`;
