import type { ErrorEntry } from './entry.js';

/** Extracts, artifacts and the log. Exit status 11. */
export const artifactsErrors = {
  ARTIFACT_MISSING: {
    exit: 11,
    meaning: 'An artifact that this stage reads is not there.',
    remedy: 'Run the stage that makes it, or the whole pipeline.',
  },
  INDEX_LOST: {
    exit: 11,
    meaning:
      'The people index that the log knows is not there, or an older one is. The ids issued since would be issued again, to other persons.',
    remedy:
      'Restore the latest index from a backup. Where it is lost for good, make a new person key and begin a new log: then no id can be issued twice.',
  },
  DELIVERY_REFUSED: {
    exit: 11,
    meaning:
      'What a partner delivered breaks a rule of the delivery: the rule and how many rows break it are told.',
    remedy:
      'The partner delivers again with the software of this version under the gate of this epoch. If it did, ask who else could write the delivery.',
  },
  DELIVERIES_OVER_LIMIT: {
    exit: 11,
    meaning: 'A partner has delivered more often than the linkage unit takes in a day or an epoch.',
    remedy:
      'Wait until tomorrow. Many deliveries in a row can be used to find out who is at another partner: ask why there were so many.',
  },
  ARTIFACT_ALTERED: {
    exit: 11,
    meaning: 'A file of an artifact differs from what its manifest says.',
    remedy: 'Somebody or something changed it. Delete the artifact and run the stage that makes it again.',
  },
  ARTIFACT_SCHEMA: {
    exit: 11,
    meaning: 'An artifact has another kind, schema version or table than this stage reads or writes.',
    remedy: 'Make it again with this version of the software.',
  },
  EXTRACT_MISSING: {
    exit: 11,
    meaning: 'An extract is not where the pipeline says.',
    remedy: 'Check that the partner delivered; the last good state stays in use.',
  },
  EXTRACT_CHANGED: {
    exit: 11,
    meaning: 'An extract changed while it was read.',
    remedy:
      'Deliver under another name and rename when complete; then run again. The last good state stays in use.',
  },
  EXTRACT_REFUSED: {
    exit: 11,
    meaning: 'An extract is not an ordinary file of a size we accept.',
    remedy: 'Deliver a plain file: no link, pipe or device, not empty, within the size limit.',
  },
  EXTRACT_OVER_LIMIT: {
    exit: 11,
    meaning: 'An extract is larger, unpacks to more, or needs more memory or time than we give it.',
    remedy:
      'Deliver less at a time, or in a plainer form such as CSV; docs/reference/formats.md lists the limits. The last good state stays in use.',
  },
  EXTRACT_LANDING: {
    exit: 11,
    meaning: 'An extract is still being delivered: a partial file lies beside it, or it has just changed.',
    remedy:
      'Wait for the delivery to end (`throughline inbox wait`). Deliver under another name, such as one that ends in .partial, and rename when complete.',
  },
  LOG_BROKEN: {
    exit: 11,
    meaning:
      'The log does not fit its checkpoint: a tile is missing, cut or changed, or the root is another.',
    remedy:
      'Append nothing. Compare the log with a checkpoint that a witness holds, and restore it from a copy that fits.',
  },
  LOG_CHECKPOINT_REFUSED: {
    exit: 11,
    meaning:
      'A checkpoint is missing or malformed, is of another log, or was not signed with the key of the log.',
    remedy:
      'Check that log, verifier key and older checkpoint belong together; the verifier key must come from the keeper of the log by a way that you trust.',
  },
  LOG_ALTERED: {
    exit: 11,
    meaning:
      'The log does not continue an older checkpoint of it: its past was changed or cut off, or there are two logs under one key.',
    remedy:
      'Cosign nothing. Keep both checkpoints, which together prove it, and restore the log from a copy that continues the older one.',
  },
  EVIDENCE_LACKING: {
    exit: 11,
    meaning:
      'What was to be verified does not follow from the evidence: a step, a document or a signature is missing or another.',
    remedy:
      'Ask for the evidence again, and compare the hash named. If it stays so, do not rely on what you were given.',
  },
  BACKUP_MISSING: {
    exit: 11,
    meaning: 'There is no finished backup in this folder: it has no backup.json.',
    remedy: 'Give the folder that throughline backup named. A `.partial` folder is one that was cut short.',
  },
  BACKUP_ALTERED: {
    exit: 11,
    meaning: 'A file of the backup is missing, was added or is not what was saved.',
    remedy: 'Use another copy of the backup, or an earlier one. The state is untouched.',
  },
  RESTORE_ROLLS_BACK: {
    exit: 11,
    meaning:
      'What was linked, released and decided since the backup was made would be forgotten. The log here has grown since, and either nothing here is broken or missing, or the log does not show that the backup has the file named as it was last; or the log here cannot be verified, and person ids that were issued since may be issued again, to other persons.',
    remedy:
      'Use the latest backup. Where there is none, --roll-back restores this one and says what is lost. The state is untouched.',
  },
  FORMAT_NEWER: {
    exit: 11,
    meaning: 'This was written by a newer version of the software, in a form that this one does not know.',
    remedy: 'Install that version again, or a later one. Nothing was touched.',
  },
  LINKAGE_UNSOUND: {
    exit: 11,
    meaning:
      'What the linkage model says of itself rules it out: more matches than there are persons, or households where persons should be. Nobody was linked by it; the last good state stays in use.',
    remedy:
      'Look at what was delivered last: first names that are missing, cut or another field; a file twice as large or small. If the files are right, judge a model on labelled records with `throughline evaluate linkage` and have the memorandum fix its parameters (docs/how-to/fix-parameters.md), or leave sealed fields out of the memorandum.',
  },
  CANARIES_UNACCOUNTED: {
    exit: 11,
    meaning:
      'The desk cannot take out every canary, a child who does not exist: it does not know as many as a partner has planted, or some are not among the people.',
    remedy:
      'Run the night from its beginning, so that what is planted, linked and taken out is of one night. Nothing was counted.',
  },
} as const satisfies Record<string, ErrorEntry>;
