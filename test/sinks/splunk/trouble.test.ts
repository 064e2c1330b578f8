import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AuditlakeError, EXIT } from '../../../src/errors.ts';
import type { RowSink } from '../../../src/sinks/port.ts';
import { type Settings, openSplunk } from '../../../src/sinks/splunk/sink.ts';
import { type TestDelivery, eventRows, deliveryOf, toolsFor } from '../delivery.ts';
import { type Answer, type Hec, fault, startHec } from './hec.ts';
import { optionsFor, QUICK } from './receiver.ts';

type Tried = { hec: Hec; delivery: TestDelivery; error: unknown; warnings: string[]; ms: number };

function open(options: Settings): RowSink {
  const sink = openSplunk('siem', options, QUICK);
  onTestFinished(() => sink.close());
  return sink;
}

/** Delivers to a collector that was prepared for it. */
async function deliver(
  count: number,
  prepare: (hec: Hec) => void,
  more: Partial<Settings> = {},
): Promise<Tried> {
  const { hec, url } = await startHec();
  prepare(hec);
  const delivery = await deliveryOf(eventRows(count));
  const tools = toolsFor();
  const began = performance.now();
  const error: unknown = await open({ ...optionsFor(hec, url), ...more })
    .deliver(delivery, tools)
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  return { hec, delivery, error, warnings: tools.warnings, ms: performance.now() - began };
}

function uidsIn(hec: Hec): string[] {
  return hec.indexed.map(({ uid }) => uid);
}

function uidOf(i: number): string {
  return eventRows(i + 1).at(-1)?.uid ?? '';
}

/** Answers requests for events this way, so often. */
function instead(hec: Hec, answer: Answer, times = Infinity): void {
  let left = times;
  hec.intercept = (path) => {
    if (path !== '/services/collector/event' || left === 0) return null;
    left -= 1;
    return answer;
  };
}

describe('a person must act', () => {
  test.each<[string, (hec: Hec) => void, Partial<Settings>, RegExp, RegExp]>([
    ['another token', (hec) => (hec.token = 'other'), {}, /403, code 4: Invalid token/, /token/],
    ['an index that is not there', (hec) => (hec.indexes = []), {}, /code 7: Incorrect/, /index/],
    [
      'no acknowledgement, which ack: on demands',
      (hec) => (hec.ack = false),
      { ack: 'on' },
      /without a number/,
      /enable indexer acknowledgement/,
    ],
    ['a token that demands it', () => undefined, { ack: 'off' }, /code 10/, /set ack to auto/],
    ['another place', () => undefined, { index: undefined, url: '' }, /404/, /check that the url/],
    [
      'a redirect, which is not followed',
      (hec) => instead(hec, { ...fault(302, 0, ''), headers: { location: 'http://127.0.0.1:1/' } }),
      {},
      /status 302/,
      /url/,
    ],
  ])('%s', async (_what, prepare, more, what, hint) => {
    const { hec, url } = await startHec();
    prepare(hec);
    const options = { ...optionsFor(hec, url), token: 'the-token-of-this-test', ...more };
    if (hec.token !== 'other') hec.token = options.token;
    if (more.url === '') options.url = `${url}/elsewhere/`;
    const delivery = await deliveryOf(eventRows(3_000));
    const error: unknown = await open(options)
      .deliver(delivery, toolsFor())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuditlakeError);
    expect(error).toMatchObject({
      exit: EXIT.person,
      message: expect.stringMatching(/^siem: POST http:\S+\/services\/collector\/event: /),
      hint: expect.stringMatching(hint),
    });
    expect(error).toMatchObject({ message: expect.stringMatching(what) });
    expect(delivery).toMatchObject({ counted: 0, deadLetters: [] });
    // The first batch goes alone, and nothing that a repeat cannot mend is repeated.
    expect(hec.requests).toHaveLength(1);
  });

  test('the token is in no error, though the server echoes it', async () => {
    const token = 'c0ffee00-1111-4222-8333-444455556666';
    const { error } = await deliver(1, (hec) => instead(hec, fault(403, 4, `bad ${token}`)));
    expect(error).toMatchObject({ message: expect.stringContaining('bad [secret]') });
    expect(JSON.stringify(error) + String(error)).not.toContain(token);
  });

  test('something that spoils every event is not taken for bad events', async () => {
    const { delivery, error } = await deliver(300, (hec) => instead(hec, fault(400, 6, 'Invalid')));
    expect(error).toMatchObject({ exit: EXIT.person, message: expect.stringContaining('code 6') });
    expect(delivery).toMatchObject({ counted: 0, deadLetters: [] });
  });
});

describe('trouble that passes', () => {
  test.each([
    ['busy', fault(503, 9, 'Server is busy')],
    ['at capacity', fault(429, 26, 'HEC queue is at capacity')],
    ['a page of a proxy', { status: 200, body: '<html>Please wait</html>' }],
    ['a bad gateway', { status: 502, body: '<html>Bad gateway</html>' }],
    ['an unknown channel', fault(400, 11, 'Invalid data channel')],
  ])('%s', async (_what, answer) => {
    const { hec, delivery, error } = await deliver(100, (it) => instead(it, answer, 1));
    expect(error).toBeNull();
    expect(delivery.counted).toBe(100);
    expect(uidsIn(hec)).toHaveLength(100);
  });

  test('an unknown channel is left', async () => {
    const { hec } = await deliver(1, (it) => instead(it, fault(400, 11, 'Invalid channel'), 1));
    const channels = hec.requests.map(({ channel }) => channel);
    expect(new Set(channels.slice(0, 2)).size).toBe(2);
  });

  test('it is tried again when the server says', async () => {
    const busy = { ...fault(503, 9, 'Server is busy'), headers: { 'retry-after': '1' } };
    const { error, ms } = await deliver(1, (hec) => instead(hec, busy, 1));
    expect(error).toBeNull();
    expect(ms).toBeGreaterThan(1_000);
  });

  test('a lost answer loses nothing', async () => {
    const { hec, delivery } = await deliver(100, (it) => (it.answersToLose = 1));
    expect(delivery.counted).toBe(100);
    expect(new Set(uidsIn(hec)).size).toBe(100);
  });
});

describe('trouble that does not pass in time', () => {
  test.each([
    ['busy all the time', fault(503, 9, 'Server is busy'), /503, code 9/, 2],
    [
      'the server wants to be left alone for an hour',
      { ...fault(503, 9, 'Server is busy'), headers: { 'retry-after': '3600' } },
      /code 9/,
      1,
    ],
  ])('%s', async (_what, answer, what, atLeast) => {
    const { hec, delivery, error } = await deliver(100, (it) => instead(it, answer));
    expect(error).toMatchObject({ exit: EXIT.incomplete, message: expect.stringMatching(what) });
    expect(hec.requests.length).toBeGreaterThanOrEqual(atLeast);
    expect(delivery.counted).toBe(0);
  });

  test('nobody is there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { error } = await deliver(1, () => undefined, { url: `http://127.0.0.1:${port}` });
    expect(error).toMatchObject({
      code: 'splunk-unreachable',
      exit: EXIT.incomplete,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('events that are accepted and never acknowledged are not sent without end', async () => {
    const { hec, delivery, error } = await deliver(
      50,
      (it) => {
        it.fateOf = () => 'unacknowledged';
      },
      { ackTimeout: 50 },
    );
    expect(error).toMatchObject({
      exit: EXIT.incomplete,
      code: 'splunk-not-acknowledged',
      hint: expect.stringContaining('ackTimeout'),
    });
    expect(hec.accepted).toHaveLength(4);
    expect(delivery.counted).toBe(0);
  });
});

function switchAckOff(hec: Hec): void {
  hec.intercept = (path) => {
    if (path === '/services/collector/ack') hec.ack = false;
    return null;
  };
}

describe('acknowledgement that is switched off meanwhile', () => {
  test('is gone without where it is optional', async () => {
    const { hec, delivery, error } = await deliver(100, switchAckOff);
    expect(error).toBeNull();
    expect(delivery.counted).toBe(100);
    // What was never acknowledged by number is sent again, without a channel.
    expect(hec.indexed).toHaveLength(200);
    expect(hec.requests.map(({ channel }) => typeof channel)).toEqual([
      'string',
      'string',
      'undefined',
    ]);
  });

  test('is an error where it is demanded', async () => {
    const { delivery, error } = await deliver(100, switchAckOff, { ack: 'on' });
    expect(error).toMatchObject({ exit: EXIT.person, message: expect.stringContaining('code 14') });
    expect(delivery.counted).toBe(0);
  });
});

describe('events that are not taken', () => {
  const bad = [0, 40, 41, 99].map(uidOf);
  const poison = (hec: Hec): void => bad.forEach((uid) => void hec.poison.add(uid));

  test('are dead letters, and no other is there twice, where what came before is acknowledged', async () => {
    const { hec, delivery } = await deliver(100, poison);
    expect(delivery.deadLetters.map(({ uid }) => uid)).toEqual(bad);
    expect(delivery.counted).toBe(96);
    expect(uidsIn(hec)).toHaveLength(96);
  });

  test('let those before them be sent again where nothing acknowledges these', async () => {
    const { hec, delivery } = await deliver(100, (it) => {
      poison(it);
      it.ack = false;
    });
    expect(delivery.deadLetters.map(({ uid }) => uid)).toEqual(bad);
    expect(new Set(uidsIn(hec)).size).toBe(96);
    expect(uidsIn(hec).length).toBeGreaterThan(96);
  });

  test('are found by halves where the receiver does not name them', async () => {
    const { hec, delivery } = await deliver(100, (it) => {
      poison(it);
      it.namesBadEvents = false;
      it.ack = false;
    });
    expect(delivery.deadLetters.map(({ uid }) => uid)).toEqual(bad);
    expect(uidsIn(hec)).toEqual(
      eventRows(100).flatMap(({ uid }) => (bad.includes(uid) ? [] : [uid])),
    );
    expect(hec.accepted.length).toBeLessThan(30);
  });

  test('because they are too large alone are dead letters', async () => {
    const { hec, url } = await startHec();
    hec.largestBody = 100_000;
    hec.ack = false;
    const rows = eventRows(400);
    const json = JSON.stringify({ event_uid: uidOf(7), details: 'x'.repeat(200_000) });
    const delivery = await deliveryOf(rows.map((row, i) => (i === 7 ? { ...row, json } : row)));
    await open(optionsFor(hec, url)).deliver(delivery, toolsFor());
    expect(delivery.deadLetters).toEqual([
      { uid: uidOf(7), reason: expect.stringContaining('413') },
    ]);
    expect(uidsIn(hec)).toHaveLength(399);
  });
});
