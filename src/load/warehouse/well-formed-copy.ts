import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { messageOf } from '../../errors.ts';
import type { BatchRef } from '../../model.ts';
import { keyAsKept, wellFormedTexts } from '../../platform/key.ts';

const decompress = promisify(gunzip);
const compress = promisify(gzip);

/** Whether DuckDB could not read a batch because of a text in it that is no well-formed Unicode. */
export function isIllFormed(error: unknown): boolean {
  return /surrogate|Malformed JSON/i.test(messageOf(error));
}

/**
 * Copies batches for DuckDB to read, with texts that it can read. Earlier versions kept ids as they came, and of half a surrogate
 * pair DuckDB makes an error. What it reads as a text by itself, the records, is left as it is.
 *
 * @param folder where the copies are written; the caller removes it
 */
export async function wellFormedCopies(
  batches: readonly BatchRef[],
  folder: string,
): Promise<BatchRef[]> {
  const copies: BatchRef[] = [];
  for (const batch of batches) {
    const file = join(folder, `${batch.seq}.ndjson.gz`);
    const text = (await decompress(await readFile(batch.file))).toString('utf8');
    const copy = await compress(text.split('\n').map(wellFormedLine).join('\n'), { level: 1 });
    await writeFile(file, copy, { mode: 0o600 });
    copies.push({ ...batch, file });
  }
  return copies;
}

function wellFormedLine(text: string): string {
  if (!text.includes(String.raw`\ud`)) return text;
  const line = JSON.parse(text) as Record<string, unknown>;
  const { key } = line;
  return JSON.stringify(
    typeof key === 'string' ? { ...line, key: keyAsKept(key) } : line,
    wellFormedTexts,
  );
}
