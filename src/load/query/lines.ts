/** How a row of an answer is written: the same on the screen and in a file. Pure. */
import type { JsonValue } from './json-values.ts';
import type { Column } from './query.ts';

/** One JSON object on one line. What is JSON goes in as it is, digit for digit. */
export function jsonLine(columns: readonly Column[], values: readonly JsonValue[]): string {
  const members = columns.map(({ name, isJson }, i) => {
    const value = values[i] ?? null;
    const text = isJson && typeof value === 'string' ? onOneLine(value) : JSON.stringify(value);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(',')}}`;
}

/** A line break in JSON stands between its parts: within a text it is escaped. */
function onOneLine(json: string): string {
  return json.replaceAll(/[\r\n]/g, ' ');
}

/** All but tab and line breaks, which CSV can carry: the rest steers a terminal. */
const CONTROL = /(?![\t\r\n])\p{Cc}/gu;

/** RFC 4180. Nothing is NULL, and a text without characters is `""`. Control characters are shown as \u{…}. */
export function csvLine(values: readonly JsonValue[]): string {
  return values.map(csvCell).join(',');
}

/** With what a spreadsheet begins a formula, also after a line break and in full width. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A semicolon or a tab ends a cell where a spreadsheet is set to another language: what comes after it would begin one. */
const TO_QUOTE = /[",;\t\r\n]/;

/** A cell that a spreadsheet would run as a formula gets an apostrophe: event values come from whoever can cause an event. */
function csvCell(value: JsonValue): string {
  if (value === '') return '""';
  const text = cellText(value).replace(
    CONTROL,
    (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
  );
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return TO_QUOTE.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A value as a cell shows it; nothing for NULL. */
export function cellText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
