import { processEffects } from '../effects.js';
import { readPipeline } from '../pipeline/pipeline.js';
import { documentFolders } from '../project/project.js';
import { templates } from '../project/templates.js';
import { signMadeUp } from './sign.js';

/** `npm run sign`: signs the documents of Millbrook for its made-up approvers. */
const effects = await processEffects('none');
const pipeline = await readPipeline(templates.pipeline);
const changed = await signMadeUp(documentFolders(pipeline), pipeline.clock ?? '');
effects.stdout(`${changed} signature files changed\n`);
