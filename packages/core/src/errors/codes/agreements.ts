import type { ErrorEntry } from './entry.js';

/** Configuration, documents, approvals and what they permit. Exit status 10. */
export const agreementsErrors = {
  CONFIG_UNREADABLE: {
    exit: 10,
    meaning: 'A configuration file or document cannot be read.',
    remedy: 'Check the path and the permissions.',
  },
  CONFIG_INVALID: {
    exit: 10,
    meaning: 'A configuration file or document does not have the form it must have.',
    remedy: 'Correct the place named; docs/reference/configuration.md lists every field.',
  },
  DOCUMENT_MISSING: {
    exit: 10,
    meaning: 'A document that another one refers to is not there.',
    remedy: 'Add the document, or correct the reference.',
  },
  PRESET_CHANGED: {
    exit: 10,
    meaning: 'A manifest builds on a preset that is not the one, byte by byte, with which it was approved.',
    remedy:
      'Read what changed in the preset, put its new hash into the manifest (`throughline presets` prints it) and have the manifest approved again.',
  },
  CROSSWALK_CHANGED: {
    exit: 10,
    meaning:
      'A manifest or preset names a crosswalk that is not the one, byte by byte, with which it was approved.',
    remedy:
      'Read what changed in the crosswalk, put its new hash into the manifest (`throughline presets` prints it) and have the manifest approved again.',
  },
  DOCUMENT_DUPLICATE: {
    exit: 10,
    meaning: 'Two documents claim the same kind, id and version, or are agreements of the same partner.',
    remedy: 'Keep one; a changed document has the same id and a new version.',
  },
  AGREEMENT_NOT_IN_FORCE: {
    exit: 10,
    meaning: 'An agreement is not yet in force on this date.',
    remedy: 'Wait for its effective date, or sign a version that is in force.',
  },
  AGREEMENT_EXPIRED: {
    exit: 10,
    meaning: 'An agreement has expired on this date.',
    remedy:
      'Renew the agreement. Nothing of this partner moves until then; the last good state is untouched.',
  },
  AGREEMENT_REVOKED: {
    exit: 10,
    meaning: 'An agreement has been revoked.',
    remedy: 'Remove the partner from the pipeline, or sign a new agreement.',
  },
  PARTY_NOT_COVERED: {
    exit: 10,
    meaning: 'The agreement does not name this partner as a party.',
    remedy: 'Have the partner join the agreement, or correct the name.',
  },
  DOCUMENT_NOT_APPROVED: {
    exit: 10,
    meaning: "No approval that counts covers the exact bytes of this document's file.",
    remedy:
      'Have its approvers sign this version: `throughline approve`, or `ssh-keygen -Y sign -n throughline`. One byte changed needs new signatures. In this repository `npm run sign` signs for the made-up approvers of Millbrook.',
  },
  QUORUM_SHORT: {
    exit: 10,
    meaning: 'Fewer different people approved this document than it needs.',
    remedy:
      'Have more of its approvers sign; two signatures of one person count once. `throughline check` says who approved and who may.',
  },
  VERSION_UNCHAINED: {
    exit: 10,
    meaning:
      'A later version of a document does not follow from the version before: that is missing, another one, or its quorum did not approve the new version.',
    remedy:
      'Keep the earlier version and its signatures beside it, name its hash in `supersedes`, and have the people sign whom the earlier version needs.',
  },
  DOCUMENT_ROLLED_BACK: {
    exit: 10,
    meaning:
      'The log says that this stage has run under a later version of a document, or under other bytes of this version.',
    remedy:
      'Put the later version back. A changed document is a new version; what has been superseded never comes into force again. In a made-up city whose documents you changed in place, delete its state.',
  },
  BASIS_INCOMPLETE: {
    exit: 10,
    meaning: 'An agreement does not say what the legal basis that it claims requires.',
    remedy:
      'Add the clauses named, each with the provision that asks for it, as a new version, or claim another basis.',
  },
  USE_NOT_PERMITTED: {
    exit: 10,
    meaning: 'No agreement in force permits this use of the records.',
    remedy:
      'Remove the measure or the field, or have the agreements permit it. Clause `basis`: give the fields named a legal basis that the agreement of their partner names.',
  },
  PROFILE_NOT_AGREED: {
    exit: 10,
    meaning:
      'An encoding of another system, which known attacks break, is asked for and an agreement does not consent to it.',
    remedy:
      'Have the memorandum (linkage.interop) and the partner’s agreement (weaker_encodings) consent, or use the encodings of the software.',
  },
  PARAMETERS_NOT_AGREED: {
    exit: 10,
    meaning:
      'The parameters of the linkage are not those, byte by byte, that the memorandum fixes: another file, none, or some although it fixes none.',
    remedy:
      'Put the file back whose hash is in `linkage.parameters_sha256`, or have the parties sign a memorandum that names this one, or none.',
  },
  HOUSEHOLDS_NOT_AGREED: {
    exit: 10,
    meaning: 'The pipeline asks for a household index, and the memorandum grants none.',
    remedy:
      'Take `households` out of the pipeline, or have the parties sign a memorandum with `linkage.households`; each partner listed must permit the use `household-index` as well.',
  },
  FIELD_NOT_APPROVED: {
    exit: 10,
    meaning: 'A measure needs a field that no approved manifest keeps.',
    remedy: 'Ask the owner to approve the field, or remove the measure.',
  },
  SHEET_REFUSED: {
    exit: 10,
    meaning: 'A field manifest that came back as a spreadsheet is not as it was sent out, or not filled in.',
    remedy:
      'Correct the row, column or cell named, or start again from a fresh `throughline manifest export`. Nothing was taken in.',
  },
  SHEET_STALE: {
    exit: 10,
    meaning: 'A spreadsheet was made of another version of its field manifest or agreement.',
    remedy: 'Export the manifest again and put the decisions into the new sheet. Nothing was taken in.',
  },
  SHEET_WIDENS: {
    exit: 10,
    meaning: 'A spreadsheet asks for more to leave than its field manifest does.',
    remedy:
      'A sheet can only ask for less. For more, draft a new version of the manifest and send it out with `throughline manifest export`.',
  },
  PREVIEW_AT_OWNER_ONLY: {
    exit: 10,
    meaning: "Values were asked for where the owner's own key is not at hand.",
    remedy: 'Leave out --show-values, or run it at the owner of the records.',
  },
  CLOCK_PINNED: {
    exit: 10,
    meaning: 'The pipeline pins the date, which is allowed for synthetic people only.',
    remedy: 'Remove `clock` from the pipeline.',
  },
  DESTRUCTION_OVERDUE: {
    exit: 10,
    meaning:
      'An agreement has ended, and its records are still there after the day by which they must be destroyed.',
    remedy:
      'Run `throughline destruction list` and `throughline destruction do`. Nothing else is run until then.',
  },
  DESTRUCTION_NOT_DUE: {
    exit: 10,
    meaning: 'The agreement of these records has not ended, so nothing of them is to be destroyed.',
    remedy:
      'To end it, lay a signed revocation beside it. To leave out one family, use `throughline withdraw`.',
  },
  DESTRUCTION_UNFINISHED: {
    exit: 10,
    meaning: 'A certificate was asked for, and the destruction is not finished or something is there again.',
    remedy: 'Run `throughline destruction do` first.',
  },
  HOST_ROLE: {
    exit: 10,
    meaning: 'This host does not play the role that the command is for.',
    remedy:
      'Run it at the host of that role; the memorandum says in `hosts` which that is. On one machine leave `host` out of the pipeline.',
  },
  DOCTOR_FOUND: {
    exit: 10,
    meaning: 'The doctor found something that must be mended before the next night.',
    remedy: 'Do what each line that begins with MEND says.',
  },
} as const satisfies Record<string, ErrorEntry>;
