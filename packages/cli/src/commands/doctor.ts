import { ThroughlineError } from '@throughline/core';
import { visible } from '@throughline/pages';
import { type Diagnosis, diagnose } from '../doctor/diagnose.js';
import type { Effects } from '../effects.js';

/** Says what is not as it should be, and what to do. @throws ThroughlineError DOCTOR_FOUND if something must be mended. */
export async function doctor(file: string, asJson: boolean, effects: Effects): Promise<void> {
  const diagnosis = await diagnose(file, effects);
  effects.stdout(asJson ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : inWords(diagnosis));
  const grave = diagnosis.findings.filter((each) => each.grave).length;
  if (grave > 0) throw new ThroughlineError('DOCTOR_FOUND', { findings: grave });
}

function inWords({ versions, keys, findings }: Diagnosis): string {
  const { software, node, duckdb } = versions;
  return [
    `${software}, node ${node}, DuckDB ${duckdb}`,
    '',
    'Keys on this host, and who can read them:',
    ...keys.map(
      ({ role, key, readable, owner }) => `  ${visible(role)}: ${readable} (user ${owner})  ${visible(key)}`,
    ),
    ...(keys.length === 0 ? ['  none'] : []),
    '',
    ...(findings.length === 0 ? ['Nothing is amiss.'] : []),
    ...findings.flatMap(({ code, grave, place, meaning, remedy }) => [
      `${grave ? 'MEND' : 'note'}  ${code}: ${visible(place)}`,
      `      ${meaning}`,
      `      ${remedy}`,
    ]),
    '',
  ].join('\n');
}
