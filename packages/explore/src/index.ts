export { type OpenLimits, openRelease, type Release } from './release/open-release.js';
export { serverLinks } from './serve/addresses.js';
export type { Explorer } from './serve/respond.js';
export { type Serving, serve } from './serve/server.js';
export { writeSite } from './site/write-site.js';
