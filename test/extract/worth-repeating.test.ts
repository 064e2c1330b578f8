import { expect, test } from 'vitest';
import { VendorError, type VendorFault } from '../../src/errors.ts';
import { retryHintOf } from '../../src/extract/worth-repeating.ts';

const failure = (fault: VendorFault, code: string, retryAfter: number | null): VendorError =>
  new VendorError({
    fault,
    code,
    url: 'https://api.acme.test/a',
    status: null,
    what: 'it failed',
    hint: 'none',
    retryAfter,
  });

test.each<[string, Error, number, boolean, number | null | 'never']>([
  ['trouble', failure('broken', 'vendor-error', null), 0, true, null],
  ['trouble that names a pause', failure('broken', 'vendor-error', 3_000), 0, true, 3_000],
  ['a limit', failure('limited', 'rate-limited', 1_000), 0, true, 1_000],
  ['a refused token', failure('refused', 'token-refused', null), 0, true, 'never'],
  ['a missing permission', failure('forbidden', 'forbidden', 1_000), 0, true, 'never'],
  ['a source that does not hold still', failure('unstable', 'tie', null), 0, true, 'never'],
  ['a page, once', failure('absent', 'web-page', null), 1, true, null],
  ['a page that stays', failure('absent', 'web-page', null), 4, true, 'never'],
  ['a page where nothing else answers', failure('absent', 'web-page', null), 9, false, null],
  ['a defect', new Error('x is not a function'), 0, true, 'never'],
])('%s', (_what, error, webPages, answersJson, retryAfter) => {
  expect(retryHintOf(error, webPages, answersJson)).toBe(retryAfter);
});
