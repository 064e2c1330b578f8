import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { fanOut } from '../../src/extract/fan-out.ts';
import type { Page } from '../../src/model.ts';

type Fault = ConstructorParameters<typeof VendorError>[0]['fault'];

function error(fault: Fault, status: number): VendorError {
  const text = { code: 'not-found', url: '/x', what: `status ${status}`, hint: 'none' };
  return new VendorError({ ...text, fault, status });
}

function page(item: number): Page {
  const note = { request: `/x/${item}`, status: 200, at: 0, bytes: 1, sha256: '', records: 0 };
  return { note, records: [], place: null };
}

/** Asks `members`, where true is found and false is not; what came, how much of it was asked, and how it ended. */
async function ask(
  members: readonly boolean[],
  fault = error('absent', 404),
  width = 4,
  more: { begun?: boolean; memberOf?: (item: number) => string } = {},
) {
  const came: string[] = [];
  const fractions: number[] = [];
  let asked = 0;
  let failure: unknown = null;
  let gone = 0;
  const onGone = (): void => {
    gone += 1;
  };
  const pages = fanOut([...members.keys()], { width, onGone, ...more }, (item) => {
    asked += 1;
    return members[item] === true ? Promise.resolve([page(item)]) : Promise.reject(fault);
  });
  try {
    for await (const { note, fraction } of pages) {
      came.push(note.request);
      fractions.push(fraction ?? -1);
    }
  } catch (caught) {
    failure = caught;
  }
  return { came, asked, failure, gone, fractions };
}

describe('the same of many', () => {
  test('those that are gone are left out, where others are found', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (rest, width) => {
          const members = [true, ...rest];
          const { came, failure, gone, fractions } = await ask(members, undefined, width);
          const found = [...members.keys()].filter((item) => members[item]);
          expect(came).toEqual(found.map((item) => `/x/${item}`));
          expect(failure).toBeNull();
          expect(gone).toBe(members.length - found.length);
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
    const result = await ask(members);
    expect(result.asked).toBe(asked);
    expect(result.failure !== null).toBe(fails);
  });

  test('whoever is left when others were found before may all be gone', async () => {
    const members: boolean[] = Array.from({ length: 100 }, () => false);
    const { asked, failure, gone } = await ask(members, undefined, 4, { begun: true });
    expect({ asked, failure, gone }).toEqual({ asked: 100, failure: null, gone: 100 });
  });

  test('a hundred questions about one who is gone are one stranger', async () => {
    const members: boolean[] = [...Array.from({ length: 100 }, () => false), true];
    const { came, failure, gone } = await ask(members, undefined, 4, {
      memberOf: (item) => (item < 100 ? 'gone' : 'there'),
    });
    expect({ came, failure, gone }).toEqual({ came: ['/x/100'], failure: null, gone: 1 });
  });

  test('twenty strangers in a row mean that the endpoint is not there', async () => {
    const members: boolean[] = Array.from({ length: 100 }, () => false);
    const { asked, failure } = await ask(members);
    expect(failure).toBeInstanceOf(VendorError);
    expect(asked).toBeLessThanOrEqual(20 + 4);
  });

  test.each([
    ['a web page', error('absent', 200)],
    ['a service that is not configured', error('absent', 500)],
    ['a refusal', error('forbidden', 403)],
    ['trouble', error('broken', 500)],
  ])('%s ends it at once, the first having gone alone', async (_what, fault) => {
    const members: boolean[] = Array.from({ length: 100 }, () => false);
    const { asked, failure } = await ask(members, fault);
    expect(failure).toBe(fault);
    expect(asked).toBe(1);
  });
});
