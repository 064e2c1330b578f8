/** What every command is given. */
import type { Readable } from 'node:stream';
import type { Config } from '../config/load.ts';
import { REGISTRY, type Registry } from '../config/registry.ts';
import type { Output, TextStream } from '../platform/output.ts';
import { type Layout, layout } from '../state/layout.ts';

/**
 * One call of the command line and all that it may know of its surroundings. Nothing below reads `process`, so that several
 * can be at work in one process at the same time.
 */
export type Invocation = {
  /** Without the interpreter and the program. */
  argv: readonly string[];
  env: Record<string, string | undefined>;
  /** What relative paths are relative to. */
  cwd: string;
  stdin: Readable;
  stdout: TextStream;
  stderr: TextStream;
  /** Fires when the work is to end early: what was committed stays. */
  signal: AbortSignal;
  /** Epoch milliseconds. */
  now: () => number;
  /** The vendors and sinks that a configuration may name; left out: those that come with auditlake. */
  registry?: Registry;
};

export type Context = Invocation & {
  registry: Registry;
  config: Config;
  layout: Layout;
  output: Output;
  /** A document is wanted instead of a screen. */
  json: boolean;
};

export function contextOf(
  invocation: Invocation,
  config: Config,
  rest: Pick<Context, 'output' | 'json'>,
): Context {
  const { registry = REGISTRY } = invocation;
  return { ...invocation, registry, config, layout: layout(config.home), ...rest };
}
