/** The programmatic face: what the command line does, for a program; and what your own vendor or sink is declared with. */
import { setMaxListeners } from 'node:events';
import type { RunDocument } from './documents/run.ts';
import type { VerifyDocument } from './documents/verify.ts';
import type { JsonValue } from './load/query/json-values.ts';
import { rowsOf } from './load/query/rows.ts';
import { invocationOf } from './platform/process.ts';
import { type Choices, type Invocation, openContext } from './runs/context.ts';
import { openWarehouse } from './runs/query.ts';
import type { Done } from './runs/run-streams.ts';
import { sync } from './runs/sync.ts';
import { verify } from './runs/verify/verify.ts';

export { main } from './cli.ts';
export { REGISTRY } from './config/registry.ts';
export { AuditlakeError } from './errors.ts';
export { defineVendor } from './extract/define-vendor.ts';
export { defineSink } from './sinks/define.ts';
export type { Invocation } from './runs/context.ts';

export type HomeOptions = Pick<Choices, 'home' | 'configFile' | 'quiet'> &
  Partial<Omit<Invocation, 'argv' | 'stdin'>>;

/** A home and its configuration. Every method throws an `AuditlakeError` where the command line would print one. */
export type Home = {
  /** The absolute path. */
  folder: string;
  /** Reads what is new into archive, warehouse and lake, and delivers it. @param streams `source/stream` or a source; none for all */
  sync(streams?: readonly string[]): Promise<Done<RunDocument>>;
  /** Compares the archive with its ledger, the warehouse with the archive, and the lake with its manifest. Writes nothing but how far the archive is right. */
  verify(): Promise<Done<VerifyDocument>>;
  /** Read-only SQL over the warehouse; rows as they come. Leaving the loop early closes it. */
  query(sql: string): AsyncGenerator<Record<string, JsonValue>>;
};

/**
 * Reads the configuration of a home; makes and locks nothing yet. What is left out comes from this process: environment,
 * working directory, clock and streams.
 *
 * @throws AuditlakeError `usage` for anything wrong in the configuration
 */
export function openHome({ home, configFile, quiet, ...given }: HomeOptions = {}): Home {
  const invocation = { ...invocationOf([], new AbortController().signal), ...given };
  // Every request under way listens to it: more than the ten that Node takes for a leak.
  setMaxListeners(0, invocation.signal);
  const context = openContext(invocation, { home, configFile, quiet });
  return {
    folder: context.config.home,
    sync: (streams = []) => sync(context, streams),
    verify: () => verify(context, { heads: [], sinceLast: false, mirror: null, days: null }),
    async *query(sql) {
      const session = await openWarehouse(context);
      try {
        yield* rowsOf(await session.run(sql), context.signal);
      } finally {
        await session.close();
      }
    },
  };
}
