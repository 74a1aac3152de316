import type { Effects } from '../effects.js';
import { createMissingKeys } from '../keys/create-keys.js';
import type { Project } from '../project/project.js';

/** Makes the keys that are missing and says which. */
export async function keysCreate(project: Project, effects: Effects): Promise<void> {
  const { made, kept } = await createMissingKeys(project, effects);
  for (const path of made) effects.stdout(`made  ${path}\n`);
  for (const path of kept) effects.stdout(`kept  ${path}\n`);
  effects.stdout(
    'The token key belongs with the partners and the keyholder only. The key card is not secret: every partner and the linkage unit need it.\n',
  );
}
