import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { VendorError, innermostOf } from '../errors.ts';
import type { PageNote } from '../model.ts';
import { type Diagnosis, diagnoseRefusal, rejected } from './diagnosis.ts';
import { RateBudget } from '../http/rate-budget.ts';
import { GIVE_UP_AFTER_MS, retryAfterOf, retryDelay } from '../http/retry-timing.ts';
import { MalformedBody } from './slice/json.ts';
import { type Answer, PackedBadly, type Transport } from '../http/transport.ts';

const WEB_PAGE_ATTEMPTS = 4;

export type Query = Record<string, string>;

/** `by` stands for `of`. */
export type Mask = { of: string; by: string };

export type ClientOptions = {
  baseUrl: string;
  token: string;
  concurrency: number;
  transport: Transport;
  signal: AbortSignal;
  now: () => number;
  /** Reads the vendor's error shapes; null where the status alone says it. */
  diagnose(status: number, body: Buffer): Diagnosis | null;
  /** Called for each failed attempt, for the log. */
  onRetry(error: VendorError, waitMs: number): void;
};

export type Got<T> = { value: T; note: PageNote; vendorNow: number | null };

/**
 * The HTTP client of one source: GET only, one token, one rate budget, and the decision what is
 * worth a repeat. It knows no endpoint.
 */
export class SourceClient {
  readonly #options: ClientOptions;
  readonly #budget: RateBudget;
  #failingSince: number | null = null;
  #answeredJson = false;
  requests = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#budget = new RateBudget(options.concurrency);
  }

  /** Whether any endpoint of this source has answered as an API does: tells a missing one from a dead host. */
  get answeredJson(): boolean {
    return this.#answeredJson;
  }

  /**
   * Fetches and parses. Parsing is part of the attempt, because a cut body with status 200 is found only there.
   *
   * @param path   below the base URL, its variable segments already percent-encoded
   * @param parse  turns a body into a value; a MalformedBody or SyntaxError makes the attempt fail
   * @param mask   a text that must not be kept, and what stands for it wherever it was asked or answered: in the
   *               note, in the records, in what the answer is hashed as, in errors
   * @throws VendorError when the repeats are used up or cannot help
   */
  async get<T extends { records?: readonly unknown[] } | object>(
    path: string,
    query: Query,
    parse: (body: Buffer) => T,
    mask: Mask | null = null,
  ): Promise<Got<T>> {
    const { signal } = this.#options;
    try {
      return await pRetry(
        () => this.#budget.run(() => this.#attempt(path, query, parse, mask), signal),
        {
          retries: Number.MAX_SAFE_INTEGER,
          minTimeout: 0,
          signal,
          shouldRetry: ({ error, attemptNumber }) => this.#waitForRepeat(error, attemptNumber),
        },
      );
    } catch (error) {
      const isWebPage = error instanceof VendorError && error.code === 'web-page';
      // One endpoint that answers with a page is not there; a source that answers with nothing else is down.
      if (isWebPage && !this.#answeredJson) throw error.as('broken');
      throw error;
    }
  }

  async #waitForRepeat(error: Error, attempt: number): Promise<boolean> {
    if (!(error instanceof VendorError)) return false;
    const mayPass =
      error.fault === 'broken' || error.fault === 'limited' || error.code === 'web-page';
    if (!mayPass || this.#isGivenUp()) return false;
    // A gateway's hiccup passes soon; where the rest of the source answers, a page that stays means "not here".
    if (error.code === 'web-page' && this.#answeredJson && attempt >= WEB_PAGE_ATTEMPTS)
      return false;
    const wait = retryDelay(attempt, error.retryAfter, Math.random());
    if (wait === null) return false;
    this.#options.onRetry(error, wait);
    await sleep(wait, undefined, { signal: this.#options.signal });
    return true;
  }

  #isGivenUp(): boolean {
    return this.#failingSince !== null && performance.now() - this.#failingSince > GIVE_UP_AFTER_MS;
  }

  async #attempt<T extends { records?: readonly unknown[] } | object>(
    path: string,
    query: Query,
    parse: (body: Buffer) => T,
    mask: Mask | null,
  ): Promise<Got<T>> {
    const url = this.#url(path, query);
    const named = this.#url(path, maskedQuery(query, mask));
    this.requests += 1;
    try {
      const answer = await this.#fetch(url, named);
      if (mask !== null) answer.body = maskedBody(answer.body, mask);
      const value = this.#read(named, answer, parse, mask);
      this.#failingSince = null;
      this.#answeredJson = true;
      return {
        value,
        note: {
          request: named.pathname + named.search,
          status: answer.status,
          at: answer.at,
          bytes: answer.body.length,
          sha256: createHash('sha256').update(answer.body).digest('hex'),
          records: 'records' in value ? (value.records?.length ?? 1) : 1,
        },
        vendorNow: dateOf(answer),
      };
    } catch (error) {
      if (isTrouble(error)) this.#failingSince ??= performance.now();
      throw error;
    }
  }

  #url(path: string, query: Query): URL {
    const url = new URL(this.#options.baseUrl.replace(/\/+$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  async #fetch(url: URL, named: URL): Promise<Answer> {
    const { transport, token, signal } = this.#options;
    try {
      return await transport.get(
        url,
        { authorization: `Bearer ${token}`, accept: 'application/json' },
        signal,
      );
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof PackedBadly) throw packedBadly(named, error);
      throw new VendorError({
        fault: 'broken',
        code: 'network',
        url: named.href,
        status: null,
        what: innermostOf(error),
        hint: 'check host name, proxy, certificate authority and network; the next run goes on from here',
        cause: error,
      });
    }
  }

  #read<T>(url: URL, answer: Answer, parse: (body: Buffer) => T, mask: Mask | null): T {
    const kept = (what: string): string => {
      // A server may echo what it was sent; the token must reach neither log nor ledger.
      const text = what.replaceAll(this.#options.token, '[secret]');
      return mask === null ? text : text.replaceAll(mask.of, mask.by);
    };
    const fail = (diagnosis: Diagnosis, cause?: unknown): VendorError =>
      new VendorError({
        ...diagnosis,
        what: kept(diagnosis.what),
        url: url.href,
        status: answer.status,
        retryAfter: retryAfterOf(answer.header, this.#options.now()),
        cause,
      });
    if (answer.status !== 200) {
      const own =
        answer.status < 500 && looksLikeHtml(answer)
          ? null
          : this.#options.diagnose(answer.status, answer.body);
      throw fail(own ?? diagnoseStatus(answer));
    }
    if (looksLikeHtml(answer)) throw fail(WEB_PAGE);
    try {
      return parse(answer.body);
    } catch (error) {
      if (!(error instanceof MalformedBody || error instanceof SyntaxError)) throw error;
      throw fail(
        {
          fault: 'broken',
          code: 'malformed-answer',
          what: `status 200, but ${error.message}`,
          hint: 'the answer was cut or is not what this endpoint is known to send; the next run tries again',
        },
        error,
      );
    }
  }
}

function maskedQuery(query: Query, mask: Mask | null): Query {
  const entries = Object.entries(query).map(([name, value]) => [
    name,
    value === mask?.of ? mask.by : value,
  ]);
  return Object.fromEntries(entries) as Query;
}

/** As a whole text only: a short id may be a part of any number, date or word. */
function maskedBody(body: Buffer, { of, by }: Mask): Buffer {
  return Buffer.from(body.toString('utf8').replaceAll(JSON.stringify(of), JSON.stringify(by)));
}

function packedBadly(url: URL, error: PackedBadly): VendorError {
  return new VendorError({
    // A cut answer may come whole the next time; one that is too large will not shrink.
    fault: error.tooLarge ? 'unstable' : 'broken',
    code: error.tooLarge ? 'answer-too-large' : 'malformed-answer',
    url: url.href,
    status: 200,
    what: error.message,
    hint: 'nothing between here and the vendor should change its answers: check proxy and base URL; the next run tries again',
    cause: error,
  });
}

const WEB_PAGE: Diagnosis = {
  fault: 'absent',
  code: 'web-page',
  what: 'a web page came back with status 200 where JSON was expected',
  hint: 'a sign-in page or an older installation without this endpoint: check the base URL and the version',
};

function diagnoseStatus(answer: Answer): Diagnosis {
  const what = `status ${answer.status}`;
  const { status } = answer;
  const refusal = diagnoseRefusal(status, what, {
    refused: 'make a new token and set it',
    forbidden: 'the token lacks the permission for this endpoint',
    absent: 'this installation has no such endpoint: check the base URL and the version',
  });
  if (refusal !== null) return refusal;
  if (status === 429) {
    return {
      fault: 'limited',
      code: 'rate-limited',
      what: `${what} (too many requests)`,
      hint: 'the next run goes on from here; AUDITLAKE_CONCURRENCY=1 asks more slowly',
    };
  }
  if (status >= 500 || status === 408) {
    return {
      fault: 'broken',
      code: 'vendor-error',
      what,
      hint: 'the vendor has trouble; the next run goes on from here',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      fault: 'rejected',
      code: 'redirect',
      what: `${what}: a redirect to ${JSON.stringify(answer.header('location') ?? 'nowhere')}, which is not followed because the token must not go to another place`,
      hint: 'set the base URL to where the API really is',
    };
  }
  return rejected(what);
}

/** Trouble that counts towards giving a source up; a clear "no" to one endpoint does not. */
function isTrouble(error: unknown): boolean {
  return error instanceof VendorError && (error.fault === 'broken' || error.fault === 'limited');
}

function looksLikeHtml(answer: Answer): boolean {
  return (
    answer.header('content-type')?.includes('text/html') === true ||
    /^\s*<(!doctype|html)/i.test(answer.body.toString('latin1', 0, 100))
  );
}

function dateOf(answer: Answer): number | null {
  const date = Date.parse(answer.header('date') ?? '');
  return Number.isNaN(date) ? null : date;
}
