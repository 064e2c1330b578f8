import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { VendorError, messageOf } from '../errors.ts';
import { GiveUp } from '../http/give-up.ts';
import type { Headers } from '../http/headers.ts';
import { HttpError } from '../http/http-error.ts';
import { RateBudget } from '../http/rate-budget.ts';
import { repeated } from '../http/repeat.ts';
import type { Answer } from '../http/request.ts';
import { retryAfterOf } from '../http/retry-after.ts';
import { VENDOR_RETRY, type RetryPolicy } from '../http/retry.ts';
import type { Transport } from '../http/transport.ts';
import type { PageNote } from '../model.ts';
import { makeScrubber } from '../platform/secrets.ts';
import {
  type Diagnose,
  type Diagnosis,
  WEB_PAGE,
  diagnoseAnswer,
  diagnoseTransport,
  looksLikeHtml,
  malformed,
} from './diagnosis.ts';
import { type Mask, type Query, maskedBody, maskedText } from './mask.ts';
import { isListed, type Read } from './reads.ts';
import { MalformedBody } from './slice/json.ts';
import { type Ask, type Target, targetOf } from './target.ts';

const MOST_WEB_PAGES = 4;

export type { Query } from './mask.ts';
export type { Ask } from './target.ts';

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
  /** How the token travels; as a bearer token where it is left out. */
  authorize?: (token: string) => Record<string, string>;
  /** The only requests that are sent. */
  reads: readonly Read[];
  /** What else must be in no note and no message. */
  secrets?: readonly string[];
  retry?: RetryPolicy;
};

/** What a body was parsed to. `vendorNow` is the vendor's own clock, if it says what it is. */
export type Got<T> = { value: T; note: PageNote; vendorNow: number | null; headers: Headers };

type Parsed = { records?: readonly unknown[] } | object;

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
  #answeredJson = false;
  requests = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#policy = options.retry ?? VENDOR_RETRY;
    this.#budget = new RateBudget(options.concurrency, this.#policy.longestWish);
    this.#giveUp = new GiveUp(this.#policy.giveUpAfter);
    this.#signal = AbortSignal.any([options.signal, this.#giveUp.signal]);
    // Every request under way listens to it: more than the ten that Node takes for a leak.
    setMaxListeners(0, this.#signal);
    this.#scrub = makeScrubber([options.token, ...(options.secrets ?? [])]);
  }

  /** Whether any endpoint of this source has answered as an API does: tells a missing one from a dead host. */
  get answeredJson(): boolean {
    return this.#answeredJson;
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
  async read<T extends Parsed>(
    ask: Ask,
    parse: (body: Buffer, headers: Headers) => T,
  ): Promise<Got<T>> {
    const target = targetOf(ask, this.#options.baseUrl);
    this.#mustBeListed(target);
    let webPages = 0;
    try {
      return await repeated(
        () => this.#budget.run(() => this.#attempt(ask, target, parse), this.#signal),
        {
          policy: this.#policy,
          signal: this.#signal,
          giveUp: this.#giveUp,
          wishOf: (error) => {
            if (error instanceof VendorError && error.code === 'web-page') webPages += 1;
            return this.#wishOf(error, webPages);
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
      if (error.code === 'web-page' && !this.#answeredJson) throw error.as('broken');
      const isOfAnother = error === this.#giveUp.signal.reason && error.url !== this.#url(target);
      throw isOfAnother ? this.#givenUp(target, error) : error;
    }
  }

  #mustBeListed({ method, url, path, isElsewhere }: Target): void {
    const { reads } = this.#options;
    if (isElsewhere || isListed(reads, method, path)) return;
    throw new Error(`${method} ${url.pathname} is not among the reads that the vendor declares`);
  }

  #wishOf(error: Error, webPages: number): number | null | 'never' {
    if (!(error instanceof VendorError)) return 'never';
    const isWebPage = error.code === 'web-page';
    if (!(isTrouble(error) || isWebPage)) return 'never';
    // A gateway's hiccup passes soon; where the rest of the source answers, a page that stays means "not here".
    if (isWebPage && this.#answeredJson && webPages >= MOST_WEB_PAGES) return 'never';
    return error.retryAfter;
  }

  async #attempt<T extends Parsed>(
    ask: Ask,
    target: Target,
    parse: (body: Buffer, headers: Headers) => T,
  ): Promise<Got<T>> {
    this.requests += 1;
    try {
      const answer = await this.#fetch(ask, target);
      const { mask = null } = ask;
      if (mask !== null) answer.body = maskedBody(answer.body, mask);
      const value = this.#parsed(answer, target, mask, parse);
      this.#giveUp.succeeded();
      this.#answeredJson = true;
      const { status, at, body, headers } = answer;
      return {
        value,
        note: {
          request: this.#scrub(target.note),
          status,
          at,
          bytes: body.length,
          sha256: createHash('sha256').update(body).digest('hex'),
          records: 'records' in value ? (value.records?.length ?? 1) : 1,
        },
        vendorNow: dateOf(answer),
        headers,
      };
    } catch (error) {
      if (error instanceof VendorError && isTrouble(error)) this.#giveUp.failed(error);
      throw error;
    }
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
      if (!(error instanceof HttpError)) throw error;
      throw this.#error(target, diagnoseTransport(error), { status: error.status, cause: error });
    }
  }

  /** @throws VendorError for an answer that is not what was asked for */
  #parsed<T>(
    answer: Answer,
    target: Target,
    mask: Mask | null,
    parse: (body: Buffer, headers: Headers) => T,
  ): T {
    const fail = (diagnosis: Diagnosis, cause?: unknown): VendorError =>
      this.#error(
        target,
        { ...diagnosis, what: maskedText(diagnosis.what, mask) },
        {
          status: answer.status,
          retryAfter: retryAfterOf(answer.status, answer.headers, this.#options.now()),
          cause,
        },
      );
    if (answer.status !== 200) {
      // A server may echo what it was sent, and what is quoted is cut: half a token would not be found any more.
      const body = Buffer.from(this.#scrub(answer.body.toString('utf8')));
      throw fail(diagnoseAnswer({ ...answer, body }, this.#options.diagnose));
    }
    if (looksLikeHtml(answer)) throw fail(WEB_PAGE);
    try {
      return parse(withoutMark(answer.body), answer.headers);
    } catch (error) {
      if (!(error instanceof MalformedBody || error instanceof SyntaxError)) throw error;
      const text = answer.body.toString('utf8');
      // Such messages quote a few characters, which may be any part of an echoed secret.
      const mayBeQuoted = this.#scrub(text) === text;
      throw mayBeQuoted
        ? fail(malformed(`status 200, but ${messageOf(error)}`), error)
        : fail(malformed('status 200, but the body is malformed'));
    }
  }

  #error(
    target: Target,
    diagnosis: Diagnosis,
    more: { status: number | null; retryAfter?: number | null; cause?: unknown },
  ): VendorError {
    const { longestWish } = this.#policy;
    const { retryAfter = null } = more;
    const wish =
      retryAfter !== null && retryAfter > longestWish
        ? `; it asks for a pause of ${Math.ceil(retryAfter / 1000)} s`
        : '';
    return new VendorError({
      ...diagnosis,
      ...more,
      what: this.#scrub(diagnosis.what) + wish,
      method: target.method,
      url: this.#url(target),
    });
  }

  #url(target: Target): string {
    return this.#scrub(target.named.href);
  }

  #givenUp(target: Target, last: VendorError): VendorError {
    const { fault, code, hint } = last;
    const what = `given up, since nothing of this source has succeeded for ${this.#giveUp.after / 1000} s; lastly ${last.message}`;
    return this.#error(target, { fault, code, what, hint }, { status: null, cause: last });
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** Trouble that may pass by itself, and counts towards giving a source up; a clear "no" to one endpoint does not. */
function isTrouble(error: VendorError): boolean {
  return error.fault === 'broken' || error.fault === 'limited';
}

/** JSON texts have no byte order mark, but some servers send one. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

function dateOf(answer: Answer): number | null {
  const date = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : date;
}
