import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { fanOut } from '../../src/extract/fan-out.ts';
import { isPartEnd, type Page, type PartEnd, type Quirk } from '../../src/model.ts';

type Fault = ConstructorParameters<typeof VendorError>[0]['fault'];

function error(fault: Fault, status: number, code = 'not-found'): VendorError {
  return new VendorError({
    fault,
    status,
    code,
    url: '/x',
    what: `status ${status}`,
    hint: 'none',
  });
}

function page(item: number): Page {
  const note = { request: `/x/${item}`, status: 200, at: 0, bytes: 1, sha256: '', records: 0 };
  return { note, records: [], place: null };
}

type More = {
  resumed?: boolean;
  memberOf?: (item: number) => string;
  isDeleted?: (item: number) => Promise<boolean>;
};

/** Asks `members`, where true is found and an error is what comes instead; what came, in order, and how it ended. */
async function ask(members: readonly (true | VendorError)[], width = 4, more: More = {}) {
  const came: (string | PartEnd)[] = [];
  const fractions: number[] = [];
  const quirks: Quirk[] = [];
  let asked = 0;
  let failure: unknown = null;
  const options = {
    endpoint: '/x',
    width,
    quirk: (quirk: Quirk) => void quirks.push(quirk),
    ...more,
  };
  const items = fanOut([...members.keys()], options, (item) => {
    asked += 1;
    const answer = members[item];
    return answer === true ? Promise.resolve([page(item)]) : Promise.reject(answer);
  });
  try {
    for await (const item of items) {
      came.push(isPartEnd(item) ? item : item.note.request);
      if (!isPartEnd(item)) fractions.push(item.fraction ?? -1);
    }
  } catch (caught) {
    failure = caught;
  }
  const ends = came.filter((item) => typeof item !== 'string');
  const pages = came.filter((item) => typeof item === 'string');
  return { came, pages, ends, asked, failure, fractions, quirks };
}

const GONE = error('absent', 404);
const FORBIDDEN = error('forbidden', 403, 'forbidden');
const of = (kinds: readonly boolean[], fault = GONE) => kinds.map((is) => (is ? true : fault));
const many = (count: number, fault: VendorError) => Array.from({ length: count }, () => fault);

describe('the same of many', () => {
  test('those that are gone end their own part, where others are found', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (rest, width) => {
          const members = [true, ...rest];
          const { pages, ends, failure, fractions, quirks } = await ask(of(members), width);
          const found = [...members.keys()].filter((item) => members[item]);
          expect(pages).toEqual(found.map((item) => `/x/${item}`));
          expect(failure).toBeNull();
          expect(ends.map(({ part, ended }) => [part, ended])).toEqual(
            [...members.keys()].filter((item) => !members[item]).map((item) => [`${item}`, 'gone']),
          );
          expect(quirks.map(({ code }) => code)).toEqual(
            ends.length === 0 ? [] : ['listed-but-not-found'],
          );
          expect(fractions).toEqual(found.map((item) => (item + 1) / members.length));
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([
    ['nobody is asked', [], 0, false],
    ['the only one is gone', [false], 1, true],
    ['both are gone', [false, false], 2, true],
    ['two are gone, the third is there', [false, false, true], 3, false],
  ])('%s', async (_what, members, asked, fails) => {
    const result = await ask(of(members));
    expect(result.asked).toBe(asked);
    expect(result.failure !== null).toBe(fails);
  });

  test('whoever is left when others were found before may all be gone', async () => {
    const { asked, failure, ends } = await ask(many(100, GONE), 4, { resumed: true });
    expect({ asked, failure, ends: ends.length }).toEqual({ asked: 100, failure: null, ends: 100 });
  });

  test('a hundred questions about one who is gone say nothing about the endpoint', async () => {
    const { pages, failure, ends, quirks } = await ask([...many(100, GONE), true], 4, {
      memberOf: (item) => (item < 100 ? 'gone' : 'there'),
    });
    expect({ pages, failure, ends: ends.length, quirks: quirks.length }).toEqual({
      pages: ['/x/100'],
      failure: null,
      ends: 100,
      quirks: 1,
    });
  });

  test('twenty members in a row that are not found mean that the endpoint is not there', async () => {
    const { asked, failure } = await ask(many(100, GONE));
    expect(failure).toBeInstanceOf(VendorError);
    expect(asked).toBeLessThanOrEqual(20 + 4);
  });

  test.each([
    ['a web page', error('absent', 200, 'web-page')],
    ['a token that is refused', error('refused', 401)],
    ['a request that the API does not take', error('rejected', 405)],
    ['too many requests', error('limited', 429)],
    ['trouble', error('broken', 500)],
  ])('%s ends it at once, the first having gone alone', async (_what, fault) => {
    const { asked, failure } = await ask(many(100, fault));
    expect(failure).toBe(fault);
    expect(asked).toBe(1);
  });
});

describe('a member that is refused', () => {
  test.each([
    ['400', error('rejected', 400, 'request-rejected')],
    ['403', FORBIDDEN],
    ['422', error('rejected', 422, 'request-rejected')],
    ['not configured', error('absent', 500, 'indexing-not-configured')],
  ])('%s ends its own part, with the reason', async (_what, fault) => {
    const { came, failure, quirks } = await ask([fault, true, fault, true]);
    const { code, message } = fault;
    // Others are answered: it is nothing to report.
    const hint = fault.fault === 'rejected' ? expect.stringContaining('ask it why') : fault.hint;
    const end = { ended: 'unavailable', reason: { code, message, hint } };
    expect(came).toEqual([{ part: '0', ...end }, '/x/1', { part: '2', ...end }, '/x/3']);
    expect({ failure, quirks }).toEqual({ failure: null, quirks: [] });
  });

  test('if all are, that is the end of the stream: the refusal, not one who was deleted, says why', async () => {
    const { came, failure } = await ask([GONE, FORBIDDEN, FORBIDDEN]);
    expect({ came, failure }).toEqual({ came: [], failure: FORBIDDEN });
  });

  test('twenty without an answer end the stream, also where an earlier run was answered', async () => {
    for (const resumed of [false, true]) {
      const { came, asked, failure } = await ask(many(100, FORBIDDEN), 4, { resumed });
      expect({ came, failure }).toEqual({ came: [], failure: FORBIDDEN });
      expect(asked).toBeLessThanOrEqual(20 + 4);
    }
  });

  test('any number may be, once one was answered', async () => {
    const { ends, failure } = await ask([true, ...many(60, FORBIDDEN)]);
    expect({ ends: ends.length, failure }).toEqual({ ends: 60, failure: null });
  });

  test('the last ones of an interrupted window may all be', async () => {
    const { ends, failure } = await ask(many(3, FORBIDDEN), 4, { resumed: true });
    expect({ ends: ends.length, failure }).toEqual({ ends: 3, failure: null });
  });

  test('is gone if it is no longer listed', async () => {
    const { ends, quirks } = await ask([true, FORBIDDEN, FORBIDDEN], 4, {
      isDeleted: (item) => Promise.resolve(item === 2),
    });
    expect(ends.map(({ part, ended }) => [part, ended])).toEqual([
      ['1', 'unavailable'],
      ['2', 'gone'],
    ]);
    expect(quirks).toEqual([]);
  });
});
