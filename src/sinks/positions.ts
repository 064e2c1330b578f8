import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, writeDurably } from '../platform/durable.ts';
import { isNotarized, type Notary, SIGNATURE } from '../platform/notary.ts';
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
  /** The last line that the ledger had: these are positions in that ledger, and in none that was cut and went on otherwise. */
  line: z.object({ seq: SEQ, sha256: z.string() }).nullable().default(null),
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

const SIGNED = z.object({ signature: SIGNATURE.nullable().default(null) });

export type TablePosition = z.infer<typeof TABLE>;
export type Positions = Pick<z.infer<typeof FILE>, 'tables' | 'line' | 'last'>;

/**
 * Where a sink goes on. Not a part of the record: if it is lost, everything is delivered once more.
 *
 * @param notary null where nothing is signed, or for those who only look
 * @returns also whether a key that the notary trusts signed them; without a notary they are as good as any
 */
export async function readPositions(
  home: string,
  sink: string,
  notary: Notary | null,
): Promise<{ positions: Positions; isTrusted: boolean }> {
  const path = pathOf(home, sink);
  let text: string;
  try {
    text = (await readPlain(path, LARGEST)).toString('utf8');
  } catch (error) {
    if (!isAbsent(error)) throw unreadable(path, sink, error);
    return { positions: { tables: {}, line: null, last: null }, isTrusted: true };
  }
  try {
    const raw: unknown = JSON.parse(text);
    const { tables, line, last } = FILE.parse(raw);
    const { signature } = SIGNED.parse(raw);
    const { signature: _, ...content } = raw as { signature?: unknown };
    const isTrusted = isNotarized('positions', { hash: hashOf(sink, content), signature }, notary);
    return { positions: { tables, line, last }, isTrusted };
  } catch (error) {
    throw unreadable(path, sink, error);
  }
}

/** The sink is in it: the positions of one are none of another. */
function hashOf(sink: string, content: object): string {
  return createHash('sha256')
    .update(JSON.stringify([sink, content]))
    .digest('hex');
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

/** On disk when it returns, and signed where there is a notary. */
export async function writePositions(
  home: string,
  sink: string,
  positions: Positions,
  { now, notary }: { now: number; notary: Notary | null },
): Promise<void> {
  await makeFolder(join(home, 'deliveries'));
  const content = { version: 1, ...positions, updated_at: iso(now) };
  const signature = notary?.sign('positions', hashOf(sink, content));
  await writeDurably(pathOf(home, sink), `${JSON.stringify({ ...content, signature })}\n`);
}

function pathOf(home: string, sink: string): string {
  return join(home, 'deliveries', `${sink}.json`);
}
