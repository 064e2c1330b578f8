/**
 * What is wrong with a run, each cause once. Screens, the log of the schedule, its health and its metrics all say it in these
 * words. Pure.
 */
import { counted } from '../platform/counted.ts';
import type { Cause, Diagnosis, WarehouseResult } from '../documents/common.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { Outcome, StreamError } from '../model.ts';
import { worstFirst } from './outcome.ts';

/** The pieces of a run, as its document has them. */
export type StreamPiece = {
  source: string;
  stream: string;
  outcome?: Outcome | undefined;
  error?: StreamError | undefined;
};
export type SinkPiece = { sink: string; outcome: Outcome; error?: StreamError | null | undefined };

type DerivedPiece = Pick<WarehouseResult, 'outcome' | 'error' | 'hint'>;

export type Pieces = {
  streams?: readonly StreamPiece[];
  sinks?: readonly SinkPiece[];
  warehouse?: DerivedPiece | undefined;
  lake?: DerivedPiece | null | undefined;
};

const STOPPED = 'stopped';

/** What is wrong, the worst first. A stream that is unavailable is no failure and not among the causes. */
export function diagnose({ streams = [], sinks = [], warehouse, lake }: Pieces): Diagnosis {
  const found = new Map<string, Cause>();
  const add = (
    subject: string,
    stream: string | null,
    outcome: Outcome,
    error: StreamError,
  ): void => {
    const exit = exitOf(outcome, error);
    if (exit === EXIT.complete) return;
    const { code, message, hint } = error;
    // Ctrl-C ends everything at once.
    const whom = code === STOPPED ? 'run' : subject;
    const key = JSON.stringify([exit, whom, code]);
    const cause = found.get(key) ?? { subject: whom, streams: [], code, message, hint, exit };
    if (stream !== null) cause.streams.push(`${subject}/${stream}`);
    found.set(key, cause);
  };
  for (const { source, stream, outcome = 'failed', error } of streams) {
    if (error !== undefined) add(source, stream, outcome, error);
  }
  for (const [name, derived] of Object.entries({ warehouse, lake })) {
    // What a stop kept from being made goes without saying.
    const isStopped = derived?.outcome === 'incomplete' && isStopAmong(found.values());
    if (derived?.error !== undefined && !isStopped) {
      add(name, null, derived.outcome, derivedError(derived));
    }
  }
  for (const { sink, outcome, error } of sinks) {
    if (error !== undefined && error !== null) add(sink, null, outcome, error);
  }
  const causes = [...found.values()].toSorted((a, b) => worstFirst(a.exit, b.exit));
  return { verdict: verdictOf(causes), causes };
}

function isStopAmong(causes: Iterable<Cause>): boolean {
  return [...causes].some(({ code }) => code === STOPPED);
}

const LEAD: Readonly<Record<ExitCode, string>> = {
  [EXIT.complete]: 'complete',
  [EXIT.failed]: 'Failed',
  [EXIT.usage]: 'The configuration is refused',
  [EXIT.incomplete]: 'Incomplete, and the next run goes on',
  [EXIT.person]: 'A person must act',
  [EXIT.integrity]: 'Something is not what it should be',
  [EXIT.locked]: 'Not begun',
};

function verdictOf(causes: readonly Cause[]): string {
  const [first] = causes;
  if (first === undefined) return LEAD[EXIT.complete];
  const others = causes.length - 1;
  const more = others === 0 ? '' : `, and ${counted(others, 'more cause')}`;
  return `${LEAD[first.exit]}: ${sentenceOf(first)}${more}`;
}

/** What a failure of a source or sink means, for those that most nights bring. */
const SAYS: Readonly<Record<string, string>> = {
  'token-refused': 'refuses the token',
  forbidden: 'does not let the token read',
  'not-found': 'does not have what was asked for',
  network: 'cannot be reached',
  'rate-limited': 'asks for a pause that is too long to wait for',
  'vendor-error': 'answers with an error of its own',
  'web-page': 'answers with a web page',
  'malformed-answer': 'sends answers that cannot be read',
};

/** A cause without its address and its details. */
function sentenceOf({ subject, code, message }: Cause): string {
  const says = SAYS[code];
  if (says === undefined) return subject === 'run' ? message : `${subject}: ${message}`;
  const [, status] = /: status (\d{3})\b/.exec(message) ?? [];
  return `${subject} ${says}${status === undefined ? '' : ` (${status})`}`;
}

function exitOf(outcome: Outcome, { exit }: StreamError): ExitCode {
  if (outcome === 'complete' || outcome === 'unavailable') return EXIT.complete;
  if (outcome === 'incomplete') return EXIT.incomplete;
  const known = Object.values(EXIT).find((code) => code === exit);
  return known === undefined || known === EXIT.complete ? EXIT.failed : known;
}

/** Whatever it is, the archive has everything. */
function derivedError({
  error = '',
  hint = 'everything is archived; please report it with the log',
}: {
  error?: string | undefined;
  hint?: string | undefined;
}): StreamError {
  return {
    code: 'derived',
    message: `not updated: ${error.replaceAll(/\s+/g, ' ')}`,
    hint,
  };
}
