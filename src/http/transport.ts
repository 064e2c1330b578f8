import { innermostOf } from '../errors.ts';
import { makeScrubber } from '../platform/secrets.ts';
import { version } from '../platform/version.ts';
import { type Agent, httpAgent } from './agent.ts';
import { bodyOf, wholeOf } from './body.ts';
import { headersOf } from './headers.ts';
import { HttpError } from './http-error.ts';
import { proxiesOf, secretsOf } from './proxy.ts';
import type { Answer, Limits, Request, StreamedAnswer } from './request.ts';
import { ACCEPT_ENCODING } from './unpack.ts';
import { Watch } from './watch.ts';

/** No page of any vendor comes near this; a body beyond it is an accident or an attack. */
const MAX_BODY_BYTES = 64 * 2 ** 20;

/** What a body may take once its status is there: at the cap above, 220 kB per second. */
const BODY_MS = 5 * 60_000;

/** Far below what any link brings, far above what a server sends only to keep a connection open. */
const LOWEST_BYTES_PER_SECOND = 100;

/** HTTP to vendors and receivers. It follows no redirect, so that no credential reaches another host. */
export type Transport = {
  /**
   * One request, its body read whole. A status counts even if its body does not: where it is an error and the body cannot
   * be read, the body is empty.
   * @throws the signal's reason; else HttpError
   */
  send(request: Request): Promise<Answer>;
  /** One request, its body read by the caller. @throws as `send`, also while the body is read */
  stream(request: Request): Promise<StreamedAnswer>;
  close(): Promise<void>;
};

/** What all requests over one transport share. */
type Shared = {
  agent: () => Promise<Agent>;
  limits: Limits;
  headers: Readonly<Record<string, string>>;
  /** Hides the password of a proxy. */
  scrub: (text: string) => string;
  now: () => number;
};

/**
 * Opens the connections to one vendor or receiver. Nothing is sent yet.
 *
 * @param options.connections sockets per host
 * @param options.timeout     ms that an answer may take to begin, and the span over which its body has to keep up a rate
 * @param options.caFile      a PEM file of further certificate authorities
 * @param options.env         where proxies are named
 * @throws usage if the environment names a proxy that is none
 */
export function openTransport(options: {
  connections: number;
  timeout: number;
  caFile: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  now: () => number;
}): Transport {
  const { connections, timeout, caFile, env, now } = options;
  const proxies = proxiesOf(env);
  let opened: Promise<Agent> | null = null;
  const shared: Shared = {
    agent: () => (opened ??= httpAgent({ connections, connectTimeout: timeout, caFile, proxies })),
    limits: {
      answer: timeout,
      deadline: timeout + BODY_MS,
      lowestRate: { bytesPerSecond: LOWEST_BYTES_PER_SECOND, span: timeout },
      maxBytes: MAX_BODY_BYTES,
    },
    headers: { 'user-agent': `auditlake/${version()}`, 'accept-encoding': ACCEPT_ENCODING },
    scrub: makeScrubber(secretsOf(proxies)),
    now,
  };
  return {
    send: (request) => send(request, shared),
    stream: (request) => stream(request, shared),
    async close() {
      if (opened !== null) await (await opened).pool.destroy();
    },
  };
}

async function send(request: Request, shared: Shared): Promise<Answer> {
  const { body: pieces, ...head } = await stream(request, shared);
  try {
    return { ...head, body: await wholeOf(pieces) };
  } catch (error) {
    if (head.status < 300 || request.signal.aborted) throw error;
    // Empty, not what came until then: a cut text may hold a part of a secret, which no scrubber would find.
    return { ...head, body: Buffer.alloc(0) };
  }
}

async function stream(request: Request, shared: Shared): Promise<StreamedAnswer> {
  const { method, url, headers, body = null, signal } = request;
  const { pool, request: dispatch } = await shared.agent();
  signal.throwIfAborted();
  const limits = { ...shared.limits, ...request.limits };
  const watch = new Watch(signal, limits.deadline, () => overdue(limits.deadline));
  watch.awaits(limits.answer, () => watch.abort(silent(limits.answer)));
  try {
    const response = await dispatch(url, {
      method,
      dispatcher: pool,
      headers: { ...shared.headers, ...headers },
      body,
      signal: watch.signal,
    });
    watch.arrived();
    const { statusCode: status } = response;
    const head = { status, headers: headersOf(response.headers), at: shared.now() };
    const pieces = bodyOf(response.body, head.headers, limits, watch, status);
    return { ...head, body: explained(pieces, { signal, watch, status, scrub: shared.scrub }) };
  } catch (error) {
    watch.end();
    throw explain(error, { signal, status: null, scrub: shared.scrub });
  }
}

type Circumstances = Pick<Shared, 'scrub'> & { signal: AbortSignal; status: number | null };

/** The pieces of a body, and what went wrong with them in words. */
async function* explained(
  pieces: AsyncIterable<Buffer>,
  { watch, ...circumstances }: Circumstances & { watch: Watch },
): AsyncGenerator<Buffer, undefined> {
  try {
    yield* pieces;
  } catch (error) {
    throw explain(error, circumstances);
  } finally {
    watch.end();
  }
}

function explain(error: unknown, { signal, status, scrub }: Circumstances): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof HttpError) return error;
  return new HttpError('network', scrub(innermostOf(error)), status, error);
}

function silent(ms: number): HttpError {
  return new HttpError('silent', `no answer within ${ms / 1000} s`, null);
}

function overdue(ms: number): HttpError {
  return new HttpError('deadline', `the request was not over within ${ms / 1000} s`, null);
}
