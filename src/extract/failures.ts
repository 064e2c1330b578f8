import { VendorError, messageOf } from '../errors.ts';
import type { HttpError } from '../http/http-error.ts';
import type { Answer } from '../http/request.ts';
import { retryAfterOf } from '../http/retry-after.ts';
import {
  type Diagnose,
  type Diagnosis,
  WEB_PAGE,
  diagnoseAnswer,
  diagnoseTransport,
  malformed,
} from './diagnosis.ts';
import { type Mask, maskedText } from './mask.ts';
import type { Target } from './target.ts';
import { makeScrubber } from '../platform/secrets.ts';

type Options = {
  scrub: (text: string) => string;
  diagnose: Diagnose;
  now: () => number;
  /** Ms: a longer pause is not waited for, and so is worth a word. */
  longestRetryAfter: number;
};

type More = { status: number | null; retryAfter?: number | null; cause?: unknown };

/**
 * What went wrong with the requests of one source, as errors without any secret. A server may echo what it was sent, and
 * what an error quotes is cut: so secrets are taken out first, as half of one would not be found any more.
 */
export class Failures {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The URL of a request as it may be kept. */
  urlOf(target: Target): string {
    return this.#scrub(target.named.href, target);
  }

  /** No whole answer came. */
  ofTransport(target: Target, error: HttpError): VendorError {
    return this.#error(target, diagnoseTransport(error), { status: error.status, cause: error });
  }

  /** The status is no success. */
  ofStatus(target: Target, answer: Answer, mask: Mask | null): VendorError {
    const body = Buffer.from(this.#scrub(answer.body.toString('utf8'), target));
    const diagnosis = diagnoseAnswer({ ...answer, body }, this.#options.diagnose);
    return this.#ofAnswer(target, answer, mask, diagnosis);
  }

  ofWebPage(target: Target, answer: Answer): VendorError {
    return this.#ofAnswer(target, answer, null, WEB_PAGE);
  }

  /** The body of a success could not be parsed. */
  ofBody(target: Target, answer: Answer, mask: Mask | null, error: Error): VendorError {
    const text = answer.body.toString('utf8');
    // What parsers say quotes a few characters, which may be any part of a secret.
    return this.#scrub(text, target) === text
      ? this.#ofAnswer(target, answer, mask, malformed(`status 200, but ${error.message}`), error)
      : this.#ofAnswer(target, answer, mask, malformed('status 200, but the body is malformed'));
  }

  /** The source was given up while this was asked, or before. */
  ofGivenUp(target: Target, afterMs: number, last: VendorError): VendorError {
    const { fault, code, hint } = last;
    const what = `given up, since nothing of this source has succeeded for ${afterMs / 1000} s; lastly ${messageOf(last)}`;
    return this.#error(target, { fault, code, what, hint }, { status: null, cause: last });
  }

  /** It was not sent: the vendor allows so many requests, and they are used up. */
  ofBudget(target: Target, waitMs: number): VendorError {
    const diagnosis: Diagnosis = {
      fault: 'limited',
      code: 'requests-used-up',
      what: 'not sent, since the requests that the vendor allows in this time are used up',
      hint: 'the next run continues from here; a run an hour uses all that the vendor allows',
    };
    return this.#error(target, diagnosis, { status: null, retryAfter: waitMs });
  }

  #ofAnswer(
    target: Target,
    answer: Answer,
    mask: Mask | null,
    diagnosis: Diagnosis,
    cause?: unknown,
  ): VendorError {
    const { status, headers } = answer;
    const what = maskedText(diagnosis.what, mask);
    const retryAfter = retryAfterOf(status, headers, this.#options.now());
    return this.#error(target, { ...diagnosis, what }, { status, retryAfter, cause });
  }

  #error(target: Target, diagnosis: Diagnosis, more: More): VendorError {
    return new VendorError({
      ...diagnosis,
      ...more,
      what: this.#scrub(diagnosis.what, target) + this.#pauseOf(diagnosis, more),
      method: target.method,
      url: this.urlOf(target),
    });
  }

  /** Without any secret of the source, and without the signature of a file elsewhere. */
  #scrub(text: string, { isElsewhere, url }: Target): string {
    const clean = this.#options.scrub(text);
    if (!isElsewhere) return clean;
    return makeScrubber([url.search.slice(1), ...url.searchParams.values()])(clean);
  }

  /** Until when the server wants to be left alone, where that says why something is late. */
  #pauseOf({ fault }: Diagnosis, { retryAfter = null }: More): string {
    const { longestRetryAfter, now } = this.#options;
    if (retryAfter === null || retryAfter === 0) return '';
    if (fault !== 'limited' && retryAfter <= longestRetryAfter) return '';
    const seconds = Math.ceil(retryAfter / 1000);
    const until = new Date(now() + retryAfter);
    // A server may name any number of seconds.
    const isDate = !Number.isNaN(until.getTime());
    return `; it asks for a pause of ${seconds} s${isDate ? `, until ${until.toISOString()}` : ''}`;
  }
}
