import { onTestFinished } from 'vitest';
import type { SourceReader } from '../../../src/extract/port.ts';
import { VENDOR_RETRY } from '../../../src/http/retry.ts';
import { isPartEnd, type SourceRecord } from '../../../src/model.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { AnthropicVendor } from '../../../src/vendors/anthropic/sandbox/vendor.ts';
import { anthropic } from '../../../src/vendors/anthropic/vendor.ts';
import { DAY, NOW } from './support.ts';
import { PLAIN_ACCOUNT } from '../account.ts';

/** An organization on loopback, and an account that is open at it. */
export type Opened = { vendor: AnthropicVendor; reader: SourceReader; url: string };

export type Found = {
  records: SourceRecord[];
  keys: string[];
  parts: string[];
  quirks: string[];
};

export const read = {
  async open(): Promise<Opened> {
    const vendor = new AnthropicVendor({
      events: 0,
      users: 4,
      days: 5,
      until: NOW,
      now: () => NOW,
    });
    const served = await startSandbox({ vendors: { anthropic: vendor } });
    onTestFinished(() => served.close());
    const { url } = served.vendors.anthropic;
    return { vendor, url, reader: connect(vendor, url) };
  },

  /** The same organization in another run. */
  async reopen({ vendor, url }: Opened): Promise<Opened> {
    return Promise.resolve({ vendor, url, reader: connect(vendor, url) });
  },

  /** A stream from its beginning to its end: yesterday, the day before, and today. */
  async stream({ reader }: Opened, name: string): Promise<Found> {
    const stream = reader.streams.find((candidate) => candidate.name === name);
    if (stream === undefined) throw new Error(`there is no stream ${name}`);
    const to = Math.ceil(NOW / DAY) * DAY;
    const window = { from: to - 3 * DAY, to, place: to - 3 * DAY, part: null };
    const found: Found = { records: [], keys: [], parts: [], quirks: [] };
    for await (const page of stream.read(stream.kind === 'snapshot' ? null : window)) {
      if (isPartEnd(page)) continue;
      found.records.push(...page.records);
      if (page.part !== undefined) found.parts.push(page.part);
    }
    found.keys = found.records.map(({ key }) => key);
    found.quirks = reader.observed().quirks.map(({ code }) => code);
    return found;
  },
};

function connect(vendor: AnthropicVendor, url: string): SourceReader {
  const reader = anthropic.open({
    ...PLAIN_ACCOUNT,
    source: 'acme',
    baseUrl: url,
    token: vendor.token,
    options: anthropic.options.parse({}),
    timeout: 5_000,
    signal: new AbortController().signal,
    now: () => NOW,
    retry: { ...VENDOR_RETRY, firstPause: 0, giveUpAfter: 1_000 },
  });
  onTestFinished(() => reader.close());
  return reader;
}
