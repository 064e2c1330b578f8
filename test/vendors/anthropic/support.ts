import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunDocument, runDocument } from '../../../src/documents/run.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import {
  type AnthropicOptions,
  AnthropicVendor,
} from '../../../src/vendors/anthropic/sandbox/vendor.ts';
import { IMPATIENT, runHere } from '../../harness.ts';
import { answerOf } from '../../warehouse-file.ts';

/** Noon, so that a day has begun and is not over. */
export const NOW = Date.UTC(2026, 5, 15, 12);
export const DAY = 86_400_000;

/** An organization on loopback whose clock stands until it is moved, and a home that reads it. */
export class Reading {
  readonly vendor: AnthropicVendor;
  now = NOW;
  readonly #folder: string;
  readonly #env: Record<string, string>;

  private constructor(vendor: AnthropicVendor, folder: string, env: Record<string, string>) {
    this.vendor = vendor;
    this.#folder = folder;
    this.#env = env;
  }

  /** @param days how far back a first run reads: what is asked for day by day takes its time */
  static async of(options: AnthropicOptions = {}, days = 14): Promise<Reading> {
    const clock = { now: (): number => NOW };
    const vendor = new AnthropicVendor({ until: NOW, now: () => clock.now(), ...options });
    const served = await startSandbox({ vendors: { anthropic: vendor } });
    onTestFinished(() => served.close());
    const folder = await mkdtemp(join(tmpdir(), 'auditlake-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'auditlake.yaml'), JSON.stringify({ lake: false }));
    const { url, token } = served.vendors.anthropic;
    const reading = new Reading(vendor, folder, {
      AUDITLAKE_HOME: join(folder, 'home'),
      AUDITLAKE_SETTLE: '0s',
      AUDITLAKE_START: new Date(NOW - days * DAY).toISOString().slice(0, 10),
      ANTHROPIC_BASE_URL: `${url}/v1`,
      ANTHROPIC_TOKEN: token,
    });
    clock.now = () => reading.now;
    return reading;
  }

  run(args: readonly string[]): ReturnType<typeof runHere> {
    return runHere(args, {
      env: this.#env,
      cwd: this.#folder,
      now: () => this.now,
      registry: IMPATIENT,
    });
  }

  async sync(streams: readonly string[] = [], code = 0): Promise<RunDocument> {
    const names = streams.map((stream) => `anthropic/${stream}`);
    const ran = await this.run(['sync', '--json', ...names]);
    if (ran.code !== code)
      throw new Error(`sync ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    return runDocument.parse(JSON.parse(ran.stdout));
  }

  async query<T = Record<string, unknown>>(sql: string): Promise<T[]> {
    return await answerOf<T>(join(this.#folder, 'home'), sql);
  }
}
