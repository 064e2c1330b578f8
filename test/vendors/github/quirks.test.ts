/** How GitHub may differ from its documents, met by the readers over real HTTP. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { VendorError } from '../../../src/errors.ts';
import { VENDOR_RETRY } from '../../../src/http/retry.ts';
import { isPartEnd, type Page, type PartEnd } from '../../../src/model.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { Quirks } from '../../../src/vendors/github/sandbox/quirks.ts';
import { GithubVendor } from '../../../src/vendors/github/sandbox/vendor.ts';
import { github } from '../../../src/vendors/github/vendor.ts';
import { DAY, HOUR, NOW } from './support.ts';
import { PLAIN_ACCOUNT } from '../account.ts';

const BOTH = { enterprise: 'acme', organization: 'acme-eng' };

/** An account at a sandbox with quirks; reads one stream of the last `days`. */
async function opened(quirks: Partial<Quirks>, options: object = BOTH, events = 0) {
  const vendor = new GithubVendor({
    events,
    days: 6,
    users: 6,
    teams: 2,
    until: NOW - HOUR,
    now: () => NOW,
  });
  Object.assign(vendor.quirks, quirks);
  const served = await startSandbox({ vendors: { github: vendor } });
  const { url, token } = served.vendors.github;
  const reader = github.open({
    ...PLAIN_ACCOUNT,
    source: 'hub',
    baseUrl: url,
    token,
    options: github.options.parse(options),
    timeout: 2_000,
    signal: new AbortController().signal,
    now: () => NOW,
    retry: { ...VENDOR_RETRY, firstPause: 0, giveUpAfter: 500 },
  });
  onTestFinished(async () => {
    await reader.close();
    await served.close();
  });
  const read = async (name: string, days = 7) => {
    const stream = reader.streams.find((one) => one.name === name);
    if (stream === undefined) throw new Error(`there is no stream ${name}`);
    const from = NOW - 12 * HOUR - days * DAY;
    const window = { from, to: NOW + 12 * HOUR, place: from, part: null };
    const [pages, ends]: [Page[], PartEnd[]] = [[], []];
    for await (const item of stream.read(stream.kind === 'snapshot' ? null : window)) {
      if (isPartEnd(item)) ends.push(item);
      else pages.push(item);
    }
    const keys = pages.flatMap(({ records }) => records.map(({ key }) => key));
    return { pages, ends, keys: [...new Set(keys)].toSorted() };
  };
  const codes = (): string[] => reader.observed().quirks.map(({ code }) => code);
  return { vendor, reader, read, codes };
}

describe('the log', () => {
  test.each<[string, Partial<Quirks>, string[]]>([
    [
      'whose links have the question mangled',
      { mangledLinks: true, pageCap: 20 },
      ['link-mangled'],
    ],
    ['that ignores the order', { orderIgnored: true, pageCap: 20 }, ['order-ignored']],
    ['whose bounds are exclusive', { boundsExclusive: true, pageCap: 20 }, []],
    ['whose links are dropped on the way', { noLinks: true }, ['link-missing']],
  ])('%s has every event', async (_what, quirks, met) => {
    const { vendor, read, codes } = await opened(quirks, BOTH, 500);
    const { keys } = await read('audit-logs');
    const web = vendor.events.all().filter(({ action }) => !action.startsWith('git.'));
    expect(keys).toEqual(web.map((event) => event['_document_id']).toSorted());
    expect(codes()).toEqual(met);
  });
});

describe('a report', () => {
  test.each<[string, Partial<Quirks>]>([
    ['as lines', {}],
    ['as a list', { reportShape: 'array' }],
    ['as one object', { reportShape: 'object', shards: 1 }],
    ['in many files', { shards: 7 }],
    ['whose links have run out once', { expiredLinks: 1 }],
  ])('%s is read', async (_what, quirks) => {
    const plain = await (await opened({})).read('copilot-usage-users');
    const other = await (await opened(quirks)).read('copilot-usage-users');
    expect(other.keys).toEqual(plain.keys);
    expect(other.keys.length).toBeGreaterThan(20);
    const total = await (await opened(quirks)).read('copilot-usage');
    expect(total.keys).toHaveLength(7);
  });

  test.each(['404', '204', 'empty'] as const)(
    'that is not ready (%s) is awaited',
    async (notReady) => {
      const { read } = await opened({ notReady, reportAfter: 30 * HOUR });
      const { ends, pages } = await read('copilot-usage');
      const yesterday = '2026-06-14';
      expect(ends).toMatchObject([
        { part: yesterday, ended: 'awaited', from: Date.parse(yesterday) },
      ]);
      expect(pages.flatMap(({ part }) => part ?? [])).toHaveLength(6);
    },
  );

  test('of a day without use says so for good: the day is read and empty', async () => {
    const { vendor, read } = await opened({});
    const own = vendor.answer.bind(vendor);
    vendor.answer = (call) =>
      call.query['day'] === '2026-06-09'
        ? { status: 204, type: 'text/plain', body: '' }
        : own(call);
    const { ends, pages } = await read('copilot-usage');
    expect(ends).toEqual([]);
    const [page] = pages.filter(({ part }) => part === '2026-06-09');
    expect(page).toMatchObject({ note: { status: 204 }, records: [] });
  });

  test('of nobody, since the policy is off, makes the stream unavailable', async () => {
    const { read } = await opened({ metricsPolicyOff: true });
    await expect(read('copilot-usage')).rejects.toMatchObject({ fault: 'absent', status: 404 });
  });

  test('has one person in several files: what differs is kept, and what is the same is one', async () => {
    const { vendor, read, codes } = await opened({ shards: 1 });
    const own = vendor.answer.bind(vendor);
    vendor.answer = (call) => {
      const answer = own(call);
      if (!call.path.includes('/users-')) return answer;
      const [first = ''] = String(answer.body).split('\n');
      if (!call.path.startsWith('/report-files/')) return answer;
      const row = JSON.parse(first) as object;
      return {
        ...answer,
        body: [first, first, JSON.stringify({ ...row, loc_added_sum: 1 })].join('\n'),
      };
    };
    const { keys } = await read('copilot-usage-users', 1);
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(`${keys[0]}~1`);
    expect(codes()).toEqual(['rows-in-several-files']);
  });
});

describe('what a token may not see', () => {
  test('single sign-on is named as the remedy', async () => {
    const { read } = await opened({ ssoRequired: true });
    await expect(read('members')).rejects.toMatchObject({
      code: 'sso-required',
      fault: 'forbidden',
    });
    expect((await read('copilot-seats')).keys.length).toBeGreaterThan(0);
  });

  test('a 403 may be a limit: it says until when, and is no lack of a permission', async () => {
    const { read } = await opened({ hourlyLimit: 0 });
    const error: unknown = await read('audit-logs').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VendorError);
    expect(error).toMatchObject({ fault: 'limited', retryAfter: HOUR });
  });

  test('the bill of an organization of an enterprise is the enterprise’s', async () => {
    const { read } = await opened({ organizationBilling: false }, { organization: 'acme-eng' });
    await expect(read('ai-credits')).rejects.toMatchObject({ fault: 'absent' });
  });

  test('an organization alone has no stream of an enterprise', async () => {
    const { reader, read } = await opened({}, { organization: 'acme-eng' });
    const names = reader.streams.map(({ name }) => name);
    expect(names).toContain('members');
    expect(names).not.toContain('consumed-licenses');
    expect((await read('copilot-usage', 2)).keys).toHaveLength(2);
  });
});

test('a seat without a person, and one person by two ways, are seats of their own', async () => {
  const { vendor, read } = await opened({});
  expect((await read('copilot-seats')).keys).toHaveLength(vendor.seats.length);
});

test.each<[string, unknown]>([
  ['no text', { toString: 1 }],
  ['no URL', 'https://['],
  ['of another scheme', 'file:///etc/hostname'],
])('a link to a report that is %s makes a malformed answer', async (_, link) => {
  const { vendor, read } = await opened({});
  const answer = vendor.answer.bind(vendor);
  vendor.answer = (call) => {
    const own = answer(call);
    if (!String(own.body).includes('download_links')) return own;
    return { ...own, body: JSON.stringify({ download_links: [link] }) };
  };
  await expect(read('copilot-usage', 2)).rejects.toMatchObject({
    name: 'VendorError',
    message: expect.stringContaining('is no address of the web') as string,
  });
});
