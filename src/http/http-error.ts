/**
 * Why a request brought no usable answer:
 * - `network`     no connection, or one that broke
 * - `silent`      no status within the time that an answer may take
 * - `deadline`    the whole request took too long
 * - `too-slow`    the body came more slowly than the lowest rate
 * - `too-large`   the body is larger than the cap, after unpacking
 * - `undecodable` the body cannot be unpacked
 */
export type HttpFault =
  | 'network'
  | 'silent'
  | 'deadline'
  | 'too-slow'
  | 'too-large'
  | 'undecodable';

/** A request without a usable answer. `status` is null where none came. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly fault: HttpFault;
  readonly status: number | null;

  constructor(fault: HttpFault, message: string, status: number | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
    this.status = status;
  }
}
