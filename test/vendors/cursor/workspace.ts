import { onTestFinished } from 'vitest';
import type { RunDocument } from '../../../src/documents/run.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { type CursorOptions, CursorVendor } from '../../../src/vendors/cursor/sandbox/vendor.ts';
import { expect } from 'vitest';
import { type Home, homeFor } from '../../harness.ts';
import { answerOf } from '../../warehouse-file.ts';

export const DAY = 86_400_000;
/** A whole second in the middle of a day. */
export const NOW = Date.UTC(2026, 5, 15, 12);

/** A team in Cursor, and a home that reads it. */
export class Workspace {
  readonly home: Home;
  readonly vendor: CursorVendor;
  /** The time by the vendor's clock and by ours. */
  now = NOW;

  private constructor(home: Home, vendor: CursorVendor) {
    this.home = home;
    this.vendor = vendor;
  }

  static async make(
    options: CursorOptions = {},
    how: { lake?: boolean; env?: Record<string, string> } = {},
  ): Promise<Workspace> {
    const clock = { now: () => NOW };
    const small = { events: 200, users: 12, groups: 2, days: 10, until: NOW };
    const vendor = new CursorVendor({ ...small, ...options, now: () => clock.now() });
    const sandbox = await startSandbox({ vendors: { cursor: vendor } });
    onTestFinished(() => sandbox.close());
    const home = await homeFor(null, [], { lake: how.lake ?? false });
    Object.assign(home.env, {
      CURSOR_TOKEN: vendor.token,
      CURSOR_BASE_URL: sandbox.vendors.cursor.url,
      AUDITLAKE_START: '2026-06-05',
      ...how.env,
    });
    const workspace = new Workspace(home, vendor);
    clock.now = () => workspace.now;
    return workspace;
  }

  async run(args: readonly string[], code = 0): Promise<string> {
    const ran = await this.home.run(args, {}, { now: () => this.now });
    expect({ args, code: ran.code, stderr: ran.code === code ? '' : ran.stderr }).toEqual({
      args,
      code,
      stderr: '',
    });
    return ran.stdout;
  }

  async json<T>(args: readonly string[], code = 0): Promise<T> {
    return JSON.parse(await this.run([...args, '--json'], code)) as T;
  }

  sync(streams: readonly string[] = [], code = 0): Promise<RunDocument> {
    return this.json(['sync', ...streams.map((stream) => `cursor/${stream}`)], code);
  }

  /** The rows of a query, as lists of their values. */
  async rows(sql: string): Promise<unknown[][]> {
    return (await answerOf(this.home.folder, sql)).map((row) => Object.values(row));
  }
}
