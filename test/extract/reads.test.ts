import { expect, test } from 'vitest';
import { type Read, readOf } from '../../src/extract/reads.ts';

const READS: Read[] = [
  { method: 'GET', path: '/v1/teams' },
  { method: 'GET', path: '/v1/teams/{id}/members' },
  { method: 'POST', path: '/v1/query' },
];

test.each<[string, string, boolean]>([
  ['GET', '/v1/teams', true],
  ['GET', '/v1/teams/42/members', true],
  ['GET', '/v1/teams/a%2Fb/members', true],
  ['GET', '/v1/teams/{id}/members', true],
  ['POST', '/v1/query', true],
  ['POST', '/v1/teams', false],
  ['GET', '/v1/query', false],
  ['DELETE', '/v1/teams', false],
  ['GET', '/v1/teams/', false],
  ['GET', '/v1/teams/42', false],
  ['GET', '/v1/teams//members', false],
  ['GET', '/v1/teams/42/43/members', false],
  ['GET', '/v1/teams/42/members/', false],
  ['GET', '/v1/TEAMS', false],
  ['GET', '/v2/v1/teams', false],
])('%s %s: %s', (method, path, expected) => {
  expect(readOf(READS, method, path) !== null).toBe(expected);
});
