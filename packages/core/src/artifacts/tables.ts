import type { TableSchema } from './columns.js';
import { duplicateColumns, duplicatesTables } from './duplicates-tables.js';
import { findingsTables, sinceColumns } from './findings-tables.js';
import { householdTables } from './household-tables.js';
import { linksTables } from './links-tables.js';
import { measureTables } from './measure-tables.js';
import { gateTables, planTables } from './plan-tables.js';
import { microdataTables, publishedTables, rowCodeTables } from './published-tables.js';
import { slotsTables } from './slots-tables.js';

/**
 * What may be kept of a source record beside its identifiers. A field manifest maps each kept column of an
 * extract to a column of one of these tables; nothing else can leave intake.
 *
 * `yes`/`no`/`unknown` columns are VARCHAR, so that an unknown is a value and not a gap.
 */
export const payloadTables = {
  students: {
    record_id: 'UUID',
    school: 'VARCHAR?',
    grade: 'VARCHAR',
    race: 'VARCHAR',
    hispanic: 'VARCHAR',
    sex: 'VARCHAR',
    low_income: 'VARCHAR',
    disability: 'VARCHAR',
    english_learner: 'VARCHAR',
    home_language: 'VARCHAR?',
    active: 'VARCHAR',
  },
  enrolments: {
    record_id: 'UUID',
    school: 'VARCHAR',
    grade: 'VARCHAR',
    entry_date: 'DATE',
    exit_date: 'DATE?',
    no_show: 'VARCHAR',
  },
  calendar: { school: 'VARCHAR', day: 'DATE', in_session: 'VARCHAR' },
  absences: {
    record_id: 'UUID',
    day: 'DATE',
    absent: 'VARCHAR?',
    absent_minutes: 'INTEGER?',
    scheduled_minutes: 'INTEGER?',
    excused: 'VARCHAR',
  },
  sessions: {
    record_id: 'UUID',
    site: 'VARCHAR?',
    activity: 'VARCHAR?',
    status: 'VARCHAR',
    day: 'DATE?',
    attended: 'VARCHAR',
    minutes: 'INTEGER?',
  },
  registrations: {
    record_id: 'UUID',
    section: 'VARCHAR',
    entry_date: 'DATE?',
    age: 'INTEGER?',
    /** First and last day of the activity. */
    starts: 'DATE?',
    ends: 'DATE?',
  },
  plan_services: {
    record_id: 'UUID',
    school: 'VARCHAR?',
    plan_date: 'DATE?',
    plan_status: 'VARCHAR',
    service_type: 'VARCHAR?',
    tier: 'VARCHAR?',
    service_status: 'VARCHAR',
    service_date: 'DATE?',
  },
  encounters: { record_id: 'UUID', month: 'DATE?' },
  screenings: {
    record_id: 'UUID',
    school: 'VARCHAR?',
    consent: 'VARCHAR',
    screened: 'VARCHAR',
    referred: 'VARCHAR',
    exam_date: 'DATE?',
    glasses: 'VARCHAR',
  },
  dental_visits: {
    record_id: 'UUID',
    visit_date: 'DATE?',
    completed: 'VARCHAR',
    untreated_decay: 'VARCHAR',
    sealants: 'VARCHAR',
    urgent: 'VARCHAR',
    urgent_closed: 'VARCHAR',
  },
  referrals: { record_id: 'UUID', provider: 'VARCHAR?', referred_on: 'DATE?' },
  /** One row a form. Which form it is has no column: who files under a Dream Act tells an immigration status. */
  aid_applications: { record_id: 'UUID', received: 'DATE?', aid_status: 'VARCHAR' },
  college_records: { record_id: 'UUID', found: 'VARCHAR', enrolment_begin: 'DATE?' },
  cohorts: { record_id: 'UUID', cohort: 'VARCHAR', cohort_outcome: 'VARCHAR', graduated_on: 'DATE?' },
  early_learning: {
    record_id: 'UUID',
    programme: 'VARCHAR?',
    entry_date: 'DATE?',
    exit_date: 'DATE?',
    subsidised: 'VARCHAR',
  },
  readiness: { record_id: 'UUID', instrument: 'VARCHAR?', assessed_on: 'DATE?', ready: 'VARCHAR' },
  suspensions: { record_id: 'UUID', day: 'DATE?', days: 'INTEGER?', in_school: 'VARCHAR' },
  /** About schools: no child in therapy is in it, and none is needed to count schools with a clinician. */
  clinician_sites: { school: 'VARCHAR', starts: 'DATE?', ends: 'DATE?' },
} as const satisfies Record<string, TableSchema>;
export type PayloadTable = keyof typeof payloadTables;

/** Codes that a coded payload column may hold. A source's own codes are mapped to these by its manifest. */
export const payloadCodes = {
  yesNo: ['yes', 'no', 'unknown'],
  sex: ['F', 'M', 'X', 'unknown'],
  race: ['asian', 'black', 'native', 'pacific', 'white', 'multiple', 'other', 'unknown'],
  grade: ['PK', 'K', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13', 'unknown'],
  sessionStatus: ['enrolled', 'waitlisted', 'unknown'],
  section: ['enrolled', 'waitlisted', 'withdrawn'],
  planStatus: ['active', 'closed', 'draft', 'unknown'],
  serviceStatus: ['referred', 'delivered', 'declined', 'unknown'],
  glasses: ['dispensed', 'pending', 'no', 'unknown'],
  /** A form that was rejected was submitted; only a completed one is. */
  aidStatus: ['submitted', 'completed', 'rejected', 'unknown'],
  cohortOutcome: ['graduated', 'enrolled', 'left', 'transferred_out', 'unknown'],
} as const;
export type PayloadCodeList = keyof typeof payloadCodes;

/** Which code list a payload column uses; a column not listed here holds dates, numbers or free names of places. */
export const codeListOf: Readonly<Record<string, PayloadCodeList>> = {
  grade: 'grade',
  race: 'race',
  hispanic: 'yesNo',
  sex: 'sex',
  low_income: 'yesNo',
  disability: 'yesNo',
  english_learner: 'yesNo',
  active: 'yesNo',
  no_show: 'yesNo',
  in_session: 'yesNo',
  absent: 'yesNo',
  excused: 'yesNo',
  status: 'sessionStatus',
  attended: 'yesNo',
  section: 'section',
  plan_status: 'planStatus',
  service_status: 'serviceStatus',
  consent: 'yesNo',
  screened: 'yesNo',
  referred: 'yesNo',
  glasses: 'glasses',
  completed: 'yesNo',
  untreated_decay: 'yesNo',
  sealants: 'yesNo',
  urgent: 'yesNo',
  urgent_closed: 'yesNo',
  aid_status: 'aidStatus',
  found: 'yesNo',
  cohort_outcome: 'cohortOutcome',
  subsidised: 'yesNo',
  ready: 'yesNo',
  in_school: 'yesNo',
};

/**
 * Identifiers in normal form `norm-1`, one row a source record. They live at the owner and nowhere else.
 * A missing or placeholder value is null.
 */
export const identifierColumns = {
  record_id: 'UUID',
  space: 'VARCHAR',
  first: 'VARCHAR?',
  first_root: 'VARCHAR?',
  middle: 'VARCHAR?',
  last: 'VARCHAR?',
  /** The parts of a double surname, joined by a space; null for a single one. */
  last_parts: 'VARCHAR?',
  /** ISO date. */
  birth_date: 'VARCHAR?',
  sex: 'VARCHAR?',
  street_number: 'VARCHAR?',
  street: 'VARCHAR?',
  zip: 'VARCHAR?',
  phone: 'VARCHAR?',
  email: 'VARCHAR?',
  guardian: 'VARCHAR?',
  state_id: 'VARCHAR?',
  district_id: 'VARCHAR?',
} as const satisfies TableSchema;
export type IdentifierColumn = Exclude<keyof typeof identifierColumns, 'record_id' | 'space'>;

/** Identifiers that few extracts have; equal is equal, and the software knows no more of them. */
export const furtherIdentifiers = [
  'city',
  'birth_place',
  'suffix',
  'custom_1',
  'custom_2',
  'custom_3',
  'custom_4',
] as const;
export type FurtherIdentifier = (typeof furtherIdentifiers)[number];

/** A table of its own, of the records that have one: it is there only where a manifest links such a field. */
const furtherColumns = {
  record_id: 'UUID',
  city: 'VARCHAR?',
  birth_place: 'VARCHAR?',
  suffix: 'VARCHAR?',
  custom_1: 'VARCHAR?',
  custom_2: 'VARCHAR?',
  custom_3: 'VARCHAR?',
  custom_4: 'VARCHAR?',
} as const satisfies Record<FurtherIdentifier | 'record_id', TableSchema[string]>;

/** Records that are left out because their family says so; `effective` is the first day, null from the beginning. */
const withdrawnColumns = {
  record_id: 'UUID',
  space: 'VARCHAR',
  effective: 'DATE?',
} as const satisfies TableSchema;

const personColumns = {
  record_id: 'UUID',
  person_id: 'UUID',
  partner: 'VARCHAR',
  space: 'VARCHAR',
  basis: 'VARCHAR',
} as const;

const certaintyColumns = {
  record_id: 'UUID',
  links: 'INTEGER',
  false_links: 'INTEGER',
  missed: 'INTEGER',
} as const;

const historyColumns = {
  sequence: 'BIGINT',
  person_id: 'UUID',
  change: 'VARCHAR',
  reason: 'VARCHAR',
  other_person_id: 'UUID?',
} as const;

/** The tables of each artifact kind. A table that is not listed here cannot be written. */
export const artifactTables = {
  identifiers: {
    identifiers: identifierColumns,
    further: furtherColumns,
    /** Where the owner finds a record in what it sent: the first line of each extract that names it. */
    sources: { record_id: 'UUID', extract: 'VARCHAR', line: 'BIGINT' },
    rejects: { extract: 'VARCHAR', line: 'BIGINT', reason: 'VARCHAR' },
    /**
     * What came in each extract, in counts, to compare the next delivery with: `rows` that are not rejected, their
     * `records`, and of these rows those that have a field (`present`) and those that have a `code` of a field.
     */
    arrivals: { extract: 'VARCHAR', what: 'VARCHAR', field: 'VARCHAR?', code: 'VARCHAR?', count: 'BIGINT' },
    withdrawn: withdrawnColumns,
  },
  payload: {
    ...payloadTables,
    /**
     * Registers: one row a record and school at which it was enrolled. `marks` has a letter of `attendanceMarks` for
     * each day from `first_day` on, which is the first of the school's calendar; both are null without a calendar.
     */
    attendance: { record_id: 'UUID', school: 'VARCHAR', first_day: 'DATE?', marks: 'VARCHAR?' },
    /** One row an extract: what it covered, so that nobody mistakes an absent row for an absent child. */
    extracts: {
      extract: 'VARCHAR',
      payload_table: 'VARCHAR',
      rows_in: 'BIGINT',
      rows_kept: 'BIGINT',
      active_only: 'BOOLEAN',
      exceptions_only: 'BOOLEAN',
      covers_from: 'DATE',
      covers_to: 'DATE',
    },
    /** Rows in = kept + rejected, by reason; and values changed or set aside on the way. */
    accounting: { extract: 'VARCHAR', outcome: 'VARCHAR', reason: 'VARCHAR', rows: 'BIGINT' },
  },
  tokens: {
    records: { record_id: 'UUID', space: 'VARCHAR', tokens: 'INTEGER' },
    tokens: { rule: 'VARCHAR', token: 'UUID', record_id: 'UUID' },
    /** As received: a hash of all tokens of a record that has some, under the linkage unit's key. */
    digests: { record_id: 'UUID', digest: 'BIGINT' },
    spaces: { space: 'VARCHAR', duplicate_free: 'BOOLEAN', records: 'BIGINT' },
    /** Why a rule gave no token for how many records. */
    missing: { space: 'VARCHAR', rule: 'VARCHAR', reason: 'VARCHAR', records: 'BIGINT' },
    /** Whom the owner says to be one person; it is there only where the memorandum lets owners say so. */
    own_duplicates: duplicateColumns,
    withdrawn: withdrawnColumns,
  },
  /** What a partner encodes as another system does, under the owner's record ids. */
  interop: {
    records: { record_id: 'UUID', space: 'VARCHAR' },
    /** The first 16 bytes of each token, by the name of its rule. */
    tokens: { rule: 'VARCHAR', token: 'UUID', record_id: 'UUID' },
    filters: { record_id: 'UUID', filter: 'BLOB' },
  },
  /** The owner's canaries: children who do not exist, as it would have them. Never leaves the owner. */
  planted: { identifiers: identifierColumns },
  /** Which records are canaries, and which two are one child. Told to the desk once everybody is linked, and to nobody else. */
  canaries: { canaries: { record_id: 'UUID', child: 'INTEGER' } },
  duplicates: duplicatesTables,
  plan: planTables,
  gate: gateTables,
  slots: slotsTables,
  /** Record-level encodings, each wrapped under a key of its own that its owner and the keyholder can make. */
  residual: {
    rows: { record_id: 'UUID', nonce: 'UUID', wrapped: 'BLOB' },
  },
  /** The owner's own: which record has which value of a pass for this epoch. */
  ledger: {
    values: { pass: 'VARCHAR', high: 'INTEGER', low: 'INTEGER', record_id: 'UUID?' },
    /** What a record was sealed from, as a keyed code, and which of its slots are real, as bits. */
    records: { record_id: 'UUID', high: 'INTEGER', low: 'INTEGER', slots: 'BIGINT' },
  },
  links: linksTables,
  people: {
    people: personColumns,
    history: historyColumns,
    later_people: personColumns,
    later_history: historyColumns,
    since: sinceColumns,
    counter: { issued: 'BIGINT' },
    /** Records that were in the index and whose family has withdrawn them, with the person that they had. */
    tombstones: { ...withdrawnColumns, partner: 'VARCHAR', person_id: 'UUID' },
    /**
     * How sure the links of a record are, of pairs that met in sealed fields: those that link it to other sources, how many
     * of them are expected to be false, and how many matches are expected among those that do not; the last two in
     * parts of `CERTAINTY_PARTS`, rounded so that sums come out right. Not which pairs.
     */
    certainty: certaintyColumns,
    later_certainty: certaintyColumns,
  },
  findings: findingsTables,
  households: householdTables,
  counted: {
    /** In the populations of how many measures each person is. Never leaves the analyst desk. */
    counted: { person_id: 'UUID', measures: 'BIGINT' },
    /** The level of each person in each dimension that is asked for. Never leaves the analyst desk. */
    levels: {
      person_id: 'UUID',
      enrolled_on_snapshot: 'BOOLEAN',
      school: 'VARCHAR?',
      grade_band: 'VARCHAR?',
      race_ethnicity: 'VARCHAR?',
      sex: 'VARCHAR?',
      low_income: 'VARCHAR?',
      disability: 'VARCHAR?',
      english_learner: 'VARCHAR?',
      home_language: 'VARCHAR?',
    },
    /** What each person counts as in each measure of whose population it is. Never leaves the analyst desk. */
    verdicts: { person_id: 'UUID', measure: 'VARCHAR', verdict: 'VARCHAR', basis: 'VARCHAR?' },
    /** At which level of access each person stands, where an outcome is broken down by it; `other` if not counted. */
    access: { person_id: 'UUID', dimension: 'VARCHAR', level: 'VARCHAR' },
  },
  /**
   * The cells of a release with the people behind them, by their ids of the people index, and what is printed of them.
   * The ledger is these, one a published release, for ever. Never leaves the analyst desk.
   */
  equations: {
    persons: { person_id: 'UUID', atom: 'INTEGER' },
    members: { cell: 'INTEGER', atom: 'INTEGER' },
    /** `printed`: as it was on this night. `stands_of`: the number in the ledger of the release whose number stands. */
    cells: {
      cell: 'INTEGER',
      name: 'VARCHAR',
      count: 'BIGINT',
      printed: 'BOOLEAN',
      stands_of: 'INTEGER?',
      as_of: 'DATE?',
    },
  },
  frozen: {
    /** Whose records a frozen release counted, so that a family can be told. Never leaves the analyst desk. */
    counted: { record_id: 'UUID', partner: 'VARCHAR', measures: 'BIGINT' },
  },
  row_codes: rowCodeTables,
  microdata: microdataTables,
  measures: measureTables,
  release: publishedTables,
} as const satisfies Record<string, Record<string, TableSchema>>;

export type ArtifactKind = keyof typeof artifactTables;
export const artifactKinds = Object.keys(artifactTables) as readonly ArtifactKind[];
export type TableOf<Kind extends ArtifactKind> = keyof (typeof artifactTables)[Kind] & string;

/** The schema version of each kind; raised whenever the tables above change. */
export const schemaVersions: Readonly<Record<ArtifactKind, number>> = {
  identifiers: 2,
  payload: 3,
  tokens: 2,
  interop: 1,
  planted: 1,
  canaries: 1,
  duplicates: 1,
  plan: 2,
  gate: 1,
  slots: 1,
  residual: 1,
  ledger: 1,
  links: 5,
  people: 4,
  findings: 3,
  households: 1,
  counted: 2,
  equations: 1,
  frozen: 1,
  row_codes: 1,
  microdata: 1,
  measures: 4,
  release: 2,
};
