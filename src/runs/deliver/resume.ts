import { type RunSink, MIRROR } from './delivery.ts';
import { integrityError } from '../../errors.ts';
import { after, order, type Position, START } from '../../sinks/port.ts';
import type { Positions } from '../../sinks/positions.ts';

type Held = Positions['tables'][string] | null;

/**
 * Where a table continues. A replay only ever moves it back, so that nothing is skipped; a new sink may start with one.
 *
 * @throws integrity if it is ahead of the archive, which was then cut or restored from an older copy
 */
export function resume(
  { tables }: Positions,
  table: string,
  { name, fromSeq, last, to }: { name: string; fromSeq: number | null; last: number; to: number },
): { held: Held; start: Position } {
  const held = tables[table] ?? null;
  const again = fromSeq === null ? null : after(Math.min(to, Math.max(0, fromSeq - 1)));
  if (held === null) return { held, start: again ?? START };
  if (held.seq <= last) {
    const isBack = again !== null && order(again, held) < 0;
    return { held, start: isBack ? again : { seq: held.seq, n: held.n } };
  }
  if (again !== null) return { held: null, start: again };
  throw integrityError(
    `${name} has ${table} up to seq ${held.seq}, and the archive ends at ${last}`,
    `the archive was cut, or restored from an older copy: run \`auditlake verify\`, then \`auditlake deliver ${name} --from-seq N\` with the first seq that differs`,
  );
}

/** What every table has reached. A table that is no longer configured does not count. */
export function seqOf(positions: Positions, { tables }: RunSink): number {
  const reached = [...tables, MIRROR].flatMap((table) => positions.tables[table]?.seq ?? []);
  return reached.length === 0 ? 0 : Math.min(...reached);
}
