/** BigQuery's dialect and jobs as somebody else understands them: local-bigquery runs what the sink sends. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACE } from '../../src/sinks/bigquery/call.ts';
import { openBigQuery } from '../../src/sinks/bigquery/sink.ts';
import { SINKS } from '../../src/sinks/index.ts';
import { START } from '../../src/sinks/port.ts';
import { sinkContract } from '../contract/sink.ts';
import { deliver, newest, watchedDelivery } from '../sinks/deliveries.ts';
import { eventRows } from '../sinks/delivery.ts';
import type { RowReceiver } from '../sinks/receiver.ts';
import { between, type Between } from './between.ts';
import { freePort } from '../free-port.ts';
import { type RealServer, startServer } from './server.ts';
import { obtained } from './support.ts';

const PYTHON = obtained('AUDITLAKE_REAL_BIGQUERY');
const PROJECT = 'acme-sec';
const API = `/bigquery/v2/projects/${PROJECT}`;
const SCRIPT = new URL('local-bigquery.py', import.meta.url).pathname;

let folder: string;
let server: RealServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auditlake-bigquery-'));
  const [port, other] = [await freePort(), await freePort()];
  const where = ['--host', '127.0.0.1', '--port', `${port}`, '--grpc-port', `${other}`];
  const options = ['--project', PROJECT, '--dataset', 'other', '--data-dir', folder];
  const path = `${API}/datasets`;
  server = await startServer(PYTHON, [SCRIPT, ...where, ...options], { port, path, cwd: folder });
});
afterAll(async () => {
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

async function ask<T>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const sent = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${server.origin}${API}${path}`, sent);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

type Found = { rows?: { f: { v: string }[] }[] };

async function receiver(): Promise<RowReceiver & { network: Between }> {
  const network = await between(() => server.origin);
  const dataset = `audit_${randomUUID().replaceAll('-', '')}`;
  const location = 'US';
  const reference = { datasetReference: { projectId: PROJECT, datasetId: dataset }, location };
  await ask('/datasets', reference);
  const configured = { project: PROJECT, dataset, location, apiEndpoint: network.origin };
  const pace = { ...PACE, retry: { ...PACE.retry, firstPause: 1, longestPause: 50 } };
  return {
    network,
    configured,
    open: async () => openBigQuery('warehouse', { ...configured, rowsPerJob: 400 }, pace),
    async received() {
      const there = `select count(*) from \`${PROJECT}.${dataset}.INFORMATION_SCHEMA.TABLES\` where table_name = 'audit_events'`;
      const { rows: tables = [] } = await ask<Found>('/queries', {
        query: there,
        useLegacySql: false,
      });
      if (tables[0]?.f[0]?.v === '0') return [];
      const query = `select event_uid, revision from \`${PROJECT}.${dataset}.audit_events\` order by 1, 2`;
      const { rows = [] } = await ask<Found>('/queries', {
        query,
        useLegacySql: false,
        maxResults: 100_000,
      });
      return rows.map(({ f: [uid, revision] }) => ({
        uid: uid?.v ?? '',
        revision: Number(revision?.v),
      }));
    },
    exact: true,
    down: (isDown) => void (network.isDown = isDown),
    loseAnswers: (count) => void (network.answersToLose = count),
  };
}

const [declared] = SINKS.filter(({ type }) => type === 'bigquery');
if (declared === undefined) throw new Error('there is no sink of type bigquery');
sinkContract(declared, { kind: 'rows', receivers: { 'local-bigquery': receiver } });

test('stopped at any request, the next run completes it, and no row is there twice', async () => {
  const rows = eventRows(900, { perSeq: 50 });
  const at = await receiver();
  let position = START;
  for (const requests of [3, 7, 12, 20, 10_000]) {
    const life = new AbortController();
    const before = at.network.asked.length;
    at.network.onRequest = () => {
      if (at.network.asked.length - before === requests) life.abort();
    };
    const delivery = await watchedDelivery(at, rows, position);
    await deliver(at, delivery, life.signal).catch((error: unknown) => {
      if (!life.signal.aborted) throw error;
    });
    position = delivery.reached;
  }
  const received = await at.received();
  expect(newest(received)).toEqual(newest(rows));
  expect(received).toHaveLength(rows.length);
});
