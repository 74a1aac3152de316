/** A licence under which one research group may have rows about single children, coded at random. */
export const licenceForRows = `kind: dul
id: dul-research
version: 1
title: Licence for rows about absence, for one research group
effective: 2025-07-01
expires: 2027-06-30
emou: emou-millbrook
licensee: University of Elsewhere
project: To see which children of which grade bands miss school.
uses: [outcome-measures, research-release]
recipients: [researchers]
measures: [chronic_absence]
thresholds: { min_cell: 11 }
record_code: { kind: random, scope: per-licence }
rows:
  columns: [grade_band, sex]
  outcomes: [chronic_absence_ma]
  standard: safe-harbor
  k: 5
determination:
  method: k-anonymity within the release and against the enrolled population, with codes that are derived from nothing.
  by: Data subcommittee
  on: 2025-06-20
four_questions:
  legal: { answer: Counsel finds the study exception sufficient., decided_by: Counsel, on: 2025-06-12 }
  ethical: { answer: Nobody can be singled out by what the rows tell., decided_by: Data subcommittee, on: 2025-06-16 }
  good_idea: { answer: The cabinet asked the question first., decided_by: Mayor, on: 2025-06-20 }
  how_do_we_know: { answer: The subcommittee reads the paper before it is out., decided_by: Data subcommittee, on: 2025-06-20 }
`;
