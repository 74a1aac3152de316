import { findingWords } from '../doctor/findings.js';

/** `doctor.md`: what the doctor finds of itself, beside the codes of errors. */
export const doctorPage = (): string =>
  [
    '# What the doctor finds',
    '',
    '`throughline doctor` examines the machine and the project and writes nothing. Each finding has a code, a place, what it',
    'means and what to do. It exits with 10 (`DOCTOR_FOUND`) if something is to be mended before the next night, with 0 if',
    'there are only notes. What a command would refuse, it finds under the code of that [error](errors.md).',
    '',
    '| code | | what it means | what to do |',
    '|---|---|---|---|',
    ...Object.entries(findingWords).map(
      ([code, { grave, meaning, remedy }]) =>
        `| \`${code}\` | ${grave ? 'mend' : 'note'} | ${meaning} | ${remedy} |`,
    ),
    '',
  ].join('\n');
