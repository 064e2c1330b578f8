import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { RunDocument } from '../../../src/documents/run.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { type OpenaiOptions, OpenaiVendor } from '../../../src/vendors/openai/sandbox/vendor.ts';
import { type Home, homeFor, IMPATIENT } from '../../harness.ts';
import { rowsOf } from '../../load/archive.ts';

export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 5, 15, 12);

export type Rows = Record<string, unknown>[];

/** A home whose only source is an organization, and the clock of both. */
export class Organization {
  readonly vendor: OpenaiVendor;
  readonly home: Home;
  readonly #clock: { now: number };

  private constructor(vendor: OpenaiVendor, home: Home, clock: { now: number }) {
    this.vendor = vendor;
    this.home = home;
    this.#clock = clock;
  }

  static async make(options: OpenaiOptions = {}): Promise<Organization> {
    const clock = { now: NOW };
    const sizes = { events: 400, days: 10, users: 6, projects: 3, until: NOW };
    const vendor = new OpenaiVendor({ ...sizes, ...options, now: () => clock.now });
    const sandbox = await startSandbox({ vendors: { openai: vendor } });
    onTestFinished(() => sandbox.close());
    const home = await homeFor(null);
    Object.assign(home.env, {
      OPENAI_TOKEN: vendor.token,
      // People copy it with the version.
      OPENAI_BASE_URL: `${sandbox.vendors.openai.url}/v1`,
    });
    return new Organization(vendor, home, clock);
  }

  /** Time passes, for the vendor and for the runs. */
  pass(ms: number): void {
    this.#clock.now += ms;
  }

  async run(args: readonly string[], code = 0): Promise<string> {
    const how = { now: () => this.#clock.now, registry: IMPATIENT };
    const ran = await this.home.run(args, {}, how);
    const stderr = ran.code === code ? '' : ran.stderr;
    expect({ args, code: ran.code, stderr }).toEqual({ args, code, stderr: '' });
    return ran.stdout;
  }

  async json<T>(args: readonly string[], code = 0): Promise<T> {
    return JSON.parse(await this.run([...args, '--json'], code)) as T;
  }

  /** Of the warehouse itself: a command for each question would take longer than the runs. */
  async query(sql: string): Promise<Rows> {
    return await rowsOf(await realpath(join(this.home.folder, 'warehouse.duckdb')), sql);
  }

  sync(streams: readonly string[] = [], code = 0): Promise<RunDocument> {
    return this.json(['sync', ...streams.map((name) => `openai/${name}`)], code);
  }

  /** How many requests something took. */
  async requestsOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.vendor.requests.length;
    await work();
    return this.vendor.requests.length - before;
  }
}
