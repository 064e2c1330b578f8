import { z } from 'zod';
import { AuditlakeError, EXIT, type ExitCode } from '../../errors.ts';
import { headersOf } from '../../http/headers.ts';
import { retryAfterOf } from '../../http/retry-after.ts';
import { printable } from '../../platform/printable.ts';

/**
 * Why an S3 request failed:
 * - `exists`      the condition of a write does not hold
 * - `absent`      there is no such key
 * - `denied`      no permission; without permission to list also: there is no such key
 * - `person`      credentials, bucket, region or certificate are wrong: a person must act
 * - `unsupported` the server does not know a header that was sent
 * - `altered`     the body does not have the checksum that was sent with it
 * - `busy`        the network, an overload or a fault of the server: may pass by itself
 * - `rejected`    anything else
 */
export type Fault =
  | 'exists'
  | 'absent'
  | 'denied'
  | 'person'
  | 'unsupported'
  | 'altered'
  | 'busy'
  | 'rejected';

type Failure = {
  fault: Fault;
  what: string;
  hint: string;
  /** The pause that the answer asks for before a retry, in ms. */
  retryAfter: number | null;
};

const LATER = 'the next run continues from here';

/** The SDK puts the server's error code into `name`, Node an operating system's into `code`. */
const ERROR = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
  $response: z
    .object({ headers: z.record(z.string(), z.string()) })
    .optional()
    .catch(undefined),
});

const KEYS = 'check accessKeyId and secretAccessKey of the sink (or what the SDK finds itself)';

const PERSON = new Map<string, string>(
  Object.entries({
    InvalidAccessKeyId: KEYS,
    SignatureDoesNotMatch: KEYS,
    InvalidToken: KEYS,
    ExpiredToken: 'the credentials have expired: provide new ones',
    CredentialsProviderError:
      'no credentials were found: set accessKeyId and secretAccessKey, or give the machine a role',
    RequestTimeTooSkewed: 'the clock of this machine is wrong: set it',
    NoSuchBucket: 'create the bucket, or correct `bucket` and `endpoint`',
    PermanentRedirect: 'the bucket is in another region: correct `region`',
    AuthorizationHeaderMalformed: 'the bucket is in another region: correct `region`',
    IllegalLocationConstraintException: 'the bucket is in another region: correct `region`',
  }),
);

const ALTERED = new Set([
  'BadDigest',
  'InvalidDigest',
  'XAmzContentSHA256Mismatch',
  'XAmzContentChecksumMismatch',
]);

/** Codes with a status below 500 that a retry helps with. */
const BUSY = new Set(['RequestTimeout', 'ConditionalRequestConflict', 'OperationAborted']);

/**
 * What an error of the SDK means; null for one that did not come from a request.
 * @param now for an answer without a clock of its own
 * @param isBucketInHost the request went to `bucket.host` of a server that is not AWS
 */
export function diagnose(error: unknown, now: number, isBucketInHost = false): Failure | null {
  const failure = failureOf(error, now);
  if (failure === null || !isBucketInHost || !mayBeTheStyle(failure, error)) return failure;
  const hint = `${failure.hint}. Most servers other than AWS want the bucket in the path: set forcePathStyle: true`;
  return { ...failure, hint };
}

/** A host name that nobody knows or has a certificate for, or a server that takes the first part of the key for a bucket. */
function mayBeTheStyle({ fault }: Failure, error: unknown): boolean {
  const parsed = ERROR.safeParse(error);
  const { name = '', code = '', $metadata } = parsed.data ?? {};
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return /ENOTFOUND|EAI_AGAIN|ALTNAME/.test(code);
  return (
    fault === 'absent' || name === 'NoSuchBucket' || name === 'MethodNotAllowed' || status === 405
  );
}

function failureOf(error: unknown, now: number): Failure | null {
  const parsed = ERROR.safeParse(error);
  if (!parsed.success) return null;
  const { name, message, code, $metadata, $response } = parsed.data;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return withoutAnswer(name, code, message);
  // An answer to HEAD has no body: the status is all that is known.
  const what = `${status} ${printable(name, 60)}: ${printable(message)}`;
  const retryAfter = retryAfterOf(status, headersOf($response?.headers ?? {}), now);
  return { ...judge(status, name), what, retryAfter };
}

function judge(status: number, name: string): Pick<Failure, 'fault' | 'hint'> {
  const person = PERSON.get(name);
  if (person !== undefined) return { fault: 'person', hint: person };
  if (BUSY.has(name)) return { fault: 'busy', hint: LATER };
  if (name === 'NotImplemented' || status === 501) {
    return {
      fault: 'unsupported',
      hint: 'the server lacks a part of S3: see whether a newer version has it',
    };
  }
  if (ALTERED.has(name)) return { fault: 'altered', hint: LATER };
  // AWS answers 412; some servers 304, as for a condition of a GET, or 409.
  if (status === 412 || status === 409 || status === 304) return { fault: 'exists', hint: LATER };
  if (status === 404)
    return { fault: 'absent', hint: 'find out who removes files from the bucket' };
  if (status === 401 || status === 403) {
    return {
      fault: 'denied',
      hint: `grant s3:PutObject and s3:GetObject on the prefix, s3:DeleteObject on its lake/, and on servers other than AWS s3:ListBucket; otherwise ${KEYS}`,
    };
  }
  if (status >= 300 && status < 400) {
    return {
      fault: 'person',
      hint: 'correct `region` and `endpoint`; a gateway that wants a sign-in redirects as well',
    };
  }
  if (status === 408 || status === 429 || status >= 500) return { fault: 'busy', hint: LATER };
  return { fault: 'rejected', hint: 'the server does not accept this request: see its log' };
}

/** The network failed, a certificate was not accepted, or the SDK sent nothing. */
function withoutAnswer(name: string, code: string | undefined, message: string): Failure | null {
  const what = printable(
    code === undefined || message.includes(code) ? message : `${code}: ${message}`,
  );
  const failure = (fault: Fault, hint: string): Failure => ({
    fault,
    what,
    hint,
    retryAfter: null,
  });
  const person = PERSON.get(name);
  if (person !== undefined) return failure('person', person);
  if (code !== undefined && /CERT|ALTNAME|LEAF_SIGNATURE/.test(code)) {
    return failure('person', 'add the certificate authority of the server to NODE_EXTRA_CA_CERTS');
  }
  if (name === 'TimeoutError' || code !== undefined) return failure('busy', LATER);
  return null;
}

const EXIT_OF: Record<Fault, ExitCode> = {
  exists: EXIT.incomplete,
  absent: EXIT.person,
  denied: EXIT.person,
  person: EXIT.person,
  unsupported: EXIT.person,
  altered: EXIT.incomplete,
  busy: EXIT.incomplete,
  rejected: EXIT.failed,
};

/** A request that failed, with what was attempted on what. */
export class S3Error extends AuditlakeError {
  readonly fault: Fault;
  readonly retryAfter: number | null;

  /** @param attempted such as `PUT s3://bucket/key` */
  constructor(attempted: string, failure: Failure, cause: unknown) {
    const { fault, what, hint, retryAfter } = failure;
    super(`s3-${fault}`, `${attempted}: ${what}`, hint, EXIT_OF[fault], cause);
    this.name = 'S3Error';
    this.fault = fault;
    this.retryAfter = retryAfter;
  }
}

/**
 * A gateway's sign-in page has the status of success, but no ETag, which every object store sends.
 *
 * @throws S3Error `person`
 */
export function expectStore(attempted: string, etag: string | undefined): void {
  if (etag !== undefined) return;
  const what = 'the answer has no ETag, so that it is not from an object store';
  const hint = 'correct `endpoint`; look whether a gateway wants a sign-in';
  throw new S3Error(attempted, { fault: 'person', what, hint, retryAfter: null }, null);
}
