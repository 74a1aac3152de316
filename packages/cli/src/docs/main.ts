import { dirname, join } from 'node:path';
import { makePrivateFolder, writeDurably } from '@throughline/engine';
import { templates } from '../project/templates.js';
import { referencePages } from './pages.js';

/** `pnpm docs`: writes docs/reference from the source. */
for (const [path, text] of await referencePages()) {
  const place = join(templates.reference, path);
  await makePrivateFolder(dirname(place));
  await writeDurably(place, text, 0o644);
}
