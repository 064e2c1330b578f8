import { expect, test } from 'vitest';
import { nearest } from '../../src/platform/nearest.ts';

test.each([
  ['audit-log', 'audit-logs'],
  ['auditlogs', 'audit-logs'],
  ['user', 'users'],
  ['tems', 'teams'],
  ['teams', 'teams'],
  ['billing', null],
  ['', null],
])('%j is near to %j', (given, expected) => {
  expect(nearest(given, ['audit-logs', 'users', 'teams'])).toBe(expected);
});

test('without names there is none', () => {
  expect(nearest('users', [])).toBeNull();
});
