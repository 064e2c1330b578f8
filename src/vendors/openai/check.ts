import { VendorError } from '../../errors.ts';
import type { Query } from '../../extract/client.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { DAY } from '../../platform/time.ts';
import { AUDIT_LOGS } from './audit-logs.ts';
import { seconds } from './client.ts';
import type { Session } from './session.ts';
import { COSTS, USAGE } from './usage.ts';

const SPAN = 30 * DAY;

/** What looks like a quiet organization and may be a switch, or a key of another one. */
export async function compareAnswers(session: Session): Promise<void> {
  if (!session.options.parts.includes('platform')) return;
  const since = seconds(session.now() - SPAN);
  const events = await countOf(session, AUDIT_LOGS, { 'effective_at[gte]': since, limit: '1' });
  if (events === 0) {
    session.quirk({
      code: 'audit-log-empty',
      what: 'the audit log has no event of the last 30 days, though every use of an admin key is one: an owner switches audit logging on under Settings, Organization, Data controls',
    });
  }
  const days = { start_time: since, bucket_width: '1d', limit: '31' };
  const costs = await countOf(session, COSTS, days, 'results');
  if (costs === null || costs === 0) return;
  if ((await countOf(session, `${USAGE}/completions`, days, 'results')) !== 0) return;
  session.quirk({
    code: 'usage-empty',
    what: 'the last 30 days have costs and no usage of language models: the use may be of another kind, or hidden from this key',
  });
}

/** How many records or, in their lists, figures an answer has; null where the key may not ask. */
async function countOf(
  { client }: Session,
  path: string,
  query: Query,
  inner?: string,
): Promise<number | null> {
  try {
    const { value } = await client.get(path, query, (body) => {
      const { records } = sliceList(body, ['data']);
      const counts = records.map((bytes) =>
        inner === undefined ? 1 : sliceList(bytes, [inner]).records.length,
      );
      return { records, count: counts.reduce((sum, one) => sum + one, 0) };
    });
    return value.count;
  } catch (error) {
    if (error instanceof VendorError) return null;
    throw error;
  }
}
