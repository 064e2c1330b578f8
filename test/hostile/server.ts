/** A Tabnine installation on loopback that answers as a hostile source would have it, until it is told to be honest. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { TabnineVendor } from '../../src/vendors/tabnine/sandbox/vendor.ts';
import type { Call } from '../../src/sandbox/answer.ts';
import { type HostileSource, TRUE_TIME } from './model.ts';
import { cast } from './spells.ts';

export type HostileServer = {
  /** As it was drawn. */
  source: HostileSource;
  url: string;
  token: string;
  /** What it keeps, as it serves it. */
  records: readonly string[];
  /** From now on every answer is right, and so is the clock. */
  reform(): void;
};

/** @param now epoch ms */
export async function serveHostile(
  source: HostileSource,
  token: string,
  now: number,
): Promise<HostileServer> {
  const small = { events: 0, days: 4, users: 1, teams: 1 };
  const vendor = new TabnineVendor({ ...small, token, now: () => now });
  vendor.quirks.pageCap = 5;
  const records = source.events.map(({ ago, json }) => {
    const time = now - ago * 60_000;
    const text = json.replace(TRUE_TIME, JSON.stringify(new Date(time).toISOString()));
    vendor.events.insert({ time, json: text });
    return text;
  });
  const spells = [...source.spells];
  let { date } = source;
  const server = createServer((request, response) => {
    response.sendDate = false;
    response.setHeader('date', date ?? new Date(now).toUTCString());
    const honest = vendor.answer(callOf(request));
    cast(spells.shift() ?? null, honest, response, vendor.token).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {
    source,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: vendor.token,
    records,
    reform() {
      spells.length = 0;
      date = null;
    },
  };
}

function callOf({ method = 'GET', url = '/', headers }: IncomingMessage): Call {
  const { pathname, searchParams } = new URL(url, 'http://sandbox');
  const query = Object.fromEntries(searchParams);
  const base = `http://${headers.host ?? ''}`;
  return { method, path: pathname, base, query, params: searchParams, headers, body: '' };
}
