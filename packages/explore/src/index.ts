export { type OpenLimits, openRelease, type Release } from './release/open-release.js';
export { type Address, addressOf, serverLinks } from './serve/addresses.js';
export { type Explorer, respond } from './serve/respond.js';
export { type Asked, type Reply, type Serving, serve } from './serve/server.js';
export { writeSite } from './site/write-site.js';
