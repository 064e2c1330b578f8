import type { DuckDBConnection } from '@duckdb/node-api';
import type { DetectDocument } from '../../documents/detect.ts';
import { EXIT, usageError } from '../../errors.ts';
import { firstRow } from '../../load/database.ts';
import { printable } from '../../platform/printable.ts';
import type { Context } from '../context.ts';
import type { Done } from '../run-streams.ts';
import { findingsDone } from './detect.ts';
import { findingsRun } from './findings-run.ts';
import type { Judgement } from './judge.ts';
import { RECORD } from './record-sql.ts';

type CloseRequest = {
  /** The beginning of its id, as long as no other begins like it. */
  id: string;
  /** Stands in the archive for good. */
  because: string;
};

/**
 * Archives that a person has closed a finding.
 *
 * @throws AuditlakeError `usage` if none that is open begins like that, or several do
 */
export async function closeFinding(
  context: Context,
  request: CloseRequest,
): Promise<Done<DetectDocument>> {
  if (request.id.trim() === '') throw usageError('--close has no id', LISTS_THEM);
  let said = '';
  const done = await findingsDone(
    context,
    (home) =>
      findingsRun(context, home, 'close', async ({ connection, findings }) => {
        const { judgement, about } = await closedFinding(connection, request);
        await findings.add('close', {}, [judgement]);
        said = about;
        return { report: { detections: [], judged: findings.judged }, exit: EXIT.complete };
      }),
    null,
  );
  context.output.say(`closed: ${printable(said)}`);
  return done;
}

const FOUND = `
with found as (
  select * exclude (seq, n) replace ('closed' as state, $because::varchar as reason, revision + 1 as revision)
  from internal.findings
  where starts_with(finding_id, $id) and state = 'open'
)
select
  count(*)::integer as count, any_value(finding_id) as id, any_value(epoch_ms(last_seen_at)::double) as time,
  any_value(concat_ws(': ', title, subject)) as about, any_value(${RECORD}) as record
from found`;

async function closedFinding(
  connection: DuckDBConnection,
  { id, because }: CloseRequest,
): Promise<{ judgement: Judgement; about: string }> {
  const { count, ...row } = await firstRow(connection, FOUND, { id, because });
  if (count === 1) {
    const [time, record] = [Number(row['time']), String(row['record'])];
    return {
      judgement: { id: String(row['id']), change: 'closed', time, record },
      about: String(row['about']),
    };
  }
  throw usageError(
    count === 0 ? `no open finding has the id ${id}` : `${String(count)} findings begin with ${id}`,
    count === 0 ? LISTS_THEM : 'write more of the id',
  );
}

const LISTS_THEM =
  '`auditlake query "select finding_id, title, subject from findings where state = \'open\'"` lists them';
