/** The exit codes of the public contract. If several apply, the first of 5, 1, 4, 3, 0 is used. */
export const EXIT = {
  complete: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  person: 4,
  integrity: 5,
  locked: 75,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For the docs. Where several hold, the first of 5, 1, 4, 3, 0 is the exit code. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'complete',
  1: 'failed: a defect or an unforeseen error',
  2: 'usage or configuration; SQL that is wrong or not allowed',
  3: 'incomplete: what was read is safe, and the next run continues from there',
  4: 'a person must act: a token was refused, or a required stream is forbidden',
  5: 'integrity: the archive or the warehouse is not what it should be',
  75: 'another run holds the lock',
};

/**
 * An error that auditlake reports on purpose: what was attempted on what and what came back (`message`), and what the user can do
 * (`hint`). Any other error that reaches the top is a defect.
 */
export class AuditlakeError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exit: ExitCode;

  constructor(code: string, message: string, hint: string, exit: ExitCode, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AuditlakeError';
    this.code = code;
    this.hint = hint;
    this.exit = exit;
  }
}

/** The user must change the command or the configuration. */
export function usageError(message: string, hint: string): AuditlakeError {
  return new AuditlakeError('usage', message, hint, EXIT.usage);
}

/** The archive or the warehouse is not what it should be. */
export function integrityError(message: string, hint: string, cause?: unknown): AuditlakeError {
  return new AuditlakeError('integrity', message, hint, EXIT.integrity, cause);
}

/** What nobody foresaw, as an error of ours. */
export function defect(cause: unknown): AuditlakeError {
  const hint = 'this was not foreseen: please report it with the log';
  return new AuditlakeError('defect', messageOf(cause), hint, EXIT.failed, cause);
}

/** Thrown when SIGINT or SIGTERM ends the work early. */
export function stopped(): AuditlakeError {
  return new AuditlakeError(
    'stopped',
    'stopped on request',
    'run the same command again: it continues from here',
    EXIT.incomplete,
  );
}

/**
 * What a failed request means for the run:
 * - `refused`    401: the token is not accepted
 * - `forbidden`  403: the token lacks a permission or the licence a feature
 * - `absent`     404, or a web page where the API should be: the endpoint is not there
 * - `rejected`   another 4xx: the vendor does not accept the request as it is
 * - `limited`    429
 * - `broken`     5xx, a network error, a truncated or malformed answer: may pass by itself
 * - `unstable`   the source keeps changing and cannot be read completely
 */
export type VendorFault =
  | 'refused'
  | 'forbidden'
  | 'absent'
  | 'rejected'
  | 'limited'
  | 'broken'
  | 'unstable';

const FAULT_EXIT: Record<VendorFault, ExitCode> = {
  refused: EXIT.person,
  forbidden: EXIT.person,
  absent: EXIT.person,
  rejected: EXIT.failed,
  limited: EXIT.incomplete,
  broken: EXIT.incomplete,
  unstable: EXIT.incomplete,
};

type VendorErrorInput = {
  fault: VendorFault;
  code: string;
  /** GET if left out. */
  method?: string;
  url: string;
  status: number | null;
  what: string;
  hint: string;
  retryAfter?: number | null;
  cause?: unknown;
};

/** A request that failed. `url` holds no secret: tokens travel in a header. */
export class VendorError extends AuditlakeError {
  readonly fault: VendorFault;
  readonly url: string;
  readonly status: number | null;
  /** The delay after which the vendor says a retry makes sense, in ms; null if it says nothing. */
  readonly retryAfter: number | null;

  readonly #input: VendorErrorInput;

  constructor(input: VendorErrorInput) {
    super(
      input.code,
      `${input.method ?? 'GET'} ${input.url}: ${input.what}`,
      input.hint,
      FAULT_EXIT[input.fault],
      input.cause,
    );
    this.name = 'VendorError';
    this.#input = input;
    this.fault = input.fault;
    this.url = input.url;
    this.status = input.status;
    this.retryAfter = input.retryAfter ?? null;
  }

  /** The same error, judged differently in the light of the source's other answers. */
  as(fault: VendorFault): VendorError {
    return new VendorError({ ...this.#input, fault });
  }

  /** The same error, of which it is known otherwise when a repeat makes sense. */
  after(retryAfter: number): VendorError {
    return new VendorError({ ...this.#input, retryAfter });
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a connection failed, down to the cause: undici wraps it in "fetch failed" or in an AggregateError without text. */
export function innermostOf(error: unknown): string {
  const seen: string[] = [];
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const inner = e instanceof AggregateError ? e.errors.map(messageOf).join('; ') : e.message;
    if (inner !== '' && !seen.includes(inner)) seen.push(inner);
  }
  return seen.join(': ') || 'the connection failed';
}
