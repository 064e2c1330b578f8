/** What a vendor gets that only declares what its records mean: no view knows who it is. */
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { openDeliverables } from '../../src/load/deliver/deliverables.ts';
import { deliverableTable } from '../../src/load/tables.ts';
import { beginGeneration, type Published } from '../../src/load/warehouse/begin.ts';
import { START } from '../../src/sinks/port.ts';
import { OCSF } from '../../src/transform/ocsf.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { type Item, type Row, rowsOf, TestArchive } from './archive.ts';
import { nov } from './company.ts';
import { INVENTED } from './invented/vendor.ts';

let archive: TestArchive;
beforeEach(async () => {
  archive = await TestArchive.make();
  archive.account = { source: 'lab', vendor: 'invented' };
});

type Line = Record<string, unknown>;

async function load(lines: readonly Line[] = []): Promise<Published> {
  const ledger = join(archive.home, 'archive', 'ledger.ndjson');
  await writeFile(ledger, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const options = { ...archive.options, transform: transformOf([INVENTED]) };
  const generation = await beginGeneration(options, { fresh: true, published: null });
  try {
    await generation.apply(archive.batches);
    return await generation.publish({ files: [ledger], seq: Math.max(archive.seq, lines.length) });
  } finally {
    await generation.finish();
  }
}

async function table(published: Published, sql: string): Promise<unknown[][]> {
  return (await rowsOf(published.path, sql)).map((row: Row) => Object.values(row));
}

const at = (day: number): string => nov(day).replace('Z', '.000Z');

type Role = { name: string; in: string; id?: string; until?: string };

const person = (id: string, roles: Role[], more: object = {}): Item => ({
  key: id,
  record: { name: `${id} P.`, mail: `${id}@acme.test`, roles, ...more },
});

const ROOT: Role = { name: 'root', in: 'enterprise' };
const MAKER: Role = { name: 'maker', in: 'workspace', id: 'w1' };

const room = (members: string[], keepers: string[] = []): Item => ({
  key: 'r1',
  record: { name: 'Red room', members, keepers },
});

const ran = (day: number): Line => ({
  seq: 1,
  at: nov(day),
  kind: 'run',
  job: 'sync',
  run_id: 'run',
  started_at: nov(day),
  finished_at: nov(day),
  outcome: 'complete',
  streams: [],
});

const GRANTS = `
  select holder_type, holder_id, holder_name, holder_email, role, scope_type, scope_id, scope_name, since
  from access_grants order by all`;

const event = (id: string, day: number, who: string): Item => ({
  key: id,
  time: nov(day),
  record: { what: 'member.joined', who },
});

describe('access', () => {
  test('roles of people and services, anywhere, since when they are held', async () => {
    await archive.add('people', [person('ann', [ROOT, MAKER])], { at: nov(1) });
    await archive.add('people', [person('ann', [MAKER])], { at: nov(2) });
    await archive.add('people', [person('ann', [ROOT, MAKER])], { at: nov(3) });
    await archive.add('people', [person('bob', [MAKER], { left: 'true' })], { at: nov(3) });
    await archive.add('bots', [{ key: 'b1', record: { name: 'ci', role: 'root' } }], {
      at: nov(4),
    });
    const published = await load();
    const ann = ['user', 'ann', 'ann P.', 'ann@acme.test'];
    expect(await table(published, GRANTS)).toEqual([
      ['service_user', 'b1', 'ci', null, 'root', 'enterprise', null, null, at(4)],
      [...ann, 'maker', 'workspace', 'w1', null, at(1)],
      [...ann, 'root', 'enterprise', null, null, at(3)],
    ]);
    expect(await table(published, 'select user_id, role, status from users order by 1')).toEqual([
      ['ann', 'root', 'active'],
      ['bob', null, 'deactivated'],
    ]);
    // People alone.
    expect(await table(published, 'select * from admins')).toEqual([
      ['lab', 'ann', 'ann P.', 'ann@acme.test', 'active', at(3), ['user']],
    ]);
  });

  test('who administers is told whatever the status, by user name too, if it is of one person', async () => {
    await archive.add(
      'people',
      [
        person('ann', [ROOT]),
        person('bob', [ROOT], { left: 'true' }),
        person('cid', [], { name: 'twin' }),
        person('dee', [], { name: 'twin' }),
      ],
      { at: nov(1) },
    );
    await archive.add('rooms', [room([], ['ANN P.', 'twin', 'zoe'])], { at: nov(2) });
    const published = await load();
    expect(
      await table(
        published,
        'select user_id, name, status, since, known_from from admins order by name',
      ),
    ).toEqual([
      ['ann', 'ann P.', 'active', at(1), ['team', 'user']],
      ['bob', 'bob P.', 'deactivated', at(1), ['user']],
      [null, 'twin', null, at(2), ['team']],
      [null, 'zoe', null, at(2), ['team']],
    ]);
  });

  test('a role that ends by itself is held until then, measured by the last run', async () => {
    await archive.add('people', [person('ann', [{ ...MAKER, until: nov(10) }])], { at: nov(1) });
    const roles = 'select role from access_grants';
    expect(await table(await load(), roles)).toEqual([['maker']]);
    expect(await table(await load([ran(9)]), roles)).toEqual([['maker']]);
    expect(await table(await load([ran(10)]), roles)).toEqual([]);
  });

  test('members of teams hold a membership, and events have their team', async () => {
    await archive.add('people', [person('ann', [])], { at: nov(1) });
    await archive.add('rooms', [room(['ann', 'ghost'])], { at: nov(2) });
    await archive.add('rooms', [room(['ghost'])], { at: nov(6) });
    await archive.add('audit-logs', [event('e1', 3, 'ann'), event('e2', 7, 'ann')]);
    const published = await load();
    const red = ['member', 'team', 'r1', 'Red room'];
    expect(await table(published, GRANTS)).toEqual([['user', 'ghost', null, null, ...red, at(2)]]);
    expect(
      await table(
        published,
        'select event_id, actor_name, team_name, category, activity from audit_events order by 1',
      ),
    ).toEqual([
      ['e1', 'ann P.', 'Red room', 'account', 'create'],
      ['e2', 'ann P.', null, 'account', 'create'],
    ]);
  });
});

test.each(['service_user', 'api_key'])('what was done by a %s has its name', async (kind) => {
  await archive.add('bots', [{ key: 'b1', record: { name: 'ci', kind } }], { at: nov(1) });
  await archive.add('people', [person('ann', [])], { at: nov(1) });
  const by = (id: string, who: string): Item => ({
    key: id,
    time: nov(2),
    record: { what: 'member.joined', who, as: kind },
  });
  // One that is in no list of its kind may be in the list of people.
  await archive.add('audit-logs', [by('e1', 'b1'), by('e2', 'ann'), by('e3', 'nobody')]);
  expect(
    await table(await load(), 'select event_id, actor_name from audit_events order by 1'),
  ).toEqual([
    ['e1', 'ci'],
    ['e2', 'ann P.'],
    ['e3', null],
  ]);
});

const figure = (
  about: string,
  day: number,
  metric: string,
  value: number,
  more: object = {},
): Item => ({
  key: `${about}/${nov(day)}/${metric}/${JSON.stringify(more)}`,
  record: { about, day: nov(day), metric, value, ...more },
});

const batch = (window: object | null): Line => ({
  seq: 1,
  at: nov(20),
  kind: 'batch',
  source: 'lab',
  vendor: 'invented',
  stream: 'usage-people',
  cursor: { watermark: null, window, base: null },
});

const BY_PRODUCT = 'spend.by_product';

const prompts = (id: string, day: number, value: number): Item => figure(id, day, 'prompts', value);

async function addPrompts(items: Item[]): Promise<void> {
  await archive.add('people', [person('ann', []), person('bob', []), person('cid', [])]);
  await archive.add('usage-people', items, { context: { scope: 'user' } });
}

describe('usage', () => {
  test('costs of a person: each product, and the rest of the total', async () => {
    await archive.add('people', [person('ann', [])]);
    await archive.add(
      'usage-people',
      [
        figure('ann', 1, 'spend.total', 5),
        figure('ann', 1, BY_PRODUCT, 3, { product: 'ide' }),
        figure('ann', 2, 'spend.total', 2),
        // Neither of these is what was declared.
        figure('ann', 1, BY_PRODUCT, 9, { product: 'ide', model: 'm' }),
        figure('ann', 1, 'spend.forecast', 9),
      ],
      { context: { scope: 'user' } },
    );
    expect(
      await table(
        await load(),
        'select user_id, email, day::varchar, product, cost, unit from person_costs order by day, product',
      ),
    ).toEqual([
      ['ann', 'ann@acme.test', '2026-11-01', 'ide', 3, 'credits'],
      ['ann', 'ann@acme.test', '2026-11-01', null, 2, 'credits'],
      ['ann', 'ann@acme.test', '2026-11-02', null, 2, 'credits'],
    ]);
  });

  test('what no organization consumed', async () => {
    const ofProduct = { product: 'ide' };
    const account = [
      figure('all', 1, 'spend.total', 9),
      figure('all', 1, BY_PRODUCT, 4, ofProduct),
    ];
    await archive.add('usage-account', account, { context: { scope: 'enterprise' } });
    const groups = [figure('o1', 1, 'spend.total', 5), figure('o2', 1, 'spend.total', 3)];
    await archive.add('usage-groups', groups, { context: { scope: 'organization' } });
    expect(
      await table(
        await load(),
        'select tool, enterprise_acus, organization_acus, unattributed_acus from unattributed_consumption order by 1',
      ),
    ).toEqual([
      ['ide', 4, 0, 4],
      [null, 9, 8, 1],
    ]);
  });

  test('activity of teams, and models by what they were used for', async () => {
    await archive.add('rooms', [room([])], { at: nov(1) });
    const groups = [figure('r1', 3, 'heads', 4), figure('r1', 3, 'chats', 20)];
    await archive.add('usage-groups', groups, { context: { scope: 'team' } });
    const models = [
      figure('lab', 3, 'review.requests', 6, { model: 'large' }),
      figure('lab', 3, 'review.spend', 1.5, { model: 'large' }),
      figure('lab', 3, 'edit.requests', 2, { model: 'large' }),
      figure('lab', 3, 'edit.requests', 8),
    ];
    await archive.add('usage-models', models, { context: { scope: 'organization' } });
    const published = await load();
    expect(
      await table(
        published,
        'select team_name, day::varchar, active_users, chat_messages, completions from team_activity',
      ),
    ).toEqual([['Red room', '2026-11-03', 4, 20, null]]);
    expect(
      await table(
        published,
        'select dataset, activity, model, messages, tokens, cost from model_usage order by activity',
      ),
    ).toEqual([
      ['figures', 'edit', 'large', 2, null, null],
      ['figures', 'review', 'large', 6, null, 1.5],
    ]);
  });

  const UNUSED = 'select user_id, last_active_day::varchar from unused_accounts order by 1';

  test('accounts that were not used for 30 days', async () => {
    await addPrompts([
      prompts('ann', 20, 1),
      {
        key: 'old',
        record: { about: 'bob', day: '2026-10-16T00:00:00Z', metric: 'prompts', value: 7 },
      },
      prompts('bob', 20, 0),
      // Spending is not declared to be activity.
      figure('cid', 20, 'spend.total', 5),
    ]);
    expect(await table(await load(), UNUSED)).toEqual([
      ['bob', '2026-10-16'],
      ['cid', null],
    ]);
  });

  test('nobody is called unused while the reading is under way, or where figures are under pseudonyms', async () => {
    await addPrompts([prompts('ann', 20, 1)]);
    expect(await table(await load([batch(null)]), UNUSED)).toHaveLength(2);
    expect(
      await table(await load([batch({ from: 0, to: 1, place: 0, part: null })]), UNUSED),
    ).toEqual([]);

    archive.batches.pop();
    const pseudonym = `anon-${'0'.repeat(6)}-${'a'.repeat(32)}`;
    await archive.add('usage-people', [prompts(pseudonym, 20, 1)], { context: { scope: 'user' } });
    expect(await table(await load(), UNUSED)).toEqual([]);
  });

  test('seats of a license', async () => {
    await archive.add('people', [person('ann', [])]);
    const contract = { chairs: 4, room: 9, ends: '2027-01-01' };
    await archive.add('contract', [{ key: 'c', record: contract }]);
    expect(await table(await load(), 'select * from seats')).toEqual([
      ['lab', 4, 9, '2027-01-01T00:00:00.000Z', 1, 0.25],
    ]);
  });
});

test('a finding of a guardrail, in the tables and as OCSF, under the product that is declared', async () => {
  await archive.add('audit-logs', [
    {
      key: 'e1',
      time: nov(3),
      record: { what: 'agent.blocked', who: 'ann', run: 's1', why: { rule: 7 } },
    },
    { key: 'e2', time: nov(3), record: { what: 'unheard.of', who: 'ann' } },
  ]);
  const published = await load();
  expect(
    await table(published, 'select event_uid, session_id, details from guardrail_violations'),
  ).toEqual([['lab:e1', 's1', '{"rule":7}']]);
  const deliverables = await openDeliverables(published, OCSF, () => undefined);
  try {
    const events: unknown[] = [];
    for await (const rows of deliverables.rows(
      deliverableTable('audit_events'),
      'ocsf',
      START,
      9,
    )) {
      events.push(...rows.map(({ json }): unknown => JSON.parse(json)));
    }
    const product = { name: 'Coder', vendor_name: 'Invention Inc.' };
    expect(events).toMatchObject([
      {
        class_uid: 2004,
        metadata: { product, event_code: 'agent.blocked' },
        finding_info: { title: 'AI guardrail violation' },
      },
      { class_uid: 6003, metadata: { product, event_code: 'unheard.of' } },
    ]);
  } finally {
    await deliverables.close();
  }
});
