import { onTestFinished } from 'vitest';
import type { SourceReader } from '../../../src/extract/port.ts';
import { VENDOR_RETRY } from '../../../src/http/retry.ts';
import { isPartEnd, type Page, type SourceRecord } from '../../../src/model.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { type CursorOptions, CursorVendor } from '../../../src/vendors/cursor/sandbox/vendor.ts';
import { cursor } from '../../../src/vendors/cursor/vendor.ts';
import { PLAIN_ACCOUNT } from '../account.ts';

export const DAY = 86_400_000;
/** A whole second in the middle of a day. */
export const NOW = Date.UTC(2026, 5, 15, 12);

export type Read = { pages: Page[]; records: SourceRecord[] };

/** A sandbox, and an account that is opened at it, without a home. */
export class Opened {
  readonly vendor: CursorVendor;
  readonly reader: SourceReader;

  private constructor(vendor: CursorVendor, reader: SourceReader) {
    this.vendor = vendor;
    this.reader = reader;
  }

  static async make(options: CursorOptions = {}, levels = ['team']): Promise<Opened> {
    const vendor = new CursorVendor({
      until: NOW,
      now: () => NOW,
      users: 12,
      groups: 2,
      ...options,
    });
    const sandbox = await startSandbox({ vendors: { cursor: vendor } });
    const reader = cursor.open({
      ...PLAIN_ACCOUNT,
      source: 'acme',
      baseUrl: sandbox.vendors.cursor.url,
      token: vendor.token,
      options: cursor.options.parse({ levels }),
      timeout: 2_000,
      signal: new AbortController().signal,
      now: () => NOW,
      retry: { ...VENDOR_RETRY, firstPause: 1, longestPause: 20 },
    });
    onTestFinished(async () => {
      await reader.close();
      await sandbox.close();
    });
    return new Opened(vendor, reader);
  }

  async identify(known: string | null = null): Promise<string> {
    return (await this.reader.identify(known)).organizationId;
  }

  /** Reads a stream: the days before now, or all there is. */
  async read(stream: string, days = 60): Promise<Read> {
    const found = this.reader.streams.find(({ name }) => name === stream);
    if (found === undefined) throw new Error(`there is no stream ${stream}`);
    const from = days === Infinity ? 0 : NOW - days * DAY;
    const window = { from, to: NOW, place: from, part: null };
    const read: Read = { pages: [], records: [] };
    for await (const page of found.read(found.kind === 'snapshot' ? null : window)) {
      if (isPartEnd(page)) continue;
      read.pages.push(page);
      read.records.push(...page.records);
    }
    return read;
  }

  get quirks(): string[] {
    return this.reader
      .observed()
      .quirks.map(({ code }) => code)
      .toSorted();
  }
}

export function keysOf({ records }: Read): string[] {
  return [...new Set(records.map(({ key }) => key))].toSorted();
}
