import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { SourceClient } from '../../src/extract/client.ts';
import { linkPages, nextLink } from '../../src/extract/paging/link.ts';
import { readRow } from '../../src/extract/record.ts';
import { sliceList } from '../../src/extract/slice/json.ts';
import { openTransport } from '../../src/http/transport.ts';

const FROM = new URL('https://api.acme.test/v1/log?first=2');

describe('the next page by the Link header', () => {
  test.each([
    ['none', '', null],
    ['others only', '<https://api.acme.test/v1/log?p=1>; rel="prev"', null],
    ['one', '<https://api.acme.test/v1/log?p=3>; rel="next"', 'https://api.acme.test/v1/log?p=3'],
    [
      'among others',
      '<https://api.acme.test/a?x=1,2>; rel=prev, <https://api.acme.test/b>; rel=next',
      'https://api.acme.test/b',
    ],
    ['relative', '</v1/log?after=x>; rel="next"', 'https://api.acme.test/v1/log?after=x'],
    ['a query alone', '<?after=x>; rel="next"', 'https://api.acme.test/v1/log?after=x'],
    ['several relations', '<https://api.acme.test/b>;rel="last NEXT"', 'https://api.acme.test/b'],
    ['whatever case', '<https://api.acme.test/b>; REL="Next"', 'https://api.acme.test/b'],
    [
      'behind a parameter with separators in it',
      '<https://api.acme.test/b>; title="a, \\"b\\"; rel=prev"; rel="next"',
      'https://api.acme.test/b',
    ],
    ['the first of two relations counts', '<https://api.acme.test/b>; rel=prev; rel=next', null],
    ['a relation that only begins like it', '<https://api.acme.test/b>; rel="next-archive"', null],
  ])('%s', (_what, header, next) => {
    expect(nextLink(header, FROM)).toBe(next);
  });

  test.each([
    ['another host', 'https://evil.test/v1/log'],
    ['another port', 'https://api.acme.test:8443/v1/log'],
    ['an unencrypted address', 'http://api.acme.test/v1/log'],
    ['another host without a scheme', '//evil.test/v1/log'],
    ['no address', 'https://[/'],
  ])('%s is not followed', (_what, target) => {
    expect(() => nextLink(`<${target}>; rel="next"`, FROM)).toThrow(VendorError);
  });
});

const parse = (body: Buffer) => ({
  records: sliceList(body, []).records.map((bytes) => readRow(bytes, { id: ['id'], time: [] })),
});

test('a list is followed link by link, below the base URL and by declared requests only', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? '0');
    const next = page === 1 ? '/api/other/log?page=2' : `?page=${page + 1}`;
    if (page < 2) response.setHeader('link', `<${next}>; rel="next"`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ id: `e${page}` }]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = openTransport({
    connections: 1,
    timeout: 1000,
    caFile: undefined,
    env: {},
    now: Date.now,
  });
  onTestFinished(async () => {
    await transport.close();
    server.close();
  });
  const client = (reads: string[]): SourceClient =>
    new SourceClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
      token: 'token',
      concurrency: 1,
      transport,
      signal: new AbortController().signal,
      now: Date.now,
      diagnose: () => null,
      onRetry: () => undefined,
      reads: reads.map((path) => ({ method: 'GET', path })),
    });
  const read = async (reads: string[]): Promise<unknown[]> => {
    const ids: unknown[] = [];
    for await (const page of linkPages(
      client(reads),
      { path: '/log', query: { page: '0' } },
      parse,
    )) {
      ids.push(...page.rows.map(({ id }) => id), page.isLast);
    }
    return ids;
  };
  expect(await read(['/log', '/other/log'])).toEqual(['e0', false, 'e1', false, 'e2', true]);
  expect(asked).toEqual(['/api/log?page=0', '/api/log?page=1', '/api/other/log?page=2']);
  await expect(read(['/log'])).rejects.toThrow('not among the reads');
});
