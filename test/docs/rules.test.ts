/** The alerts that are shipped name what a schedule serves, and promtool, where it is installed, sees them fire. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/errors.ts';
import { named, registryOf, served } from './served.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const RULES = at('../../docs/prometheus/auditlake.rules.yml');
const PROMTOOL = process.env['PROMTOOL'] ?? 'promtool';

type Rule = { alert: string; expr: string; annotations: { summary: string; description: string } };
const rules = (
  parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);

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
