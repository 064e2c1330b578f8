/**
 * An HTTP Event Collector on loopback. It answers as Splunk documents it, and where the documentation is silent as
 * Splunk 10 was observed to: which event of a body is bad, what is indexed before it, and numbers to ask for that
 * count from 0 on each channel and are answered with yes once.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { crc32, gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type Indexed, readBody } from './hec-body.ts';

/**
 * What becomes of a body that is accepted: `dropped` is lost before it is indexed, `unacknowledged` is indexed;
 * neither is ever said to be. `busy` is not accepted.
 */
export type Fate = 'indexed' | 'busy' | 'dropped' | 'unacknowledged';

/** Events that were accepted in one request. */
export type Accepted = {
  events: Indexed[];
  fate: Fate;
  channel: string | undefined;
  id: number;
  /** Whether the sender was told that they are indexed. */
  told: boolean;
  /** How many questions it takes to be indexed. */
  questions: number;
};

export class Hec {
  token = 'c0ffee00-1111-4222-8333-444455556666';
  /** The token has indexer acknowledgement. */
  ack = true;
  indexes: (string | undefined)[] = [undefined, 'ai_audit'];
  readonly poison = new Set<string>();
  /** Other receivers of the protocol do not name the bad event, and take nothing of its body. */
  namesBadEvents = true;
  isDown = false;
  answersToLose = 0;
  /** Bytes after unpacking. */
  largestBody = 5_000_000;
  /** How often a body of the same beginning came before decides with it. */
  fateOf: (firstUid: string, attempt: number) => Fate = () => 'indexed';
  /** Answers before anything else is looked at. */
  intercept: ((path: string) => Answer | null) | null = null;

  readonly accepted: Accepted[] = [];
  readonly requests: { path: string; channel: string | undefined; acks: number[] }[] = [];
  readonly #attempts = new Map<string, number>();
  #channels = new Map<string, Map<number, Accepted>>();
  #issued = new Map<string, number>();

  /** In the order of their arrival; twice what is there twice. */
  get indexed(): Indexed[] {
    return this.accepted.flatMap(({ events, fate }) => (fate === 'dropped' ? [] : events));
  }

  /** It forgets the channels and begins to count again; for a moment nobody gets an answer. */
  restart(): void {
    this.answersToLose = 2;
    this.#channels = new Map();
    this.#issued = new Map();
  }

  answer({ method = '', path, headers, body }: Call): Answer {
    const channel = headers['x-splunk-request-channel']?.toString();
    this.requests.push({ path, channel, acks: [] });
    const instead = this.intercept?.(path) ?? null;
    if (instead !== null) return instead;
    if (this.isDown) return fault(503, 9, 'Server is busy');
    if (path === '/services/collector/health') return fault(200, 17, 'HEC is healthy');
    if (method !== 'POST') return fault(405, 405, 'Method Not Allowed');
    if (headers.authorization === undefined) return fault(401, 2, 'Token is required');
    if (headers.authorization !== `Splunk ${this.token}`) return fault(403, 4, 'Invalid token');
    if (path === '/services/collector/ack') return this.#acks(channel, body);
    if (path !== '/services/collector/event') return fault(404, 404, 'Not Found');
    return this.#events(channel, body);
  }

  #events(channel: string | undefined, body: Buffer): Answer {
    if (this.ack && channel === undefined) return fault(400, 10, 'Data channel is missing');
    if (body.length === 0) return fault(400, 5, 'No data');
    if (body.length > this.largestBody) return fault(413, 413, 'Request Entity Too Large');
    const { events, fault: bad } = readBody(
      body.toString('utf8'),
      (index) => this.indexes.includes(index),
      (uid) => this.poison.has(uid),
    );
    if (bad !== null && !this.namesBadEvents) return fault(400, bad.code, bad.text);
    const first = events[0]?.uid ?? '';
    const attempt = this.#attempts.get(first) ?? 0;
    this.#attempts.set(first, attempt + 1);
    const fate = this.fateOf(first, attempt);
    if (fate === 'busy') return fault(503, 9, 'Server is busy');
    const ackId = events.length === 0 ? {} : this.#accept(channel, events, fate);
    if (bad === null) return { status: 200, body: { text: 'Success', code: 0, ...ackId } };
    const { code, text, number } = bad;
    return { status: 400, body: { text, code, 'invalid-event-number': number, ...ackId } };
  }

  #accept(channel: string | undefined, events: Indexed[], fate: Fate): { ackId?: number } {
    const name = channel ?? '';
    const id = this.#issued.get(name) ?? 0;
    const questions = crc32(events[0]?.uid ?? '') % 3 === 0 ? 2 : 1;
    const accepted = { events, fate, channel, id, told: !this.ack, questions };
    this.accepted.push(accepted);
    if (!this.ack) return {};
    this.#issued.set(name, id + 1);
    const ofChannel = this.#channels.get(name) ?? new Map<number, Accepted>();
    this.#channels.set(name, ofChannel.set(id, accepted));
    return { ackId: id };
  }

  #acks(channel: string | undefined, body: Buffer): Answer {
    if (!this.ack) return fault(400, 14, 'ACK is disabled');
    if (channel === undefined) return fault(400, 10, 'Data channel is missing');
    const { acks } = JSON.parse(body.toString('utf8')) as { acks: number[] };
    this.requests.at(-1)?.acks.push(...acks);
    const ofChannel = this.#channels.get(channel);
    const isIndexed = (id: number): boolean => {
      const asked = ofChannel?.get(id);
      if (asked === undefined || asked.fate !== 'indexed') return false;
      asked.questions -= 1;
      if (asked.questions > 0) return false;
      asked.told = true;
      ofChannel?.delete(id);
      return true;
    };
    const states = Object.fromEntries(acks.map((id) => [String(id), isIndexed(id)]));
    return { status: 200, body: { acks: states } };
  }
}

export type Answer = { status: number; body: unknown; headers?: Record<string, string> };
type Call = Pick<IncomingMessage, 'method' | 'headers'> & { path: string; body: Buffer };

export function fault(status: number, code: number, text: string): Answer {
  return { status, body: { text, code } };
}

/** Listens until the test is over. */
export async function startHec(): Promise<{ hec: Hec; url: string }> {
  const hec = new Hec();
  const server = createServer((request, response) => {
    exchange(hec, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { hec, url: `http://127.0.0.1:${address.port}` };
}

async function exchange(
  hec: Hec,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sent = await buffer(request);
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const { method = '', headers, url = '/' } = request;
  const answer = hec.answer({ method, headers, path: url, body });
  if (hec.answersToLose > 0) {
    hec.answersToLose -= 1;
    response.destroy();
    return;
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(text);
}
