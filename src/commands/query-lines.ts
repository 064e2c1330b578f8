/** An answer as lines of text, the same for standard output and for files. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvLine, jsonLine } from '../load/query/lines.ts';
import type { Answer } from '../load/query/query.ts';
import { rowsIn } from '../load/query/rows.ts';

export async function* csvLines(answer: Answer, signal: AbortSignal): AsyncGenerator<string> {
  yield csvLine(answer.columns.map(({ name }) => name));
  for await (const values of rowsIn(answer, signal)) yield csvLine(values);
}

export async function* jsonLines(answer: Answer, signal: AbortSignal): AsyncGenerator<string> {
  for await (const values of rowsIn(answer, signal)) yield jsonLine(answer.columns, values);
}

/** The lines of one JSON document: a list of all rows. */
export async function* jsonDocument(answer: Answer, signal: AbortSignal): AsyncGenerator<string> {
  let isFirst = true;
  for await (const line of jsonLines(answer, signal)) {
    yield `${isFirst ? '[' : ','}${line}`;
    isFirst = false;
  }
  yield isFirst ? '[]' : ']';
}

/** @returns how many there are */
export async function writeLines(file: string, lines: AsyncIterable<string>): Promise<number> {
  let count = 0;
  const texts = async function* (): AsyncGenerator<string> {
    for await (const line of lines) {
      count += 1;
      yield `${line}\n`;
    }
  };
  await pipeline(Readable.from(texts()), createWriteStream(file, { mode: 0o600 }));
  return count;
}
