import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, writeDurably } from '../platform/durable.ts';
import { isAbsent, readPlain } from '../platform/plain-file.ts';
import { AuditlakeError, EXIT } from '../errors.ts';
import { iso } from '../platform/time.ts';

const LARGEST = 1024 * 1024;

const SEQ = z.number().int().nonnegative();

const TABLE = z.object({
  /** Everything up to here was acknowledged or is a dead letter. */
  seq: SEQ,
  n: z.number().int(),
  /** What was delivered and is not in the ledger yet, because a run was killed before it wrote the line. */
  unnoted: z.object({ from_seq: SEQ, rows: SEQ }).nullable(),
  /** The mapping that made the rows: with another one, the same seq may have other rows. Null for files. */
  transform_version: z.string().nullable(),
});

const FILE = z.object({
  version: z.literal(1),
  /** By table; a sink of files has one position, `archive`. */
  tables: z.record(z.string(), TABLE),
  /** How the last attempt ended. */
  last: z
    .object({
      at: z.string(),
      outcome: z.enum(['complete', 'incomplete', 'failed']),
      error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
    })
    .nullable(),
  updated_at: z.string(),
});

export type TablePosition = z.infer<typeof TABLE>;
export type Positions = z.infer<typeof FILE>;

/** Where a sink goes on. Not a part of the record: if it is lost, everything is delivered once more. */
export async function readPositions(home: string, sink: string): Promise<Positions> {
  const path = pathOf(home, sink);
  let text: string;
  try {
    text = (await readPlain(path, LARGEST)).toString('utf8');
  } catch (error) {
    if (isAbsent(error)) return { version: 1, tables: {}, last: null, updated_at: '' };
    throw unreadable(path, sink, error);
  }
  try {
    return FILE.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(path, sink, error);
  }
}

function unreadable(path: string, sink: string, cause: unknown): AuditlakeError {
  return new AuditlakeError(
    'positions',
    `${path} cannot be read: it says where deliveries to ${sink} go on`,
    'put it back from a copy, or remove it: then everything is delivered once more',
    EXIT.failed,
    cause,
  );
}

/** The sinks that ever took part in a run, by name. */
export async function knownSinks(home: string): Promise<string[]> {
  const names = await readdir(join(home, 'deliveries')).catch(() => []);
  const sinks = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
  return sinks.toSorted();
}

/** Sinks of rows that do not have everything up to a seq, as far as the home knows. */
export async function sinksBehind(home: string, seq: number): Promise<string[]> {
  const behind: string[] = [];
  for (const sink of await knownSinks(home)) {
    const { tables } = await readPositions(home, sink);
    if (Object.values(tables).some((table) => table.seq < seq)) behind.push(sink);
  }
  return behind;
}

/** On disk when it returns. */
export async function writePositions(
  home: string,
  sink: string,
  positions: Omit<Positions, 'version' | 'updated_at'>,
  now: number,
): Promise<void> {
  await makeFolder(join(home, 'deliveries'));
  const updated_at = iso(now);
  await writeDurably(
    pathOf(home, sink),
    `${JSON.stringify({ version: 1, ...positions, updated_at })}\n`,
  );
}

function pathOf(home: string, sink: string): string {
  return join(home, 'deliveries', `${sink}.json`);
}
