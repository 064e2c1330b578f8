/** Deliveries from one process after the other, as the contract of row sinks needs them, each looked at on its way. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished } from 'vitest';
import { AuditlakeError } from '../../src/errors.ts';
import { START, type Position, type Row, type RowSink } from '../../src/sinks/port.ts';
import { order, deliveryOf, toolsFor, type TestDelivery } from './delivery.ts';
import type { RowReceiver } from './receiver.ts';

/** A delivery that looks, each time something is called delivered, whether it is there. */
export async function watchedDelivery(
  receiver: RowReceiver,
  rows: Row[],
  after: Position = START,
): Promise<TestDelivery> {
  const delivery = await deliveryOf(rows, after);
  const acknowledged = delivery.acknowledged.bind(delivery);
  delivery.acknowledged = async (position, count) => {
    // Where the receiver keeps the newest revision alone, it stands for those before.
    const there = newest(await receiver.received());
    const missing = rows.filter(
      (row) =>
        order(row.position, after) > 0 &&
        order(row.position, position) <= 0 &&
        (there[row.uid] ?? 0) < row.revision &&
        !delivery.deadLetters.some(({ uid }) => uid === row.uid),
    );
    expect(missing).toEqual([]);
    await acknowledged(position, count);
  };
  return delivery;
}

export function deliver(
  receiver: RowReceiver,
  delivery: TestDelivery,
  signal?: AbortSignal,
): Promise<void> {
  return using(receiver, (sink) => sink.deliver(delivery, toolsFor(signal)));
}

/** Each use is a sink of its own, as in a new process. */
export async function using<T>(
  receiver: RowReceiver,
  use: (sink: RowSink) => Promise<T>,
): Promise<T> {
  const sink = await receiver.open();
  try {
    return await use(sink);
  } finally {
    await sink.close();
  }
}

/** All are there; once each where the receiver recognises what it has. */
export async function expectAll(receiver: RowReceiver, rows: readonly Row[]): Promise<void> {
  const uids = await uidsAt(receiver);
  expect([...new Set(uids)].toSorted()).toEqual(uidsOf(rows));
  if (receiver.exact) expect(uids).toHaveLength(rows.length);
}

/** The receiver's first request since then finds it down, those after find it up. */
export function upAtSecondRequest(down: (isDown: boolean) => void): void {
  let requests = 0;
  const onRequest = (): void => {
    requests += 1;
    if (requests > 1) down(false);
  };
  subscribe('http.server.request.start', onRequest);
  onTestFinished(() => void unsubscribe('http.server.request.start', onRequest));
}

/** Some sinks ask for rows, some for a file of them. */
export function abortOnceAsked(delivery: TestDelivery, stop: AbortController): void {
  const rows = delivery.rows.bind(delivery);
  const parquet = delivery.parquet.bind(delivery);
  delivery.rows = (format, after) => {
    stop.abort();
    return rows(format, after);
  };
  delivery.parquet = (file, after, to) => {
    stop.abort();
    return parquet(file, after, to);
  };
}

export function failureOf(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

export function expectExit(error: unknown, exit: number): void {
  expect(error).toBeInstanceOf(AuditlakeError);
  expect(error).toMatchObject({ exit, hint: expect.stringMatching(/\w/) });
}

export function revised(row: Row, position: Position): Row {
  const columns: unknown = JSON.parse(row.json);
  const json = JSON.stringify(Object.assign({}, columns, { revision: 2, seq: position.seq }));
  return { ...row, position, revision: 2, json };
}

export function newest(rows: readonly { uid: string; revision: number }[]): Record<string, number> {
  const revisions: Record<string, number> = {};
  for (const { uid, revision } of rows) revisions[uid] = Math.max(revision, revisions[uid] ?? 0);
  return revisions;
}

export function uidsOf(rows: readonly Row[]): string[] {
  return rows.map(({ uid }) => uid);
}

export async function uidsAt(receiver: RowReceiver): Promise<string[]> {
  return (await receiver.received()).map(({ uid }) => uid);
}
