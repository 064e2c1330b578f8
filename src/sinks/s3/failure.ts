import { z } from 'zod';
import { AuditlakeError, EXIT, type ExitCode } from '../../errors.ts';
import { printable } from '../../platform/printable.ts';

/**
 * What an S3 request came to that did not succeed:
 * - `exists`      the condition of a write does not hold
 * - `absent`      there is no such key
 * - `denied`      not allowed; where listing is not granted also: there is no such key
 * - `person`      credentials, bucket, region or certificate: somebody must act
 * - `unsupported` the server does not know a header that was sent
 * - `altered`     the body has another checksum than was announced
 * - `busy`        network, overload, trouble on the other side: may pass by itself
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

export type Failure = { fault: Fault; what: string; hint: string };

const LATER = 'the next run goes on from here';

/** The SDK puts the server's error code into `name`, Node a system's into `code`. */
const ERROR = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

const KEYS = 'check accessKeyId and secretAccessKey of the sink (or what the SDK finds by itself)';

const PERSON: Record<string, string> = {
  InvalidAccessKeyId: KEYS,
  SignatureDoesNotMatch: KEYS,
  InvalidToken: KEYS,
  ExpiredToken: 'the credentials have expired: provide new ones',
  CredentialsProviderError:
    'no credentials were found: give accessKeyId and secretAccessKey, or a role to the machine',
  RequestTimeTooSkewed: 'the clock of this machine is wrong: set it',
  NoSuchBucket: 'create the bucket, or correct `bucket` and `endpoint`',
  PermanentRedirect: 'the bucket is in another region: correct `region`',
  AuthorizationHeaderMalformed: 'the bucket is in another region: correct `region`',
  IllegalLocationConstraintException: 'the bucket is in another region: correct `region`',
};

const ALTERED = new Set([
  'BadDigest',
  'InvalidDigest',
  'XAmzContentSHA256Mismatch',
  'XAmzContentChecksumMismatch',
]);

/** Codes that come with a status below 500 though a repeat helps. */
const BUSY = new Set(['RequestTimeout', 'ConditionalRequestConflict', 'OperationAborted']);

/** Null for what is no failure of a request at all. Pure. */
export function diagnose(error: unknown): Failure | null {
  const parsed = ERROR.safeParse(error);
  if (!parsed.success) return null;
  const { name, message, code, $metadata } = parsed.data;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return withoutAnswer(name, code, message);
  // HEAD has no body: there the status is all that is known.
  const what = `${status} ${printable(name, 60)}: ${printable(message)}`;
  const person = PERSON[name];
  if (person !== undefined) return { fault: 'person', what, hint: person };
  if (BUSY.has(name)) return { fault: 'busy', what, hint: LATER };
  if (name === 'NotImplemented' || status === 501) {
    return { fault: 'unsupported', what, hint: 'the server lacks what S3 has: see its version' };
  }
  if (ALTERED.has(name)) return { fault: 'altered', what, hint: LATER };
  if (status === 412) return { fault: 'exists', what, hint: LATER };
  if (status === 404) return { fault: 'absent', what, hint: 'see who removes files from there' };
  if (status === 401 || status === 403) {
    return {
      fault: 'denied',
      what,
      hint: `grant s3:PutObject and s3:GetObject on the prefix, s3:DeleteObject on its lake/, and on servers other than AWS s3:ListBucket; else ${KEYS}`,
    };
  }
  if (status === 301 || status === 307) {
    return { fault: 'person', what, hint: 'correct `region` and `endpoint`' };
  }
  if (status === 408 || status === 429 || status >= 500)
    return { fault: 'busy', what, hint: LATER };
  return { fault: 'rejected', what, hint: 'the server does not take this request: see its log' };
}

/** The network, a certificate, or the SDK before it sent anything. */
function withoutAnswer(name: string, code: string | undefined, message: string): Failure | null {
  const what = printable(
    code === undefined || message.includes(code) ? message : `${code}: ${message}`,
  );
  const person = PERSON[name];
  if (person !== undefined) return { fault: 'person', what, hint: person };
  if (code !== undefined && /CERT|ALTNAME|LEAF_SIGNATURE/.test(code)) {
    return {
      fault: 'person',
      what,
      hint: 'name the certificate authority of the server in NODE_EXTRA_CA_CERTS',
    };
  }
  if (name === 'TimeoutError' || code !== undefined) return { fault: 'busy', what, hint: LATER };
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

/** A request that did not bring what it should. */
export class S3Error extends AuditlakeError {
  readonly fault: Fault;

  /** @param attempted what was asked of what, as `PUT s3://bucket/key` */
  constructor(attempted: string, failure: Failure, cause: unknown) {
    const { fault, what, hint } = failure;
    super(`s3-${fault}`, `${attempted}: ${what}`, hint, EXIT_OF[fault], cause);
    this.name = 'S3Error';
    this.fault = fault;
  }
}
