import { parseDocuments } from '@throughline/agreement';
import { documentFiles, readDocumentFolders, withPresets } from '@throughline/engine';
import { describe, expect, it } from 'vitest';
import { readPipeline } from '../pipeline/pipeline.js';
import { documentFolders } from '../project/project.js';
import { templates } from '../project/templates.js';

const pipeline = await readPipeline(templates.pipeline);
const folders = documentFolders(pipeline);
const day = pipeline.clock ?? '';

describe('the documents of Millbrook', () => {
  it('are signed as they lie here; if one was changed: npm run sign', async () => {
    const { emous, dsas, duls, policies, manifests } = await readDocumentFolders(folders, day, {
      presets: templates.presets,
    });
    const refused = [...emous, ...dsas, ...duls, ...policies, ...manifests]
      .filter(({ standing }) => 'refusal' in standing)
      .map(({ file }) => file);
    expect(refused, 'changed since they were signed: run `npm run sign`').toEqual([]);
  });

  it('have no signature that counts for nothing', async () => {
    const all = parseDocuments(await withPresets(await documentFiles(folders), templates.presets));
    const { emous, dsas, duls, policies, manifests } = await readDocumentFolders(folders, day, {
      presets: templates.presets,
    });
    const counting = [...emous, ...dsas, ...duls, ...policies, ...manifests].flatMap(({ standing }) =>
      'refusal' in standing ? [] : standing.approvals.map(({ sha256 }) => sha256),
    );
    const there = all.flatMap(({ signatures = [] }) => signatures.map(({ sha256 }) => sha256));
    expect(there.sort(), 'stale signatures: run `npm run sign`').toEqual(counting.sort());
  });
});
