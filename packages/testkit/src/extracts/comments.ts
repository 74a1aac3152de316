import type { Rng } from '../random/streams.js';

/** Free text as staff write it, with the child's name in it now and then: what must be refused by column. */
export function absenceComment(rng: Rng, given: string, surname: string): string {
  return rng.pick([
    'Parent called',
    'Dr note on file',
    `${given} has a fever, mom called`,
    `Per grandmother, ${given} ${surname} is out of town`,
    'Late bus "again"',
    'Text from parent: "stomach bug"',
    'See nurse log\r\nReturn w/ note',
    'N\\A',
    'Filed under attendance\\2025\\',
    `${surname} family traveling`,
  ]);
}

export function planNote(rng: Rng, given: string, surname: string): string {
  return rng.pick([
    `Met with ${given} and family`,
    `${given} prefers mornings; call mom first`,
    'Left voicemail x2',
    `Sibling of another ${surname} on caseload`,
    'Family declined for now; revisit in spring',
    `Referred by teacher; ${given} ${surname.slice(0, 1)}. doing well`,
    '',
    '',
  ]);
}

export function visionNote(rng: Rng, given: string): string {
  return rng.pick([
    '',
    '',
    '',
    '',
    'absent on screening day',
    `${given} has own glasses at home`,
    'insurance pending',
    'parent requests call',
  ]);
}
