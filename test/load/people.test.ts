/** Whose accounts belong together, by what vendors say of them. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { jsonValue } from '../../src/load/query/json-values.ts';
import { holdPeople } from '../../src/load/warehouse/hold-directory.ts';
import { statePeople } from '../../src/load/warehouse/state-people.ts';
import { statedPeopleOf } from '../../src/platform/stated-people.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { emptyWarehouse } from './empty-warehouse.ts';
import { rowsOf, TABNINE, TestArchive } from './archive.ts';

let database: Awaited<ReturnType<typeof emptyWarehouse>>;
let seq = 0;

beforeAll(async () => {
  database = await emptyWarehouse(transformOf(VENDORS));
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.connection.run('delete from internal.entity_versions');
  await database.connection.run('delete from internal.stated_identities');
});

type Account = {
  source: string;
  id: string;
  vendor?: string;
  type?: string;
  email?: string;
  status?: string;
  identities?: string[];
  present?: boolean;
};

async function list(...accounts: Account[]): Promise<void> {
  for (const { source, id, vendor = source, type = 'user', present = true, ...more } of accounts) {
    seq += 1;
    const { email = null, status = null, identities = null } = more;
    await database.connection.run(
      `insert into internal.entity_versions by name
       select $source as source, $vendor as vendor, 'users' as stream, $type as entity_type, $id as entity_id,
         $id as name, $email as email, json_object('status', $status) as attributes,
         from_json($identities, '["VARCHAR"]') as identities,
         '2026-11-01'::timestamptz + to_days($seq::integer) as seen_at, $present as present, $seq::bigint as seq, 1 as n`,
      {
        source,
        vendor,
        type,
        id,
        email,
        status,
        present,
        seq,
        identities: identities && JSON.stringify(identities),
      },
    );
  }
}

async function rows(sql: string): Promise<unknown[]> {
  await holdPeople(database.connection);
  const reader = await database.connection.runAndReadAll(sql);
  return reader.getRows().map((row) => row.map((value) => jsonValue(value, null)));
}

const groups = (): Promise<unknown[]> =>
  rows(
    `select list_sort(list(source || '/' || user_id)) as accounts from person_accounts group by person_id order by accounts`,
  );

const cases: [string, Account[], string[][]][] = [
  ['nobody', [], []],
  [
    'an address in any spelling',
    [
      { source: 'a', id: '1', email: 'Ann@Acme.test ' },
      { source: 'b', id: '2', email: 'ann@acme.test' },
    ],
    [['a/1', 'b/2']],
  ],
  [
    'over an account between them, in whatever order they are sorted',
    [
      { source: 'b', id: '1', email: 'ann@acme.test', identities: ['saml:x-77'] },
      { source: 'c', id: '2', email: 'ann.new@acme.test', identities: ['scim:s-1'] },
      { source: 'a', id: '3', identities: ['saml:X-77', 'scim:s-1'] },
    ],
    [['a/3', 'b/1', 'c/2']],
  ],
  [
    'a SAML name that is an address',
    [
      { source: 'a', id: '1', identities: ['saml:ann@acme.test', 'login:ann'] },
      { source: 'b', id: '2', email: 'ann@acme.test' },
    ],
    [['a/1', 'b/2']],
  ],
  [
    'the same login at two vendors is two persons',
    [
      { source: 'a', id: '1', identities: ['login:ann'] },
      { source: 'b', id: '2', identities: ['login:ann'] },
    ],
    [['a/1'], ['b/2']],
  ],
  [
    'a login at two sources of one vendor is one',
    [
      { source: 'a', vendor: 'hub', id: '1', identities: ['login:ann'] },
      { source: 'b', vendor: 'hub', type: 'license', id: 'ann', identities: ['login:Ann'] },
    ],
    [['a/1', 'b/ann']],
  ],
  [
    'an address that two active accounts of a source share ties nobody',
    [
      { source: 'a', id: '1', email: 'team@acme.test' },
      { source: 'a', id: '2', email: 'team@acme.test' },
      { source: 'b', id: '3', email: 'team@acme.test' },
    ],
    [['a/1'], ['a/2'], ['b/3']],
  ],
  [
    'whom SCIM lists for an enterprise and for an organization is one, at every vendor',
    [
      { source: 'a', type: 'scim_user', id: 'e-1', email: 'ann@acme.test', identities: [] },
      { source: 'a', type: 'scim_user', id: 'o-1', email: 'ann@acme.test', identities: [] },
      { source: 'b', id: '2', email: 'ann@acme.test' },
    ],
    [['a/e-1', 'a/o-1', 'b/2']],
  ],
  [
    'whoever came back under another id is the same',
    [
      { source: 'a', id: '1', email: 'ann@acme.test', status: 'deactivated' },
      { source: 'a', id: '2', email: 'ann@acme.test' },
    ],
    [['a/1', 'a/2']],
  ],
  [
    'one that is no longer listed is known by what was last said of it',
    [
      { source: 'a', id: '1', email: 'ann@acme.test' },
      { source: 'a', id: '1', present: false },
      { source: 'b', id: '2', email: 'ann@acme.test' },
    ],
    [['a/1', 'b/2']],
  ],
  [
    'empty texts and unusual ones',
    [
      { source: 'a', id: '1', email: ' ', identities: ['saml:', 'login', ''] },
      { source: 'b', id: '2', email: '', identities: ['saml: '] },
      { source: 'c', id: '3', identities: ["login:'; drop table x"] },
    ],
    [['a/1'], ['b/2'], ['c/3']],
  ],
];

test.each(cases)('%s', async (_what, accounts, expected) => {
  await list(...accounts);
  expect((await groups()).flat()).toEqual(expected);
});

test('what is ambiguous is listed', async () => {
  await list(
    { source: 'a', id: '2', email: 'team@acme.test' },
    { source: 'a', id: '1', email: 'team@acme.test' },
  );
  expect(await rows('from ambiguous_identities')).toEqual([
    ['a', 'email:team@acme.test', 'user', ['1', '2'], 'two active accounts have it'],
  ]);
});

/** What a file says, as `person identity`. */
async function state(...said: string[]): Promise<void> {
  const identities = said.map((line) => {
    const [person_id = '', identity = ''] = line.split(' ');
    return { person_id, identity };
  });
  await statePeople(database.connection, statedPeopleOf(identities));
}

const persons = (): Promise<unknown[]> =>
  rows(
    `select person_id, list_sort(list(source || '/' || user_id)) as accounts from person_accounts group by all order by all`,
  );

const stated: [string, Account[], string[], unknown[][]][] = [
  [
    'identities that no vendor ties',
    [
      { source: 'a', id: '1', email: 'ann@acme.test' },
      { source: 'b', id: '2', identities: ['login:ann-x'] },
      { source: 'c', id: '3', identities: ['saml:a77'] },
    ],
    ['ann@acme.test email:ann@acme.test', 'ann@acme.test b:login:ann-x', 'ann@acme.test saml:a77'],
    [['ann@acme.test', ['a/1', 'b/2', 'c/3']]],
  ],
  [
    'an account by its name, and what is tied to it',
    [
      { source: 'a', id: '1', email: 'old@acme.test' },
      { source: 'b', id: '2', email: 'old@acme.test' },
      { source: 'b', id: '3', email: 'bob@acme.test' },
    ],
    ['Ann a/user/1'],
    [
      ['Ann', ['a/1', 'b/2']],
      ['bob@acme.test', ['b/3']],
    ],
  ],
  [
    'an address that two active accounts share, once it is said whose it is',
    [
      { source: 'a', id: '1', email: 'team@acme.test' },
      { source: 'a', id: '2', email: 'team@acme.test' },
      { source: 'b', id: '3', email: 'team@acme.test' },
    ],
    ['robot email:team@acme.test'],
    [['robot', ['a/1', 'a/2', 'b/3']]],
  ],
  [
    'two accounts that share an address and are of two people',
    [
      { source: 'a', id: '1', email: 'team@acme.test' },
      { source: 'b', id: '2', email: 'team@acme.test' },
      { source: 'c', id: '3', email: 'team@acme.test' },
    ],
    ['Ann a/user/1', 'Bob b/user/2'],
    [
      ['Ann', ['a/1']],
      ['Bob', ['b/2']],
      // The address is of both, and ties nobody.
      ['c/user/3', ['c/3']],
    ],
  ],
  [
    'the name of an account before what it is known by',
    [{ source: 'a', id: '1', email: 'ann@acme.test' }],
    ['Bob a/user/1', 'Ann email:ann@acme.test'],
    [['Bob', ['a/1']]],
  ],
  [
    'what no account has',
    [{ source: 'a', id: '1', email: 'ann@acme.test' }],
    ['Bob email:bob@acme.test', 'Bob b/user/9'],
    [['ann@acme.test', ['a/1']]],
  ],
];

test.each(stated)('the user says who is who: %s', async (_what, accounts, said, expected) => {
  await list(...accounts);
  await state(...said);
  expect(await persons()).toEqual(expected);
});

test('an account that may be of two people by what the user says stays apart, and is listed', async () => {
  await list(
    { source: 'a', id: '1', email: 'ann@acme.test', identities: ['scim:bob'] },
    { source: 'b', id: '2', email: 'ann@acme.test' },
  );
  await state('Ann email:ann@acme.test', 'Bob scim:bob');
  expect(await persons()).toEqual([
    ['Ann', ['b/2']],
    ['a/user/1', ['a/1']],
  ]);
  const reason = 'your file says that it is of several people';
  expect(await rows('from ambiguous_identities order by all')).toEqual([
    ['a', 'email:ann@acme.test', 'user', ['1'], reason],
    ['a', 'scim:bob', 'user', ['1'], reason],
  ]);
});

test('whoever is gone from one source and active at another is a row', async () => {
  await list(
    { source: 'a', id: '1', email: 'ann@acme.test', status: 'deactivated' },
    { source: 'b', id: '2', email: 'ann@acme.test' },
    { source: 'b', id: '3', email: 'bob@acme.test' },
    { source: 'c', id: '4', email: 'eve@acme.test' },
    { source: 'c', id: '4', present: false },
    // Came back at the same source: not gone from it.
    { source: 'd', id: '5', email: 'kim@acme.test', status: 'deactivated' },
    { source: 'd', id: '6', email: 'kim@acme.test' },
  );
  expect(await rows('select person_id, gone_from, active_in from leavers')).toEqual([
    ['ann@acme.test', ['a'], ['b']],
  ]);
  expect(
    await rows('select person_id, gone_from, active_in from people order by person_id'),
  ).toEqual([
    ['ann@acme.test', ['a'], ['b']],
    ['bob@acme.test', [], ['b']],
    ['eve@acme.test', ['c'], []],
    ['kim@acme.test', [], ['d']],
  ]);
});

test('six vendors with 2,000 people each are put together quickly', async () => {
  await database.connection.run(`
    insert into internal.entity_versions by name
    select 's' || v as source, 'v' || v as vendor, 'users' as stream, 'user' as entity_type, 'u' || p as entity_id,
      'P' as name, 'p' || p || '@acme.test' as email, json_object() as attributes, now() as seen_at, true as present,
      v * 10000 + p as seq, 1 as n
    from range(6) a(v), range(2000) b(p)`);
  expect(await rows('select count(*)::int, min(accounts)::int from people')).toEqual([[2000, 6]]);
});

test('a login, a license and an address make one person of the accounts at two vendors', async () => {
  const archive = await TestArchive.make();
  archive.account = { source: 'hub', vendor: 'github' };
  await archive.add('members', [{ key: '77', record: { id: 77, login: 'ann-x_acme' } }]);
  await archive.add('consumed-licenses', [
    {
      key: 'ann-x_acme',
      record: {
        github_com_login: 'Ann-X_acme',
        github_com_saml_name_id: 'ann@acme.test',
        github_com_verified_domain_emails: ['', 'ann.x@acme.test'],
      },
    },
  ]);
  archive.account = TABNINE;
  await archive.add('users', [{ key: 'u1', record: { id: 'u1', email: 'Ann.X@acme.test' } }], {
    context: { active: 'false' },
  });
  const { path } = await archive.load();
  expect(
    await rowsOf(path, 'select person_id, gone_from, active_in, accounts from people'),
  ).toEqual([
    { person_id: 'ann.x@acme.test', gone_from: ['acme'], active_in: ['hub'], accounts: 3 },
  ]);
});
