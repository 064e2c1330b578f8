/** Whoever is named in an event is found by it: in whatever field, by id or by address, of whatever vendor. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VENDORS } from '../../src/vendors/index.ts';
import { beginGeneration } from '../../src/load/warehouse/begin.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { DEVIN, type Item, type Row, rowsOf, TABNINE, TestArchive } from './archive.ts';
import { INVENTED } from './invented/vendor.ts';

const LAB = { source: 'lab', vendor: 'invented' };
const TIME = '2026-11-05T12:00:00Z';

const granted = (metadata: object, more: object = {}): object => ({
  eventType: 'role.assigned',
  timestamp: TIME,
  actor: { id: 'u-ann', type: 'user', email: 'ann@acme.test' },
  resource: { id: 'Admin', type: 'role', name: 'Admin' },
  metadata,
  ...more,
});

const assigned = (data: object): object => ({
  action: 'assign_roles',
  created_at: Date.parse(TIME) / 1000,
  user_id: 'email|ann',
  user_email: 'ann@acme.test',
  data,
});

type Parts = Record<string, string>;

/** By the account: a record, and who is in it as what. */
const EVENTS: [typeof TABNINE, string, object, Parts][] = [
  [TABNINE, 'the receiver of a role', granted({ userId: 'u-bob', newValue: 'Admin' }), {}],
  [TABNINE, 'an address', granted({ field: 'email', newValue: 'Bob@Acme.test' }), {}],
  [
    TABNINE,
    'one that no list has',
    granted({ invited: 'out@example.com' }),
    { 'out@example.com': 'named', 'bob@acme.test': '' },
  ],
  [TABNINE, 'a list in a list', granted({ changes: [{ who: ['u-eve', 'u-bob'] }] }), {}],
  [TABNINE, 'the older shape', granted({}, { valueChange: { owner: 'u-bob' } }), {}],
  [TABNINE, 'a field that nobody knew', granted({}, { onBehalfOf: { id: 'u-bob' } }), {}],
  [TABNINE, 'the name of a field', granted({ members: { 'bob@acme.test': 'Admin' } }), {}],
  [TABNINE, 'a sentence', granted({ note: 'asked by <bob@acme.test>, twice.' }), {}],
  [TABNINE, 'escaped', granted({ note: '"bob@acme.test"\n' }), {}],
  [TABNINE, 'a large record', granted({ userId: 'u-bob', all: 'x'.repeat(9000) }), {}],
  [TABNINE, 'oneself', granted({ userId: 'u-ann' }), { 'bob@acme.test': '' }],
  [
    TABNINE,
    'a repository and a count',
    granted({ repo: 'git@github.com:acme/x.git', size: 7, by: 'u-annabel' }),
    { 'bob@acme.test': '' },
  ],
  [
    TABNINE,
    'the target, and once more',
    granted(
      { userId: 'u-bob' },
      { resource: { id: 'u-bob', type: 'user', email: 'bob@acme.test' } },
    ),
    { 'bob@acme.test': 'target' },
  ],
  [
    DEVIN,
    'the receiver of a role',
    assigned({ target_user_id: 'email|bob', roles: ['org_admin'] }),
    { 'bob@acme.test': 'target' },
  ],
  [
    DEVIN,
    'the receiver of two roles',
    assigned({ target_user_id: 'email|bob', roles: ['org_admin', 'billing'] }),
    { 'bob@acme.test': 'target' },
  ],
  [
    DEVIN,
    'the receiver of no role that is named',
    assigned({ target_user_id: 'email|bob', roles: [] }),
    { 'bob@acme.test': 'target' },
  ],
  [DEVIN, 'behind a session', assigned({ session_id: 's1', reviewer_id: 'email|bob' }), {}],
  [DEVIN, 'an address', assigned({ role_id: 'r1', approver: { email: 'bob@acme.test' } }), {}],
  [
    LAB,
    'whatever a vendor calls it',
    { what: 'member.joined', who: 'ann', why: { sponsor: 'bob' } },
    {},
  ],
  [LAB, 'outside of details', { what: 'member.joined', who: 'ann', for: 'bob@acme.test' }, {}],
  [LAB, 'nobody', { what: 'member.joined', who: 'ann', why: 'bobby' }, { 'bob@acme.test': '' }],
];

let archive: TestArchive;
let path: string;

beforeAll(async () => {
  archive = await TestArchive.open();
  const at = { at: '2026-11-01T00:00:00Z' };
  archive.account = TABNINE;
  await archive.add(
    'users',
    ['ann', 'bob', 'eve'].map((name) => ({
      key: `u-${name}`,
      record: { id: `u-${name}`, username: name, email: `${name}@acme.test` },
    })),
    { ...at, context: { active: 'true' } },
  );
  // Nobody is called by a number that counts something.
  await archive.add('users', [{ key: '7', record: { id: '7', email: 'eve@acme.test' } }], {
    ...at,
    context: { active: 'false' },
  });
  archive.account = DEVIN;
  await archive.add(
    'users',
    ['ann', 'bob'].map((name) => ({
      key: `email|${name}`,
      record: {
        user_id: `email|${name}`,
        email: `${name}@acme.test`,
        role_assignments: [
          { role: { role_id: name === 'bob' ? 'account_admin' : 'r-7', role_name: 'R' } },
        ],
      },
    })),
    at,
  );
  archive.account = LAB;
  await archive.add(
    'people',
    ['ann', 'bob'].map((name) => ({
      key: name,
      record: { name, mail: `${name}@acme.test`, roles: [] },
    })),
    at,
  );
  for (const account of [TABNINE, DEVIN, LAB]) {
    archive.account = account;
    const items = EVENTS.flatMap(([of, , record], place): Item[] =>
      of === account ? [{ key: `e${place}`, time: TIME, record }] : [],
    );
    await archive.add('audit-logs', items);
  }
  const options = { ...archive.options, transform: transformOf([...VENDORS, INVENTED]) };
  const generation = await beginGeneration(options, { fresh: true, published: null });
  try {
    await generation.apply(archive.batches);
    ({ path } = await generation.publish({ files: [], seq: archive.seq }));
  } finally {
    await generation.finish();
  }
});
afterAll(() => rm(archive.home, { recursive: true, force: true }));

/** Each query is asked once for all events. */
const answers = new Map<string, Promise<Row[]>>();
function answer(sql: string): Promise<Row[]> {
  const known = answers.get(sql) ?? rowsOf(path, sql);
  answers.set(sql, known);
  return known;
}

test.each(EVENTS)('%o: %s', async (account, _what, record, more) => {
  const place = EVENTS.findIndex((each) => each[2] === record);
  const uid = `${account.source}:e${place}`;
  const expected = { 'ann@acme.test': 'actor', 'bob@acme.test': 'named', ...more };
  const all = (await answer('select event_uid, person_email, part from person_events')).filter(
    ({ event_uid }) => event_uid === uid,
  );
  const found = new Map(all.map(({ person_email, part }) => [person_email, part]));
  expect(found.size).toBe(all.length);
  for (const [email, part] of Object.entries(expected)) {
    expect(found.get(email) ?? '', email).toBe(part);
    // A timeline reads less, and finds the same.
    const own = await answer(`select event_uid, part from timeline('${email.toUpperCase()}')`);
    expect(
      own.filter(({ event_uid }) => event_uid === uid),
      `timeline of ${email}`,
    ).toEqual(part === '' ? [] : [{ event_uid: uid, part }]);
  }
  expect(found.has('git@github.com')).toBe(false);
});

test.each([
  ['', true],
  [`, since := '${TIME}'`, true],
  [`, since := '2026-11-05T12:00:01Z'`, false],
  [`, until := '${TIME}'`, false],
  [`, since := '2026-11-05', until := '2026-11-06'`, true],
])('a timeline ends where its bounds are: timeline(…%s)', async (bounds, isFound) => {
  const rows = await answer(`select event_uid, part from timeline('bob@acme.test'${bounds})`);
  const whole = await answer(`select event_uid, part from timeline('bob@acme.test')`);
  expect(whole).not.toEqual([]);
  expect(rows).toEqual(isFound ? whole : []);
});

test('an administrator is who holds a role that comes with every enterprise', async () => {
  const admins = await rowsOf(path, `select email from admins where source = 'agents'`);
  expect(admins).toEqual([{ email: 'bob@acme.test' }]);
});

test('grants have who was given which role, oneself included', async () => {
  const sql = 'select event_uid, actor_email as by_whom, holder_email as to_whom, role from grants';
  const rows = await rowsOf(path, `${sql} order by role`);
  const rowsAbout = (account: typeof TABNINE, what: string): Row[] => {
    const place = EVENTS.findIndex((each) => each[0] === account && each[1] === what);
    return rows.filter((row) => row['event_uid'] === `${account.source}:e${place}`);
  };
  const by = { by_whom: 'ann@acme.test' };
  const [bob, ann] = ['bob@acme.test', 'ann@acme.test'];
  expect(rowsAbout(TABNINE, 'the receiver of a role')).toMatchObject([
    { ...by, to_whom: bob, role: 'Admin' },
  ]);
  expect(rowsAbout(TABNINE, 'oneself')).toMatchObject([{ ...by, to_whom: ann, role: 'Admin' }]);
  expect(rowsAbout(DEVIN, 'the receiver of a role')).toMatchObject([
    { ...by, to_whom: bob, role: 'org_admin' },
  ]);
  expect(rowsAbout(DEVIN, 'the receiver of two roles')).toMatchObject([
    { ...by, to_whom: bob, role: 'billing' },
    { ...by, to_whom: bob, role: 'org_admin' },
  ]);
  expect(rowsAbout(DEVIN, 'the receiver of no role that is named')).toMatchObject([
    { ...by, to_whom: bob, role: null },
  ]);
});
