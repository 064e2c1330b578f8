import { AuditlakeError, stopped } from '../../../src/errors.ts';
import { HttpError } from '../../../src/http/http-error.ts';
import { repeated } from '../../../src/http/repeat.ts';
import { retryAfterOf } from '../../../src/http/retry-after.ts';
import { pause } from '../../../src/http/timer.ts';
import type { Transport } from '../../../src/http/transport.ts';
import type { Delivery, Row, RowFormat, SinkTools } from '../../../src/sinks/port.ts';
import { intakeError, judge, type Verdict } from './answers.ts';
import { encode, inRequests } from './encode.ts';

export type Intake = {
  name: string;
  url: string;
  key: string;
  rowsPerRequest: number;
  format: RowFormat;
  transport: Transport;
};

const RETRY = { attempts: 4, firstPause: 5, longestPause: 20, longestRetryAfter: 1_000 };

class Later extends Error {
  readonly retryAfter: number | null;

  constructor(why: string, retryAfter: number | null) {
    super(why);
    this.retryAfter = retryAfter;
  }
}

/** Posts rows, and acknowledges them once their receipt is stored. */
export async function deliver(intake: Intake, delivery: Delivery, tools: SinkTools): Promise<void> {
  const { format, rowsPerRequest } = intake;
  try {
    for await (const rows of inRequests(delivery.rows(format), rowsPerRequest)) {
      tools.signal.throwIfAborted();
      const deadLetters = await send(intake, delivery, rows, tools);
      const last = rows.at(-1);
      if (last !== undefined) {
        await delivery.acknowledged(last.position, rows.length - deadLetters);
      }
    }
  } catch (error) {
    if (tools.signal.aborted) throw stopped();
    throw error;
  }
}

/** @returns how many of the rows are refused for good */
async function send(
  intake: Intake,
  delivery: Delivery,
  rows: readonly Row[],
  tools: SinkTools,
): Promise<number> {
  if (rows.length === 0) return 0;
  const body = encode(delivery.table, intake.format, rows);
  const verdict = await ask(intake, { method: 'POST', path: '/rows', body }, tools);
  if (verdict.kind === 'accepted') {
    await stored(intake, verdict.receipt, tools);
    return 0;
  }
  const refused = rows[verdict.row];
  if (refused === undefined) throw intakeError(intake.name, 'person', 'it refuses no row of ours');
  await delivery.deadLetter(refused, verdict.why);
  return 1 + (await send(intake, delivery, rows.toSpliced(verdict.row, 1), tools));
}

async function stored(intake: Intake, receipt: string, tools: SinkTools): Promise<void> {
  for (let looks = 0; looks < 100; looks += 1) {
    const { transport, url, key } = intake;
    const { body } = await transport.send({
      method: 'GET',
      url: new URL(`${url}/receipts/${receipt}`),
      headers: { authorization: `Key ${key}` },
      signal: tools.signal,
    });
    if (body.toString() === 'stored') return;
    await pause(2, tools.signal);
  }
  throw intakeError(intake.name, 'later', 'the rows were accepted and not stored');
}

/** @throws AuditlakeError where it is not the rows that are refused */
export async function ask(
  { name, url, key, transport }: Intake,
  request: { method: string; path: string; body?: string },
  { signal, now }: SinkTools,
): Promise<Extract<Verdict, { kind: 'accepted' | 'refused' }>> {
  const { method, path, body } = request;
  const attempt = async () => {
    const answer = await transport
      .send({
        method,
        url: new URL(url + path),
        headers: { authorization: `Key ${key}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body }),
        signal,
      })
      .catch((error: unknown) => {
        throw error instanceof HttpError ? new Later(error.message, null) : error;
      });
    const { status, headers } = answer;
    const verdict = judge(status, answer.body.toString());
    if (verdict.kind === 'later')
      throw new Later(verdict.why, retryAfterOf(status, headers, now()));
    if (verdict.kind === 'person') throw intakeError(name, 'person', verdict.why);
    return verdict;
  };
  try {
    return await repeated(attempt, {
      policy: RETRY,
      signal,
      retryHintOf: (error) => (error instanceof Later ? error.retryAfter : 'never'),
    });
  } catch (error) {
    if (error instanceof AuditlakeError || !(error instanceof Later)) throw error;
    throw intakeError(name, 'later', error.message);
  }
}
