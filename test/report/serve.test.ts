import { request } from 'node:http';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';
import { parsePage, trespassesOf } from './parsed.ts';
import { freePort } from '../free-port.ts';

type Got = { status: number | undefined; body: string };

function get(port: number, how: { path?: string; method?: string; host?: string }): Promise<Got> {
  const { path = '/', method = 'GET', host = `127.0.0.1:${port}` } = how;
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', path, method, headers: { host } },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      },
    );
    asked.on('error', reject).end();
  });
}

/** Until it listens, a connection is refused. */
async function listening(port: number, ended: Promise<unknown>): Promise<Got> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (;;) {
    try {
      return await get(port, {});
    } catch (error) {
      if (isOver) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

test('a live report is for this machine alone, read-only, and built anew for every request', async () => {
  const sandbox = await sandboxFor({ events: 30, days: 2, users: 3, teams: 1 });
  const home = await homeFor(sandbox);
  await home.sync();
  const port = await freePort();
  const { stop, done } = home.begin(['report', '--serve', '--port', String(port)]);
  const { status, body } = await listening(port, done);
  expect(status).toBe(200);
  const { elements, errors } = parsePage(body);
  expect([errors, trespassesOf(elements)]).toEqual([[], []]);

  expect(await get(port, { path: '/archive' })).toMatchObject({ status: 404 });
  expect(await get(port, { method: 'POST' })).toMatchObject({ status: 405 });
  expect(await get(port, { host: 'rebound.example.com' })).toMatchObject({ status: 421 });
  expect(await get(port, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });

  stop();
  expect((await done).code).toBe(0);
});
