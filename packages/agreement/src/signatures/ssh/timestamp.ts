const TIMESTAMP = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?Z$/;

/**
 * The seconds since 1970-01-01 UTC of YYYYMMDDZ or YYYYMMDDHHMM[SS]Z; undefined for anything else. Without the
 * Z OpenSSH takes the time zone of the machine, and the same file would mean different times.
 */
export function parseTimestamp(text: string): number | undefined {
  const fields = TIMESTAMP.exec(text)?.slice(1);
  if (fields === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map((field) =>
    Number(field ?? 0),
  );
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const written = time.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '');
  const isOfCalendar = written === fields.map((field) => field ?? '00').join('');
  return isOfCalendar && time.getTime() > 0 ? time.getTime() / 1000 : undefined;
}
