import { setMaxListeners } from 'node:events';
import { VendorError } from '../errors.ts';
import { GiveUp } from '../http/give-up.ts';
import type { Headers } from '../http/headers.ts';
import { HttpError } from '../http/http-error.ts';
import { RateBudget } from '../http/rate-budget.ts';
import { type Quota, QuotaCount } from './quota.ts';
import { repeated } from '../http/repeat.ts';
import type { Answer } from '../http/request.ts';
import { VENDOR_RETRY, type RetryPolicy } from '../http/retry.ts';
import type { Transport } from '../http/transport.ts';
import type { PageNote } from '../model.ts';
import { makeScrubber } from '../platform/secrets.ts';
import { type Diagnose, looksLikeHtml } from './diagnosis.ts';
import { Failures } from './failures.ts';
import { type Mask, maskedBody, type Query } from './mask.ts';
import { noteOf, vendorClock } from './note.ts';
import { type Read, readOf } from './reads.ts';
import { redacted, type Redaction } from './redaction.ts';
import type { RequestBudgets } from './request-budget.ts';
import { noteRequest } from './request-count.ts';
import { withoutMark } from './slice/byte-order-mark.ts';
import { MalformedBody } from './slice/malformed-body.ts';
import { type Ask, type Target, targetOf } from './target.ts';
import { isTrouble, isWebPage, retryHintOf } from './worth-repeating.ts';

export type { Query } from './mask.ts';
export type { Ask } from './target.ts';

export type OnAnswer = (body: Buffer, from: 'answer' | 'file') => void;

export type ClientOptions = {
  baseUrl: string;
  token: string;
  concurrency: number;
  transport: Transport;
  signal: AbortSignal;
  now: () => number;
  diagnose: Diagnose;
  /** Called for each failed attempt, for the log. */
  onRetry(error: VendorError, waitMs: number): void;
  onAnswer?: OnAnswer;
  /** How the token travels; as a bearer token where it is left out. */
  authorize?: (token: string) => Record<string, string>;
  /** The only requests that are sent. */
  reads: readonly Read[];
  /** What else must be in no note and no message. */
  secrets?: readonly string[];
  /** Under which hidden texts are hashed. */
  redactionKey?: Buffer;
  /** What the vendor allows per period, if its refusals do not say when the next one begins. */
  quota?: Quota;
  retry?: RetryPolicy;
  /** What the vendor allows by the hour or the minute; without limits where it is left out. */
  budgets?: RequestBudgets;
};

/** What a body was parsed to. `vendorNow` is the vendor's own clock, if it says what it is. */
export type Got<T> = { value: T; note: PageNote; vendorNow: number | null; headers: Headers };

type Parsed = { records?: readonly unknown[] } | object;

/** What limits are for. `path` is as it is declared; null of a file elsewhere, which counts towards no budget. */
type Endpoint = { name: string; path: string | null };

type Parse<T> = (body: Buffer, headers: Headers) => T;

/**
 * The HTTP client of one source: one token, one rate budget, only the requests that the vendor's declaration lists, and
 * the decision what is worth a repeat. It knows no endpoint.
 */
export class SourceClient {
  readonly #options: ClientOptions;
  readonly #policy: RetryPolicy;
  readonly #budget: RateBudget;
  readonly #giveUp: GiveUp;
  /** Fires when the run is stopped, and when the source is given up. */
  readonly #signal: AbortSignal;
  readonly #scrub: (text: string) => string;
  readonly #failures: Failures;
  readonly #quota: QuotaCount | null;
  #answeredJson = false;
  requests = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#policy = options.retry ?? VENDOR_RETRY;
    this.#budget = new RateBudget(options.concurrency, this.#policy.longestRetryAfter);
    this.#giveUp = new GiveUp(this.#policy.giveUpAfter);
    this.#signal = AbortSignal.any([options.signal, this.#giveUp.signal]);
    // Every request under way listens to it: more than the ten that Node takes for a leak.
    setMaxListeners(0, this.#signal);
    this.#quota = options.quota === undefined ? null : new QuotaCount(options.quota);
    this.#scrub = makeScrubber([options.token, ...(options.secrets ?? [])]);
    const { diagnose, now } = options;
    const { longestRetryAfter } = this.#policy;
    this.#failures = new Failures({ scrub: this.#scrub, diagnose, now, longestRetryAfter });
  }

  /** Whether any endpoint of this source has answered as an API does: tells a missing one from a dead host. */
  get answeredJson(): boolean {
    return this.#answeredJson;
  }

  /** Where a request goes, for what its answer refers to. */
  urlOf(ask: Ask): URL {
    return targetOf(ask, this.#options.baseUrl).url;
  }

  /** A GET. @see read */
  get<T extends Parsed>(
    path: string,
    query: Query,
    parse: (body: Buffer) => T,
    mask: Mask | null = null,
  ): Promise<Got<T>> {
    return this.read({ path, query, mask }, parse);
  }

  /**
   * Fetches and parses. Parsing is part of the attempt, because a cut body with status 200 is found only there.
   *
   * @param parse turns a body into a value; a MalformedBody or SyntaxError makes the attempt fail
   * @throws VendorError when the repeats are used up or cannot help; Error, before anything is sent, for a request that
   *   the vendor's declaration does not list
   */
  async read<T extends Parsed>(ask: Ask, parse: Parse<T>): Promise<Got<T>> {
    const target = targetOf(ask, this.#options.baseUrl);
    const endpoint = this.#endpointOf(target);
    let webPages = 0;
    try {
      return await repeated(
        () =>
          this.#budget.run(
            endpoint.name,
            () => this.#attempt(endpoint, ask, target, parse),
            this.#signal,
          ),
        {
          policy: this.#policy,
          signal: this.#signal,
          giveUp: this.#giveUp,
          retryHintOf: (error) => {
            if (isWebPage(error)) webPages += 1;
            return retryHintOf(error, webPages, this.#answeredJson);
          },
          onRetry: (error, waitMs) => {
            if (error instanceof VendorError) this.#options.onRetry(error, waitMs);
          },
        },
      );
    } catch (error) {
      if (this.#options.signal.aborted) throw this.#options.signal.reason;
      if (!(error instanceof VendorError)) throw error;
      // One endpoint that answers with a page is not there; a source that answers with nothing else is down.
      if (isWebPage(error) && !this.#answeredJson) throw error.as('broken');
      const isOfAnother =
        error === this.#giveUp.signal.reason && error.url !== this.#failures.urlOf(target);
      throw isOfAnother ? this.#failures.ofGivenUp(target, this.#giveUp.after, error) : error;
    }
  }

  /** What a rate limit of the vendor may be for. @throws Error if the vendor does not declare the request */
  #endpointOf({ method, url, path, isElsewhere }: Target): Endpoint {
    if (isElsewhere) return { name: url.host, path: null };
    const read = readOf(this.#options.reads, method, path);
    if (read !== null) return { name: `${method} ${read.path}`, path: read.path };
    throw new Error(`${method} ${url.pathname} is not among the reads that the vendor declares`);
  }

  async #attempt<T extends Parsed>(
    { name, path }: Endpoint,
    ask: Ask,
    target: Target,
    parse: Parse<T>,
  ): Promise<Got<T>> {
    const { budgets, now } = this.#options;
    const wait = path === null ? 0 : ((await budgets?.take(path, now())) ?? 0);
    if (wait > 0) throw this.#failures.ofBudget(target, wait);
    this.requests += 1;
    this.#quota?.add(name, now());
    noteRequest();
    try {
      const answer = await this.#fetch(ask, target);
      const { mask = null, redaction } = ask;
      if (mask !== null) answer.body = maskedBody(answer.body, mask);
      const value = this.#parsed(answer, target, ask, parse);
      this.#giveUp.succeeded();
      this.#quota?.answered(name);
      this.#answeredJson = true;
      this.#options.onAnswer?.(withoutMark(answer.body), path === null ? 'file' : 'answer');
      const note = noteOf(this.#scrub(target.note), answer, value, redaction?.name);
      return { value, note, vendorNow: vendorClock(answer), headers: answer.headers };
    } catch (error) {
      const usedUp = this.#usedUp(name, error);
      if (usedUp !== null) throw usedUp;
      if (isTrouble(error)) this.#giveUp.failed(error);
      throw error;
    }
  }

  /** What a refusal is that the vendor's quota explains: no trouble, but a pause until the next period. */
  #usedUp(endpoint: string, error: unknown): VendorError | null {
    const isLimit = error instanceof VendorError && error.fault === 'limited';
    if (!isLimit || error.retryAfter !== null) return null;
    const pause = this.#quota?.refused(endpoint, this.#options.now()) ?? null;
    return pause === null ? null : error.after(Math.min(pause, this.#policy.longestRetryAfter));
  }

  async #fetch(ask: Ask, target: Target): Promise<Answer> {
    const { transport, token, authorize = bearer } = this.#options;
    const { method, url, isElsewhere } = target;
    try {
      return await transport.send({
        method,
        url,
        headers: {
          accept: 'application/json',
          ...(ask.body !== undefined && { 'content-type': 'application/json' }),
          ...ask.headers,
          ...(isElsewhere ? {} : authorize(token)),
        },
        ...(ask.body !== undefined && { body: ask.body }),
        signal: this.#signal,
      });
    } catch (error) {
      throw error instanceof HttpError ? this.#failures.ofTransport(target, error) : error;
    }
  }

  /** @throws VendorError for an answer that is not what was asked for */
  #parsed<T>(answer: Answer, target: Target, ask: Ask, parse: Parse<T>): T {
    const { mask = null, redaction, accepts = [] } = ask;
    // 203 is a 200 that a proxy says it has touched; the note keeps the number.
    if (![200, 203, ...accepts].includes(answer.status))
      throw this.#failures.ofStatus(target, answer, mask);
    // An accepted redirect may carry a page for people; its header says all that matters.
    const isRedirect = answer.status >= 300 && answer.status < 400;
    if (!isRedirect && looksLikeHtml(answer)) throw this.#failures.ofWebPage(target, answer);
    try {
      // Before anything is made of it: what follows keeps, hashes and quotes what it is given.
      if (redaction !== undefined) answer.body = this.#redacted(answer.body, redaction);
      return parse(withoutMark(answer.body), answer.headers);
    } catch (error) {
      const isOfBody = error instanceof MalformedBody || error instanceof SyntaxError;
      throw isOfBody ? this.#failures.ofBody(target, answer, mask, error) : error;
    }
  }

  #redacted(body: Buffer, redaction: Redaction): Buffer {
    const { redactionKey } = this.#options;
    if (redactionKey === undefined) {
      throw new Error(`no key to hide texts with: the vendor does not declare ${redaction.name}`);
    }
    return redacted(withoutMark(body), redaction, redactionKey);
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
