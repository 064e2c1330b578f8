import { crc32 } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { hash } from '../../../src/sandbox/random.ts';
import type { Position, Row } from '../../../src/sinks/port.ts';
import { type Settings, openSplunk } from '../../../src/sinks/splunk/sink.ts';
import { tries } from '../../long.ts';
import { type TestDelivery, eventRows, order, deliveryOf, toolsFor } from '../delivery.ts';
import { type Fate, type Hec, startHec } from './hec.ts';
import { optionsFor } from './receiver.ts';

/** A tenth of the events, each ten times as long, makes as many batches. */
const EVENTS = tries(50_000);
/** With it every kind of trouble is had, whichever events the batches begin with. */
const SEED = EVENTS < 50_000 ? 2 : 1;
const NOTE = 'x'.repeat(EVENTS < 50_000 ? 2_700 : 0);
const STOPPED = tries(14_000);
const RESTARTED = tries(12_000);
const longRows = (count: number): Row[] =>
  eventRows(count).map((row) => ({
    ...row,
    json: row.json.replace('"action"', `"note":"${NOTE}","action"`),
  }));

/** Many a body meets trouble, the same ones in every run: they are known by where they begin. */
function fateOf(firstUid: string, attempt: number): Fate {
  const dice = attempt < 2 ? hash(SEED, crc32(firstUid) + attempt) % 100 : 100;
  if (dice < 12) return 'busy';
  if (dice < 24) return 'dropped';
  if (dice < 36) return 'unacknowledged';
  return 'indexed';
}

/** How often each event is in the index, and how often its sender was told so. */
function copiesIn(hec: Hec): Map<string, { there: number; told: number }> {
  const copies = new Map<string, { there: number; told: number }>();
  for (const { events, fate, told } of hec.accepted) {
    for (const { uid } of events) {
      const of = copies.get(uid) ?? { there: 0, told: 0 };
      copies.set(uid, of);
      if (fate !== 'dropped') of.there += 1;
      if (told) of.told += 1;
    }
  }
  return copies;
}

/** Notes what the position covers though the sender was not told of it. */
function watch(
  delivery: TestDelivery,
  hec: Hec,
  uids: { uid: string; position: Position }[],
): string[] {
  const untold: string[] = [];
  let next = 0;
  const acknowledged = delivery.acknowledged.bind(delivery);
  delivery.acknowledged = async (position, rows) => {
    const copies = copiesIn(hec);
    for (let row = uids[next]; row !== undefined && order(row.position, position) <= 0;) {
      if (copies.get(row.uid)?.told !== 1 && !hec.poison.has(row.uid)) untold.push(row.uid);
      next += 1;
      row = uids[next];
    }
    await acknowledged(position, rows);
  };
  return untold;
}

function open(options: Settings): ReturnType<typeof openSplunk> {
  const sink = openSplunk('siem', options);
  onTestFinished(() => sink.close());
  return sink;
}

test(`${EVENTS} events, of which acknowledgements, requests and bodies go astray`, async () => {
  const { hec, url } = await startHec();
  hec.fateOf = fateOf;
  const rows = longRows(EVENTS);
  const somewhere = Math.floor(EVENTS * 0.155);
  for (const i of [0, somewhere, somewhere + 1, Math.floor(EVENTS * 0.628), EVENTS - 1]) {
    hec.poison.add(rows[i]?.uid ?? '');
  }
  const delivery = await deliveryOf(rows);
  const untold = watch(delivery, hec, rows);
  const tools = toolsFor();
  await open({ ...optionsFor(hec, url), ack: 'on', ackTimeout: 600 }).deliver(delivery, tools);

  expect(untold).toEqual([]);
  expect(delivery.reached).toEqual(rows.at(-1)?.position);
  expect(delivery.counted).toBe(EVENTS - 5);
  expect(delivery.deadLetters.map(({ uid }) => uid)).toEqual([...hec.poison]);
  expect(delivery.deadLetters[0]?.reason).toBe('status 400, code 6: Invalid data format');

  const copies = copiesIn(hec);
  const good = rows.filter(({ uid }) => !hec.poison.has(uid));
  // Everything is there, and beyond what its sender was told of only what it was not told of.
  const wrong = good.filter(({ uid }) => {
    const { there, told } = copies.get(uid) ?? { there: 0, told: 0 };
    return told !== 1 || there < 1;
  });
  expect(wrong).toEqual([]);
  expect(copies.size).toBe(EVENTS - 5);
  const untoldEvents = hec.accepted
    .filter(({ fate, told }) => fate !== 'dropped' && !told)
    .reduce((sum, { events }) => sum + events.length, 0);
  expect(hec.indexed.length - (EVENTS - 5)).toBe(untoldEvents);

  // The trouble was had.
  const fates = hec.accepted.map(({ fate }) => fate);
  expect(fates).toContain('dropped');
  expect(fates).toContain('unacknowledged');
  expect(untoldEvents).toBeGreaterThan(0);
  expect(tools.warnings.length).toBeGreaterThan(1);
  const sent = hec.requests.filter(({ path }) => path === '/services/collector/event').length;
  expect(sent).toBeGreaterThan(fates.length);
  // Several are asked for at once, and not all the time.
  const questions = hec.requests.filter(({ acks }) => acks.length > 0);
  expect(Math.max(...questions.map(({ acks }) => acks.length))).toBeGreaterThan(2);
  expect(questions.length).toBeLessThan(100);
});

test('a delivery that was stopped goes on where it got to, by another sink', async () => {
  const { hec, url } = await startHec();
  const rows = longRows(STOPPED);
  const options = { ...optionsFor(hec, url), ackTimeout: 60_000 };
  const stop = new AbortController();
  // Some batches are through, and it waits for others.
  hec.fateOf = () => (hec.accepted.length < 3 ? 'indexed' : 'unacknowledged');
  hec.intercept = () => {
    if (hec.accepted.length >= 5) stop.abort();
    return null;
  };
  const first = await deliveryOf(rows);
  await expect(open(options).deliver(first, toolsFor(stop.signal))).rejects.toMatchObject({
    code: 'stopped',
  });
  expect(first.counted).toBeGreaterThan(0);
  expect(first.counted).toBeLessThan(STOPPED);

  hec.fateOf = () => 'indexed';
  const second = await deliveryOf(rows, first.reached);
  const left = rows.filter(({ position }) => order(position, first.reached) > 0);
  const untold = watch(second, hec, left);
  await open(options).deliver(second, toolsFor());
  // An answer may have been on its way when it was stopped: then it is told of twice.
  expect(untold.filter((uid) => copiesIn(hec).get(uid)?.told === 0)).toEqual([]);
  expect(first.counted + second.counted).toBe(STOPPED);
  expect(new Set(hec.indexed.map(({ uid }) => uid)).size).toBe(STOPPED);
});

test('a server that restarts and counts from 0 again is not believed about what it lost', async () => {
  const { hec, url } = await startHec();
  const rows = longRows(RESTARTED);
  let restarts = 0;
  hec.fateOf = () => (hec.accepted.length >= 1 && restarts === 0 ? 'dropped' : 'indexed');
  hec.intercept = () => {
    if (restarts === 0 && hec.accepted.length === 4) {
      restarts += 1;
      hec.restart();
    }
    return null;
  };
  const delivery = await deliveryOf(rows);
  await open(optionsFor(hec, url)).deliver(delivery, toolsFor());
  expect(restarts).toBe(1);
  expect(hec.accepted.filter(({ fate }) => fate === 'dropped')).toHaveLength(3);
  expect(delivery.counted).toBe(RESTARTED);
  expect(new Set(hec.indexed.map(({ uid }) => uid)).size).toBe(RESTARTED);
});

test('nothing waits for acknowledgements where the token has none', async () => {
  const { hec, url } = await startHec();
  hec.ack = false;
  const rows = eventRows(tries(5_000));
  const delivery = await deliveryOf(rows);
  await open(optionsFor(hec, url)).deliver(delivery, toolsFor());
  expect(delivery.counted).toBe(rows.length);
  expect(hec.indexed.map(({ uid }) => uid).toSorted()).toEqual(rows.map(({ uid }) => uid));
  expect(hec.requests.some(({ path }) => path === '/services/collector/ack')).toBe(false);
});

test('the event in the index is the row, with its labels', async () => {
  const { hec, url } = await startHec();
  const json = '{"event_uid":"a:1","details":{"id":12345678901234567890}}';
  const row = { position: { seq: 2, n: 0 }, uid: 'a:1', revision: 3, time: 1_234, json };
  const labels = { source: 'auditlake', host: 'collector-1' };
  await open({ ...optionsFor(hec, url), ...labels }).deliver(await deliveryOf([row]), toolsFor());
  expect(hec.indexed).toEqual([
    {
      uid: 'a:1',
      revision: 3,
      time: 1.234,
      index: 'ai_audit',
      sourcetype: 'auditlake:event',
      ...labels,
      fields: { event_uid: 'a:1', revision: '3', seq: '2' },
      raw: json,
    },
  ]);
});
