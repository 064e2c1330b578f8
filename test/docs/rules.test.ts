/** The alerts that are shipped name what a schedule serves, and promtool, where it is installed, sees them fire. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/errors.ts';
import { documentMetrics } from '../../src/schedule/document-metrics.ts';
import { homeMetrics } from '../../src/schedule/home-metrics.ts';
import { jobNamed } from '../../src/schedule/jobs.ts';
import { readCron } from '../../src/schedule/last-due.ts';
import { jobMetrics } from '../../src/schedule/metrics.ts';
import { NOTHING_YET } from '../../src/schedule/records.ts';
import { openRegistry } from '../../src/schedule/registry.ts';
import { STATUS, streamStatus } from '../documents/examples.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const RULES = at('../../docs/prometheus/auditlake.rules.yml');
const PROMTOOL = process.env['PROMTOOL'] ?? 'promtool';

type Rule = { alert: string; expr: string; annotations: { summary: string; description: string } };
const rules = (
  parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);

const AT = '2026-06-10T00:00:00.000Z';
const RECORD = { ...NOTHING_YET, since: 0 };

/** What a schedule has from its start. */
function registryOf(): Registry {
  const registry = openRegistry('0.0.0');
  const jobs = ['nightly', 'verify'].map((name) => {
    return { job: jobNamed(name), line: readCron('15 2 * * *'), record: { ...RECORD } };
  });
  jobMetrics(registry, () => 0).expected(jobs);
  const documents = documentMetrics(registry, () => 0);
  const streams = [{ source: 'emea', stream: 'audit-logs' }];
  documents.expected({ streams, sinks: ['siem'], verifying: ['verify'] });
  // How long a vendor keeps events is known once it has purged some.
  const retention = { oldest_served: AT, measured_at: AT, kept_seconds: 86_400 };
  documents.stands({
    ...STATUS,
    streams: [streamStatus('emea/audit-logs', { watermark: AT, retention })],
  });
  homeMetrics(registry, at('.'));
  return registry;
}

/** The labels and values of every series, by metric. */
async function served(): Promise<Map<string, Record<string, string>[]>> {
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
function named(expr: string): { metric: string; ask: [label: string, value: RegExp][] }[] {
  return [...expr.matchAll(/(auditlake_\w+)(?:\{(.*?)\})?/g)].map(([, metric = '', ask = '']) => ({
    metric,
    ask: [...ask.matchAll(/(\w+)=~?"(.*?)"/g)].map(([, label = '', value = '']) => [
      label,
      new RegExp(`^(?:${value})$`),
    ]),
  }));
}

test('every metric, label and value of a rule is served from the start', async () => {
  const series = await served();
  for (const { alert, expr, annotations } of rules) {
    const metrics = named(expr);
    expect({ alert, metrics: metrics.length }).not.toMatchObject({ metrics: 0 });
    for (const { metric, ask } of metrics) {
      const fits = (series.get(metric) ?? []).filter((labels) =>
        ask.every(([label, value]) => value.test(labels[label] ?? '')),
      );
      expect({ alert, metric, fits: fits.length }).not.toMatchObject({ fits: 0 });
      const shown = annotations.description.matchAll(/\$labels\.(\w+)/g);
      const missing = [...shown].filter(
        ([, label = '']) => !fits.every((labels) => label in labels),
      );
      expect({ alert, missing }).toEqual({ alert, missing: [] });
    }
  }
});

test('no label is one that Prometheus sets itself', async () => {
  const all = [...(await served()).values()].flat().flatMap((labels) => Object.keys(labels));
  expect(new Set(all)).not.toContain('job');
  expect(new Set(all)).not.toContain('instance');
});

test('the runs of a job begin at 0 for every exit code', async () => {
  const exits = (await served()).get('auditlake_runs_total')?.map(({ exit }) => Number(exit));
  expect(new Set(exits)).toEqual(new Set(Object.values(EXIT)));
});

test('the guide lists every metric', async () => {
  const guide = readFileSync(at('../../docs/schedule.md'), 'utf8');
  const names = (await registryOf().getMetricsAsJSON()).map(({ name }) => name);
  const own = names.filter((name) => name.startsWith('auditlake_'));
  expect(own.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;

test.skipIf(!hasPromtool)(
  'each alert fires where it should, and only there (needs promtool)',
  () => {
    const check = spawnSync(PROMTOOL, ['check', 'rules', RULES], { encoding: 'utf8' });
    expect({ status: check.status, stderr: check.stderr }).toEqual({ status: 0, stderr: '' });
    const tests = at('auditlake.rules.test.yml');
    const fired = spawnSync(PROMTOOL, ['test', 'rules', tests], { encoding: 'utf8' });
    expect({ status: fired.status, output: fired.stdout + fired.stderr }).toMatchObject({
      status: 0,
    });
    const seen = readFileSync(tests, 'utf8');
    expect(rules.filter(({ alert }) => !seen.includes(`"${alert}"`))).toEqual([]);
  },
);
