import { join } from 'node:path';
import { z } from 'zod';
import { type DetectDocument, detectDocument } from '../../documents/detect.ts';
import { openQuery } from '../../load/query/query.ts';
import { rowsOf } from '../../load/query/rows.ts';
import type { Context } from '../context.ts';

export type Open = Pick<DetectDocument, 'open' | 'findings'>;

const OPEN = `
select
  count(*) filter (severity = 'low') as low, count(*) filter (severity = 'medium') as medium,
  count(*) filter (severity = 'high') as high, count(*) filter (severity = 'critical') as critical
from findings where state = 'open'`;

const FINDINGS = `
select
  finding_id, detection, title, severity, source, subject, first_seen_at, last_seen_at, found_at,
  len(evidence) as events
from findings
where state = 'open'
order by list_position(['critical', 'high', 'medium', 'low'], severity), last_seen_at desc, finding_id
limit 1000`;

/** The findings that are open in the published generation. */
export async function openFindings({ config, signal, output }: Context): Promise<Open> {
  const file = join(config.home, 'warehouse.duckdb');
  const onMessage = (text: string): void => output.log.info(text);
  const session = await openQuery({ file, asMade: 'whole', onMessage });
  const rows = async <Row>(sql: string, shape: z.ZodType<Row>): Promise<Row[]> => {
    const all: unknown[] = [];
    for await (const row of rowsOf(await session.run(sql), signal)) all.push(row);
    return z.array(shape).parse(all);
  };
  try {
    const { open, findings } = detectDocument.shape;
    const [counts] = await rows(OPEN, open);
    return {
      open: counts ?? { low: 0, medium: 0, high: 0, critical: 0 },
      findings: await rows(FINDINGS, findings.element),
    };
  } finally {
    await session.close();
  }
}
