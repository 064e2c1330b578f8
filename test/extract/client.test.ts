/** The client of a source against a server on loopback. */
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { type ClientOptions, SourceClient } from '../../src/extract/client.ts';
import { diagnoseRefusal } from '../../src/extract/diagnosis.ts';
import { VENDOR_RETRY } from '../../src/http/retry.ts';
import { printable } from '../../src/platform/printable.ts';
import { type Serve, serve, transportFor } from '../http/server.ts';

const TOKEN = 'cog_0123456789abcdefXYZ';
const FAST = { ...VENDOR_RETRY, firstPause: 1, longestPause: 5 };

type Sent = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

/** A client and what it sent. */
async function clientOf(answer: Serve, more: Partial<ClientOptions> = {}) {
  const sent: Sent[] = [];
  const retries: string[] = [];
  const url = await serve(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    const { method = '', url: asked = '', headers } = request;
    sent.push({ method, url: asked, headers, body });
    return answer(request, response);
  });
  const client = new SourceClient({
    baseUrl: url.origin,
    token: TOKEN,
    concurrency: 2,
    transport: transportFor(),
    signal: new AbortController().signal,
    now: Date.now,
    diagnose: () => null,
    onRetry: ({ code }) => retries.push(code),
    reads: [
      { method: 'GET', path: '/{name}' },
      { method: 'POST', path: '/q' },
    ],
    retry: FAST,
    ...more,
  });
  return { client, sent, retries, url };
}

const json = (body: Buffer): object => JSON.parse(body.toString('utf8')) as object;

const failureOf = async (request: Promise<unknown>): Promise<VendorError> => {
  const error: unknown = await request.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof VendorError)) throw new Error(`no failure of a request: ${String(error)}`);
  return error;
};

const quoting = (_status: number, body: Buffer) => ({
  fault: 'rejected' as const,
  code: 'request-rejected',
  what: printable(body.toString('utf8')),
  hint: 'none',
});

const authorize = (token: string) => ({ 'x-api-key': token });

test('a GET, its note and its headers', async () => {
  const text = '{"items":[]}';
  const { client, sent } = await clientOf((_request, response) => {
    response.writeHead(200, { link: '</a?page=2>; rel="next"' }).end(text);
  });
  const got = await client.get('/a', { q: 'x' }, json);
  expect(got.value).toEqual({ items: [] });
  expect(got.headers.get('link')).toBe('</a?page=2>; rel="next"');
  expect(got.note).toMatchObject({
    request: '/a?q=x',
    status: 200,
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  expect(sent[0]?.headers).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    accept: 'application/json',
  });
});

test('a POST that reads: its body is part of the note, without the token', async () => {
  const { client, sent } = await clientOf((_request, response) => response.end('{}'));
  const body = JSON.stringify({ service_key: TOKEN, days: 7 });
  const { note } = await client.read({ method: 'POST', path: '/q', body }, json);
  expect(note.request).toBe('POST /q {"service_key":"[secret]","days":7}');
  expect(sent[0]).toMatchObject({ method: 'POST', body });
  expect(sent[0]?.headers['content-type']).toBe('application/json');
});

test('a token travels as the vendor wants it', async () => {
  const { client, sent } = await clientOf((_request, response) => response.end('{}'), {
    authorize,
  });
  await client.get('/a', {}, json);
  expect(sent[0]?.headers['x-api-key']).toBe(TOKEN);
  expect(sent[0]?.headers.authorization).toBeUndefined();
});

describe('what the declaration does not list is never sent', () => {
  test.each([
    { method: 'POST' as const, path: '/teams' },
    { path: '/teams/42' },
    { path: '/teams/../users' },
    { path: 'https://elsewhere.acme.test/teams' },
  ])('%j', async (ask) => {
    const { client, sent } = await clientOf((_request, response) => response.end('{}'), {
      reads: [{ method: 'GET', path: '/teams' }],
    });
    await expect(client.read(ask, json)).rejects.toThrow(/not among the reads|would leave/);
    await client.read({ path: '/teams' }, json);
    expect(sent.map(({ url }) => url)).toEqual(['/teams']);
  });
});

test('a file of another host is fetched without the token', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const files = await serve((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });
  const { client } = await clientOf((_request, response) => response.end('{}'));
  const path = new URL('/report?sig=1', files).href;
  const { note } = await client.read({ path, mayLeaveHost: true }, json);
  expect(note.request).toBe(new URL('/report', files).href);
  expect(seen[0]?.authorization).toBeUndefined();
});

test.each([
  [403, 'Signature tBv7yQ2kLm9x did not match'],
  [200, '<Error>tBv7yQ2kLm9x'],
  [302, ''],
])('the signature of a file stands in no error: %i', async (status, body) => {
  const files = await serve((_request, response) => {
    response.writeHead(status, { location: '/other?sig=tBv7yQ2kLm9x' });
    response.end(body);
  });
  const { client } = await clientOf((_request, response) => response.end('{}'), {
    diagnose: (code, text) =>
      diagnoseRefusal(code, text.toString('utf8'), { refused: '', forbidden: '', absent: '' }),
  });
  const path = new URL('/report?sig=tBv7yQ2kLm9x', files).href;
  const error: unknown = await client
    .read({ path, mayLeaveHost: true }, json)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  expect(inspect(error, { depth: 9 })).not.toContain('tBv7yQ2kLm9x');
});

test('a status that is an answer where the question says so', async () => {
  const { client } = await clientOf((_request, response) => response.writeHead(204).end());
  const ask = { path: '/a', accepts: [204] };
  const { value, note } = await client.read(ask, (body) => ({ bytes: body.length }));
  expect([value, note.status]).toEqual([{ bytes: 0 }, 204]);
  await expect(client.read({ path: '/a' }, json)).rejects.toThrow('status 204');
});

test('a byte order mark is not part of a JSON text, but of what was served', async () => {
  const text = '\ufeff{"a":1}';
  const { client } = await clientOf((_request, response) => response.end(text));
  const { value, note } = await client.get('/a', {}, json);
  expect(value).toEqual({ a: 1 });
  expect(note.bytes).toBe(Buffer.byteLength(text));
});

describe('what is worth a repeat', () => {
  test.each<[string, number, Record<string, string>, string, VendorError['fault'], number]>([
    ['a refused token is not', 401, {}, '', 'refused', 1],
    [
      'not even if its body cannot be unpacked',
      401,
      { 'content-encoding': 'gzip' },
      '',
      'refused',
      1,
    ],
    ['a missing permission is not', 403, {}, '', 'forbidden', 1],
    ['a 403 that asks for a pause is', 403, { 'retry-after': '0' }, '', 'limited', 2],
    ['a server’s trouble is', 500, {}, '', 'broken', 2],
    ['whatever it says of a quota', 502, { 'x-ratelimit-reset': '1800' }, '', 'broken', 2],
    ['a redirect is not', 302, { location: '/b' }, '', 'rejected', 1],
    ['a cut body is', 200, {}, '{"items":[', 'broken', 2],
    ['a limit without end is not', 429, { 'retry-after': '100000' }, '', 'limited', 1],
  ])('%s', async (_what, status, headers, body, fault, attempts) => {
    const { client, sent } = await clientOf(
      (_request, response) => {
        response.writeHead(status, headers).end(body);
      },
      { retry: { ...FAST, attempts: 2 } },
    );
    const failure = await failureOf(client.get('/a', {}, json));
    expect([failure.fault, sent.length]).toEqual([fault, attempts]);
  });

  test('an endpoint that is limited holds up no other', async () => {
    const stop = new AbortController();
    const events = new EventEmitter();
    const refused = once(events, 'retry');
    const { client } = await clientOf(
      (request, response) => {
        if (request.url === '/q') response.writeHead(429, { 'retry-after': '50' }).end();
        else response.end('{}');
      },
      {
        signal: stop.signal,
        onRetry: ({ code }, waitMs) => events.emit('retry', code, waitMs),
      },
    );
    let isOver = false;
    const limited = client.read({ method: 'POST', path: '/q' }, json).finally(() => {
      isOver = true;
    });
    expect(await refused).toEqual(['rate-limited', 50_000]);
    await client.get('/a', {}, json);
    await client.get('/b', {}, json);
    expect(isOver).toBe(false);
    stop.abort(new Error('no longer needed'));
    await expect(limited).rejects.toThrow('no longer needed');
  });

  test('an answer that a proxy has touched is one, and its note says so', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(203, { 'content-type': 'text/html' }).end('{"items":[]}');
    });
    const got = await client.get('/a', {}, json);
    expect([got.value, got.note.status]).toEqual([{ items: [] }, 203]);
  });

  test('a pause that is too long is named', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(429, { 'retry-after': '100000' }).end();
    });
    const { message } = await failureOf(client.get('/a', {}, json));
    expect(message).toMatch(
      /GET .*\/a: status 429 .*; it asks for a pause of 100000 s, until \d{4}-\d\d-\d\dT[\d:.]+Z$/,
    );
  });
});

describe('a secret that is echoed', () => {
  const LONG = 'x'.repeat(290);
  test.each([
    ['as it is', TOKEN],
    ['across the place where the text is cut', `${LONG}${TOKEN}`],
    ['as Basic', Buffer.from(`svc:${TOKEN}`).toString('base64')],
    [
      'across the cut, as Basic',
      `${LONG.slice(4)}${Buffer.from(`svc:${TOKEN}`).toString('base64')}`,
    ],
  ])('%s is in no message', async (_what, echo) => {
    const { client } = await clientOf((_request, response) => response.writeHead(400).end(echo), {
      diagnose: quoting,
    });
    const { message } = await failureOf(client.get('/a', {}, json));
    expect(message).toContain('[secret');
    expect(message).not.toMatch(/cog_|0123|Y29n|NvZ1/);
  });

  test.each([`not JSON ${TOKEN}`, `{"token":"${TOKEN}" oops}`])(
    'nor when %s was to be parsed',
    async (text) => {
      const { client } = await clientOf((_request, response) => response.end(text), {
        retry: { ...FAST, attempts: 1 },
      });
      const { message, cause } = await failureOf(client.get('/a', {}, json));
      expect(message).toMatch(/status 200, but the body is malformed/);
      expect(message + String(cause)).not.toMatch(/cog|0123|XYZ/);
    },
  );

  test('nor in a redirect’s address', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(302, { location: `/login?token=${TOKEN}` }).end();
    });
    const { message } = await failureOf(client.get('/a', {}, json));
    // Nor anything else that follows the path: it may be the signature of a file.
    expect(message).toContain('a redirect to "/login"');
    expect(message).not.toContain('token=');
  });
});

describe('a source without a success', () => {
  const retry = { ...FAST, attempts: 1_000, giveUpAfter: 300 };

  test('is given up while a request hangs, and nothing is sent after that', async () => {
    const { client, sent } = await clientOf(
      (request, response) => {
        if (request.url === '/broken') response.writeHead(500).end();
      },
      { retry },
    );
    const [hanging, broken] = await Promise.all([
      failureOf(client.get('/hangs', {}, json)),
      failureOf(client.get('/broken', {}, json)),
    ]);
    expect(broken.message).toMatch(/\/broken: status 500$/);
    expect(hanging.message).toMatch(
      /\/hangs: given up, since nothing of this source has succeeded for 0.3 s; lastly GET .*\/broken: status 500$/,
    );
    expect(hanging).toMatchObject({ fault: 'broken', code: 'vendor-error' });
    const before = sent.length;
    const later = await failureOf(client.get('/later', {}, json));
    expect(later.message).toMatch(/\/later: given up/);
    expect(sent.length).toBe(before);
  });

  test('is not given up as long as something succeeds', async () => {
    let failures = 0;
    const { client } = await clientOf(
      (request, response) => {
        const isBroken = request.url === '/broken' && failures < 40;
        if (isBroken) failures += 1;
        response.writeHead(isBroken ? 500 : 200).end('{}');
      },
      { retry: { ...retry, longestPause: 20 } },
    );
    const over = new AbortController();
    const broken = client.get('/broken', {}, json).finally(() => over.abort());
    while (!over.signal.aborted) await client.get('/well', {}, json);
    await expect(broken).resolves.toMatchObject({ value: {} });
  });
});

test('a stopped run ends with the reason it was stopped for', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const { client } = await clientOf(() => controller.abort(reason), { signal: controller.signal });
  await expect(client.get('/a', {}, json)).rejects.toBe(reason);
});

test('what is masked stands in neither note nor records, also in a packed body', async () => {
  const { client, sent } = await clientOf((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync('{"user":"u-17","n":1}'));
  });
  const mask = { of: 'u-17', by: 'anon-1' };
  const { value, note } = await client.get('/a', { user: 'u-17' }, json, mask);
  expect(value).toEqual({ user: 'anon-1', n: 1 });
  expect(note.request).toBe('/a?user=anon-1');
  expect(sent[0]?.url).toBe('/a?user=u-17');
});

test('a quota that is used up is waited for until the next period; a refusal before that is repeated soon', async () => {
  const period = 500;
  const served = new Map<number, number>();
  let refusals = 0;
  const { client, sent } = await clientOf(
    (_request, response) => {
      const place = Math.floor(Date.now() / period);
      const count = (served.get(place) ?? 0) + 1;
      served.set(place, count);
      // Once for no reason, and then beyond the quota.
      const isRefused = sent.length === 1 || count > 6;
      if (isRefused) refusals += 1;
      response.writeHead(isRefused ? 429 : 200).end('{}');
    },
    { quota: { requests: 6, period } },
  );
  const begun = Date.now();
  await client.get('/a', {}, json);
  expect(refusals).toBe(1);
  for (let n = 0; n < 14; n += 1) await client.get('/a', {}, json);
  expect(Date.now() - begun).toBeGreaterThan(period);
  // Without the pauses each of the requests that are too many would have been refused ten times.
  expect(refusals).toBeLessThan(10);
});
