/** A night after the first one: what came late, what was priced anew, and what a rule hides. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DAY, NOW, Workspace } from './workspace.ts';

const STREAMS = ['audit-logs', 'members', 'groups', 'group-members', 'usage-events', 'spend'];

/** What is charged to whom by the vendor's own events, in dollars. */
function charged({ vendor, now }: Workspace): [string, number][] {
  const sums = new Map<string, number>();
  for (const event of vendor.usage.events(NOW - 11 * DAY, now - 3 * 3_600_000 - 1, now)) {
    const { userEmail, chargedCents } = event as { userEmail?: string; chargedCents?: number };
    if (userEmail === undefined) continue;
    sums.set(userEmail, (sums.get(userEmail) ?? 0) + Number(chargedCents) / 100);
  }
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

async function costs(workspace: Workspace): Promise<[string, number][]> {
  const rows = await workspace.rows(
    'select user_id, sum(cost) from person_costs group by all order by 1',
  );
  return rows as [string, number][];
}

const close = (rows: [string, number][]): unknown[] =>
  rows.map(([email, cost]) => [email, expect.closeTo(cost, 6)]);

test('two nights', async () => {
  const workspace = await Workspace.make({ groups: 2 });
  const { vendor, home } = workspace;
  await workspace.sync(STREAMS);
  expect(await costs(workspace)).toEqual(close(charged(workspace)));
  const hook = `select details ->> 'name' as name, details ->> 'script' as script from audit_events where action = 'team_hook'`;
  for (const [name, script] of await workspace.rows(hook)) {
    expect(name).toMatch(/^hook \d$/);
    expect(script).toMatch(/^redacted:\d+:[0-9a-f]{32}$/);
  }
  expect(await workspace.rows('select email from admins order by 1')).toEqual(
    vendor.members
      .filter(({ role }) => role !== 'member')
      .map(({ email }) => email)
      .toSorted()
      .map((email) => [email]),
  );

  // A day is priced anew, a call and an event come late, an administrator is made and a member leaves.
  const day = Math.floor((NOW - 2 * DAY) / DAY) * DAY;
  vendor.usage.factors.set(day, 1.5);
  vendor.usage.inserted.push({
    timestamp: String(day + 5),
    userEmail: 'late@acme.test',
    chargedCents: 0.25,
  });
  const timestamp = new Date(NOW - 3_600_000).toISOString();
  vendor.events.insert({
    event_id: 'late',
    timestamp,
    event_type: 'login',
    user_email: 'late@acme.test',
    event_data: {},
  });
  Object.assign(vendor.members[3] ?? {}, { role: 'owner' });
  Object.assign(vendor.members[4] ?? {}, { isRemoved: true });
  workspace.now += DAY;
  await workspace.sync(STREAMS);
  expect(await costs(workspace)).toEqual(close(charged(workspace)));
  const events = await workspace.rows(
    'select count(*), count(distinct event_id) from audit_events',
  );
  expect(events).toEqual([[vendor.events.count, vendor.events.count]]);
  expect(
    await workspace.rows(`select status from users where email = '${vendor.members[4]?.email}'`),
  ).toEqual([['deactivated']]);
  expect(
    await workspace.rows(`select count(*) from admins where email = '${vendor.members[3]?.email}'`),
  ).toEqual([[1]]);
  // What a group spends moves by itself, and is no new version of it.
  expect(
    await workspace.rows(`select count(*) from entity_history where entity_type = 'team'`),
  ).toEqual([[2]]);

  const again = await workspace.sync(STREAMS);
  expect(again.streams.map(({ new_records }) => new_records)).toEqual(STREAMS.map(() => 0));
  expect(again.streams.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThan(20);
  expect(vendor.writes).toEqual([]);
  const archive = join(home.env['AUDITLAKE_HOME'] ?? '', 'archive');
  for (const file of readdirSync(archive, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.gz')) continue;
    expect(gunzipSync(readFileSync(join(archive, file))).includes('Zebulon')).toBe(false);
  }
});
