/** What it means when BigQuery refuses a request or fails a job. Its reasons are a documented list that may grow. */
import { z } from 'zod';
import { AuditlakeError, EXIT, type ExitCode, messageOf } from '../../errors.ts';
import { headersOf } from '../../http/headers.ts';
import { retryAfterOf } from '../../http/retry-after.ts';
import { printable } from '../../platform/printable.ts';

/**
 * - `transient` an overload, a quota, a fault of theirs, the network: may pass by itself
 * - `absent`    no such dataset, table or job
 * - `existing`  a job or table of that name exists already
 * - `denied`    a role is missing
 * - `refused`   no credentials, or not accepted
 * - `invalid`   what was sent is not acceptable
 */
export type Fault = 'transient' | 'absent' | 'existing' | 'denied' | 'refused' | 'invalid';

export type Refusal = {
  /** HTTP status; null if there was no answer. */
  status: number | null;
  reason: string | null;
  message: string;
  /** A network fault as Node or the client names it. */
  network: string | null;
  /** The pause that the answer asks for, in ms. */
  retryAfter?: number | null;
};

const BY_REASON = new Map<string, Fault>(
  Object.entries({
    backendError: 'transient',
    internalError: 'transient',
    jobBackendError: 'transient',
    jobInternalError: 'transient',
    jobRateLimitExceeded: 'transient',
    quotaExceeded: 'transient',
    rateLimitExceeded: 'transient',
    userRateLimitExceeded: 'transient',
    tableUnavailable: 'transient',
    timeout: 'transient',
    // A person or an administrator cancelled the job.
    stopped: 'transient',
    notFound: 'absent',
    duplicate: 'existing',
    accessDenied: 'denied',
    accessNotConfigured: 'denied',
    billingNotEnabled: 'denied',
    blocked: 'denied',
    authError: 'refused',
  }),
);

/** The reason comes before the status: an exceeded quota is a 403, as is a missing role. */
export function faultOf({ status, reason, network }: Refusal): Fault {
  const known = reason === null ? undefined : BY_REASON.get(reason);
  if (known !== undefined) return known;
  if (status === null)
    return network !== null ? 'transient' : reason === null ? 'refused' : 'invalid';
  if (status === 401) return 'refused';
  if (status === 403) return 'denied';
  if (status === 404) return 'absent';
  if (status === 409) return 'existing';
  return status === 408 || status === 429 || status >= 500 ? 'transient' : 'invalid';
}

const EXITS: Record<Fault, ExitCode> = {
  transient: EXIT.incomplete,
  absent: EXIT.person,
  existing: EXIT.failed,
  denied: EXIT.person,
  refused: EXIT.person,
  invalid: EXIT.failed,
};

const HINTS: Record<Fault, string> = {
  transient: 'the next run continues from here and waits for the same jobs',
  absent: 'create the dataset, or correct project and dataset in the configuration',
  existing: 'something else uses these names: give the sink a dataset of its own',
  denied:
    'grant the account roles/bigquery.jobUser on the project and roles/bigquery.dataEditor on the dataset',
  refused:
    'set keyFile to a service account’s key, or GOOGLE_APPLICATION_CREDENTIALS, or log in with gcloud auth application-default login',
  invalid: 'docs/bigquery.md says what a table must be like; later rows wait behind these',
};

/** It has no `cause`: what the client throws contains the request, and with it the token. */
export class BigQueryError extends AuditlakeError {
  readonly fault: Fault;
  /** The pause that the answer asks for before a retry, in ms; null if it asks for none. */
  readonly retryAfter: number | null;

  /** @param what what was attempted, such as `load into audit.audit_events` */
  constructor(what: string, refusal: Refusal) {
    const fault = faultOf(refusal);
    const words = [refusal.status, refusal.reason ?? refusal.network].filter((one) => one !== null);
    super(
      'bigquery',
      `BigQuery, ${what}: ${[...words, printable(refusal.message)].join(' ')}`,
      HINTS[fault],
      EXITS[fault],
    );
    this.name = 'BigQueryError';
    this.fault = fault;
    this.retryAfter = refusal.retryAfter ?? null;
  }
}

const HEADERS = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/**
 * Reads what the client throws: an answer of the API, a fault of the network, or trouble with credentials.
 * @param now for an answer without a clock of its own
 */
export function refusalOf(error: unknown, now: number): Refusal {
  // Node's message quotes the text that is not JSON, which here is a key.
  const message = error instanceof SyntaxError ? 'the credentials are not JSON' : messageOf(error);
  const code = property(error, 'code');
  const [first] = listOf(property(error, 'errors'));
  const reason = property(first, 'reason');
  // The client's HTTP library calls a broken connection `system`, an answer that is not JSON `invalid-json`.
  const type = property(error, 'type');
  const status = typeof code === 'number' ? code : null;
  const headers = HEADERS.safeParse(property(property(error, 'response'), 'headers'));
  return {
    status,
    reason: typeof reason === 'string' ? reason : null,
    message,
    network: networkCode(code) ?? (typeof type === 'string' ? type : null),
    retryAfter:
      status === null || !headers.success
        ? null
        : retryAfterOf(status, headersOf(headers.data), now),
  };
}

/** A key file that cannot be read has a code of Node's too; that is not a network fault. */
function networkCode(code: unknown): string | null {
  return typeof code === 'string' &&
    /^(E(CONN|AI_|HOST|NET|NOTFOUND|PIPE|TIMEDOUT)|ERR_STREAM_|UND_)/.test(code)
    ? code
    : null;
}

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
