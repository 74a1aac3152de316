import { styleText } from '@throughline/pages';

const OWN = `
h1 { font-size: clamp(1.6rem, 4vw, 2.4rem); overflow-wrap: anywhere; }
section { padding: 1.75rem 0 1rem; }
.more { color: var(--alarm); font-weight: 600; }
code, .hash { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.88em; overflow-wrap: anywhere; }
.decide { display: grid; gap: 0.7rem; max-width: 42rem; justify-items: start; }
.decide label { font-weight: 600; }
.decide input {
  width: 100%; font: inherit; padding: 0.5rem 0.7rem; color: var(--ink); background: var(--card);
  border: 1px solid var(--muted); border-radius: 6px;
}
.decide .choices { display: flex; flex-wrap: wrap; gap: 0.8rem; }
.decide button {
  font: inherit; font-weight: 600; padding: 0.5rem 1.3rem; border: 2px solid var(--link); border-radius: 6px;
  cursor: pointer; color: var(--link); background: var(--card);
}
.decide input:focus-visible, .decide button:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
td code { display: block; white-space: nowrap; }
.glossary { row-gap: 0.35rem; }
.glossary dt, .glossary dd { margin: 0; }
@media print { .decide { display: none; } }
`;

/** The style of every page of a review. */
export const reviewStyle: string = `${styleText}${OWN}`;
