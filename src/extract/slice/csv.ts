import { MalformedBody } from './malformed-body.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export type CsvRecord = {
  /** As served, quotes and all, without the line end. */
  bytes: Buffer;
  /** Its values by the names of the columns. */
  fields: Record<string, string>;
};

export type SlicedCsv = { columns: string[]; records: CsvRecord[] };

/**
 * Cuts the records out of CSV (RFC 4180): the first line names the columns, fields may be quoted and then contain commas,
 * quotes (doubled) and line breaks; lines end with LF or CRLF. Empty lines are none. The slices share memory with `body`.
 *
 * @throws MalformedBody if the body ends inside a quoted field, or a record has not as many fields as there are columns:
 *   the signs of a body that was cut
 */
export function sliceCsv(body: Buffer): SlicedCsv {
  const rows = rowsOf(body);
  const [header, ...rest] = rows;
  if (header === undefined) throw new MalformedBody('the body has no line that names the columns');
  const columns = header.values.map((name, i) => (i === 0 ? name.replace(/^\uFEFF/, '') : name));
  const records = rest.map(({ bytes, values }) => {
    if (values.length !== columns.length) {
      throw new MalformedBody(`a record has ${values.length} fields, not ${columns.length}`);
    }
    const fields = Object.fromEntries(columns.map((name, i) => [name, values[i] ?? '']));
    return { bytes, fields };
  });
  return { columns, records };
}

type CsvRow = { bytes: Buffer; values: string[] };

function rowsOf(body: Buffer): CsvRow[] {
  const rows: CsvRow[] = [];
  let values: string[] = [];
  let start = 0;
  for (let at = 0; at <= body.length;) {
    const { value, end } = fieldAt(body, at);
    values.push(value);
    if (body[end] === COMMA) {
      at = end + 1;
      continue;
    }
    const bytes = body.subarray(start, end);
    if (bytes.length > 0) rows.push({ bytes, values });
    values = [];
    at = end + (body[end] === RETURN ? 2 : 1);
    start = at;
  }
  return rows;
}

/** The field that begins at `at`, and where it ends: at a comma, a line end, or the end of the body. */
function fieldAt(body: Buffer, at: number): { value: string; end: number } {
  let end = at;
  if (body[at] === QUOTE) {
    end = closingQuote(body, at) + 1;
    if (!isEnd(body, end)) throw new MalformedBody('text follows the quote that ends a field');
    return { value: body.toString('utf8', at + 1, end - 1).replaceAll('""', '"'), end };
  }
  while (!isEnd(body, end)) end += 1;
  return { value: body.toString('utf8', at, end), end };
}

function isEnd(body: Buffer, at: number): boolean {
  const byte = body[at];
  if (byte === undefined || byte === COMMA || byte === NEWLINE) return true;
  return byte === RETURN && body[at + 1] === NEWLINE;
}

function closingQuote(body: Buffer, open: number): number {
  for (let at = open + 1; at < body.length; at += 1) {
    if (body[at] !== QUOTE) continue;
    if (body[at + 1] !== QUOTE) return at;
    at += 1;
  }
  throw new MalformedBody('the body ends inside a quoted field');
}
