import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { version } from '../../src/platform/version.ts';
import { serve, transportFor } from './server.ts';

const { signal } = new AbortController();
const TEXT = JSON.stringify({ items: Array.from({ length: 5_000 }, (_, id) => ({ id })) });
const GZIP = zlib.gzipSync(TEXT);

test('method, headers and body arrive; all headers of the answer come back, whatever their case', async () => {
  const url = await serve(async (request, response) => {
    const sent = await request.setEncoding('utf8').toArray();
    response.setHeader('LINK', ['<a>; rel="next"', '<b>; rel="last"']);
    response.writeHead(201, { 'X-Seen': `${request.method} ${request.url} ${sent.join('')}` });
    response.end(JSON.stringify(request.headers));
  });
  const { status, headers, body, at } = await transportFor().send({
    method: 'POST',
    url: new URL('/path?a=b', url),
    headers: { 'x-mine': 'yes' },
    body: '{"a":1}',
    signal,
  });
  expect(status).toBe(201);
  expect(headers.get('x-seen')).toBe('POST /path?a=b {"a":1}');
  expect(headers.get('link')).toBe('<a>; rel="next", <b>; rel="last"');
  expect(at).toBeLessThanOrEqual(Date.now());
  expect(JSON.parse(body.toString())).toMatchObject({
    'x-mine': 'yes',
    'user-agent': `auditlake/${version()}`,
    'accept-encoding': 'gzip, br',
  });
});

test('headers may be far larger than usual', async () => {
  const long = 'a'.repeat(100_000);
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'x-long': long, etag: 'W/"weak"' }).end('{}');
  });
  const { headers } = await transportFor().send({ method: 'GET', url, signal });
  expect([headers.get('x-long'), headers.get('etag')]).toEqual([long, 'W/"weak"']);
});

test('an interim answer is none', async () => {
  const url = await serve((_request, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' });
    response.writeEarlyHints({ link: '</b>; rel=preload' });
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(GZIP);
  });
  const { status, body } = await transportFor().send({ method: 'GET', url, signal });
  expect([status, body.toString()]).toEqual([200, TEXT]);
});

test('a stream can be sent', async () => {
  const url = await serve(async (request, response) => {
    response.end((await request.setEncoding('utf8').toArray()).join(''));
  });
  const body = Readable.from([Buffer.from('one, '), Buffer.from('two')]);
  const answer = await transportFor().send({ method: 'PUT', url, body, signal });
  expect(answer.body.toString()).toBe('one, two');
});

test('a redirect is not followed', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const answer = await transportFor().send({ method: 'GET', url, signal });
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toBe('/elsewhere');
  expect(requests).toBe(1);
});

describe('a packed body is unpacked', () => {
  test.each<[string, Buffer]>([
    ['gzip', GZIP],
    ['x-gzip', GZIP],
    ['GZIP', GZIP],
    ['br', zlib.brotliCompressSync(TEXT)],
    ['gzip, br', zlib.brotliCompressSync(GZIP)],
    ['identity', Buffer.from(TEXT)],
    ['identity, gzip', GZIP],
    ['gzip', Buffer.concat([zlib.gzipSync(TEXT.slice(0, 99)), zlib.gzipSync(TEXT.slice(99))])],
  ])('%s', async (coding, packed) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(packed);
    });
    const { body } = await transportFor().send({ method: 'GET', url, signal });
    expect(body.toString()).toBe(TEXT);
  });
});

describe('a body that cannot be unpacked', () => {
  const bad: [string, string, Buffer][] = [
    ['is not packed', 'gzip', Buffer.from('{"message":"Unauthorized"}')],
    ['is empty', 'gzip', Buffer.alloc(0)],
    ['is cut', 'gzip', GZIP.subarray(0, -100)],
    ['has something behind it', 'gzip', Buffer.concat([GZIP, Buffer.from('rubbish')])],
    ['is cut brotli', 'br', zlib.brotliCompressSync(TEXT).subarray(0, -20)],
    ['has a coding that was not asked for', 'deflate', zlib.deflateSync(TEXT)],
    ['has a coding that nobody knows', 'sdch', Buffer.from(TEXT)],
    ['has one among others', 'gzip, sdch', GZIP],
    ['has too many codings', 'gzip, gzip, gzip, gzip', GZIP],
  ];
  test.each(bad)('%s: a success is none', async (_what, coding, packed) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(packed);
    });
    await expect(transportFor().send({ method: 'GET', url, signal })).rejects.toMatchObject({
      name: 'HttpError',
      fault: 'undecodable',
      status: 200,
    });
  });

  test.each(bad)('%s: a refusal counts all the same', async (_what, coding, packed) => {
    const url = await serve((_request, response) => {
      response.writeHead(401, { 'content-encoding': coding, 'retry-after': '7' }).end(packed);
    });
    const { status, headers, body } = await transportFor().send({ method: 'GET', url, signal });
    expect([status, headers.get('retry-after'), body.length]).toEqual([401, '7', 0]);
  });
});

describe('a body that is too large', () => {
  const limits = { maxBytes: 100_000 };
  test.each<[string, Record<string, string>, Buffer]>([
    ['as it comes', {}, Buffer.alloc(200_000)],
    [
      'once it is unpacked',
      { 'content-encoding': 'gzip' },
      zlib.gzipSync(Buffer.alloc(50_000_000)),
    ],
    [
      'once it is unpacked twice',
      { 'content-encoding': 'gzip, gzip' },
      zlib.gzipSync(zlib.gzipSync(Buffer.alloc(50_000_000))),
    ],
  ])('%s', async (_what, headers, packed) => {
    const url = await serve((_request, response) => response.writeHead(200, headers).end(packed));
    const request = { method: 'GET', url, signal, limits };
    await expect(transportFor().send(request)).rejects.toMatchObject({ fault: 'too-large' });
  });
});

test('a body can be read while it comes', async () => {
  let end: (() => void) | undefined;
  const url = await serve((_request, response) => {
    response.write('first');
    end = () => response.end('last');
  });
  const { status, body } = await transportFor().stream({ method: 'GET', url, signal });
  expect(status).toBe(200);
  const pieces: string[] = [];
  for await (const piece of body) {
    pieces.push(piece.toString());
    end?.();
  }
  expect(pieces).toEqual(['first', 'last']);
});

test('a reader that takes its time is not held against the server', async () => {
  const url = await serve((_request, response) => response.end(Buffer.alloc(1_000_000)));
  const { body } = await transportFor().stream({
    method: 'GET',
    url,
    signal,
    limits: { lowestRate: { bytesPerSecond: 10_000_000, span: 100 } },
  });
  let bytes = 0;
  for await (const piece of body) {
    if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 200));
    bytes += piece.length;
  }
  expect(bytes).toBe(1_000_000);
});

test('a body that is left unread holds no connection', async () => {
  let isClosed: Promise<unknown> | undefined;
  const url = await serve((_request, response) => {
    isClosed = once(response, 'close');
    response.write('first');
  });
  const { body } = await transportFor().stream({ method: 'GET', url, signal });
  for await (const piece of body) if (piece.length > 0) break;
  expect(isClosed).toBeDefined();
  await isClosed;
});

describe('an answer that never ends', () => {
  const limits = { lowestRate: { bytesPerSecond: 100, span: 250 } };

  test('dripping, it is too slow', async () => {
    const url = await serve((_request, response) => drip(() => response.write(' '), response));
    await expect(transportFor().send({ method: 'GET', url, signal, limits })).rejects.toMatchObject(
      { fault: 'too-slow', status: 200 },
    );
  });

  test('silent after its beginning, it is too slow', async () => {
    const url = await serve((_request, response) => void response.write('{'));
    await expect(transportFor().send({ method: 'GET', url, signal, limits })).rejects.toMatchObject(
      { fault: 'too-slow' },
    );
  });

  test('dripping after a refusal, the refusal counts', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(401);
      drip(() => response.write(' '), response);
    });
    const answer = await transportFor().send({ method: 'GET', url, signal, limits });
    expect(answer).toMatchObject({ status: 401, body: Buffer.alloc(0) });
  });

  test('fast enough, its deadline comes', async () => {
    const url = await serve((_request, response) => {
      drip(() => response.write(Buffer.alloc(1_000)), response);
    });
    await expect(
      transportFor().send({ method: 'GET', url, signal, limits: { ...limits, deadline: 400 } }),
    ).rejects.toMatchObject({ fault: 'deadline' });
  });

  test('of interim answers, it is no answer', async () => {
    const url = await serve((request, response) => {
      drip(() => request.socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), response);
    });
    await expect(
      transportFor({ timeout: 300 }).send({ method: 'GET', url, signal }),
    ).rejects.toMatchObject({ fault: 'silent', status: null, message: 'no answer within 0.3 s' });
  });

  test('silent, it is no answer', async () => {
    const url = await serve(() => undefined);
    await expect(
      transportFor({ timeout: 200 }).send({ method: 'GET', url, signal }),
    ).rejects.toMatchObject({ fault: 'silent' });
  });

  test('it ends when it is aborted, with the reason of that', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const url = await serve((_request, response) => {
      response.write('{');
      setTimeout(() => controller.abort(reason), 20);
    });
    const request = { method: 'GET', url, signal: controller.signal };
    await expect(transportFor().send(request)).rejects.toBe(reason);
    // And nothing is sent after it.
    await expect(transportFor().send(request)).rejects.toBe(reason);
  });
});

test('a connection that breaks is a fault of the network', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    setTimeout(() => request.socket.destroy(), 20);
  });
  const transport = transportFor();
  await expect(transport.send({ method: 'GET', url, signal })).rejects.toMatchObject({
    fault: 'network',
    status: 200,
  });
  const closed = new URL('http://127.0.0.1:1/');
  await expect(transport.send({ method: 'GET', url: closed, signal })).rejects.toMatchObject({
    fault: 'network',
    status: null,
    message: expect.stringMatching(/ECONNREFUSED|bad port/),
  });
});

test('a header that would forge another is never sent', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    response.end();
  });
  const headers = { 'x-mine': 'yes\r\nx-forged: 1' };
  await expect(transportFor().send({ method: 'GET', url, headers, signal })).rejects.toThrow();
  expect(requests).toBe(0);
});

test('a proxy is asked with its password, and no message has it', async () => {
  const seen: string[] = [];
  const proxy = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      seen.push(bytes.toString());
      socket.end('HTTP/1.1 407 Sup3rS3cret\r\ncontent-length: 0\r\n\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const HTTPS_PROXY = `svc:Sup3rS3cret@127.0.0.1:${port}`;
  const transport = transportFor({ env: { HTTPS_PROXY } });
  const url = new URL('https://api.acme.test/');
  const error: unknown = await transport.send({ method: 'GET', url, signal }).catch((e) => e);
  expect(error).toMatchObject({ fault: 'network' });
  expect(String(error)).not.toContain('Sup3r');
  expect(seen[0]).toMatch(/^CONNECT api\.acme\.test:443/);
  expect(seen[0]).toContain(Buffer.from('svc:Sup3rS3cret').toString('base64'));
});

test('hosts in NO_PROXY are reached without one', async () => {
  const url = await serve((_request, response) => response.end('direct'));
  const transport = transportFor({
    env: { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '127.0.0.1' },
  });
  const { body } = await transport.send({ method: 'GET', url, signal });
  expect(body.toString()).toBe('direct');
});

/** Sends a little again and again until the other side hangs up. */
function drip(send: () => unknown, response: NodeJS.EventEmitter): void {
  const timer = setInterval(send, 50);
  response.on('close', () => clearInterval(timer));
}
