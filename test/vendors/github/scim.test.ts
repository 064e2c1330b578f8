/** Whom an identity provider provisions at GitHub: a further account of a person, also once it is suspended. */
import { expect, test } from 'vitest';
import { streamOf } from '../../harness.ts';
import { mapped } from './mappings/mapped.ts';
import { githubHome } from './support.ts';

const STREAMS = ['members', 'consumed-licenses', 'scim-users', 'organization-scim-users'];

test('pages may be short and without a total; who is suspended stays listed, and is tied to the other accounts', async () => {
  const { vendor, home, sync } = await githubHome();
  Object.assign(vendor.quirks, { scimPage: 4, scimTotals: false, suspended: 1 });
  const first = await sync(0, STREAMS);
  const { people } = vendor.company;
  expect(streamOf(first, 'scim-users')).toMatchObject({ new_records: people.length });
  const last = people.at(-1);
  const accounts = await home.query(
    `select account_type, status from person_accounts where person_id = '${last?.email}' order by all`,
  );
  expect(accounts).toEqual([
    { account_type: 'consumed_license', status: 'active' },
    { account_type: 'scim_user', status: 'suspended' },
    { account_type: 'scim_user', status: 'suspended' },
    { account_type: 'user', status: 'active' },
  ]);

  vendor.quirks.scimTotals = true;
  const second = await sync(0, STREAMS);
  const { new_records, changed_records, absent_records } = streamOf(second, 'scim-users');
  expect({ new_records, changed_records, absent_records }).toEqual({
    new_records: 0,
    changed_records: 0,
    absent_records: 0,
  });
});

test('an organization without SCIM has the streams unavailable, and nothing else', async () => {
  const { vendor, sync } = await githubHome();
  vendor.quirks.unavailable = { '/scim/v2/enterprises': '404', '/scim/v2/organizations': '403' };
  const run = await sync(0, STREAMS);
  expect(run.streams.map(({ outcome }) => outcome)).toEqual([
    'complete',
    'complete',
    'unavailable',
    'unavailable',
  ]);
});

test.each([
  [
    { userName: 'E77', externalId: '00u1', emails: [{ value: 'ann@acme.test' }], active: false },
    {
      name: 'E77',
      email: 'ann@acme.test',
      identities: ['scim:00u1', 'scim:E77', 'email:ann@acme.test'],
    },
  ],
  [
    { userName: 'ann@acme.test', emails: [], name: { givenName: 'Ann', familyName: 'Bee' } },
    { name: 'Ann Bee', email: 'ann@acme.test', identities: ['scim:ann@acme.test'] },
  ],
  [
    {
      displayName: 'Ann',
      emails: [{ value: 'a@acme.test' }, { value: 'b@acme.test', primary: true }],
    },
    { name: 'Ann', email: 'b@acme.test', identities: ['email:a@acme.test', 'email:b@acme.test'] },
  ],
  [{ active: true }, { name: null, email: null, identities: [] }],
])('who is known by what: %j', async (fields, expected) => {
  const [row] = await mapped('internal.entity_versions', 'scim-users', [
    { key: 'u1', record: JSON.stringify({ id: 'u1', ...fields }) },
  ]);
  expect(row).toMatchObject({ entity_type: 'scim_user', ...expected });
});
