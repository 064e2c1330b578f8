import { expect, test } from 'vitest';
import { loadTransform } from '../../src/transform/transform.ts';

const CATEGORIES =
  'authentication account access group credential configuration content agent_session data_access policy other'.split(
    ' ',
  );
const ACTIVITIES =
  'create read update delete grant revoke enable disable login logout execute other'.split(' ');

/** The event types that the vendor names. */
const TABNINE = [
  'team_member.added',
  'team_member.removed',
  'team_member.updated',
  'role.assigned',
  'role.revoked',
];

const rows = loadTransform()
  .vocabulary.trim()
  .split('\n')
  .map((line) => line.split(','));

test('the vocabulary uses the allowed words only, and each action once', () => {
  const [header, ...actions] = rows;
  expect(header).toEqual(['vendor', 'action', 'category', 'activity']);
  for (const [, , category = '', activity = ''] of actions) {
    expect(CATEGORIES).toContain(category);
    expect(ACTIVITIES).toContain(activity);
  }
  const names = actions.map(([vendor, action]) => `${vendor}/${action}`);
  expect(new Set(names).size).toBe(names.length);
});

test.each(TABNINE)('%s is in the vocabulary', (action) => {
  expect(rows.map((row) => row.slice(0, 2))).toContainEqual(['tabnine', action]);
});

test('the version is that of the content', () => {
  expect(loadTransform().version).toMatch(/^[0-9a-f]{64}$/);
  expect(loadTransform().version).toBe(loadTransform().version);
});

test('each stream has one mapping', () => {
  const streams = loadTransform().mappings.map(({ vendor, stream }) => `${vendor}/${stream}`);
  expect(new Set(streams).size).toBe(streams.length);
});
