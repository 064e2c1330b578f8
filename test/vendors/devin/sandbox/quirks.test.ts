import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { DEVIN_LOGS, type DevinPage, ENTERPRISE, firstOf, read } from './client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, devin: { events: 300 } });
});
afterEach(() => sandbox.close());

const page = (query: Record<string, string | number> = {}): Promise<DevinPage> =>
  read<DevinPage>(sandbox, DEVIN_LOGS, query);

test('createdAtUnit milliseconds, for events that were put in as well', async () => {
  const { events, quirks } = sandbox.devin;
  events.add({ audit_log_id: 'mine', created_at: Math.floor(Date.now() / 1000) + 5 });
  const seconds = (await page()).items.map(({ created_at }) => created_at);
  quirks.createdAtUnit = 'milliseconds';
  const { items } = await page();
  expect(items.map(({ created_at }) => created_at)).toEqual(seconds.map((time) => time * 1000));
});

test('createdAtUnit may be set from the beginning', async () => {
  const other = await startSandbox({
    events: 1,
    devin: { events: 1, createdAtUnit: 'milliseconds' },
  });
  const { items } = await read<DevinPage>(other, DEVIN_LOGS);
  expect(firstOf(items).created_at).toBeGreaterThan(1e12);
  await other.close();
});

test('orderIgnored serves the newest first', async () => {
  sandbox.devin.quirks.orderIgnored = true;
  expect((await page({ order: 'asc' })).items).toEqual((await page()).items);
});

test('cursor missing: there is a next page, but not where', async () => {
  sandbox.devin.quirks.cursor = 'missing';
  const body = await page();
  expect(body).toMatchObject({ has_next_page: true });
  expect(body).not.toHaveProperty('end_cursor');
});

test('cursor repeated: the second page leads to itself', async () => {
  sandbox.devin.quirks.cursor = 'repeated';
  const { end_cursor: after } = await page();
  const second = await page({ after: after ?? '' });
  expect(second).toMatchObject({ end_cursor: after, has_next_page: true });
});

test('hasNextPage absent', async () => {
  sandbox.devin.quirks.hasNextPage = 'absent';
  const body = await page();
  expect(body).not.toHaveProperty('has_next_page');
  expect(body.end_cursor).toEqual(expect.any(String));
});

test('orgLog empty: nothing in the log of an organization that has events', async () => {
  sandbox.devin.quirks.orgLog = 'empty';
  const { org_id } = firstOf(sandbox.devin.organizations);
  const path = `${ENTERPRISE}/organizations/${org_id}/audit-logs`;
  expect(await read(sandbox, path)).toMatchObject({ items: [], has_next_page: false });
  expect((await page()).items).toHaveLength(100);
});

test('total may be null or missing', async () => {
  const { quirks } = sandbox.devin;
  const totals: unknown[] = [];
  for (const total of ['exact', 'null', 'absent'] as const) {
    quirks.total = total;
    totals.push((await page()).total);
  }
  expect(totals).toEqual([300, null, undefined]);
});

test('the clock may be wrong', async () => {
  sandbox.devin.quirks.dateHeaderSkewMs = -3_600_000;
  const { headers } = await fetch(`${sandbox.devinUrl}/v3/self`);
  const behind = Date.now() - Date.parse(headers.get('date') ?? '');
  expect(Math.round(behind / 60_000)).toBe(60);
});
