import { integrityError } from '../../errors.ts';
import { printable } from '../../platform/printable.ts';
import type { Notary } from '../../platform/notary.ts';
import { after, order } from '../../sinks/port.ts';
import { knownSinks, type Positions, readPositions } from '../../sinks/positions.ts';
import type { Archive } from '../../state/archive.ts';

/**
 * Where a sink continues. In a signed home only the key's holder may move a position forward: an unsigned position counts only
 * as far as the ledger, whose lines are signed, says that rows were delivered.
 */
export async function trustedPositions(
  archive: Archive,
  notary: Notary | null,
  sink: string,
  onWarning: (text: string) => void = () => undefined,
): Promise<Positions> {
  const { positions, isTrusted } = await readPositions(archive.layout.home, sink, notary);
  // Earlier versions signed positions without a line, which nothing ties to this ledger.
  if (isTrusted && (notary === null || positions.line !== null || isEmpty(positions))) {
    return positions;
  }
  const delivered = await deliveredTo(archive, sink);
  const tables = Object.entries(positions.tables).map(([table, held]) => {
    // Nothing says whether all rows of the last seq were among them.
    const evident = after(Math.max(0, (delivered.get(table) ?? 0) - 1));
    if (order(held, evident) <= 0) return [table, { ...held, unnoted: null }];
    onWarning(
      `no trusted key signed deliveries/${sink}.json, which says that ${sink} has ${printable(table, 100)} up to seq ${held.seq}: what came after seq ${evident.seq} is delivered again, since the ledger vouches for no more`,
    );
    return [table, { ...held, ...evident, unnoted: null }];
  });
  return { ...positions, line: null, tables: Object.fromEntries(tables) };
}

function isEmpty({ tables }: Positions): boolean {
  return Object.keys(tables).length === 0;
}

/**
 * @throws AuditlakeError `integrity` if the ledger does not have the line that it ended with when the positions were noted: what it has at
 *   their seqs by now may be something else
 */
export async function mustFollow(
  archive: Archive,
  sink: string,
  { line }: Positions,
): Promise<void> {
  if (line === null || (await archive.hasLine(line))) return;
  throw integrityError(
    `${sink} has rows up to a line of seq ${line.seq} that the ledger does not have`,
    `the archive was cut, or restored from an older copy: run \`auditlake verify\`, then \`auditlake deliver ${sink} --from-seq N\` with the first seq that differs`,
  );
}

/** The last seq up to which the ledger says that each table was delivered. */
async function deliveredTo(archive: Archive, sink: string): Promise<Map<string, number>> {
  const delivered = new Map<string, number>();
  for await (const line of archive.linesAfter(0)) {
    if (line.kind !== 'delivery' || line.sink !== sink) continue;
    delivered.set(line.table, Math.max(delivered.get(line.table) ?? 0, line.to_seq));
  }
  return delivered;
}

/** Sinks that do not have everything up to a seq, as far as the home knows. */
export async function sinksBehind(
  archive: Archive,
  notary: Notary | null,
  seq: number,
): Promise<string[]> {
  const behind: string[] = [];
  for (const sink of await knownSinks(archive.layout.home)) {
    const { tables } = await trustedPositions(archive, notary, sink);
    if (Object.values(tables).some((table) => table.seq < seq)) behind.push(sink);
  }
  return behind;
}
