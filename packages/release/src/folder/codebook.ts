import { type ReleaseColumn, releaseTables } from './columns.js';
import { csvOf } from './table-files.js';

const HEADERS = ['table', 'variable', 'type', 'units', 'label', 'allowed', 'empty'] as const;

const emptyWords = ({ nullable, empty }: ReleaseColumn): string =>
  nullable ? (empty ?? 'withheld') : 'never';

const rows = (): readonly (readonly string[])[] =>
  releaseTables.flatMap(({ name, columns }) =>
    columns.map((column) => [
      name,
      column.name,
      column.type,
      column.units ?? '',
      column.words,
      (column.allowed ?? []).join('; '),
      emptyWords(column),
    ]),
  );

/** `codebook.csv`: one row a column of a table. */
export const codebook = (): Promise<string> =>
  csvOf(
    HEADERS.map((name) => ({ name })),
    rows(),
  );

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const cell = (tag: 'td' | 'th', text: string): string => `<${tag}>${escaped(text)}</${tag}>`;

const tableHtml = ({
  name,
  about,
  columns,
}: (typeof releaseTables)[number]): string => `<h2 id="${name}">${name}</h2>
<p>${escaped(about)}</p>
<table>
<thead><tr>${HEADERS.slice(1)
  .map((each) => cell('th', each))
  .join('')}</tr></thead>
<tbody>
${columns
  .map(
    (column) =>
      `<tr>${[
        column.name,
        column.type,
        column.units ?? '',
        column.words,
        (column.allowed ?? []).join('; '),
        emptyWords(column),
      ]
        .map((text) => cell('td', text))
        .join('')}</tr>`,
  )
  .join('\n')}
</tbody>
</table>`;

/** `codebook.html`: the same for people, one file without scripts. */
export const codebookPage = (city: string, day: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${escaped(city)}: codebook of ${day}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;border-bottom:1px solid #bbb;padding:.3rem .6rem}</style>
</head>
<body>
<h1>Codebook</h1>
<p>Every column of every table of this release. An empty field is never zero.</p>
${releaseTables.map(tableHtml).join('\n')}
</body>
</html>
`;
