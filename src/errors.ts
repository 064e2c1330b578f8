/** Exit codes of the public contract. Where several hold, the order is 5, 1, 4, 3, 0. */
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

/** The worst of several codes, in the order in which the contract ranks them; a refused configuration comes after a defect. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [5, 1, 2, 4, 3, 0];
  return order.find((code) => codes.includes(code)) ?? EXIT.complete;
}

/**
 * Anything auditlake reports on purpose: what was attempted on what, what came of it (`message`),
 * and what the user can do (`hint`). Any other error that reaches the top is a defect.
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

export function usageError(message: string, hint: string): AuditlakeError {
  return new AuditlakeError('usage', message, hint, EXIT.usage);
}

export function integrityError(message: string, hint: string, cause?: unknown): AuditlakeError {
  return new AuditlakeError('integrity', message, hint, EXIT.integrity, cause);
}

/** Thrown where work ends early because SIGINT or SIGTERM asked for it. */
export function stopped(): AuditlakeError {
  return new AuditlakeError(
    'stopped',
    'stopped on request',
    'run the same command again: it goes on from here',
    EXIT.incomplete,
  );
}

/**
 * What a failed request means for the run:
 * - `refused`    401: the token is not accepted
 * - `forbidden`  403: the token lacks a permission or the licence a feature
 * - `absent`     404, or a web page where the API should be: the endpoint is not there
 * - `rejected`   another 4xx: the vendor does not take the request as we send it
 * - `limited`    429
 * - `broken`     5xx, network trouble, a cut or malformed answer: may pass by itself
 * - `unstable`   the source does not hold still long enough to be read completely
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
  /** GET where it is left out. */
  method?: string;
  url: string;
  status: number | null;
  what: string;
  hint: string;
  retryAfter?: number | null;
  cause?: unknown;
};

/** A request that did not bring what it should. `url` carries no secret: tokens travel in a header. */
export class VendorError extends AuditlakeError {
  readonly fault: VendorFault;
  readonly url: string;
  readonly status: number | null;
  /** When the vendor says a repeat makes sense, as delay in ms; null if it says nothing. */
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

  /** The same error, judged otherwise in the light of what else the source answered. */
  as(fault: VendorFault): VendorError {
    return new VendorError({ ...this.#input, fault });
  }
}

/** The text of anything thrown, for a message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What broke a connection, down to the cause: undici wraps it in "fetch failed" or an AggregateError without text. */
export function innermostOf(error: unknown): string {
  const seen: string[] = [];
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const inner = e instanceof AggregateError ? e.errors.map(messageOf).join('; ') : e.message;
    if (inner !== '' && !seen.includes(inner)) seen.push(inner);
  }
  return seen.join(': ') || 'the connection failed';
}
