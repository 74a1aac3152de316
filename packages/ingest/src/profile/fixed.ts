/** A column of fixed places. */
type Placed = { readonly name: string; readonly start: number; readonly width: number };

const LOOKED_AT = 5000;
const LEAST_LINES = 2;

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, LOOKED_AT);

/** Whether nearly all lines have one length, and a long one. */
export function looksFixed(text: string): boolean {
  const lines = linesOf(text);
  const length = lines[0]?.length ?? 0;
  return (
    lines.length >= LEAST_LINES &&
    length >= 20 &&
    lines.filter((line) => line.length === length).length >= lines.length * 0.98
  );
}

/** Columns between places at which every line has a blank. */
export function columnsOfFixed(text: string): Placed[] {
  const lines = linesOf(text);
  const length = lines[0]?.length ?? 0;
  const isBlank = Array.from({ length }, (_, at) => lines.every((line) => (line[at] ?? ' ') === ' '));
  const columns: Placed[] = [];
  for (let at = 0; at < length; at += 1) {
    if (isBlank[at] === true) continue;
    const start = at;
    while (at < length && isBlank[at] !== true) at += 1;
    // A column reaches to the next one: shorter values are padded.
    while (at < length && isBlank[at] === true) at += 1;
    columns.push({ name: `c${columns.length + 1}`, start: start + 1, width: at - start });
    at -= 1;
  }
  return columns;
}
