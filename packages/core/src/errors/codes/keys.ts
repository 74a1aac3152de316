import type { ErrorEntry } from './entry.js';

/** Keys and what they open. Exit status 12. */
export const keysErrors = {
  EXTRACT_UNDECRYPTABLE: {
    exit: 12,
    meaning: 'An encrypted extract is for another key, is cut off or was changed on the way.',
    remedy:
      'Check that the sender encrypted to the recipient of this pipeline, and have it sent again. Nothing of it was used.',
  },
  KEY_UNREADABLE: {
    exit: 12,
    meaning: 'A key file cannot be opened.',
    remedy: 'Check the path; make keys with `throughline keys create`.',
  },
  KEY_EXPOSED: {
    exit: 12,
    meaning: 'A key file can be read or changed by others, belongs to somebody else, or is a link.',
    remedy:
      'Make it an ordinary file of yours with mode 0600 (chmod 600). If others could read it, treat it as lost.',
  },
  KEY_WEAK: {
    exit: 12,
    meaning: 'A key file does not hold a key: it must be exactly 32 random bytes.',
    remedy: 'Make the key with `throughline keys create`; do not type, encode or edit it.',
  },
  KEY_EXISTS: {
    exit: 12,
    meaning: 'There is a file already where the key should be written.',
    remedy: 'Keys are never overwritten. Choose another path, or move the old key away yourself.',
  },
  KEY_MISMATCH: {
    exit: 12,
    meaning: 'The token key is not the one that this agreement and epoch use.',
    remedy:
      'Fetch the right key from the keyholder. Nothing was tokenized; the last good state is untouched.',
  },
  KEY_REUSED: {
    exit: 12,
    meaning: 'The token key already serves another agreement or epoch.',
    remedy: 'Every agreement and epoch has a key of its own: have the keyholder issue a new one.',
  },
  KEY_REVOKED: {
    exit: 12,
    meaning: 'The keyholder has revoked the key of this epoch.',
    remedy: 'Give the memorandum a new linkage.epoch, then run keys rotate and issue the new key.',
  },
  KEY_STILL_CURRENT: {
    exit: 12,
    meaning: 'A new key was asked for, but the memorandum still names the epoch of the old one.',
    remedy:
      'Give the memorandum a new linkage.epoch in a new version, have it approved, and run keys rotate again.',
  },
  KEY_ROLES_MIXED: {
    exit: 12,
    meaning: 'One key, or one recipient, would serve two roles that must not know each other’s secrets.',
    remedy: 'Give every partner and the linkage unit a key and an age recipient of their own.',
  },
  KEY_SEALED_FOR_ANOTHER: {
    exit: 12,
    meaning: 'An age file holds no token key for this identity: it is for somebody else, cut off or altered.',
    remedy: 'Ask the keyholder to issue the key again for your recipient. Nothing was written.',
  },
  LEDGER_MISSING: {
    exit: 12,
    meaning: 'Slots were delivered in this epoch, and the ledger that says which values are taken is gone.',
    remedy:
      'Restore the ledger of the last night from a backup. Without one, start a new epoch: deciding again would show which slots were real.',
  },
  KEY_WITHIN_REACH: {
    exit: 12,
    meaning: 'The linkage unit can open the token key or the wrap key, so it could undo what they protect.',
    remedy: 'Run `link` as a user, or on a host, that cannot read the key.',
  },
  RESIDUAL_REFUSED: {
    exit: 12,
    meaning:
      'Rows of the residual are not opened or compared: the rule that is told is broken. A file of another agreement or epoch is of no use.',
    remedy:
      'Write the file again with `residual ask` or `residual open`, under the memorandum and card of this epoch, with the profile `sealed+clkd`.',
  },
  RESIDUAL_OVER_SHARE: {
    exit: 12,
    meaning:
      'More rows of a partner would be open in this epoch than `linkage.encoding.residual_share` allows.',
    remedy:
      'Nothing was opened. Ask the linkage unit why it asks for so many; another share needs a new version of the memorandum.',
  },
  RESIDUAL_UNOPENED: {
    exit: 12,
    meaning:
      'A row of the residual does not open under its key: the key is another one, or the row was altered.',
    remedy:
      'Nothing was compared. Have the partner deliver again and the keyholder check its wrap key with `keys check`.',
  },
  RESIDUAL_TOO_LARGE: {
    exit: 12,
    meaning: 'The opened rows would be compared more often than the software does at once.',
    remedy:
      'Agree on a smaller `linkage.encoding.residual_share`: each row is compared with each of every other partner.',
  },
  HOST_KEY_UNNAMED: {
    exit: 12,
    meaning:
      'The key with which this host signs, or the identity with which it opens parcels, is not the one that the memorandum names for it today.',
    remedy:
      'Compare the `.pub` files beside them with `hosts` in the memorandum. A new key needs a new version of it, approved in time.',
  },
  SIGNING_KEY_ENCRYPTED: {
    exit: 12,
    meaning: 'The signing key is protected by a passphrase, which Throughline never asks for.',
    remedy: 'Sign the file with OpenSSH: `ssh-keygen -Y sign -n throughline -f KEY FILE`.',
  },
  SIGNING_KEY_UNSUPPORTED: {
    exit: 12,
    meaning: 'The signing key is not an Ed25519 private key in the format of OpenSSH, or its file is broken.',
    remedy:
      'Sign the file with OpenSSH, which knows every kind of key: `ssh-keygen -Y sign -n throughline -f KEY FILE`.',
  },
} as const satisfies Record<string, ErrorEntry>;
