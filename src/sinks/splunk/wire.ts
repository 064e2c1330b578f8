import { AuditlakeError, EXIT, messageOf } from '../../errors.ts';
import type { Headers } from '../../http/headers.ts';
import { openTransport } from '../../http/transport.ts';
import { makeScrubber } from '../../platform/secrets.ts';
import type { SinkConnection } from '../define.ts';

/** The collector's answers have a few hundred bytes; a proxy's page may be longer. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export type Answer = { status: number; headers: Headers; body: string };

export type Request = {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  signal: AbortSignal;
};

/** HTTP to one event collector with its token. */
export type Wire = {
  /**
   * One request. A redirect is not followed, so that the token reaches no other host. The token is masked in the answer, as a
   * server may echo what it was sent.
   * @throws the signal's reason, or an AuditlakeError with exit 3 if no answer came
   */
  ask(request: Request): Promise<Answer>;
  /** An error that names the sink, the request, what came back and what to do. */
  failure(request: Pick<Request, 'method' | 'path'>, report: Report): AuditlakeError;
  close(): Promise<void>;
};

export type Report = { code: string; what: string; hint: string; exit: 3 | 4; cause?: unknown };

export function openWire(
  name: string,
  options: { url: string; token: string } & Pick<SinkConnection, 'timeout' | 'caFile' | 'env'>,
  connections: number,
): Wire {
  const { timeout, caFile, env } = options;
  const transport = openTransport({ connections, timeout, caFile, env, now: Date.now });
  const base = options.url.replace(/\/+$/, '');
  const scrub = makeScrubber([options.token]);

  const failure: Wire['failure'] = ({ method, path }, { code, what, hint, exit, cause }) =>
    new AuditlakeError(code, `${name}: ${method} ${base}${path}: ${what}`, hint, exit, cause);

  return {
    failure,
    async ask({ method, path, headers, body, signal }) {
      try {
        const answer = await transport.send({
          method,
          url: new URL(base + path),
          headers: { authorization: `Splunk ${options.token}`, ...headers },
          ...(body !== undefined && { body }),
          signal,
          limits: { maxBytes: MAX_ANSWER_BYTES },
        });
        const { status, headers: fields } = answer;
        return { status, headers: fields, body: scrub(answer.body.toString('utf8')) };
      } catch (error) {
        signal.throwIfAborted();
        throw failure(
          { method, path },
          {
            code: 'splunk-unreachable',
            what: scrub(messageOf(error)),
            hint: 'check host name, port, proxy, certificate authority (caFile) and network; the next run continues from here',
            exit: EXIT.incomplete,
            cause: error,
          },
        );
      }
    },
    close: () => transport.close(),
  };
}
