import { basisRules, licenceRules, massachusettsRules } from '@throughline/agreement';

type Rule = { readonly clause: string; readonly cites: string };

const rows = (rules: readonly Rule[]): string[] => [
  '| the document must say | asked for by |',
  '|---|---|',
  ...[...new Set(rules.map(({ clause, cites }) => `| \`${clause}\` | ${cites} |`))],
];

/** `legal-bases.md`: what an agreement must say for each legal basis, from the rules that hold it to that. */
export function basesPage(): string {
  return [
    '# Legal bases',
    '',
    'A data-sharing agreement claims one basis or several (`basis`). For each, the law asks that it say certain things.',
    '`throughline check` lists what is missing, and every stage refuses with `BASIS_INCOMPLETE` before it reads a row. That a',
    'clause is there does not make it true or sufficient: ask counsel.',
    ...Object.entries(basisRules).flatMap(([basis, rules]) => [
      '',
      `## ${basis}`,
      '',
      ...(rules.length === 0 ? ['Nothing beyond what every agreement says.'] : rows(rules)),
    ]),
    '',
    '## Records of Massachusetts schools',
    '',
    'Where the agreement has the block `massachusetts`:',
    '',
    ...rows(massachusettsRules),
    '',
    '## Licences',
    '',
    'What a data-use licence must say besides, if it releases records that came under these bases:',
    '',
    '| bases | the licence must say | asked for by |',
    '|---|---|---|',
    ...licenceRules.map(({ under, clause, cites }) => `| ${under.join(', ')} | \`${clause}\` | ${cites} |`),
    '',
    '## Every agreement',
    '',
    'Purpose, scope, permitted and prohibited uses, authorised people with their interest, safeguards, redisclosure, recipients,',
    'destruction with its period and certificate (34 CFR 99.31(a)(6)(iii)(C)(4), 99.35(a)(3)(iii)), oversight and threshold are',
    'fields that no agreement parses without.',
    '',
  ].join('\n');
}
