import type { DeliveredTable, Row, RowFormat } from '../../../src/sinks/port.ts';

/** Rows in their order, so many at a time. */
export async function* inRequests(
  chunks: AsyncIterable<Row[]>,
  rowsPerRequest: number,
): AsyncGenerator<Row[]> {
  for await (const rows of chunks) {
    for (let i = 0; i < rows.length; i += rowsPerRequest) yield rows.slice(i, i + rowsPerRequest);
  }
}

/** The body of a request. */
export function encode(table: DeliveredTable, format: RowFormat, rows: readonly Row[]): string {
  const parts = rows.map(({ uid, revision, json }) => {
    const key = JSON.stringify({ [table.uid]: uid, revision });
    return `{"key":${key},"row":${json}}`;
  });
  return `{"table":${JSON.stringify(table.name)},"format":"${format}","rows":[${parts.join(',')}]}`;
}
