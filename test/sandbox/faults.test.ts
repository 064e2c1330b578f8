import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from './start.ts';
import { AUDIT_LOGS, get } from '../vendors/tabnine/sandbox/client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 200 });
});
afterEach(() => sandbox.close());

/** A request that gives up soon, since some faults never end by themselves. */
async function fetchSoon(path = AUDIT_LOGS): Promise<Response> {
  const headers = { authorization: `Bearer ${sandbox.token}` };
  return fetch(sandbox.url + path, { headers, signal: AbortSignal.timeout(150) });
}

async function statuses(count: number, path = AUDIT_LOGS): Promise<number[]> {
  const seen: number[] = [];
  for (let place = 0; place < count; place++) seen.push((await get(sandbox, path)).status);
  return seen;
}

describe('one fault, then all is well', () => {
  const answers: [FaultKind, number, string][] = [
    ['429', 429, 'application/json; charset=utf-8'],
    ['429-retry-after', 429, 'application/json; charset=utf-8'],
    ['429-retry-after-date', 429, 'application/json; charset=utf-8'],
    ['500', 500, 'application/json; charset=utf-8'],
    ['html-502', 502, 'text/html; charset=utf-8'],
    ['html-200', 200, 'text/html; charset=utf-8'],
    ['json-cut', 200, 'application/json; charset=utf-8'],
  ];
  test.each(answers)('%s', async (kind, status, type) => {
    sandbox.tabnine.faults.next.push(kind);
    const spoiled = await get(sandbox, AUDIT_LOGS);
    expect([spoiled.status, spoiled.headers.get('content-type')]).toEqual([status, type]);
    const good = await get(sandbox, AUDIT_LOGS);
    expect(JSON.parse(good.text)).toMatchObject({ limit: 50 });
    expect(sandbox.tabnine.requests).toMatchObject([
      { fault: kind, status },
      { status: 200, served: 50 },
    ]);
  });

  test('json-cut is JSON without its end', async () => {
    sandbox.tabnine.faults.next.push('json-cut');
    const { text } = await get(sandbox, AUDIT_LOGS);
    expect(text.startsWith('{"items":[{')).toBe(true);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test('the error has the unified body', async () => {
    sandbox.tabnine.faults.next.push('500');
    const { text } = await get(sandbox, AUDIT_LOGS);
    expect(Object.keys(JSON.parse(text))).toEqual(['error', 'message', 'status', 'requestId']);
  });

  test('Retry-After as seconds, as a date, or not at all', async () => {
    sandbox.tabnine.faults.next.push('429', '429-retry-after', '429-retry-after-date');
    expect((await get(sandbox, AUDIT_LOGS)).headers.get('retry-after')).toBeNull();
    expect((await get(sandbox, AUDIT_LOGS)).headers.get('retry-after')).toBe('1');
    const { headers } = await get(sandbox, AUDIT_LOGS);
    const wait =
      Date.parse(headers.get('retry-after') ?? '') - Date.parse(headers.get('date') ?? '');
    expect(wait).toBeGreaterThanOrEqual(1_000);
  });
});

describe('broken connections', () => {
  test('reset: no answer', async () => {
    sandbox.tabnine.faults.next.push('reset');
    await expect(fetchSoon()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(sandbox.tabnine.requests).toMatchObject([{ fault: 'reset', status: 0 }]);
  });

  test('cut: headers, then half of the body', async () => {
    sandbox.tabnine.faults.next.push('cut');
    const response = await fetchSoon();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('stall: headers, then nothing', async () => {
    sandbox.tabnine.faults.next.push('stall');
    const response = await fetchSoon();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(/timeout/);
  });

  test('stall-headers: nothing at all', async () => {
    sandbox.tabnine.faults.next.push('stall-headers');
    await expect(fetchSoon()).rejects.toThrow(/timeout/);
  });

  test('close ends stalled connections', async () => {
    const other = await startSandbox({ events: 10 });
    other.tabnine.faults.always = 'stall-headers';
    const pending = get(other, AUDIT_LOGS).catch((error: unknown) => error);
    await expect.poll(() => other.tabnine.requests.length).toBe(1);
    await other.close();
    expect(await pending).toBeInstanceOf(TypeError);
  });
});

describe('which requests fail', () => {
  test('always', async () => {
    sandbox.tabnine.faults.always = '500';
    expect(await statuses(2)).toEqual([500, 500]);
    sandbox.tabnine.faults.always = null;
    expect(await statuses(1)).toEqual([200]);
  });

  test('match leaves other paths alone', async () => {
    const { faults } = sandbox.tabnine;
    faults.always = '500';
    faults.match = (path) => path === AUDIT_LOGS;
    expect(await statuses(1, '/api/v1/organization')).toEqual([200]);
    expect(await statuses(1)).toEqual([500]);
  });

  test('a rate, the same for the same seed', async () => {
    Object.assign(sandbox.tabnine.faults, { rate: 0.3, kinds: ['500', 'html-502'], seed: 7 });
    const first = await statuses(60);
    sandbox.tabnine.requests.length = 0;
    expect(await statuses(60)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500, 502]));
    const failed = first.filter((status) => status !== 200).length;
    expect(failed).toBeGreaterThan(9);
    expect(failed).toBeLessThan(28);
  });

  test('beyond the requests of a minute, of all paths that begin so', async () => {
    const limits = { '/api/v1/organization/': 2, '/api/v1/organization/teams': 100 };
    sandbox.tabnine.faults.minutes = { limits, saysWhen: false };
    const among = await statuses(6);
    // A minute may begin meanwhile.
    expect(among.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
    sandbox.tabnine.faults.minutes = null;
    expect(await statuses(1)).toEqual([200]);
  });

  test('beyond the rate limit', async () => {
    sandbox.tabnine.faults.rateLimit = { perSecond: 2 };
    expect((await statuses(6)).filter((status) => status === 429).length).toBeGreaterThanOrEqual(3);
    sandbox.tabnine.faults.rateLimit = null;
    expect(await statuses(1)).toEqual([200]);
  });
});
