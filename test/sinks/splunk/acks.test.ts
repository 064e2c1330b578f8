import { expect, test } from 'vitest';
import { Acks } from '../../../src/sinks/splunk/acks.ts';

const forever = new AbortController().signal;

test('all that is waited for is asked for in one question per channel', async () => {
  const asked: [string, readonly number[]][] = [];
  const acks = new Acks(
    async (channel, ids) => {
      asked.push([channel, ids]);
      return new Set(ids);
    },
    60_000,
    forever,
  );
  const all = [acks.wait('a', 0), acks.wait('a', 1), acks.wait('b', 0)];
  expect(await Promise.all(all)).toEqual([true, true, true]);
  expect(asked).toEqual([
    ['a', [0, 1]],
    ['b', [0]],
  ]);
});

test('asking goes on with what comes after a pause', async () => {
  const acks = new Acks(async (_channel, ids) => new Set(ids), 60_000, forever);
  expect(await acks.wait('a', 0)).toBe(true);
  expect(await acks.wait('a', 0)).toBe(true);
});

test('what is not acknowledged in time, or by a channel that is gone, is not', async () => {
  const late = new Acks(async () => new Set([7]), 10, forever);
  expect(await late.wait('a', 0)).toBe(false);
  const gone = new Acks(async () => null, 60_000, forever);
  expect(await gone.wait('a', 0)).toBe(false);
});

test('a number that comes twice is believed of neither batch', async () => {
  const acks = new Acks(async (_channel, ids) => new Set(ids), 60_000, forever);
  expect(await Promise.all([acks.wait('a', 3), acks.wait('a', 3)])).toEqual([false, false]);
});

test('what ends the asking ends all waiting', async () => {
  const refused = new Error('token disabled');
  const acks = new Acks(() => Promise.reject(refused), 60_000, forever);
  const ends = await Promise.allSettled([acks.wait('a', 0), acks.wait('a', 1)]);
  expect(ends.map((end) => end.status === 'rejected' && end.reason)).toEqual([refused, refused]);

  const stop = new AbortController();
  const stopped = new Acks(async () => new Set(), 60_000, stop.signal);
  const waiting = stopped.wait('a', 0);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
