import { basename, dirname } from 'node:path';
import { type Below, below, glance } from '@throughline/engine';
import type { Pipeline } from '../pipeline/pipeline.js';
import { type Finding, finding } from './findings.js';

const WRITABLE_BY_OTHERS = 0o022;

/** The pipeline and the documents that others could change. */
export async function ofDocuments(file: string, pipeline: Pipeline): Promise<readonly Finding[]> {
  const itself = await glance(dirname(file), basename(file));
  const found: Finding[] = isOpen(itself) ? [finding('DOCUMENTS_WRITABLE', basename(file))] : [];
  for (const path of pipeline.documents) {
    const folder = pipeline.resolve(path);
    const seen = [await glance(dirname(folder), basename(folder)), ...(await below(folder))];
    if (seen.some(isOpen)) found.push(finding('DOCUMENTS_WRITABLE', path));
  }
  return found;
}

const isOpen = (seen: Below | undefined): boolean =>
  seen !== undefined && seen.kind !== 'link' && (seen.mode & WRITABLE_BY_OTHERS) !== 0;
