/** An answer as lines of text, the same for standard output and for files. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvLine, jsonLine } from '../load/query/lines.ts';
import type { Answer } from '../load/query/query.ts';
import { rowsIn } from '../load/query/rows.ts';

/** A line of text, and whether it is a row. */
export type Line = { text: string; isRow: boolean };

export async function* csvLines(answer: Answer, signal: AbortSignal): AsyncGenerator<Line> {
  yield { text: csvLine(answer.columns.map(({ name }) => name)), isRow: false };
  for await (const values of rowsIn(answer, signal)) yield { text: csvLine(values), isRow: true };
}

export async function* jsonLines(answer: Answer, signal: AbortSignal): AsyncGenerator<Line> {
  for await (const values of rowsIn(answer, signal)) {
    yield { text: jsonLine(answer.columns, values), isRow: true };
  }
}

/** The lines of one JSON document: a list of all rows. */
export async function* jsonDocument(answer: Answer, signal: AbortSignal): AsyncGenerator<Line> {
  let isFirst = true;
  for await (const { text } of jsonLines(answer, signal)) {
    yield { text: `${isFirst ? '[' : ','}${text}`, isRow: true };
    isFirst = false;
  }
  yield { text: isFirst ? '[]' : ']', isRow: false };
}

/** @returns how many of them are rows */
export async function writeLines(
  file: string,
  lines: AsyncIterable<Line>,
): Promise<{ rows: number }> {
  let rows = 0;
  const texts = async function* (): AsyncGenerator<string> {
    for await (const line of lines) {
      if (line.isRow) rows += 1;
      yield `${line.text}\n`;
    }
  };
  await pipeline(Readable.from(texts()), createWriteStream(file, { mode: 0o600 }));
  return { rows };
}
