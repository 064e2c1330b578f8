/** Whose accounts belong together, by what vendors say of them. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/load/database.ts';
import { jsonValue } from '../../src/load/query/json-values.ts';
import { createSchema } from '../../src/load/warehouse/schema.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { rowsOf, TABNINE, TestArchive } from './archive.ts';

let database: Database;
let seq = 0;

beforeAll(async () => {
  database = await openDatabase(':memory:', { spill: '/nowhere', threads: 1 });
  await createSchema(database.connection, transformOf(VENDORS));
});
afterAll(() => database.close());
beforeEach(() => database.connection.run('delete from internal.entity_versions'));

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
    ['a', 'email:team@acme.test', 'user', ['1', '2']],
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
