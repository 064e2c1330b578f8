import { AuditlakeError, EXIT, messageOf } from '../../errors.ts';
import { GiveUp } from '../../http/give-up.ts';
import { TransientFailure } from '../../http/transient-failure.ts';
import { repeated } from '../../http/repeat.ts';
import type { RetryPolicy } from '../../http/retry.ts';
import { retryAfterOf } from '../../http/retry-after.ts';
import { openTransport, type Transport } from '../../http/transport.ts';
import { makeScrubber } from '../../platform/secrets.ts';
import type { SinkConnection } from '../define.ts';
import { meaningOf } from './answers.ts';

const MAX_ANSWER_BYTES = 64 * 1024;

const LONGEST_WORDS = 300;

/** Of a request that was answered: whether it was taken, or why not. */
export type Verdict = { isTaken: boolean; words: string };

export type Sent = {
  method: 'POST' | 'HEAD';
  url: string;
  body?: string;
  headers?: Record<string, string>;
};

type Settings = Pick<SinkConnection, 'timeout' | 'caFile' | 'env'> & { secrets: readonly string[] };

/** HTTP to a receiver of webhooks. An address may be a secret: no error has more of it than the host. */
export class Wire {
  readonly #name: string;
  readonly #transport: Transport;
  readonly #policy: RetryPolicy;
  readonly #scrub: (text: string) => string;

  constructor(name: string, { timeout, caFile, env, secrets }: Settings, policy: RetryPolicy) {
    this.#name = name;
    this.#policy = policy;
    this.#transport = openTransport({ connections: 1, timeout, caFile, env, now: Date.now });
    this.#scrub = makeScrubber(secrets);
  }

  /**
   * Sends a request, and again while that may help.
   *
   * @returns what the receiver says to it; it refuses the request for what is in it, or takes it
   * @throws the signal's reason; AuditlakeError with exit 3 if the receiver is given up, 4 if it refuses whoever sends
   */
  async ask(request: Sent, signal: AbortSignal): Promise<Verdict> {
    const giveUp = new GiveUp(this.#policy.giveUpAfter);
    const either = AbortSignal.any([signal, giveUp.signal]);
    try {
      return await repeated(() => this.#attempt(request, either, giveUp), {
        policy: this.#policy,
        signal: either,
        giveUp,
        retryHintOf: (error) => TransientFailure.retryHintOf(error),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof TransientFailure ? error.failure : error;
    } finally {
      giveUp.succeeded();
    }
  }

  /** @param url of which the host is named */
  failure(
    url: string,
    { what, hint, exit }: { what: string; hint: string; exit: 3 | 4 },
  ): AuditlakeError {
    const where = `${this.#name}: POST to ${new URL(url).host}`;
    return new AuditlakeError(
      exit === EXIT.person ? 'webhook-refused' : 'webhook-unreachable',
      `${where}: ${what}`,
      hint,
      exit,
    );
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #attempt(
    { method, url, body, headers = {} }: Sent,
    signal: AbortSignal,
    giveUp: GiveUp,
  ): Promise<Verdict> {
    let answer;
    try {
      answer = await this.#transport.send({
        method,
        url: new URL(url),
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body }),
        signal,
        limits: { maxBytes: MAX_ANSWER_BYTES },
      });
    } catch (error) {
      signal.throwIfAborted();
      throw this.#transient(giveUp, url, this.#scrub(messageOf(error)), null);
    }
    const { status } = answer;
    const said = this.#scrub(answer.body.toString('utf8')).trim().slice(0, LONGEST_WORDS);
    const words = said === '' ? `status ${status}` : `status ${status}: ${said}`;
    const meaning = meaningOf(method, status);
    if (meaning === 'later') {
      throw this.#transient(giveUp, url, words, retryAfterOf(status, answer.headers, Date.now()));
    }
    if (meaning === 'person') {
      const hint =
        'make a new address or key where the messages are received, and put it into the configuration';
      throw this.failure(url, { what: words, hint, exit: EXIT.person });
    }
    return { isTaken: meaning === 'taken', words };
  }

  #transient(
    giveUp: GiveUp,
    url: string,
    what: string,
    retryAfter: number | null,
  ): TransientFailure {
    const hint =
      'check host name, proxy, certificate authority (caFile) and network; the next run continues from here';
    const failure = this.failure(url, { what, hint, exit: EXIT.incomplete });
    const transient = new TransientFailure(failure, retryAfter);
    giveUp.failed(transient);
    return transient;
  }
}
