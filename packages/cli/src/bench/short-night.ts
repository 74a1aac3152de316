/** A pipeline of Millbrook with one extract and one measure of each kind, two of them released: a night of seconds. */
export function shorter(pipeline: string): string {
  const alike =
    /^.*millbrook-(?:district-(?:readiness|early-childhood|aid|cohort|last-summer)|city-referrals),.*\n/gm;
  const kept =
    /measure: (?:afterschool_participation|chronic_absence, preset: ma|afterschool_dosage, preset: days|outcome_by_access|suspensions|dental_visits, preset: any_visit|clinician_schools)/;
  const released = /measure: (?:afterschool_participation|chronic_absence)/;
  const [counted = '', release = ''] = pipeline
    .replace(/^throughlines:[\s\S]*?(?=^release:)/m, '')
    .replace(/^ {2}dimensions: .*/m, '  dimensions: [school, grade_band, sex]')
    .replace(alike, '')
    .split(/^(?=release:)/m);
  const only = (text: string, pattern: RegExp) =>
    text
      .split('\n')
      .filter((line) => !/^ +- \{ measure: /.test(line) || pattern.test(line))
      .join('\n');
  return only(counted, kept) + only(release, released);
}
