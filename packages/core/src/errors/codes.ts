import { agreementsErrors } from './codes/agreements.js';
import { artifactsErrors } from './codes/artifacts.js';
import { disclosureErrors } from './codes/disclosure.js';
import { keysErrors } from './codes/keys.js';
import { parcelsErrors } from './codes/parcels.js';
import { qualityErrors } from './codes/quality.js';
import { resourcesErrors } from './codes/resources.js';
import { softwareErrors } from './codes/software.js';
import { usageErrors } from './codes/usage.js';

/** Every code, in the order of exit statuses. */
export const errorCodes = {
  ...softwareErrors,
  ...usageErrors,
  ...agreementsErrors,
  ...artifactsErrors,
  ...parcelsErrors,
  ...keysErrors,
  ...qualityErrors,
  ...disclosureErrors,
  ...resourcesErrors,
} as const;

export type ErrorCode = keyof typeof errorCodes;
