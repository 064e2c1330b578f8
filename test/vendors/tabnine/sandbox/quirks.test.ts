import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { AUDIT_LOGS, type Page, get, getJson } from './client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 100 });
});
afterEach(() => sandbox.close());

const ids = async (query: Record<string, string | number>): Promise<string[]> =>
  (await getJson<Page>(sandbox, AUDIT_LOGS, query)).items.map(({ id }) => id);

test('documented profile: users need no paging', async () => {
  sandbox.tabnine.quirks.profile = 'documented';
  expect((await get(sandbox, '/api/v1/organization/users')).status).toBe(200);
});

test('ignoreSort serves one order', async () => {
  const { quirks, events } = sandbox.tabnine;
  quirks.ignoreSort = 'desc';
  expect(await ids({ sort: 'asc', limit: 100 })).toEqual(events.ids().toReversed());
  quirks.ignoreSort = 'unsorted';
  const first = await ids({ sort: 'asc', limit: 60 });
  const second = await ids({ sort: 'asc', limit: 60, offset: 60 });
  expect([...first, ...second]).not.toEqual(events.ids());
  expect([...first, ...second].toSorted()).toEqual(events.ids().toSorted());
});

test('ignoreTimeFilter serves everything', async () => {
  sandbox.tabnine.quirks.ignoreTimeFilter = true;
  expect(await ids({ to: '2001-01-01T00:00:00Z', limit: 1000 })).toHaveLength(100);
});

test('pageCap cuts pages, and echoCappedLimit says whether it is admitted', async () => {
  const { quirks } = sandbox.tabnine;
  quirks.pageCap = 30;
  const query = { limit: 40 };
  expect(await getJson<Page>(sandbox, AUDIT_LOGS, query)).toMatchObject({ limit: 30 });
  quirks.echoCappedLimit = false;
  const page = await getJson<Page>(sandbox, AUDIT_LOGS, query);
  expect([page.limit, page.items.length]).toEqual([40, 30]);
});

test('listKey data is the older envelope', async () => {
  sandbox.tabnine.quirks.listKey = 'data';
  const page = await getJson<{ data: unknown[] }>(sandbox, AUDIT_LOGS, { limit: 2 });
  expect(page).toEqual({
    data: [expect.anything(), expect.anything()],
    meta: { count: 2, total: 100 },
  });
});

test('eventShape older has no id', async () => {
  sandbox.tabnine.quirks.eventShape = 'older';
  const page = await getJson<Page>(sandbox, AUDIT_LOGS, { limit: 100 });
  for (const event of page.items) {
    expect(Object.keys(event)).toEqual([
      'eventType',
      'performing_user',
      'affected_user',
      'occurredAt',
      'valueChange',
    ]);
  }
});

test('total may be wrong or missing', async () => {
  const { quirks } = sandbox.tabnine;
  const totals: (number | undefined)[] = [];
  for (const total of ['exact', 'over', 'under', 'absent'] as const) {
    quirks.total = total;
    totals.push((await getJson<Page>(sandbox, AUDIT_LOGS)).total);
  }
  expect(totals).toEqual([100, 111, 89, undefined]);
});

test('requireOrganizationId answers as for a wrong organization', async () => {
  sandbox.tabnine.quirks.requireOrganizationId = true;
  const refused = await get(sandbox, AUDIT_LOGS);
  expect(refused.status).toBe(401);
  expect(JSON.parse(refused.text)).toMatchObject({
    message: 'Unauthorized: Invalid organization.',
  });
  const organizationId = sandbox.tabnine.organization.id;
  expect((await get(sandbox, AUDIT_LOGS, { organizationId })).status).toBe(200);
});

test('adminToken false shuts the endpoints for admins', async () => {
  sandbox.tabnine.quirks.adminToken = false;
  const { status, text } = await get(sandbox, AUDIT_LOGS);
  expect(status).toBe(403);
  expect(JSON.parse(text)).toEqual({ message: 'Forbidden. Admin role required.', status: 403 });
  expect((await get(sandbox, '/api/v1/organization')).status).toBe(200);
});

test('unavailable endpoints answer as older installations do', async () => {
  const { quirks } = sandbox.tabnine;
  quirks.unavailable[AUDIT_LOGS] = '404';
  expect((await get(sandbox, AUDIT_LOGS)).status).toBe(404);
  quirks.unavailable[AUDIT_LOGS] = '403';
  expect((await get(sandbox, AUDIT_LOGS)).status).toBe(403);
  quirks.unavailable[AUDIT_LOGS] = 'html';
  const page = await get(sandbox, AUDIT_LOGS);
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
});

test('the clock may be wrong', async () => {
  sandbox.tabnine.quirks.dateHeaderSkewMs = -3_600_000;
  const { headers } = await get(sandbox, '/api/v1/organization');
  const behind = Date.now() - Date.parse(headers.get('date') ?? '');
  expect(Math.round(behind / 60_000)).toBe(60);
});

test('gzip is used only for clients that accept it', async () => {
  const authorization = `Bearer ${sandbox.token}`;
  const encodings: (string | null)[] = [];
  for (const accepted of ['gzip', 'identity']) {
    const init = { headers: { authorization, 'accept-encoding': accepted } };
    const { headers, text } = await get(sandbox, AUDIT_LOGS, {}, init);
    encodings.push(headers.get('content-encoding'));
    expect(JSON.parse(text)).toMatchObject({ limit: 50 });
  }
  sandbox.tabnine.quirks.gzip = false;
  encodings.push((await get(sandbox, AUDIT_LOGS)).headers.get('content-encoding'));
  expect(encodings).toEqual(['gzip', null, null]);
});

test('a refused token is refused everywhere', async () => {
  sandbox.tabnine.tokenRefused = true;
  expect((await get(sandbox, '/api/v1/organization')).status).toBe(401);
  expect((await get(sandbox, '/api/v9/anything')).status).toBe(401);
});
