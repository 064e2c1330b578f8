/** The whole product on GitHub's sandbox, in one home. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { streamOf } from '../../harness.ts';
import { answerOf } from '../../warehouse-file.ts';
import { DAY, githubHome, HOUR, NOW } from './support.ts';

test('everything is read once, named and granted; the second night adds nothing and is cheap', async () => {
  const { vendor, home, sync } = await githubHome({ events: 200 });
  vendor.quirks.mangledLinks = true;
  const first = await sync();
  expect(first.streams.map(({ outcome }) => outcome)).toEqual(first.streams.map(() => 'complete'));
  const ids = vendor.events
    .all()
    .filter(
      ({ action, ...event }) =>
        !action.startsWith('git.') || event['@timestamp'] >= vendor.clock() - 7 * DAY,
    )
    .map((event) => event['_document_id']);
  const events = await answerOf<{ event_id: string }>(
    home.folder,
    `select event_id from audit_events order by event_id`,
  );
  expect(events.map(({ event_id }) => event_id)).toEqual(ids.toSorted());

  const [owner] = vendor.company.people;
  const admins = await answerOf(home.folder, `select name from admins order by name`);
  expect(admins).toContainEqual({ name: owner?.login });
  const access = await answerOf(
    home.folder,
    `select holder_name from access_grants where role = 'copilot business' and holder_id = '${owner?.id}' order by all`,
  );
  expect(access.length).toBe(2);
  const [costs] = await answerOf<{ n: number; unit: string }>(
    home.folder,
    `select count(*)::integer as n, any_value(unit) as unit from person_costs where name = '${owner?.login}'`,
  );
  expect(costs?.n).toBeGreaterThan(30);
  expect(costs?.unit).toBe('credits');
  const bills = await answerOf<{ metric: string; unit: string; tool: string }>(
    home.folder,
    `select distinct metric, unit, tool from usage_metrics where dataset = 'billing-usage' order by all`,
  );
  expect(bills).toContainEqual({ metric: 'net_amount', unit: 'USD', tool: 'Copilot Business' });
  expect(bills.filter(({ tool }) => tool.startsWith('Actions'))).toEqual([]);
  expect(await answerOf(home.folder, 'select * from anomalies')).toEqual([]);
  // A member has a login alone; the license says whose it is, and SCIM lists the address for enterprise and organization.
  const accounts = await answerOf(
    home.folder,
    `select account_type from person_accounts
    where person_id in (select person_id from person_accounts where user_id = '${owner?.id}') order by all`,
  );
  expect(accounts).toEqual([
    { account_type: 'consumed_license' },
    { account_type: 'scim_user' },
    { account_type: 'scim_user' },
    { account_type: 'user' },
  ]);

  const second = await sync();
  for (const { stream, new_records, changed_records, absent_records } of second.streams) {
    expect({ stream, new_records, changed_records, absent_records }).toEqual({
      stream,
      new_records: 0,
      changed_records: 0,
      absent_records: 0,
    });
  }
  const requests = second.streams.reduce((sum, stream) => sum + stream.requests, 0);
  // docs/github.md: T = 2 teams and one of the enterprise, C = 2 cost centers.
  // The sandbox cuts the reports of people and repositories into two files.
  expect(requests).toBeLessThanOrEqual(8 * (6 + 1) + 36 + 2 * 3 + 3 + 21);
  expect(first.quirks).toMatchObject([{ source: 'github', code: 'link-mangled' }]);

  // No signature of a file is anywhere in the home, and no token.
  const texts = await textsBelow(home.folder);
  for (const signature of vendor.files.keys()) {
    expect(texts.filter((text) => text.includes(signature))).toEqual([]);
  }
  expect(texts.filter((text) => text.includes(vendor.token))).toEqual([]);
});

async function textsBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const bytes = await readFile(join(parentPath, name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    }),
  );
}

test('a report that is late leaves its day open, and is read when it comes', async () => {
  const { vendor, home, clock, sync } = await githubHome(
    {},
    { env: { AUDITLAKE_START: '2026-06-08' } },
  );
  const streams = ['copilot-usage-users'];
  const own = vendor.answer.bind(vendor);
  let late = '2026-06-12';
  vendor.answer = (call) =>
    call.query['day'] === late ? { status: 404, type: 'application/json', body: '{}' } : own(call);
  const first = streamOf(await sync(0, streams), 'copilot-usage-users');
  expect(first).toMatchObject({
    outcome: 'complete',
    watermark: '2026-06-12T00:00:00.000Z',
    parts: { awaited: 1, gone: 0, unavailable: 0, reasons: [{ ended: 'awaited', first: late }] },
  });
  // The days after it are read all the same.
  const days = `select max(period_start) as newest from usage_metrics where dataset = 'copilot-usage'`;
  expect(await answerOf(home.folder, days)).toEqual([{ newest: '2026-06-14T00:00:00.000Z' }]);

  clock.now += 4 * DAY;
  await sync(0, streams);
  const { stdout } = await home.run(['status', '--json'], {}, { now: () => clock.now });
  const { alarms } = JSON.parse(stdout) as { alarms: object[] };
  expect(alarms).toContainEqual(expect.objectContaining({ kind: 'awaited', exit: 4 }));

  late = '';
  const last = streamOf(await sync(0, streams), 'copilot-usage-users');
  expect(last.new_records).toBeGreaterThan(0);
  expect(last).toMatchObject({ watermark: '2026-06-19T00:00:00.000Z' });
});

test('the requests of an hour are counted over runs: beyond them a run ends incomplete, and the next goes on', async () => {
  const { vendor, home, clock, sync } = await githubHome({ events: 150, days: 2 });
  const file = join(home.folder, 'requests-github.json');
  const streams = ['audit-logs', 'members'];
  await sync(0, ['members']);
  expect(await readdir(home.folder)).not.toContain('requests-github.json');
  const log = '/enterprises/{enterprise}/audit-log';
  await writeFile(file, JSON.stringify({ [log]: [[NOW - 10 * 60_000, 1_699]] }));

  const first = await sync(3, streams);
  const [audit] = first.streams;
  expect(audit).toMatchObject({ outcome: 'incomplete', error: { code: 'requests-used-up' } });
  expect(streamOf(first, 'members')).toMatchObject({ outcome: 'complete' });
  expect(vendor.requests.filter(({ path }) => path.endsWith('/audit-log'))).toHaveLength(1);

  clock.now += HOUR;
  const second = await sync(0, streams);
  expect(streamOf(second, 'audit-logs')).toMatchObject({ outcome: 'complete' });
  const spent = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  expect(Object.keys(spent)).toEqual([log]);
});
