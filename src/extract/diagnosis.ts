/** What a failed request means, and what the user can do. Pure. */
import type { VendorFault } from '../errors.ts';
import type { HttpError, HttpFault } from '../http/http-error.ts';
import type { Answer } from '../http/request.ts';
import { isRateLimit } from '../http/retry-after.ts';

export type Diagnosis = { fault: VendorFault; code: string; what: string; hint: string };

/** What the user can do about the three refusals that every vendor words in its own way. */
export type RefusalHints = { refused: string; forbidden: string; absent: string };

/** What a refusal says by its status alone; null for what may pass by itself and for what is no refusal. */
export function diagnoseRefusal(
  status: number,
  what: string,
  hints: RefusalHints,
): Diagnosis | null {
  if (status === 401) {
    return { fault: 'refused', code: 'token-refused', what, hint: hints.refused };
  }
  if (status === 403) return { fault: 'forbidden', code: 'forbidden', what, hint: hints.forbidden };
  if (status === 404) return { fault: 'absent', code: 'not-found', what, hint: hints.absent };
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return rejected(what);
  return null;
}

/** How a vendor words its errors: null where the status alone says it. */
export type Diagnose = (status: number, body: Buffer) => Diagnosis | null;

/**
 * What an answer says that is no success: the vendor's own words first, unless they cannot be its own.
 *
 * @param answer its body without any secret, since what is quoted of it is cut
 */
export function diagnoseAnswer(answer: Answer, diagnose: Diagnose): Diagnosis {
  const { status } = answer;
  if (status < 300 || status === 304) return withoutContent(status);
  if (status === 403 && isRateLimit(status, answer.headers)) return rateLimited(status);
  const isPage = status < 500 && looksLikeHtml(answer);
  return (isPage ? null : diagnose(status, answer.body)) ?? diagnoseStatus(answer);
}

function diagnoseStatus({ status, headers }: Answer): Diagnosis {
  const what = `status ${status}`;
  const refusal = diagnoseRefusal(status, what, {
    refused: 'make a new token and set it',
    forbidden: 'the token lacks the permission for this endpoint',
    absent: 'this installation has no such endpoint: check the base URL and the version',
  });
  if (refusal !== null) return refusal;
  if (status === 429) return rateLimited(status);
  if (status >= 500 || status === 408) {
    return {
      fault: 'broken',
      code: 'vendor-error',
      what,
      hint: 'the vendor has trouble; the next run continues from here',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      fault: 'rejected',
      code: 'redirect',
      what: `${what}: a redirect to ${JSON.stringify(unsigned(headers.get('location') ?? 'nowhere'))}, which is not followed because the token must not go to another place`,
      hint: 'set the base URL to where the API really is',
    };
  }
  return rejected(what);
}

/** An address without what follows its path, which may be the signature of a file. */
function unsigned(address: string): string {
  return address.replace(/[?#].*$/s, '');
}

const NO_CONTENT: Readonly<Record<number, string>> = {
  202: 'the vendor took the request and has no answer yet',
  204: 'no content where there has to be some',
  206: 'a part, although the whole was asked for',
  304: '"not modified", although no condition was sent: a cache in between is at fault',
};

/** No failure by its number, and no answer either. */
function withoutContent(status: number): Diagnosis {
  return malformed(
    `status ${status}: ${NO_CONTENT[status] ?? 'no answer that this request can have'}`,
  );
}

function rateLimited(status: number): Diagnosis {
  return {
    fault: 'limited',
    code: 'rate-limited',
    what: `status ${status} (too many requests)`,
    hint: 'the next run continues from here; AUDITLAKE_CONCURRENCY=1 asks more slowly',
  };
}

function rejected(what: string): Diagnosis {
  return {
    fault: 'rejected',
    code: 'request-rejected',
    what,
    hint: 'the vendor does not take this request: please report it with this message',
  };
}

export const WEB_PAGE: Diagnosis = {
  fault: 'absent',
  code: 'web-page',
  what: 'a web page came back with status 200 where JSON was expected',
  hint: 'a sign-in page or an older installation without this endpoint: check the base URL and the version',
};

/** A page, or what says that it is one and is no JSON either: some gateways label everything as a page. */
export function looksLikeHtml(answer: Answer): boolean {
  const start = answer.body.toString('latin1', 0, 100);
  if (/^\s*<(!doctype|html)/i.test(start)) return true;
  return (
    answer.headers.get('content-type')?.includes('text/html') === true &&
    !/^(\xef\xbb\xbf)?\s*[{[]/.test(start)
  );
}

/** An answer with a status of success that is not what the endpoint sends. */
export function malformed(what: string): Diagnosis {
  return {
    fault: 'broken',
    code: 'malformed-answer',
    what,
    hint: 'the answer was cut or is not what this endpoint is known to send; the next run tries again',
  };
}

const NETWORK =
  'check host name, proxy, certificate authority and network; the next run continues from here';
const ALTERED =
  'nothing between here and the vendor should change its answers: check proxy and base URL; the next run tries again';
const SLOW =
  'the vendor or the network is too slow: the next run continues from here; AUDITLAKE_TIMEOUT waits longer';

const TRANSPORT: Record<HttpFault, Omit<Diagnosis, 'what'>> = {
  network: { fault: 'broken', code: 'network', hint: NETWORK },
  silent: { fault: 'broken', code: 'network', hint: NETWORK },
  deadline: { fault: 'broken', code: 'answer-too-slow', hint: SLOW },
  'too-slow': { fault: 'broken', code: 'answer-too-slow', hint: SLOW },
  // A cut answer may come whole the next time; one that is too large will not shrink.
  'too-large': { fault: 'unstable', code: 'answer-too-large', hint: ALTERED },
  undecodable: { fault: 'broken', code: 'malformed-answer', hint: ALTERED },
};

/** A request to which no whole answer came. */
export function diagnoseTransport(error: HttpError): Diagnosis {
  return { ...TRANSPORT[error.fault], what: error.message };
}
