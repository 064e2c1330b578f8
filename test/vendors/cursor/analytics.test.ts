/** Analytics of people: pages that count people, with or without something of theirs. */
import { expect, test } from 'vitest';
import { keysOf, Opened } from './opened.ts';

test('many people are read once; twice where the answer does not name all of them', async () => {
  const opened = await Opened.make({ events: 0, users: 1_100, days: 3 });
  await opened.identify();
  const { vendor } = opened;
  const requestsOf = async (): Promise<[number, string[]]> => {
    const since = vendor.requests.length;
    const read = await opened.read('analytics-tabs-user', 2);
    return [vendor.requests.length - since, keysOf(read).toSorted()];
  };
  const [once, keys] = await requestsOf();
  expect(once).toBe(3);
  expect(keys.length).toBeGreaterThan(1_000);

  const own = vendor.answer.bind(vendor);
  vendor.answer = (call) => {
    const answer = own(call);
    if (!call.path.startsWith('/analytics/by-user/')) return answer;
    const { data, ...rest } = JSON.parse(String(answer.body)) as { data: Record<string, object[]> };
    const busy = Object.entries(data).filter(([, rows]) => rows.length > 0);
    return { ...answer, body: JSON.stringify({ data: Object.fromEntries(busy), ...rest }) };
  };
  expect(await requestsOf()).toEqual([6, keys]);
});
