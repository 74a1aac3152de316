import { canonicalJson, type Json } from '@throughline/core';
import { type Session, sha256Of, sql } from '@throughline/engine';
import type { Findings } from './findings.js';

/** What decides beside rows: any of it another, and all is decided anew. */
export type Ground = { readonly [name: string]: Json };

export const basisOf = (ground: Ground): string => sha256Of(canonicalJson(ground));

/** Why everybody is decided, and the model learned anew. */
export type Anew = 'first-night' | 'not-rows-alone' | 'many-rows';

/** So many of the records that a model was learned from may change until it is learned anew. */
export const MOST_CHANGED = 0.1;

export type Standing = {
  readonly findings: Findings;
  readonly parameters: string;
  readonly records: number;
  /** Rows changed since the model was learned. */
  readonly changed: number;
};

/** What was kept, if it rests on the same ground. */
export async function standingOn(
  session: Session,
  findings: Findings | undefined,
  basis: string,
): Promise<Standing | Anew> {
  if (findings === undefined) return 'first-night';
  const [model] = await session.rows('model kept', sql`SELECT * FROM ${findings.table('model')}`);
  if (model === undefined || model['basis'] !== basis) return 'not-rows-alone';
  return {
    findings,
    parameters: String(model['parameters']),
    records: Number(model['records']),
    changed: Number(model['changed']),
  };
}
