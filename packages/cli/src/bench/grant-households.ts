import { dirname, join } from 'node:path';
import { readText, writeDurably } from '@throughline/engine';
import { signMadeUp } from '../made-up/sign.js';
import { readPipeline } from '../pipeline/pipeline.js';
import { documentFolders } from '../project/project.js';

/** The partners of a made-up city that know where children live. */
export const KNOWING_HOMES = ['district', 'health'];

const RULES = [
  '{ name: home, parts: [street_number, street, zip, last_part] }',
  '{ name: home_phone, parts: [phone, street_number] }',
  '{ name: home_guardian, parts: [guardian, zip] }',
];

/** Has the agreements of a made-up city grant a household index, and its pipeline ask for it. Before keys are made. */
export async function grantHouseholds(pipeline: string): Promise<void> {
  const edit = async (name: string, from: RegExp, to: string) => {
    const path = join(dirname(pipeline), name);
    await writeDurably(path, (await readText(path)).replace(from, to), 0o644);
  };
  const terms = `  households: { rules: [${RULES.join(', ')}] }\n  encoding: `;
  await edit('agreements/emou-millbrook.yaml', /^ {2}encoding: /m, terms);
  for (const partner of KNOWING_HOMES)
    await edit(`agreements/dsa-${partner}.yaml`, /permitted_uses: \[/, 'permitted_uses: [household-index, ');
  await edit(
    'pipeline.yaml',
    /^linkage_unit:/m,
    `households: [${KNOWING_HOMES.join(', ')}]\n\nlinkage_unit:`,
  );
  await signMadeUp(documentFolders(await readPipeline(pipeline)), '2026-06-16');
}
