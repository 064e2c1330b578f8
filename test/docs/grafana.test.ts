/** The dashboard asks for metrics, labels and values that a schedule serves. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { named, served } from './served.ts';

type Panel = {
  id: number;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string; legendFormat: string }[];
};

const DASHBOARD = JSON.parse(
  readFileSync(new URL('../../docs/grafana/auditlake.json', import.meta.url), 'utf8'),
) as { panels: Panel[]; templating: { list: { name: string }[] } };

test('every metric, label and value of a panel is served from the start', async () => {
  const series = await served();
  for (const { title, targets } of DASHBOARD.panels) {
    for (const { expr, legendFormat } of targets) {
      const metrics = named(expr);
      expect({ title, metrics: metrics.length }).not.toMatchObject({ metrics: 0 });
      for (const { metric, ask } of metrics) {
        const fits = (series.get(metric) ?? []).filter((labels) =>
          ask.every(([label, value]) => value.test(labels[label] ?? '')),
        );
        expect({ title, metric, fits: fits.length }).not.toMatchObject({ fits: 0 });
        const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
        const missing = shown.filter((label) => !fits.some((labels) => label in labels));
        expect({ title, missing }).toEqual({ title, missing: [] });
      }
    }
  }
});

test('panels have ids of their own, and none covers another', () => {
  const { panels } = DASHBOARD;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
});
