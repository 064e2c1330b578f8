import { randomUUID } from 'node:crypto';
import { AuditlakeError } from '../../errors.ts';
import type { GiveUp } from '../../http/give-up.ts';
import { TransientFailure } from '../../http/transient-failure.ts';
import { repeated } from '../../http/repeat.ts';
import { retryAfterOf } from '../../http/retry-after.ts';
import type { RetryPolicy } from '../../http/retry.ts';
import { acknowledged, judge, type Verdict } from './answers.ts';
import { ACKS, EVENTS, busy, noAcks, refused } from './errors.ts';
import type { Wire } from './wire.ts';

export type Ack = 'auto' | 'on' | 'off';

/** The answer to events, and the channel they were sent by: null where nobody waits for acknowledgements. */
export type Sent = {
  verdict: Extract<Verdict, { kind: 'accepted' | 'refused' }>;
  channel: string | null;
};

/** The event collector during one delivery: whether it acknowledges, and by which channel. */
export class Collector {
  readonly #wire: Wire;
  readonly #ack: Ack;
  readonly #policy: RetryPolicy;
  readonly #giveUp: GiveUp;
  readonly #signal: AbortSignal;
  readonly #now: () => number;
  #channel: string | null;

  /** @param options.signal fires when `giveUp` does, too */
  constructor(
    wire: Wire,
    options: {
      ack: Ack;
      policy: RetryPolicy;
      giveUp: GiveUp;
      signal: AbortSignal;
      now: () => number;
    },
  ) {
    this.#wire = wire;
    this.#ack = options.ack;
    this.#policy = options.policy;
    this.#giveUp = options.giveUp;
    this.#signal = options.signal;
    this.#now = options.now;
    this.#channel = options.ack === 'off' ? null : randomUUID();
  }

  /**
   * Sends gzipped events, and retries while the failure may pass.
   * @throws AuditlakeError: exit 3 when the collector is given up, 4 if a person must act
   */
  async send(body: Buffer): Promise<Sent> {
    try {
      return await repeated(() => this.#attempt(body), {
        policy: this.#policy,
        signal: this.#signal,
        giveUp: this.#giveUp,
        retryHintOf: (error) => TransientFailure.retryHintOf(error),
      });
    } catch (error) {
      throw error instanceof TransientFailure ? error.failure : error;
    }
  }

  /**
   * Asks which numbers of a channel are indexed.
   * @returns null if the server no longer knows the channel: nothing that was sent by it will be acknowledged
   */
  async indexed(channel: string, ids: readonly number[]): Promise<Set<number> | null> {
    const answer = await this.#wire
      .ask({
        ...ACKS,
        headers: { 'content-type': 'application/json', 'x-splunk-request-channel': channel },
        body: JSON.stringify({ acks: ids }),
        signal: this.#signal,
      })
      .catch((error: unknown) => {
        this.#signal.throwIfAborted();
        if (!(error instanceof AuditlakeError)) throw error;
        return null;
      });
    if (answer === null) {
      // A question that fails says nothing about the events: their acknowledgement is still waited for.
      this.renewChannel(channel);
      return new Set();
    }
    const { status, body } = answer;
    const indexed = acknowledged(status, body);
    if (indexed !== null) return indexed;
    const verdict = judge(status, body);
    if (verdict.kind === 'person') throw refused(this.#wire, ACKS, verdict);
    if (verdict.kind === 'no-ack') this.#goWithoutAcks(ACKS, verdict.words);
    if (verdict.kind === 'channel') this.renewChannel(channel);
    return verdict.kind === 'no-ack' || verdict.kind === 'channel' ? null : new Set();
  }

  /**
   * Leaves a channel. A server that restarts counts from 0 again, and an old number must not be taken for a new one: whenever
   * it may have restarted, later events are sent by another channel.
   */
  renewChannel(channel: string | null): void {
    if (channel !== null && this.#channel === channel) this.#channel = randomUUID();
  }

  async #attempt(body: Buffer): Promise<Sent> {
    const channel = this.#channel;
    const verdict = await this.#ask(body, channel);
    switch (verdict.kind) {
      case 'accepted':
      case 'refused':
        this.#giveUp.succeeded();
        if (this.#ack === 'on' && verdict.kind === 'accepted' && verdict.ackId === null) {
          throw noAcks(this.#wire, EVENTS, 'the events were accepted without a number to ask for');
        }
        return { verdict, channel };
      case 'person':
        throw refused(this.#wire, EVENTS, verdict);
      case 'no-ack':
        this.#goWithoutAcks(EVENTS, verdict.words);
        break;
      case 'channel':
        this.renewChannel(channel);
        break;
      case 'later':
        break;
    }
    throw this.#transient(busy(this.#wire, EVENTS, verdict.words), verdict.retryAfter);
  }

  async #ask(
    body: Buffer,
    channel: string | null,
  ): Promise<Verdict & { retryAfter: number | null }> {
    try {
      const answer = await this.#wire.ask({
        ...EVENTS,
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          ...(channel !== null && { 'x-splunk-request-channel': channel }),
        },
        body,
        signal: this.#signal,
      });
      const { status, headers } = answer;
      const retryAfter = retryAfterOf(status, headers, this.#now());
      return { ...judge(status, answer.body), retryAfter };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof AuditlakeError)) throw error;
      this.renewChannel(channel);
      throw this.#transient(error, null);
    }
  }

  #transient(failure: AuditlakeError, retryAfter: number | null): TransientFailure {
    this.#giveUp.failed(failure);
    return new TransientFailure(failure, retryAfter);
  }

  #goWithoutAcks(endpoint: typeof EVENTS | typeof ACKS, words: string): void {
    if (this.#ack === 'on') throw noAcks(this.#wire, endpoint, words);
    this.#channel = null;
  }
}
