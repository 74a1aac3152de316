/**
 * What the signing key of a made-up approver is made of: the seed is the SHA-256 of this text. Anybody can make it, so
 * that it proves nothing but that the software checks signatures. Nobody real may ever be named with such a key.
 */
export const madeUpKeyText = (person: string): string =>
  `throughline made-up approver ${person}: published, protects nothing`;
