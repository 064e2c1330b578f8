import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type DetectDocument, type DetectedBy, detectDocument } from '../../documents/detect.ts';
import { AuditlakeError, EXIT } from '../../errors.ts';
import { FINDINGS, type Judged, OWN_SOURCE } from '../../model.ts';
import { ANSWER_MEMORY } from '../../load/query/parquet.ts';
import { readingPublished } from '../../load/warehouse/read-published.ts';
import { withReadable } from '../../load/warehouse/readable-file.ts';
import { iso } from '../../platform/time.ts';
import type { OwnJob } from '../../state/ledger-schema.ts';
import { readVerified } from '../../state/verified.ts';
import type { Context } from '../context.ts';
import type { OpenHome } from '../home.ts';
import { outcomeOf, type Piece } from '../outcome.ts';
import { FindingsArchive } from './archive-findings.ts';

export type FindingsReport = Pick<
  DetectDocument,
  'run_id' | 'started_at' | 'finished_at' | 'detections' | 'head'
>;

/** What is done with the findings of a home, by the warehouse as it is. */
export type Work = (at: {
  connection: DuckDBConnection;
  seq: number;
  findings: FindingsArchive;
}) => Promise<Piece<{ detections: DetectedBy[]; judged: Readonly<Record<string, Judged>> }>>;

/**
 * Archives findings, and closes the run with a line in the ledger.
 *
 * @throws AuditlakeError `no-warehouse` (exit 3) where there is none to look at
 */
export async function findingsRun(
  context: Context,
  { archive, published, loader, notary }: OpenHome,
  job: OwnJob,
  work: Work,
): Promise<Piece<FindingsReport>> {
  if (published === null) throw noWarehouse(archive.ledger.state.seq === 0);
  const { now, output } = context;
  const run_id = randomUUID();
  const started_at = iso(now());
  const findings = new FindingsArchive(archive, run_id, now, (batch) => loader.offer(batch));
  const { report, exit } = await readingPublished(published, notary, () =>
    withReadable(
      published.path,
      ({ connection }) => work({ connection, seq: published.seq, findings }),
      {
        asMade: 'whole',
        settings: ANSWER_MEMORY,
        onMessage: (text) => output.log.info(text),
      },
    ),
  );
  const cursor = await findings.finish(report.judged);
  const finished_at = iso(now());
  const verified = await readVerified(archive.layout);
  const { pages, records, new: fresh, changed } = findings.counts;
  await archive.closeRun({
    kind: 'run',
    job,
    run_id,
    started_at,
    finished_at,
    outcome: outcomeOf(exit),
    streams: [
      {
        source: OWN_SOURCE,
        stream: FINDINGS,
        outcome: outcomeOf(exit),
        pages,
        records,
        new_records: fresh,
        changed_records: changed,
        ...(cursor === null ? {} : { cursor }),
      },
    ],
    ...(verified === null ? {} : { verified: verified.sha256 }),
  });
  const { detections } = report;
  const { head } = archive.ledger;
  const parsed = detectDocument.shape.head.parse(head);
  return { report: { run_id, started_at, finished_at, detections, head: parsed }, exit };
}

function noWarehouse(isEmpty: boolean): AuditlakeError {
  return new AuditlakeError(
    'no-warehouse',
    isEmpty ? 'the archive is empty: there is nothing to judge' : 'there is no warehouse to judge',
    isEmpty ? 'run `auditlake sync` first' : 'run `auditlake rebuild`: it is made from the archive',
    EXIT.incomplete,
  );
}
