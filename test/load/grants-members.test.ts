/** Who comes and who goes gets and loses access, at each vendor whose log says so. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { happen, type Happened, type Vendor } from '../detections/vendor-events.ts';
import { rowsOf, TestArchive } from './archive.ts';

const CASES: Record<string, [Vendor, Omit<Happened, 'at' | 'who'> & { who?: string }, unknown[]]> =
  {
    'added with a role': [
      'devin',
      { action: 'add_member', data: { target_user_id: 'u1', roles: ['Org Admin'] } },
      ['granted', 'u1', 'Org Admin', true],
    ],
    'added to the enterprise': [
      'devin',
      { action: 'add_enterprise_member', data: { target_user_id: 'u2', roles: ['Member'] } },
      ['granted', 'u2', 'Member', false],
    ],
    'a service user that is made with a role': [
      'devin',
      { action: 'create_service_user', data: { service_user_id: 's1', roles: ['Org Admin'] } },
      ['granted', 's1', 'Org Admin', true],
    ],
    'deleted with what they had': [
      'devin',
      { action: 'delete_member', data: { target_user_id: 'u1', roles: ['Org Admin'] } },
      ['revoked', 'u1', 'Org Admin', true],
    ],
    'deleted without a word of it': [
      'devin',
      { action: 'delete_member', data: { target_user_id: 'u2' } },
      ['revoked', 'u2', null, null],
    ],
    'added without a role': [
      'github',
      { action: 'org.add_member', data: { user: 'u1', user_id: 11 } },
      ['granted', '11', null, null],
    ],
    'removed from an organization': [
      'github',
      { action: 'org.remove_member', data: { user: 'u1', user_id: 11 } },
      ['revoked', '11', null, null],
    ],
    'a role that somebody gives to themselves': [
      'github',
      {
        action: 'org.update_member',
        data: { user: 'me', user_id: 'id of me', permission: 'admin' },
        who: 'me',
      },
      ['granted', 'id of me', 'admin', true],
    ],
    'removed from a team': [
      'cursor',
      { action: 'remove_user', data: { email: 'u1@acme.test' } },
      ['revoked', 'u1@acme.test', null, null],
    ],
    'a user that is deleted': [
      'openai',
      { action: 'user.deleted', data: { id: 'u1' } },
      ['revoked', 'u1', null, null],
    ],
    'a member that is deleted': [
      'anthropic',
      { action: 'org_user_deleted', data: { user_id: 'u1' } },
      ['revoked', 'u1', null, null],
    ],
    'what changes a user and no role': [
      'openai',
      { action: 'user.updated', data: { id: 'u1', changes_requested: {} } },
      [],
    ],
  };

const whoOf = (n: number): string => Object.values(CASES)[n]?.[1].who ?? `${n}@acme.test`;

let archive: TestArchive;
const grants = new Map<string, unknown[]>();

beforeAll(async () => {
  archive = await TestArchive.open();
  for (const [n, [vendor, act]] of Object.values(CASES).entries()) {
    await happen(archive, vendor, [{ ...act, at: '2026-11-20T10:00:00Z', who: whoOf(n) }]);
  }
  const { path } = await archive.load();
  const sql =
    'select change, holder_id, role, is_admin, coalesce(actor_email, actor_name) as who from grants';
  for (const { who, ...row } of await rowsOf(path, sql))
    grants.set(JSON.stringify(who), Object.values(row));
});
afterAll(() => rm(archive.home, { recursive: true, force: true }));

test.for(Object.keys(CASES).map((name, n) => [name, n] as const))('%s', ([name, n]) => {
  expect(grants.get(JSON.stringify(whoOf(n))) ?? []).toEqual(CASES[name]?.[2]);
});
