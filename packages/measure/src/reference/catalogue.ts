import { type Definition, readDefinitions } from '../index.js';

/** The definitions that ship with the package. */
export const catalogue = (): Promise<readonly Definition[]> =>
  readDefinitions([
    { name: 'catalogue', path: decodeURIComponent(new URL('../../catalogue', import.meta.url).pathname) },
  ]);
