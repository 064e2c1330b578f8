/** Who was granted what, at six vendors: by events, and by what two readings differ in. */
import { expect, test } from 'vitest';
import { incidentWarehouse } from '../questions/incident.ts';
import { rowsOf } from './archive.ts';

const path = incidentWarehouse();
const table = async (sql: string): Promise<unknown[][]> =>
  (await rowsOf(path(), sql)).map((row) => Object.values(row));

test('an event says who did it and from where; what a reading adds says since when it may be so', async () => {
  const [intruder, none] = ['203.0.113.66', null];
  const base = '2026-11-01T02:00:00.000Z';
  expect(
    await table(`
      select source, change, coalesce(holder_email, holder_id) as whose, role, actor_email, ip_address, known_by, not_before
      from grants order by source, "at", change, whose, role`),
  ).toEqual([
    [
      'agents',
      'granted',
      'bob@acme.test',
      'Account Admin',
      'ann@acme.test',
      intruder,
      'event',
      none,
    ],
    ['agents', 'revoked', 'bob@acme.test', 'Member', none, none, 'difference', base],
    ['api', 'granted', 'bob@acme.test', 'owner', 'ann@acme.test', intruder, 'event', none],
    ['api', 'granted', 'key_backup', 'admin', none, none, 'difference', base],
    ['api', 'revoked', 'bob@acme.test', 'reader', none, none, 'difference', base],
    ['assistant', 'granted', 'bob@acme.test', 'Admin', 'ann@acme.test', intruder, 'event', none],
    ['assistant', 'granted', 'dee@acme.test', 'Admin', none, none, 'difference', base],
    ['assistant', 'granted', 'dee@acme.test', 'member', none, none, 'difference', base],
    ['assistant', 'revoked', 'bob@acme.test', 'Member', none, none, 'difference', base],
    ['assistant', 'revoked', 'cid@acme.test', 'Member', none, none, 'difference', base],
    ['assistant', 'revoked', 'cid@acme.test', 'member', none, none, 'difference', base],
    ['chat', 'granted', 'bob@acme.test', 'owner', 'ann@acme.test', intruder, 'event', none],
    ['chat', 'revoked', 'bob@acme.test', 'user', 'ann@acme.test', intruder, 'event', none],
    ['editor', 'granted', 'bob@acme.test', 'owner', 'ann@acme.test', intruder, 'event', none],
    ['editor', 'revoked', 'bob@acme.test', 'member', 'ann@acme.test', intruder, 'event', none],
    ['hub', 'granted', 'bob@acme.test', 'admin', 'ann@acme.test', intruder, 'event', none],
    ['hub', 'revoked', 'bob@acme.test', 'read', 'ann@acme.test', intruder, 'event', none],
    ['hub', 'revoked', '3', 'copilot seat', 'ann@acme.test', '192.0.2.10', 'event', none],
  ]);
});

test.each([
  ['null', 'null'],
  [`'2026-11-01'`, `'2026-11-08'`],
  [`'2026-11-08'`, 'null'],
  ['null', `'2026-11-10'`],
  [`timestamptz '2026-11-10 00:00:00Z'`, `timestamptz '2026-11-30 00:00:00Z'`],
])('a period has what all of time has then: from %s to %s', async (since, until) => {
  const order = 'order by source, "at", change, holder_id, role, scope_id, event_uid';
  const bounds = `coalesce("at" >= ${since}, true) and coalesce("at" < ${until}, true)`;
  expect(await table(`from grants_between(${since}, ${until}) ${order}`)).toEqual(
    await table(`from grants where ${bounds} ${order}`),
  );
});

const admins = (at: string): string =>
  `select source, list_sort(list(coalesce(holder_email, holder_id))) from admins_as_of(timestamptz '${at}') group by source order by source`;

test('who administered, as of any instant', async () => {
  expect(await table(admins('2026-10-31T00:00:00Z'))).toEqual([]);
  const [ann, both] = [['ann@acme.test'], ['ann@acme.test', 'bob@acme.test']];
  expect(await table(admins('2026-11-05T00:00:00Z'))).toEqual([
    ['agents', ann],
    ['api', [...ann, 'key_old']],
    ['assistant', ann],
    ['chat', ann],
    ['editor', ann],
    ['hub', ann],
  ]);
  expect(await table(admins('2026-11-20T00:00:00Z'))).toEqual([
    ['agents', both],
    ['api', [...both, 'key_backup', 'key_old']],
    ['assistant', [...both, 'dee@acme.test']],
    ['chat', both],
    ['editor', both],
    ['hub', both],
  ]);
});

test('who is in a group holds what the group holds', async () => {
  expect(
    await table(`
      select holder_type, holder_id, role, group_name
      from access_as_of(timestamptz '2026-11-05') where source = 'chat' and role = 'Workspace Admin' order by 1`),
  ).toEqual([
    ['team', 'g1', 'Workspace Admin', null],
    ['user', 'user_cid', 'Workspace Admin', 'Platform'],
  ]);
});

test('a new address is one of an actor, whoever else came from it', async () => {
  expect(
    await table(`
      select source, ip_address, user_agent, first_seen_at, events
      from first_seen where actor_email = 'ann@acme.test' and source in ('assistant', 'editor') order by all`),
  ).toEqual([
    ['assistant', '192.0.2.10', 'Firefox', '2026-11-02T09:00:00.000Z', 1],
    ['assistant', '203.0.113.66', 'curl/8.6.0', '2026-11-11T20:00:00.000Z', 2],
    ['editor', '203.0.113.66', null, '2026-11-11T20:01:00.000Z', 4],
  ]);
});
