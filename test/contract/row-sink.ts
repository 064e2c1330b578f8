/**
 * What every sink of rows owes: what was acknowledged counts and nothing else does, whatever the receiver and the network do,
 * and a restart goes on from there. A case that needs what a receiver cannot do is shown as skipped.
 */
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { START } from '../../src/sinks/port.ts';
import {
  watchedDelivery,
  deliver,
  using,
  expectAll,
  upAtSecondRequest,
  abortOnceAsked,
  failureOf,
  expectExit,
  revised,
  newest,
  uidsOf,
  uidsAt,
} from '../sinks/deliveries.ts';
import { few } from '../long.ts';
import { eventRows, deliveryOf, toolsFor, order } from '../sinks/delivery.ts';
import type { RowReceiver } from '../sinks/receiver.ts';

export function rowSinkContract(name: string, setup: () => Promise<RowReceiver>): void {
  describe(`${name} keeps the contract of sinks of rows`, () => {
    test('all rows arrive, in the order of their positions', async () => {
      const receiver = await setup();
      const rows = eventRows(1_200);
      const delivery = await watchedDelivery(receiver, rows);
      await deliver(receiver, delivery);
      expect(await uidsAt(receiver)).toEqual(uidsOf(rows));
      expect(delivery).toMatchObject({ counted: 1_200, deadLetters: [] });
      // Some receivers take whole seqs, and so reach the end of the last one.
      expect(order(delivery.reached, rows.at(-1)?.position ?? START)).toBeGreaterThanOrEqual(0);
    });

    test('a restart at the reached position sends nothing again, and what is new after it', async () => {
      const receiver = await setup();
      const rows = eventRows(500);
      const first = await watchedDelivery(receiver, rows.slice(0, 300));
      await deliver(receiver, first);
      await deliver(receiver, await watchedDelivery(receiver, rows.slice(0, 300), first.reached));
      expect(await uidsAt(receiver)).toEqual(uidsOf(rows.slice(0, 300)));
      await deliver(receiver, await watchedDelivery(receiver, rows, first.reached));
      expect(await uidsAt(receiver)).toEqual(uidsOf(rows));
    });

    test('an empty delivery is fine', async () => {
      const receiver = await setup();
      const delivery = await watchedDelivery(receiver, []);
      await deliver(receiver, delivery);
      expect(await receiver.received()).toEqual([]);
      expect(delivery).toMatchObject({ counted: 0, deadLetters: [] });
    });

    test.each(few(1, ['in a later one', 'in the same delivery']))(
      'a later revision of a row arrives %s',
      async (when) => {
        const receiver = await setup();
        const rows = eventRows(3, { perSeq: 3 });
        const later = rows.slice(1, 2).map((row) => revised(row, { seq: 9, n: 0 }));
        if (when === 'in a later one') {
          await deliver(receiver, await watchedDelivery(receiver, rows));
          await deliver(receiver, await watchedDelivery(receiver, later, { seq: 2, n: 2 }));
        } else {
          await deliver(receiver, await watchedDelivery(receiver, [...rows, ...later]));
        }
        expect(newest(await receiver.received())).toEqual(newest([...rows, ...later]));
      },
    );

    test('refused rows are dead letters with a reason, the rest arrives and a restart goes on', async ({
      skip,
    }) => {
      const receiver = await setup();
      const refuse = receiver.refuse?.bind(receiver) ?? skip('the receiver refuses no single row');
      // Whole seqs, since that is what some receivers take.
      const rows = eventRows(8, { perSeq: 2 });
      const refused = uidsOf(rows).filter((_uid, i) => i === 2 || i === 4);
      const accepted = uidsOf(rows).filter((uid) => !refused.includes(uid));
      refuse(refused);
      const delivery = await watchedDelivery(receiver, rows.slice(0, 6));
      await deliver(receiver, delivery);
      expect(await uidsAt(receiver)).toEqual(accepted.slice(0, 4));
      expect(delivery.deadLetters).toEqual(
        refused.map((uid) => ({ uid, reason: expect.stringMatching(/\w/) })),
      );
      expect(order(delivery.reached, rows.at(5)?.position ?? START)).toBeGreaterThanOrEqual(0);
      const next = await watchedDelivery(receiver, rows, delivery.reached);
      await deliver(receiver, next);
      expect(await uidsAt(receiver)).toEqual(accepted);
      expect(next.deadLetters).toEqual([]);
    });

    test('a receiver that is down at first gets all rows once it is up', async ({ skip }) => {
      const receiver = await setup();
      const down = receiver.down?.bind(receiver) ?? skip('the receiver is never down');
      const rows = eventRows(300);
      down(true);
      upAtSecondRequest(down);
      const delivery = await watchedDelivery(receiver, rows);
      const failed = await failureOf(deliver(receiver, delivery));
      // A sink may retry, or leave it to the next run: nothing else is wrong.
      if (failed !== null) expectExit(failed, EXIT.incomplete);
      down(false);
      await deliver(receiver, await watchedDelivery(receiver, rows, delivery.reached));
      await expectAll(receiver, rows);
    });

    test('refused credentials are for a person, and nothing counts as delivered', async ({
      skip,
    }) => {
      const receiver = await setup();
      const revoke =
        receiver.revoke?.bind(receiver) ?? skip('the receiver asks for no credentials');
      revoke();
      const delivery = await watchedDelivery(receiver, eventRows(300));
      expectExit(await failureOf(deliver(receiver, delivery)), EXIT.person);
      expect(await receiver.received()).toEqual([]);
      expect(delivery).toMatchObject({ reached: START, counted: 0, deadLetters: [] });
    });

    test('a lost answer loses no row', async ({ skip }) => {
      const receiver = await setup();
      const loseAnswers =
        receiver.loseAnswers?.bind(receiver) ?? skip('the receiver answers nothing');
      const rows = eventRows(300);
      loseAnswers(1);
      await deliver(receiver, await watchedDelivery(receiver, rows));
      await expectAll(receiver, rows);
    });

    test('a crash between the acknowledgement and our note of it loses no row', async () => {
      const receiver = await setup();
      const rows = eventRows(300);
      const delivery = await deliveryOf(rows);
      delivery.acknowledged = async () => {
        throw new Error('the lights went out');
      };
      expect(await failureOf(deliver(receiver, delivery))).toMatchObject({
        message: expect.stringContaining('the lights went out'),
      });
      await deliver(receiver, await watchedDelivery(receiver, rows));
      await expectAll(receiver, rows);
    });

    test('a signal aborted before the first row ends it, and a restart completes it', async () => {
      const receiver = await setup();
      const rows = eventRows(300);
      const stop = new AbortController();
      const delivery = await watchedDelivery(receiver, rows);
      stop.abort();
      expectExit(await failureOf(deliver(receiver, delivery, stop.signal)), EXIT.incomplete);
      await deliver(receiver, await watchedDelivery(receiver, rows, delivery.reached));
      await expectAll(receiver, rows);
    });

    test('a signal aborted on the way leaves what was reached, and a restart completes it', async () => {
      const receiver = await setup();
      const rows = eventRows(1_200);
      const stop = new AbortController();
      const delivery = await watchedDelivery(receiver, rows);
      abortOnceAsked(delivery, stop);
      const failed = await failureOf(deliver(receiver, delivery, stop.signal));
      // What is on its way already may be finished.
      if (failed === null) expect(delivery.reached).toEqual(rows.at(-1)?.position);
      else expectExit(failed, EXIT.incomplete);
      await deliver(receiver, await watchedDelivery(receiver, rows, delivery.reached));
      await expectAll(receiver, rows);
    });

    test('a check says what it found and delivers nothing', async () => {
      const receiver = await setup();
      const found = await using(receiver, (sink) => sink.check(toolsFor()));
      expect(found).toMatch(/\w+ \w+/);
      expect(await receiver.received()).toEqual([]);
    });
  });
}
