import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf, usageError } from '../../errors.ts';
import { HEAD } from '../../state/head.ts';
import type { Head } from '../../state/head.ts';

/**
 * Heads that were kept outside of the home. A line holds a head, or a document that has one as `head`: a report of
 * `sync --json` or a line of the log. Lines without a head are passed over, so that a whole log can be given.
 */
export async function keptHeads(file: string): Promise<Head[]> {
  const heads: Head[] = [];
  const input = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const head = headIn(line);
      if (head !== null) heads.push(head);
    }
  } catch (error) {
    throw usageError(
      `the heads in ${file} cannot be read: ${messageOf(error)}`,
      'name a file with the reports of `auditlake sync --json`, or with their heads, one a line',
    );
  }
  if (heads.length > 0) return heads;
  throw usageError(
    `there is no head in ${file}`,
    'keep what `auditlake sync --json` prints, or its field `head`, one a line',
  );
}

function headIn(line: string): Head | null {
  if (!line.startsWith('{')) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const inner = (value as { head?: unknown }).head;
  const read = HEAD.safeParse(inner ?? value);
  return read.success ? read.data : null;
}
