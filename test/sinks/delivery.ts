/** A delivery as a run hands it to a sink, with rows that a test makes up. What the sink reports is kept. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { deliverableTable } from '../../src/load/tables.ts';
import type { Delivery, Position, Row, SinkTools } from '../../src/sinks/port.ts';

export type TestDelivery = Delivery & {
  /** Where `delivered` has got to, with the rows that it counted. */
  reached: Position;
  counted: number;
  deadLetters: { uid: string; reason: string }[];
};

const PORTION = 500;

/** Audit events at one seq per `perSeq` rows, a minute apart, beginning in 2026. */
export function eventRows(count: number, options: { perSeq?: number } = {}): Row[] {
  const perSeq = options.perSeq ?? 100;
  return Array.from({ length: count }, (_, i): Row => {
    const seq = 2 + Math.floor(i / perSeq);
    const time = Date.UTC(2026, 0, 1) + i * 60_000;
    const uid = `tabnine:event-${String(i).padStart(6, '0')}`;
    const columns = {
      event_uid: uid,
      source: 'tabnine',
      occurred_at: new Date(time).toISOString(),
      action: 'user.login',
      category: 'authentication',
      activity: 'login',
      actor_email: `user${i % 7}@acme.test`,
      details: { attempt: i },
      revision: 1,
      seq,
    };
    return {
      position: { seq, n: i % perSeq },
      uid,
      revision: 1,
      time,
      json: JSON.stringify(columns),
    };
  });
}

export async function deliveryOf(
  rows: Row[],
  after: Position = { seq: 0, n: -1 },
): Promise<TestDelivery> {
  const scratch = await mkdtemp(join(tmpdir(), 'auditlake-sink-'));
  onTestFinished(() => rm(scratch, { recursive: true, force: true }));
  const ordered = rows.toSorted((a, b) => order(a.position, b.position));
  const seqs = [...new Set(ordered.map((row) => row.position.seq))];
  const delivery: TestDelivery = {
    table: deliverableTable('audit_events'),
    after,
    to: seqs.at(-1) ?? after.seq,
    scratch,
    reached: after,
    counted: 0,
    deadLetters: [],
    async *rows(_format, from = after) {
      const wanted = ordered.filter((row) => order(row.position, from) > 0);
      for (let i = 0; i < wanted.length; i += PORTION) yield wanted.slice(i, i + PORTION);
    },
    async parquet(file, from, to, { first, last } = { first: 0, last: Infinity }) {
      const wanted = ordered.filter(
        ({ position: { seq, n } }) => seq > from && seq <= to && n >= first && n <= last,
      );
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      try {
        await connection.run(
          `create table rows as select unnest(from_json($json, '[{
            "event_uid": "VARCHAR", "source": "VARCHAR", "occurred_at": "TIMESTAMPTZ", "action": "VARCHAR",
            "category": "VARCHAR", "activity": "VARCHAR", "actor_email": "VARCHAR", "details": "JSON",
            "revision": "BIGINT", "seq": "BIGINT"}]'), recursive := true)`,
          { json: `[${wanted.map((row) => row.json).join(',')}]` },
        );
        await connection.run(`copy rows to '${file.replaceAll("'", "''")}' (format parquet)`);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
      return { rows: wanted.length };
    },
    async splits(limit) {
      const splits: number[] = [];
      let since = 0;
      for (const seq of seqs.filter((one) => one > after.seq)) {
        const count = ordered.filter((row) => row.position.seq === seq).length;
        if (since > 0 && since + count > limit) {
          splits.push(seq - 1);
          since = 0;
        }
        since += count;
      }
      return [...splits, delivery.to];
    },
    async acknowledged(position, count) {
      if (order(position, delivery.reached) < 0) throw new Error('a position moved back');
      delivery.reached = position;
      delivery.counted += count;
    },
    async deadLetter({ uid }, reason) {
      delivery.deadLetters.push({ uid, reason });
    },
  };
  return delivery;
}

export function toolsFor(
  signal: AbortSignal = new AbortController().signal,
): SinkTools & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    signal,
    now: Date.now,
    onProgress: () => undefined,
    onWarning: (text) => void warnings.push(text),
    warnings,
  };
}

export function order(a: Position, b: Position): number {
  return a.seq - b.seq || a.n - b.n;
}
