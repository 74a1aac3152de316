/** The checks of a release, in their order; each has a verdict that is logged under its name. */
export const releaseChecks = [
  { check: 'signatures', words: 'every agreement that it rests on is approved by its quorum, byte for byte' },
  { check: 'dates', words: 'every one of them is in force today' },
  { check: 'sources', words: 'every measure reads approved fields of agreements that permit the use' },
  { check: 'identifiers', words: 'no file holds anything that looks like a person' },
  { check: 'policy-meet', words: 'the rules applied are the strictest of all agreements' },
  { check: 'primary', words: 'no small count, complement, 0 % or 100 % is printed' },
  { check: 'secondary', words: 'no withheld count follows from printed ones by sums' },
  { check: 'attack', words: 'a linear program leaves every small count wide to whoever has read the policy' },
  { check: 'cross-table', words: 'so it does over all tables together, record by record' },
  { check: 'cross-release', words: 'so it does over every release that was ever published' },
  { check: 'microdata', words: 'rows of persons are k-anonymous, where there are any' },
  { check: 'approvals', words: 'two people approved every table of a new shape' },
  { check: 'log', words: 'the log has the publication on the disk, under a signed checkpoint' },
  { check: 'in-place', words: 'the release appears whole, by rename' },
] as const;

export type ReleaseCheck = (typeof releaseChecks)[number]['check'];
