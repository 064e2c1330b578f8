import type { Vendor } from '../../../src/extract/declaration.ts';
import type { SourceReader } from '../../../src/extract/port.ts';
import { VENDOR_RETRY } from '../../../src/http/retry.ts';
import { isPartEnd, type Page, type PartEnd, type SourceRecord } from '../../../src/model.ts';
import type { Answer, Call } from '../../../src/sandbox/answer.ts';
import { type Served, startSandbox } from '../../../src/sandbox/server.ts';
import type { SandboxVendor } from '../../../src/sandbox/vendor.ts';
import { onTestFinished } from 'vitest';
import { PLAIN_ACCOUNT } from '../../vendors/account.ts';

/** What a contract needs to know of a vendor's sandbox to bring about what a server may do. */
export type VendorFixture<V extends SandboxVendor> = {
  vendor: Vendor;
  /** An installation with a few people and no events, whose clock stands. */
  make(now: () => number): V;
  /** Options that want every stream. */
  options: Readonly<Record<string, unknown>>;
  log: {
    stream: string;
    /** More events than this do not fit on a page. */
    pageSize: number;
    /** Times have this grain, in ms. */
    grain: number;
    put(vendor: V, id: string, at: number): void;
    remove(vendor: V, id: string): void;
    /** Makes the server give fewer rows per page than asked for, without saying so; where it can. */
    cap?(vendor: V): void;
    /** Makes a listing begin with so many empty pages, each with a cursor to the next; for APIs that have cursors. */
    emptyFirst?(vendor: V, pages: number): void;
  };
  /** A list that is paged, and how to change it while it is read. */
  list: {
    stream: string;
    add(vendor: V, n: number): void;
    remove(vendor: V): void;
    count(vendor: V): number;
  };
  /** Streams that are asked member by member, by a parameter of the query instead of a segment of the path. */
  membersByQuery: Readonly<Record<string, string>>;
  /** Streams of days: a new day that is answered 400 is not ready yet, and has ended no part. */
  notReadyBy400?: readonly string[];
};

export const DAY = 86_400_000;
/** A whole second in the middle of a day. */
export const NOW = Date.UTC(2026, 5, 15, 12);

export type Reading = { pages: Page[]; ends: PartEnd[]; records: SourceRecord[] };

/** A sandbox and an account that is opened at it by the vendor's declaration, over real HTTP. */
export class Opened<V extends SandboxVendor> {
  readonly fixture: VendorFixture<V>;
  readonly served: Served<V>;
  readonly #readers: SourceReader[] = [];
  readonly abort = new AbortController();

  private constructor(fixture: VendorFixture<V>, served: Served<V>) {
    this.fixture = fixture;
    this.served = served;
  }

  static async make<V extends SandboxVendor>(fixture: VendorFixture<V>): Promise<Opened<V>> {
    const { type } = fixture.vendor;
    const sandbox = await startSandbox({ vendors: { [type]: fixture.make(() => NOW) } });
    const served = sandbox.vendors[type];
    if (served === undefined) throw new Error('the sandbox serves nobody');
    const opened = new Opened(fixture, served);
    onTestFinished(async () => {
      await Promise.all(opened.#readers.map((reader) => reader.close()));
      await sandbox.close();
    });
    return opened;
  }

  get sandbox(): V {
    return this.served.vendor;
  }

  /** Opens the account anew, as another run does, and identifies it. */
  async open(concurrency = 2): Promise<SourceReader> {
    const reader = this.connect(concurrency);
    await reader.identify(null);
    return reader;
  }

  connect(concurrency = 2): SourceReader {
    const { vendor, options } = this.fixture;
    const { url, token } = this.served;
    const reader = vendor.open({
      ...PLAIN_ACCOUNT,
      source: 'acme',
      baseUrl: url,
      token,
      options: vendor.options.parse(options),
      concurrency,
      timeout: 500,
      signal: this.abort.signal,
      now: () => NOW,
      // A test need not wait between attempts, nor for a server that never recovers.
      retry: { ...VENDOR_RETRY, firstPause: 0, giveUpAfter: 1_000 },
    });
    this.#readers.push(reader);
    return reader;
  }

  /** Reads a stream to its end: the last days of one that has windows. */
  async read(stream: string, reader?: SourceReader): Promise<Reading> {
    const source = reader ?? (await this.open());
    const found = source.streams.find(({ name }) => name === stream);
    if (found === undefined) throw new Error(`there is no stream ${stream}`);
    const window = { from: NOW - 3 * DAY, to: NOW, place: NOW - 3 * DAY, part: null };
    const reading: Reading = { pages: [], ends: [], records: [] };
    for await (const item of found.read(found.kind === 'snapshot' ? null : window)) {
      if (isPartEnd(item)) reading.ends.push(item);
      else {
        reading.pages.push(item);
        reading.records.push(...item.records);
      }
    }
    return reading;
  }

  /** Answers some requests in another way from now on; null leaves it to the vendor. */
  intercept(answer: (call: Call) => Answer | null): void {
    const { sandbox } = this;
    const own = sandbox.answer.bind(sandbox);
    sandbox.answer = (call) => answer(call) ?? own(call);
  }

  /** So many events of the log, a minute apart, the last a minute before now; their ids, oldest first. */
  fill(count: number, apart = 60_000): string[] {
    const { log } = this.fixture;
    return Array.from({ length: count }, (_, n) => {
      const id = `event-${String(n).padStart(5, '0')}`;
      log.put(this.sandbox, id, NOW - 60_000 - (count - 1 - n) * apart);
      return id;
    });
  }
}

/** The contents of a reading by their keys; the latest of a key counts, as in the archive. */
export function contents({ records }: Reading): Map<string, string> {
  return new Map(records.map(({ key, bytes }) => [key, bytes.toString('latin1')]));
}

/** So many rows that a log takes several pages. */
export function several({ log }: { log: { pageSize: number } }): number {
  return log.pageSize * 3 + 2;
}
