/** A live Prometheus scrapes what a schedule serves, and fires each alert that is shipped. */
import { createServer } from 'node:http';
import { mkdtemp, mkdir, readFile, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { documentMetrics } from '../../src/schedule/document-metrics.ts';
import { homeMetrics } from '../../src/schedule/home-metrics.ts';
import { jobNamed } from '../../src/schedule/jobs.ts';
import { readCron } from '../../src/schedule/last-due.ts';
import { jobMetrics } from '../../src/schedule/metrics.ts';
import { NOTHING_YET } from '../../src/schedule/records.ts';
import { openRegistry } from '../../src/schedule/registry.ts';
import { DELIVERED, runOf, STATUS, STREAM, streamStatus, VERIFIED } from '../documents/examples.ts';
import { freePort } from '../free-port.ts';
import { startServer } from './server.ts';
import { obtained } from './support.ts';

const PROMETHEUS = obtained('AUDITLAKE_REAL_PROMETHEUS');
const RULES = new URL('../../docs/prometheus/auditlake.rules.yml', import.meta.url);
const HOUR = 3_600_000;
const FAULT = {
  file: 'a',
  line: null,
  seq: null,
  what: 'altered',
  committed_at: null,
  changed_at: null,
};

/** What a run says whose token is refused. */
const REFUSED = {
  verdict: 'a person must act',
  causes: [
    {
      subject: 'emea',
      streams: ['audit-logs'],
      code: 'refused',
      message: 'the token is refused',
      hint: '',
      exit: EXIT.person,
    },
  ],
};

/** A home whose warehouse is larger than what is free, though it takes no room: a file of nothing but a hole. */
async function crowdedHome(): Promise<string> {
  const home = await folderFor('auditlake-home-');
  await mkdir(join(home, 'warehouse'));
  const file = join(home, 'warehouse', 'w.duckdb');
  await writeFile(file, '');
  const { bavail, bsize } = await statfs(home);
  await truncate(file, bavail * bsize * 2);
  return home;
}

async function folderFor(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a schedule serves that everything has gone wrong for. `nightly` and `detect` were last complete then. */
async function troubled(succeededAt: number | null) {
  const now = Date.now();
  const registry = openRegistry('0.0.0');
  const record = { ...NOTHING_YET, since: 0, endedAt: now };
  const line = readCron('15 2 * * *');
  const names = ['nightly', 'deliver', 'verify', 'reconcile', 'detect'];
  const jobs = jobMetrics(registry, () => now - 7 * HOUR);
  jobs.expected(names.map((name) => ({ job: jobNamed(name), line, record })));
  jobs.prime(
    new Map([
      ['nightly', { ...record, exit: EXIT.usage, succeededAt }],
      ['detect', { ...record, succeededAt }],
      ['deliver', { ...record, exit: 137 }],
      ['verify', { ...record, exit: EXIT.integrity }],
    ]),
  );
  const documents = documentMetrics(registry, Date.now);
  const stream = { source: 'emea', stream: 'audit-logs' };
  documents.expected({ streams: [stream], sinks: ['siem'], verifying: ['verify'] });
  const watermark = new Date(now).toISOString();
  const retention = { oldest_served: watermark, measured_at: watermark, kept_seconds: 86_400 };
  documents.stands({
    ...STATUS,
    diagnosis: REFUSED,
    findings: { ...STATUS.findings, high: 2 },
    streams: [streamStatus('emea/audit-logs', { watermark, retention })],
    alarms: [{ ...stream, kind: 'freshness', what: 'not read', hint: '', exit: EXIT.incomplete }],
  });
  documents.verify('verify', { ...VERIFIED, faults: [FAULT] });
  const sent = { sink: 'siem', rows: 0, seq: 3, lag: 7, set_aside: 0 };
  documents.deliver({ ...DELIVERED, sinks: [{ ...sent, outcome: 'failed' }] });
  await homeMetrics(registry, await crowdedHome())();
  const historyChanged = (): void =>
    documents.sync({
      ...runOf([{ ...STREAM, ...stream, changed_records: 1 }]),
      diagnosis: REFUSED,
    });
  return { registry, historyChanged };
}

async function serve(registry: Registry, port: number): Promise<void> {
  const server = createServer((_, response) => {
    const answer = async (): Promise<void> => {
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType }).end(text);
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Every second, and each alert at once: how long they wait is for promtool, which makes the time itself. */
async function prometheusFor(ports: readonly number[]): Promise<string> {
  const folder = await folderFor('auditlake-prometheus-');
  const rules = await readFile(RULES, 'utf8');
  await writeFile(join(folder, 'auditlake.rules.yml'), rules.replaceAll(/^ *for: .*\n/gm, ''));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['auditlake.rules.yml'],
    scrape_configs: [
      {
        job_name: 'auditlake',
        static_configs: [{ targets: ports.map((port) => `127.0.0.1:${port}`) }],
      },
    ],
  };
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const server = await startServer(
    PROMETHEUS,
    [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { port, path: '/-/ready', cwd: folder },
  );
  onTestFinished(() => server.kill());
  return server.origin;
}

type Alert = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: string;
};

/** The alerts, once those that fire are these; as they are after a minute otherwise. */
async function firing(prometheus: string, names: readonly string[]): Promise<Alert[]> {
  const last = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${prometheus}/api/v1/alerts`);
    const { data } = (await answer.json()) as { data: { alerts: Alert[] } };
    const alerts = data.alerts.filter(({ state }) => state === 'firing');
    if (namesOf(alerts).join() === names.join() || Date.now() > last) return alerts;
    await pause(250);
  }
}

function namesOf(alerts: readonly Alert[]): string[] {
  return [...new Set(alerts.map(({ labels }) => labels['alertname'] ?? ''))].toSorted();
}

test('each alert fires where it should, and says of what', async () => {
  const [one, other] = [await freePort(), await freePort()];
  const prometheus = await prometheusFor([one, other]);
  expect(namesOf(await firing(prometheus, ['AuditlakeDown']))).toEqual(['AuditlakeDown']);

  const never = await troubled(null);
  const stale = await troubled(Date.now() - 72 * HOUR);
  await serve(never.registry, one);
  await serve(stale.registry, other);
  const rules = await readFile(RULES, 'utf8');
  const shipped = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name).toSorted();
  const troubles = shipped.filter((name) => name !== 'AuditlakeDown');
  const before = troubles.filter((name) => name !== 'AuditlakeHistoryChanged');
  expect(namesOf(await firing(prometheus, before))).toEqual(before);

  never.historyChanged();
  const alerts = await firing(prometheus, troubles);
  expect(namesOf(alerts)).toEqual(troubles);
  for (const { annotations, labels } of alerts) {
    expect(annotations['description']).not.toMatch(/<|\{\{/);
    expect(['critical', 'warning']).toContain(labels['severity']);
  }
});
