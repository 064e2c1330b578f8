import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ACTIONS,
  COLUMNS,
  HOSTILE,
  NOTHING,
  ODD,
  ROW,
  TARGETS,
  TRANSFORM,
  type AuditRow,
} from './ocsf-rows.ts';
import { emptyWarehouse } from '../load/empty-warehouse.ts';
import { isLong } from '../long.ts';
import { problemsOf } from './ocsf-validator.ts';

const SQL = readFileSync(new URL('../../src/transform/ocsf.sql', import.meta.url), 'utf8');

type Ocsf = { seq: string; n: string; event_uid: string | null; json: string };

let connection: DuckDBConnection;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ connection, close } = await emptyWarehouse(TRANSFORM));
});

afterAll(() => close());

async function eventsOf(rows: readonly AuditRow[]): Promise<Ocsf[]> {
  await connection.run(
    `create or replace temp table rows as
    select * replace (details::json as details, raw::json as raw)
    from (select unnest(from_json($rows, $columns), recursive := true))`,
    { rows: JSON.stringify(rows), columns: COLUMNS },
  );
  const result = await connection.runAndReadAll(SQL);
  return result.getRowObjectsJson() as Ocsf[];
}

async function eventOf(row: AuditRow): Promise<Record<string, unknown>> {
  const [event] = await eventsOf([row]);
  return JSON.parse(event?.json ?? 'null') as Record<string, unknown>;
}

describe('every event is valid', () => {
  test.each([
    ['as it comes', ROW],
    ['with nothing else known', NOTHING],
    ['with hostile text', { ...HOSTILE, details: null, raw: '{}' }],
  ])('each action %s', async (_what, row) => {
    const targets = [{}, ...TARGETS];
    // Every target comes with some of the actions; in the long tests with all of them.
    const rows = ACTIONS.flatMap((action, i) =>
      (isLong ? targets : [targets[i % targets.length]]).map((target) => ({
        ...row,
        ...action,
        ...target,
      })),
    );
    await expectValid(rows);
  });

  test('odd actors, addresses, details and times', async () => {
    const categories = new Map(ACTIONS.map((one) => [`${one.category} ${one.activity}`, one]));
    const rows = [...categories.values()].flatMap((action) =>
      ODD.map((odd) => ({ ...ROW, ...action, ...odd })),
    );
    await expectValid(rows);
  });
});

async function expectValid(rows: readonly AuditRow[]): Promise<void> {
  const numbered = rows.map((row, i) => ({ ...row, seq: 1 + Math.floor(i / 10), n: i % 10 }));
  const events = await eventsOf(numbered);
  const keys = events.map(({ seq, n }) => Number(seq) * 10 + Number(n));
  expect(keys.toSorted((a, b) => a - b)).toEqual(numbered.map(({ seq, n }) => seq * 10 + n));
  for (const { json } of events) {
    expect(json).not.toContain('\n');
    expect(problemsOf(JSON.parse(json) as Record<string, unknown>), json).toEqual([]);
  }
}

describe('the class and the activity', () => {
  const cases: [string, string, string | null, number, string][] = [
    // category, activity, target type, type_uid, activity name
    ['authentication', 'login', null, 300201, 'Logon'],
    ['authentication', 'logout', null, 300202, 'Logoff'],
    ['authentication', 'other', null, 300299, 'other'],
    ['account', 'create', 'user', 300101, 'Create'],
    ['account', 'enable', 'user', 300102, 'Enable'],
    ['account', 'disable', 'user', 300105, 'Disable'],
    ['account', 'delete', 'service_user', 300106, 'Delete'],
    ['account', 'update', 'user', 300199, 'update'],
    ['access', 'grant', 'user', 300501, 'Assign Privileges'],
    ['access', 'revoke', 'service_user', 300502, 'Revoke Privileges'],
    ['access', 'grant', 'git_permission', 300499, 'grant'],
    ['access', 'create', 'role', 300401, 'Create'],
    ['access', 'update', 'user', 300403, 'Update'],
    ['group', 'grant', 'user', 300603, 'Add User'],
    ['group', 'revoke', 'user', 300604, 'Remove User'],
    ['group', 'grant', 'idp_group', 300601, 'Assign Privileges'],
    ['group', 'revoke', 'idp_group', 300602, 'Revoke Privileges'],
    ['group', 'delete', 'team', 300605, 'Delete'],
    ['group', 'create', 'team', 300606, 'Create'],
    ['group', 'update', 'team', 300699, 'update'],
    ['credential', 'create', 'api_key', 300401, 'Create'],
    ['credential', 'read', 'api_key', 300402, 'Read'],
    ['credential', 'revoke', 'api_key', 300499, 'revoke'],
    ['configuration', 'update', 'setting', 300403, 'Update'],
    ['configuration', 'enable', 'mcp_server', 300408, 'Enable'],
    ['configuration', 'disable', 'mcp_server', 300409, 'Disable'],
    ['configuration', 'execute', null, 300499, 'execute'],
    ['content', 'delete', 'playbook', 300404, 'Delete'],
    ['policy', 'update', null, 300403, 'Update'],
    ['agent_session', 'create', 'session', 600301, 'Create'],
    ['agent_session', 'update', 'session', 600303, 'Update'],
    ['agent_session', 'execute', 'session', 600399, 'execute'],
    ['data_access', 'read', null, 600302, 'Read'],
    ['other', 'other', null, 600399, 'other'],
    ['unheard of', 'undo', null, 600399, 'undo'],
  ];
  // In one query: each is a plan of its own.
  let events: Map<number, string>;
  beforeAll(async () => {
    const rows = cases.map(([category, activity, target], n) => {
      const about = target === null ? {} : { target_type: target, target_id: 'target-1' };
      return { ...ROW, action: 'x', category, activity, ...about, n };
    });
    events = new Map((await eventsOf(rows)).map(({ n, json }) => [Number(n), json]));
  });
  test.each(cases.map((one, n) => [...one, n] as const))(
    '%s %s of %s is %i',
    (_category, _activity, _target, typeUid, name, n) => {
      const event: unknown = JSON.parse(events.get(n) ?? 'null');
      expect(event).toMatchObject({ type_uid: typeUid, activity_name: name });
    },
  );

  test('a guardrail violation is a finding', async () => {
    const about = { action: 'ai_guardrail_violation', category: 'policy', activity: 'other' };
    const event = await eventOf({ ...ROW, ...about, target_type: 'session', target_id: 's-1' });
    expect(event).toMatchObject({
      type_uid: 200401,
      severity_id: 3,
      finding_info: { uid: 'devin:1' },
      resources: [{ uid: 's-1', type: 'session', role_id: 1 }],
      evidences: [{ actor: { user: { uid: 'user-1' } }, src_endpoint: { ip: '192.0.2.7' } }],
    });
  });
});

describe('what an event says', () => {
  test('of an event in full', async () => {
    const event = await eventOf(ROW);
    expect(event).toMatchObject({
      time: Date.parse('2026-03-01T12:00:00.123Z'),
      severity_id: 1,
      message: 'M. O’Brien login',
      metadata: {
        version: '1.8.0',
        product: { name: 'Devin', vendor_name: 'Cognition' },
        uid: 'devin:1',
        original_event_uid: '1',
        event_code: 'login',
        correlation_uid: 'request-1',
        tenant_uid: 'org-1',
        original_time: '2026-03-01T12:00:00.123456Z',
        logged_time: Date.parse('2026-03-01T12:05:00Z'),
      },
      user: { uid: 'user-1', name: "m.o'brien@acme.test", full_name: 'M. O’Brien', type_id: 1 },
      src_endpoint: { ip: '192.0.2.7' },
      http_request: { user_agent: 'Mozilla/5.0' },
      unmapped: { source: 'devin', seq: 7, revision: 1, team_name: 'Core', time_basis: 'event' },
    });
    expect(event['actor']).toEqual({ user: event['user'] });
    // No vendor says whether an action succeeded.
    expect(event).not.toHaveProperty('status_id');
  });

  test('of the raw record is its text, digit for digit', async () => {
    expect(await eventOf(ROW)).toMatchObject({ raw_data: ROW['raw'] });
  });

  test.each([
    [{ occurred_at: null }, '2026-03-01T12:05:00Z', 'first_seen_at'],
    [{ occurred_at: 'infinity' }, '2026-03-01T12:05:00Z', 'first_seen_at'],
    [{ occurred_at: null, first_seen_at: null }, '1970-01-01T00:00:00Z', 'none'],
  ])('of the time with %j', async (times, time, basis) => {
    const event = await eventOf({ ...ROW, ...times });
    expect(event).toMatchObject({ time: Date.parse(time), unmapped: { time_basis: basis } });
    expect(event).not.toHaveProperty('metadata.original_time');
  });

  test.each([
    ['{"roles":["admin","billing"]}', ['admin', 'billing']],
    ['{"role_name":"admin"}', ['admin']],
    ['{"field":"role"}', ['unknown']],
    [null, ['unknown']],
  ])('of privileges with %s', async (details, privileges) => {
    const about = { category: 'access', activity: 'grant', target_type: 'user', target_id: 'u-2' };
    const event = await eventOf({ ...ROW, ...about, details });
    expect(event).toMatchObject({
      privileges,
      user: { uid: 'u-2' },
      actor: { user: { uid: 'user-1' } },
    });
  });

  test.each<[AuditRow, object]>([
    [
      { target_type: 'team', target_id: 't-1', target_name: 'Core' },
      { uid: 't-1', name: 'Core' },
    ],
    [{ details: '{"idp_group_name":"eng"}' }, { name: 'eng' }],
    [{ details: '{"field":"team","newValue":"Core"}' }, { name: 'Core' }],
    [{ details: '{"valueChange":{"field":"team","oldValue":"Core"}}' }, { name: 'Core' }],
    [{ details: null }, { name: 'unknown' }],
  ])('of a group with %j', async (about, group) => {
    const event = await eventOf({ ...ROW, category: 'group', activity: 'grant', ...about });
    expect(event).toMatchObject({ group });
  });

  test.each<[AuditRow, object]>([
    [
      { target_type: 'secret', target_id: 's-1' },
      { uid: 's-1', type_id: 99, type: 'secret' },
    ],
    [
      { target_type: 'idp_group', target_id: 'eng' },
      { uid: 'eng', type_id: 3, type: 'Group' },
    ],
    [{}, { uid: 'org-1', type_id: 4, type: 'Organization' }],
    [{ organization_id: null }, { name: 'devin', type_id: 4, type: 'Organization' }],
  ])('of an entity with %j', async (about, entity) => {
    const event = await eventOf({ ...ROW, category: 'credential', activity: 'delete', ...about });
    expect(event).toMatchObject({ entity });
  });

  test.each([
    ['2001:db8::1', { ip: '2001:db8::1' }],
    ['::ffff:192.0.2.1', { ip: '::ffff:192.0.2.1' }],
    ['192.0.2.1, 198.51.100.2', { name: '192.0.2.1, 198.51.100.2' }],
    [null, { name: 'unknown' }],
  ])('of the address %s', async (address, endpoint) => {
    const about = { category: 'data_access', activity: 'read', ip_address: address };
    expect(await eventOf({ ...ROW, ...about })).toMatchObject({ src_endpoint: endpoint });
  });
});

describe('the validator finds', () => {
  let valid: Record<string, unknown>;
  beforeAll(async () => {
    valid = await eventOf({ ...ROW, category: 'data_access', activity: 'read' });
  });
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an attribute that is missing', { api: undefined }, /^api: is missing/],
    ['one that is missing deep inside', { api: {} }, /^api\.operation: is missing/],
    ['one that the class does not know', { group: { uid: '1' } }, /^group: is not known/],
    ['one that the object does not know', { api: { operation: 'x', y: 1 } }, /^api\.y: is not/],
    ['text for a number', { time: '1' }, /^time: is no integer/],
    ['a fraction for an integer', { time: 1.5 }, /^time: is no integer/],
    ['null', { message: null }, /^message: is no string/],
    ['one for many', { resources: { uid: '1' } }, /^resources: is no array/],
    ['text for an object', { actor: 'me' }, /^actor: is no object/],
    ['an id that is not in the list', { severity_id: 7 }, /^severity_id: 7 is not/],
    ['a name that is not the id’s', { severity: 'High' }, /^severity: is not Informational/],
    ['another type', { type_uid: 600301 }, /^type_uid: is not 600302/],
    ['another category', { category_uid: 3 }, /^category_uid: is not 6/],
    ['another class', { class_uid: 9999 }, /^class_uid: 9999 is not known/],
    ['another version', { metadata: { version: '1.0.0' } }, /^metadata\.version: is not 1\.8\.0/],
    ['an address that is none', { src_endpoint: { ip: '999.1.1.1' } }, /^src_endpoint\.ip: has/],
    ['none of several', { src_endpoint: {} }, /^src_endpoint\.: has none of/],
    [
      'Other without a word',
      { activity_id: 99, activity_name: undefined },
      /^activity_name: is mis/,
    ],
    [
      'an object that is not in the extract',
      { enrichments: [{}] },
      /^enrichments\[0\]: enrichment is not in/,
    ],
  ])('%s', (_what, change, problem) => {
    expect(problemsOf(valid)).toEqual([]);
    const broken = JSON.parse(JSON.stringify({ ...valid, ...change })) as Record<string, unknown>;
    expect(problemsOf(broken)).toContainEqual(expect.stringMatching(problem));
  });
});
