import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openFindings, type OpenFindings } from '../../documents/common.ts';
import type { StatusDocument } from '../../documents/status.ts';
import { openQuery } from '../../load/query/query.ts';
import { isCurrent } from '../../load/warehouse/current.ts';
import type { Published } from '../../load/warehouse/published.ts';

/** What somebody should look at: anomalies by kind, open findings by severity, and actions that the vocabulary does not know yet. */
export type Attention = Pick<StatusDocument, 'anomalies' | 'findings' | 'unknown_actions'>;

const ANOMALIES = 'select kind, count(*)::integer from anomalies group by kind order by kind';
const FINDINGS = `select severity, count(*)::integer from findings where state = 'open' group by severity`;
// Only what is in no vocabulary is in the category `other`.
const UNKNOWN_ACTIONS = `
select vendor, coalesce(action, '(none)'), count(*)::integer from audit_events
where category = 'other'
group by all order by 3 desc, 2 limit 20`;

const NO_FINDINGS: OpenFindings = { low: 0, medium: 0, high: 0, critical: 0 };
const NOTHING: Attention = { anomalies: [], findings: NO_FINDINGS, unknown_actions: [] };

/** Reads it from the warehouse; empty where there is none yet, or one that another version made. */
export async function attentionIn(
  home: string,
  published: Published | null,
  onMessage: (text: string) => void,
): Promise<Attention> {
  const file = join(home, 'warehouse.duckdb');
  if (!existsSync(file)) return NOTHING;
  if (published !== null && !isCurrent(published)) {
    onMessage('the warehouse is of another version: what is in it shows after the next sync');
    return NOTHING;
  }
  const session = await openQuery({ file, onMessage, asMade: 'whole' });
  try {
    const rows = async (sql: string): Promise<unknown[][]> => {
      const all: unknown[][] = [];
      for await (const chunk of (await session.run(sql)).chunks) all.push(...chunk);
      return all;
    };
    return {
      anomalies: (await rows(ANOMALIES)).map(([kind, count]) => ({
        kind: String(kind),
        count: Number(count),
      })),
      findings: openFindings.parse({
        ...NO_FINDINGS,
        ...Object.fromEntries(await rows(FINDINGS)),
      }),
      unknown_actions: (await rows(UNKNOWN_ACTIONS)).map(([vendor, action, count]) => ({
        vendor: String(vendor),
        action: String(action),
        count: Number(count),
      })),
    };
  } finally {
    await session.close();
  }
}
