import { type Command, InvalidArgumentError } from 'commander';
import type { SecretPart } from '../config/file.ts';
import type { ExitCode } from '../errors.ts';
import type { Context, Invocation } from '../runs/context.ts';

/** The options that every verb has. */
export type Globals = { config?: string; home?: string; json?: boolean; quiet?: boolean };

/** A verb as it was called. */
export type Call<Options> = {
  /** What is no option: streams, sinks or SQL. */
  args: readonly string[];
  options: Options;
  globals: Globals;
  invocation: Invocation;
  /** The whole command line, for what describes it. */
  program: Command;
  /** How long the caller has been waiting, in milliseconds. */
  waited: () => number;
  /**
   * Reads the configuration.
   *
   * @param without parts whose secrets the verb does not need: they may be missing
   * @param more `takesGenerated` as in `Choices`
   */
  open: (without?: readonly SecretPart[], more?: { takesGenerated?: boolean }) => Context;
};

/** Names for the examples in the help: those of the first vendor, as its variables alone set it up. */
export type Example = { source: string; stream: string; event: string };

/**
 * A verb of the command line: its arguments, its help and what it does. A verb imports its work only when it runs, so that
 * `--help` and `status` do not wait for HTTP clients and cron.
 */
export type Verb<Options = object> = {
  /** Its name and arguments, as commander reads them. */
  usage: string;
  summary: string;
  examples(of: Example): [string, string];
  /** Adds its own options. */
  options?(command: Command): Command;
  run(call: Call<Options>): Promise<ExitCode>;
};

/** Commands that only read the home need no secret of any kind. */
export const NO_SECRETS: readonly SecretPart[] = ['sources', 'sinks', 'signing'];

/** Option values, as commander parses them. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('It must be a port: 0 to 65535.');
  return value;
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}
