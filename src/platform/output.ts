import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import { logLine } from './log-line.ts';
import { makeScrubber } from './secrets.ts';
import { asCalled, type Named } from './suggested.ts';

/** A stream that may be a terminal, as `process.stdout` is. */
export type TextStream = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/**
 * Where a command speaks: data to stdout, log and progress to stderr. Every text passes the scrubber, so that
 * not even a vendor's echo discloses a secret.
 */
export type Output = {
  /** A line of data or of the screen a person reads. */
  line(text: string): void;
  /** A line of many: waits while whoever reads is slower. */
  row(text: string): Promise<void>;
  /** Whether nobody gets those lines any more: the reader went away, or the disk is full. */
  readonly isLost: boolean;
  /** A text for people: the commands in it name the home and the file of the call. */
  asCalled(text: string): string;
  /** A remark to the person at the terminal, on stderr. */
  say(text: string): void;
  /** Draws over the last one; only on a terminal. */
  progress(text: string): void;
  log: Logger;
  isTerminal: boolean;
  /** Of the terminal that stdout is, in characters; null if it is none. */
  width: number | null;
  /** Whether stdout shows more than ASCII to a person who has not asked for plain text. */
  isRich: boolean;
};

export function openOutput(options: {
  secrets: readonly string[];
  logLevel: string;
  quiet: boolean;
  env: Record<string, string | undefined>;
  stdout: TextStream;
  stderr: TextStream;
  /** As the command line names them. */
  named?: Named;
}): Output {
  const scrub = makeScrubber(options.secrets);
  const { stdout, stderr, named = {} } = options;
  const { NO_COLOR, LC_ALL = '', LC_CTYPE = '', LANG = '' } = options.env;
  let drawn = false;
  const fate = fateOf(stdout);
  const erase = (): void => {
    if (drawn) stderr.write('\r\u001b[K');
    drawn = false;
  };
  const isTerminal = stderr.isTTY === true;
  const log = pino(
    {
      level: levelOf(options, isTerminal),
      base: { name: 'auditlake' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    {
      write(text: string) {
        erase();
        stderr.write(scrub(isTerminal ? asCalled(logLine(text), named) : text));
      },
    },
  );
  return {
    log,
    isTerminal,
    width: stdout.isTTY === true ? (stdout.columns ?? 80) : null,
    isRich: stdout.isTTY === true && !NO_COLOR && /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG),
    get isLost() {
      return fate.isLost;
    },
    line(text) {
      erase();
      stdout.write(`${scrub(text)}\n`);
    },
    async row(text) {
      erase();
      if (stdout.write(`${scrub(text)}\n`) || stdout.destroyed) return;
      // The listener above has taken note of an error.
      await once(stdout, 'drain').catch(() => undefined);
    },
    asCalled: (text) => asCalled(text, named),
    say(text) {
      if (options.quiet) return;
      erase();
      stderr.write(`${scrub(asCalled(text, named))}\n`);
    },
    progress(text) {
      if (stderr.isTTY !== true || options.quiet) return;
      stderr.write(`\r\u001b[K${scrub(text).slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`);
      drawn = true;
    },
  };
}

type Fate = { isLost: boolean };

/** A program opens many outputs on one stream: a listener each would look like a leak to Node, and be one. */
const fates = new WeakMap<TextStream, Fate>();

function fateOf(stream: TextStream): Fate {
  const known = fates.get(stream);
  if (known !== undefined) return known;
  const fate: Fate = { isLost: false };
  stream.on('error', () => (fate.isLost = true));
  fates.set(stream, fate);
  return fate;
}

/** At a terminal the screen itself shows that all goes well. */
function levelOf(
  { quiet, logLevel }: { quiet: boolean; logLevel: string },
  isTerminal: boolean,
): string {
  if (quiet) return 'error';
  return isTerminal && logLevel === 'info' ? 'warn' : logLevel;
}
