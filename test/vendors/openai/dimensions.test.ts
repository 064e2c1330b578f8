import { expect, test } from 'vitest';
import { VendorError } from '../../../src/errors.ts';
import type { Query } from '../../../src/extract/client.ts';
import { type Bucket, Dimensions } from '../../../src/vendors/openai/dimensions.ts';

const bucket = (...results: object[]): Bucket => ({
  bytes: Buffer.from('{}'),
  results: results.map((result) => Buffer.from(JSON.stringify(result))),
});

const SPLIT = bucket({ project_id: 'p', user_id: null, n: 1 });
const UNSPLIT = bucket({ project_id: null, user_id: null, n: 1 });
const EMPTY = bucket();

const refusal = new VendorError({
  fault: 'rejected',
  code: 'request-rejected',
  url: '/usage',
  status: 400,
  what: 'status 400',
  hint: '',
});

type Said = Bucket | VendorError;

/** Asks so often, of an endpoint that says this to either form. */
async function ask(plain: Said, brackets: Said, times = 1) {
  const quirks: string[] = [];
  const asked: string[] = [];
  const split = new Dimensions('/usage', ['project_id', 'user_id'], ({ code }) => {
    quirks.push(code);
  });
  const answer = async (query: Query) => {
    const form = 'group_by' in query ? 'plain' : 'brackets';
    asked.push(form);
    const said = form === 'plain' ? plain : brackets;
    if (said instanceof VendorError) throw said;
    return { value: { buckets: [said] } };
  };
  let last: Bucket | undefined;
  for (let n = 0; n < times; n += 1) last = (await split.ask(answer)).value.buckets[0];
  return { last, asked: asked.join(' '), quirks };
}

test.each<[string, Said, Said, Bucket, string, string[]]>([
  ['both forms', SPLIT, SPLIT, SPLIT, 'plain plain', []],
  ['names alone', SPLIT, refusal, SPLIT, 'plain plain', []],
  [
    'brackets, and ignores the other',
    UNSPLIT,
    SPLIT,
    SPLIT,
    'plain brackets brackets',
    ['list-form'],
  ],
  [
    'brackets, and refuses the other',
    refusal,
    SPLIT,
    SPLIT,
    'plain brackets brackets',
    ['list-form'],
  ],
  // Nothing was used, or nothing of it is anybody's.
  ['nothing to be seen', EMPTY, EMPTY, EMPTY, 'plain plain', []],
  ['neither', UNSPLIT, UNSPLIT, UNSPLIT, 'plain brackets plain brackets', []],
])('an endpoint that takes %s', async (_what, plain, brackets, last, asked, quirks) => {
  expect(await ask(plain, brackets, 2)).toEqual({ last, asked, quirks });
});

test('a request that is refused in either form is refused', async () => {
  await expect(ask(refusal, refusal)).rejects.toBe(refusal);
});
