import { expect, test } from 'vitest';
import { readOf } from '../../../src/extract/reads.ts';
import { bytesOf } from '../../../src/sandbox/answer.ts';
import type { SandboxVendor } from '../../../src/sandbox/vendor.ts';
import { contents, Opened, several, type VendorFixture } from './fixture.ts';

/** Whether a body holds a record, whatever stands in the place of the texts that were hidden. */
function mayHold(record: string): (body: string) => boolean {
  const parts = record.split(/"redacted:\d+:[0-9a-f]{32}"/);
  if (parts.length === 1) return (body) => body.includes(record);
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const served = new RegExp(pattern.join(String.raw`"(?:[^"\\]|\\.)*"`));
  return (body) => served.test(body);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** What holds for every stream. */
export function streamsContract<V extends SandboxVendor>(fixture: VendorFixture<V>): void {
  const { vendor } = fixture;

  test('every stream is read, with the same keys and contents in every reading', async () => {
    const opened = await Opened.make(fixture);
    opened.fill(several(fixture));
    const [first, second] = [await opened.open(), await opened.open()];
    expect(first.streams.map(({ name }) => name)).toEqual(vendor.streams.map(({ name }) => name));
    let withRecords = 0;
    for (const { name } of vendor.streams) {
      const [one, other] = [await opened.read(name, first), await opened.read(name, second)];
      expect({ name, ends: one.ends }).toEqual({ name, ends: [] });
      expect({ name, records: [...contents(other)] }).toEqual({
        name,
        records: [...contents(one)],
      });
      if (one.records.length > 0) withRecords += 1;
    }
    // A sandbox that has next to nothing would prove next to nothing.
    expect(withRecords).toBeGreaterThan(vendor.streams.length / 2);
  });

  test('records are the bytes that were served', async () => {
    const opened = await Opened.make(fixture);
    opened.fill(several(fixture));
    const bodies: string[] = [];
    const own = opened.sandbox.answer.bind(opened.sandbox);
    opened.sandbox.answer = (call) => {
      const answer = own(call);
      bodies.push(bytesOf(answer).toString('latin1'));
      return answer;
    };
    const reader = await opened.open();
    for (const { name } of vendor.streams) {
      bodies.length = 0;
      for (const { bytes } of (await opened.read(name, reader)).records.slice(0, 500)) {
        const text = bytes.toString('latin1');
        // What another stream has read already is not asked for again.
        if (bodies.length === 0) break;
        expect(bodies.some(mayHold(text))).toBe(true);
      }
    }
  });

  test('only what is declared is asked for, and the token travels in a header alone', async () => {
    const opened = await Opened.make(fixture);
    opened.fill(3);
    const reader = await opened.open();
    const notes: string[] = [];
    for (const { name } of vendor.streams) {
      const { pages } = await opened.read(name, reader);
      notes.push(...pages.map(({ note }) => JSON.stringify(note)));
    }
    await reader.crossCheck();
    const { requests, token } = opened.sandbox;
    const { host } = new URL(opened.served.url);
    const own = requests.filter((request) => request.host === host);
    const asked = new Set(own.map(({ method, path }) => `${method} ${path}`));
    for (const request of asked) {
      const [method = '', path = ''] = request.split(' ');
      expect({ request, listed: readOf(vendor.reads, method, path) !== null }).toEqual({
        request,
        listed: true,
      });
    }
    // A redirect is an answer where the way to a file is one.
    expect(requests.filter(({ status }) => status < 200 || status >= 400)).toEqual([]);
    // What the vendor keeps elsewhere is fetched without the token, and by a signature that is written nowhere.
    const tokenHeaders = Object.keys((vendor.authorize ?? bearer)(token));
    for (const { headers, query } of requests.filter((request) => request.host !== host)) {
      expect(headers.filter((name) => tokenHeaders.includes(name.toLowerCase()))).toEqual([]);
      for (const signature of Object.values(query)) {
        expect(notes.join('')).not.toContain(signature);
      }
    }
    expect(JSON.stringify([requests, notes, reader.observed()])).not.toContain(token);
    expect(reader.observed().requests).toBe(requests.length);
  });

  test('nothing is sent while an account is opened', async () => {
    const opened = await Opened.make(fixture);
    const reader = opened.connect();
    expect(reader.streams.length).toBe(vendor.streams.length);
    expect(opened.sandbox.requests).toEqual([]);
    await reader.identify(null);
    expect(opened.sandbox.requests.length).toBe(reader.observed().requests);
  });
}
