/** What a schedule serves from its start, and what an expression asks for. */
import { fileURLToPath } from 'node:url';
import type { Registry } from 'prom-client';
import { documentMetrics } from '../../src/schedule/document-metrics.ts';
import { homeMetrics } from '../../src/schedule/home-metrics.ts';
import { jobNamed } from '../../src/schedule/jobs.ts';
import { readCron } from '../../src/schedule/last-due.ts';
import { jobMetrics } from '../../src/schedule/metrics.ts';
import { NOTHING_YET } from '../../src/schedule/records.ts';
import { openRegistry } from '../../src/schedule/registry.ts';
import { STATUS, streamStatus } from '../documents/examples.ts';

const AT = '2026-06-10T00:00:00.000Z';
const RECORD = { ...NOTHING_YET, since: 0 };

/** What a schedule has from its start. */
export function registryOf(): Registry {
  const registry = openRegistry('0.0.0');
  const jobs = ['nightly', 'detect', 'verify'].map((name) => {
    return { job: jobNamed(name), line: readCron('15 2 * * *'), record: { ...RECORD } };
  });
  jobMetrics(registry, () => 0).expected(jobs);
  const documents = documentMetrics(registry, () => 0);
  const streams = [{ source: 'emea', stream: 'audit-logs' }];
  documents.expected({ streams, sinks: ['siem'], verifying: ['verify'] });
  // How long a vendor keeps events is known once it has purged some.
  const retention = { oldest_served: AT, measured_at: AT, kept_seconds: 86_400 };
  const status = {
    ...STATUS,
    streams: [streamStatus('emea/audit-logs', { watermark: AT, retention })],
  };
  documents.status(status);
  documents.stands(status);
  homeMetrics(registry, fileURLToPath(new URL('.', import.meta.url)));
  return registry;
}

/** The labels and values of every series, by metric. */
export async function served(): Promise<Map<string, Record<string, string>[]>> {
  const found = new Map<string, Record<string, string>[]>();
  for (const line of (await registryOf().metrics()).split('\n')) {
    const [, name = '', labels = ''] = /^(auditlake_\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [
      label,
      value,
    ]);
    if (name !== '') found.set(name, [...(found.get(name) ?? []), Object.fromEntries(pairs)]);
  }
  return found;
}

/** The metrics of an expression, each with what it asks of the labels. */
export function named(expr: string): { metric: string; ask: [label: string, value: RegExp][] }[] {
  return [...expr.matchAll(/(auditlake_\w+)(?:\{(.*?)\})?/g)].map(([, metric = '', ask = '']) => ({
    metric,
    ask: [...ask.matchAll(/(\w+)=~?"(.*?)"/g)].map(([, label = '', value = '']) => [
      label,
      new RegExp(`^(?:${value})$`),
    ]),
  }));
}
