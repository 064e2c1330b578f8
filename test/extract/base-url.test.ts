import { expect, test } from 'vitest';
import { withoutVersion } from '../../src/extract/base-url.ts';
import type { Read } from '../../src/extract/reads.ts';

const reads: Read[] = [
  { method: 'GET', path: '/v1/organization/users' },
  { method: 'POST', path: '/teams/query' },
];

test.each([
  ['https://api.example.com', 'https://api.example.com'],
  ['https://api.example.com/v1', 'https://api.example.com'],
  ['https://proxy.example.com/vendor/v1/', 'https://proxy.example.com/vendor'],
  // Not the one that its paths begin with: it belongs to the address.
  ['https://api.example.com/v3', 'https://api.example.com/v3'],
  ['https://api.example.com/dev1', 'https://api.example.com/dev1'],
])('%s is taken for %s', (given, taken) => {
  expect(withoutVersion(given, reads)).toBe(taken);
});
