import type { SealingPass } from '@throughline/agreement';
import type { PartnerPlan } from '../gate/decide-gate.js';
import { codedFile, type PassFile } from './coded.js';

/** What an owner tells of its file before anything is sealed, as the stage `plan` counts it, for a file in memory. */
export function partnerPlan(partner: string, file: PassFile, passes: readonly SealingPass[]): PartnerPlan {
  const coded = codedFile(file, [...new Set(passes.flatMap(({ parts }) => parts))]);
  return {
    partner,
    persons: coded.persons,
    passes: new Map(passes.map(({ name, parts }) => [name, coded.shareOf(parts)])),
  };
}
