import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { AuditlakeError } from '../../errors.ts';
import { retryAfterOf } from '../../http/retry-after.ts';
import { acknowledged, judge, type Verdict } from './answers.ts';
import { ACKS, EVENTS, busy, noAcks, refused } from './errors.ts';
import type { Wire } from './wire.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

export type Ack = 'auto' | 'on' | 'off';

/** What was answered to events, and the channel they went by: null where nobody waits for acknowledgements. */
export type Sent = {
  verdict: Extract<Verdict, { kind: 'taken' | 'refused' }>;
  channel: string | null;
};

/** Trouble that may pass, and when the server wants to be asked again, in ms. */
class Later extends Error {
  readonly retryAfter: number;
  readonly failure: AuditlakeError;

  constructor(failure: AuditlakeError, retryAfter: number) {
    super(failure.message);
    this.failure = failure;
    this.retryAfter = retryAfter;
  }
}

/** The event collector during one delivery: how it acknowledges, by which channel, and since when it is in trouble. */
export class Collector {
  readonly #wire: Wire;
  readonly #ack: Ack;
  readonly #patience: number;
  readonly #signal: AbortSignal;
  readonly #now: () => number;
  #channel: string | null;
  #failingSince: number | null = null;

  /** @param options.patience ms without a success after which it is given up */
  constructor(
    wire: Wire,
    options: { ack: Ack; patience: number; signal: AbortSignal; now: () => number },
  ) {
    this.#wire = wire;
    this.#ack = options.ack;
    this.#patience = options.patience;
    this.#signal = options.signal;
    this.#now = options.now;
    this.#channel = options.ack === 'off' ? null : randomUUID();
  }

  /**
   * Sends gzipped events, again and again while the trouble may pass.
   * @throws AuditlakeError: exit 3 when patience is at its end, 4 if a person must act
   */
  async send(body: Buffer): Promise<Sent> {
    try {
      return await pRetry(() => this.#attempt(body), {
        retries: Infinity,
        minTimeout: FIRST_DELAY_MS,
        maxTimeout: LONGEST_DELAY_MS,
        randomize: true,
        signal: this.#signal,
        shouldRetry: ({ error }) => this.#mayPass(error),
      });
    } catch (error) {
      throw error instanceof Later ? error.failure : error;
    }
  }

  /**
   * Asks which numbers of a channel are indexed.
   * @returns null if the channel is not known any more: nothing that went by it will be acknowledged
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
        if (!(error instanceof AuditlakeError)) throw error;
        return null;
      });
    if (answer === null) {
      // A question that fails says nothing about the events: they are waited for until their time is up.
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
   * Leaves a channel. A server that restarts counts from 0 again, and an old number must not be taken for a new
   * one: wherever it may have restarted, later events go by another channel.
   */
  renewChannel(channel: string | null): void {
    if (channel !== null && this.#channel === channel) this.#channel = randomUUID();
  }

  async #attempt(body: Buffer): Promise<Sent> {
    const channel = this.#channel;
    const verdict = await this.#ask(body, channel);
    switch (verdict.kind) {
      case 'taken':
      case 'refused':
        this.#failingSince = null;
        if (this.#ack === 'on' && verdict.kind === 'taken' && verdict.ackId === null) {
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
    throw new Later(busy(this.#wire, EVENTS, verdict.words), verdict.retryAfter);
  }

  async #ask(body: Buffer, channel: string | null): Promise<Verdict & { retryAfter: number }> {
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
      const retryAfter = retryAfterOf(status, headers, this.#now()) ?? 0;
      return { ...judge(status, answer.body), retryAfter };
    } catch (error) {
      if (!(error instanceof AuditlakeError)) throw error;
      this.renewChannel(channel);
      throw new Later(error, 0);
    }
  }

  async #mayPass(error: Error): Promise<boolean> {
    if (!(error instanceof Later)) return false;
    const now = performance.now();
    this.#failingSince ??= now;
    // A pause that ends after patience does would be for nothing.
    if (now + error.retryAfter - this.#failingSince > this.#patience) return false;
    await sleep(error.retryAfter, undefined, { signal: this.#signal });
    return true;
  }

  #goWithoutAcks(endpoint: typeof EVENTS | typeof ACKS, words: string): void {
    if (this.#ack === 'on') throw noAcks(this.#wire, endpoint, words);
    this.#channel = null;
  }
}
