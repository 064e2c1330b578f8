import { expect, test } from 'vitest';
import { asCalled } from '../../src/platform/suggested.ts';

test.each([
  ['run `auditlake sync`', {}, 'run `auditlake sync`'],
  ['run `auditlake sync`', { home: '/srv/a' }, 'run `auditlake sync --home /srv/a`'],
  [
    '`auditlake detect` lists them',
    { home: "it's" },
    "`auditlake detect --home 'it'\\''s'` lists them",
  ],
  [
    '`auditlake deliver siem --from-seq 4`, then `auditlake query "from findings"`',
    { config: 'a.yaml', home: 'b' },
    '`auditlake deliver siem --from-seq 4 --config a.yaml --home b`, then `auditlake query "from findings" --config a.yaml --home b`',
  ],
  ['`auditlake demo --home x` goes on', { home: 'y' }, '`auditlake demo --home x` goes on'],
  ['set A, or run `auditlake demo`', { home: '/data' }, 'set A, or run `auditlake demo`'],
  ['of `auditlake` and `duckdb -c x`', { home: 'b' }, 'of `auditlake` and `duckdb -c x`'],
] as const)('%s, called with %j', (text, named, expected) => {
  expect(asCalled(text, named)).toBe(expected);
});
